#include "app/desktop/panels/attach_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/path_list.h"
#include "app/workbench/mask_attachment.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QVBoxLayout>

namespace annotomy {

AttachDialog::AttachDialog(CaseController& controller, FileChooser& chooser, CaseId id, const QString& patient,
                           QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(id), m_path(new QLineEdit(this))
{
    setWindowTitle(tr("Attach a mask to %1").arg(patient));
    setMinimumWidth(520);
    setAcceptDrops(true);
    auto* about = makeLabel(tr("DICOM SEG and RTSTRUCT, overlay planes of DICOM images, NIfTI, NRRD (Slicer's "
                               "segmentations, too), MetaImage, and LIDC's XML annotations that were made on this image. "
                               "Undo takes the mask back; locked segments stay."),
                            "secondary", this);
    about->setWordWrap(true);
    body()->addWidget(about);
    auto* row = new QHBoxLayout;
    m_path->setAccessibleName(tr("Mask file"));
    m_path->setMinimumHeight(30);
    m_path->setAcceptDrops(false); // the dialog takes the file itself, not its address
    auto* browse = makeButton(tr("Browse…"), "", this);
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    body()->addLayout(row);
    m_path->setFocus();
    startButton()->setText(tr("Attach"));
    startButton()->setEnabled(false);
    connect(browse, &QPushButton::clicked, this, &AttachDialog::choose);
    connect(m_path, &QLineEdit::textChanged, this,
            [this] { startButton()->setEnabled(!path().isEmpty() && !working()); });
}

void AttachDialog::setPath(const QString& path)
{
    m_path->setText(path);
}

QString AttachDialog::path() const
{
    return m_path->text().trimmed();
}

// Masks often lie near their image.
QString AttachDialog::folder() const
{
    const auto record = m_controller.workbench().workspace().caseById(m_id);
    if (!record || record->series.files.empty())
        return {};
    return QFileInfo(QString::fromStdString(record->series.files.front())).absolutePath();
}

void AttachDialog::choose()
{
    const QString filter = tr("Masks") + QStringLiteral(" (*.dcm *.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.xml);;")
                           + tr("All files") + QStringLiteral(" (*)");
    const QString file = m_chooser.file(this, windowTitle(), path().isEmpty() ? folder() : path(), filter);
    if (!file.isEmpty())
        setPath(file);
}

void AttachDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (!working() && localPaths(*event->mimeData()).size() == 1)
        event->acceptProposedAction();
}

void AttachDialog::dropEvent(QDropEvent* event)
{
    setPath(localPaths(*event->mimeData()).value(0));
    event->acceptProposedAction();
}

bool AttachDialog::isOpen() const
{
    return m_controller.session() && m_controller.caseId() == m_id;
}

void AttachDialog::start()
{
    if (isOpen())
        attachToOpen();
    else
        attachToClosed();
}

// The job reads; the session, whose mask is the one in work, takes in what was read.
void AttachDialog::attachToOpen()
{
    follow(m_controller.jobs().run<MaskToAttach>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Attaching a mask")}, this,
        [id = m_id, file = path().toStdString()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.readMask(id, file, {}, {}, stop, report);
        },
        [this](Result<MaskToAttach> mask) {
            rest();
            finish(mask ? m_controller.attach(*mask) : Result<RevisionRecord>(mask.error()));
        }));
}

void AttachDialog::attachToClosed()
{
    follow(m_controller.jobs().run<RevisionRecord>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Attaching a mask")}, this,
        [id = m_id, file = path().toStdString()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.attach(id, file, {}, {}, stop, report);
        },
        [this](Result<RevisionRecord> attached) {
            rest();
            if (attached)
                Q_EMIT m_controller.caseListChanged();
            finish(attached);
        }));
}

// The reader's notes follow the first line of the revision's.
void AttachDialog::finish(const Result<RevisionRecord>& attached)
{
    if (!attached)
        return showFailure(attached.error());
    QStringList notes = QString::fromStdString(attached->note).split(QLatin1Char('\n'), Qt::SkipEmptyParts).mid(1);
    for (QString& note : notes)
        note = translatedSentence(note.toStdString());
    notes.prepend(tr("Attached as revision %1").arg(attached->id.value));
    if (notes.size() == 1)
        showDone(notes.front());
    else
        showQuestion(notes.join(QLatin1Char('\n')));
}

} // namespace annotomy
