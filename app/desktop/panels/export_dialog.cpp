#include "app/desktop/panels/export_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/workbench/mask_export.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace annotomy {

namespace {

const QString niftiSuffix = QStringLiteral(".nii.gz");
const QString nrrdSuffix = QStringLiteral(".seg.nrrd");

QString withoutSuffix(const QString& path)
{
    for (const QString& suffix : {niftiSuffix, nrrdSuffix, QStringLiteral(".nii"), QStringLiteral(".nrrd")})
        if (path.endsWith(suffix, Qt::CaseInsensitive))
            return path.chopped(suffix.size());
    return path;
}

} // namespace

QString fileNameOf(const QString& patient)
{
    QString name;
    for (const QChar letter : patient)
        name +=
            letter.isLetterOrNumber() || QStringLiteral(".-_").contains(letter) ? letter : QLatin1Char('_');
    return name.isEmpty() || name.startsWith(QLatin1Char('.')) ? QStringLiteral("mask") + name : name;
}

ExportDialog::ExportDialog(CaseController& controller, FileChooser& chooser, CaseId id, RevisionId revision,
                           const QString& patient, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(id), m_revision(revision),
      m_format(new ChoiceBar({tr("NIfTI"), tr("NRRD")}, this)), m_path(new QLineEdit(this))
{
    setWindowTitle(revision ? tr("Export revision %1 of %2").arg(revision.value).arg(patient)
                            : tr("Export the mask of %1").arg(patient));
    setMinimumWidth(520);
    auto* format = new QHBoxLayout;
    format->addWidget(makeLabel(tr("Format"), "secondary", this));
    format->addStretch(1);
    m_format->setMinimumWidth(140);
    format->addWidget(m_format);
    body()->addLayout(format);
    auto* row = new QHBoxLayout;
    m_path->setAccessibleName(tr("File"));
    m_path->setMinimumHeight(30);
    auto* browse = makeButton(tr("Browse…"), "", this);
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    body()->addLayout(row);
    setPath(QDir(exportsFolder()).filePath(fileNameOf(patient) + modalitySuffix() + niftiSuffix));
    startButton()->setText(tr("Export"));
    connect(m_format, &ChoiceBar::chosen, this, &ExportDialog::followFormat);
    connect(browse, &QPushButton::clicked, this, [this] {
        const QString filter =
            m_format->current() == 0 ? tr("NIfTI (*.nii.gz *.nii)") : tr("NRRD (*.seg.nrrd *.nrrd)");
        if (const QString file = m_chooser.saveFile(this, windowTitle(), path(), filter); !file.isEmpty()) {
            setPath(file);
            m_replaced = path();
        }
    });
    connect(m_path, &QLineEdit::textChanged, this, [this] {
        m_replaced.clear();
        startButton()->setText(tr("Export"));
    });
}

QString ExportDialog::exportsFolder() const
{
    return QString::fromStdString(m_controller.workbench().workspace().folder()) + QStringLiteral("/exports");
}

// A patient's CT and MR are two files.
QString ExportDialog::modalitySuffix() const
{
    const auto record = m_controller.workbench().workspace().caseById(m_id);
    if (!record || record->series.info.modality.empty() || record->series.info.modality == "OT")
        return {};
    return QLatin1Char('_') + fileNameOf(QString::fromStdString(record->series.info.modality));
}

void ExportDialog::setPath(const QString& path)
{
    m_path->setText(path);
}

QString ExportDialog::path() const
{
    return m_path->text().trimmed();
}

void ExportDialog::setFormat(const QString& format)
{
    m_format->setCurrent(format == QStringLiteral("nrrd") ? 1 : 0);
    followFormat();
}

QString ExportDialog::format() const
{
    return m_format->current() == 1 ? QStringLiteral("nrrd") : QStringLiteral("nifti");
}

void ExportDialog::followFormat()
{
    setPath(withoutSuffix(path()) + (m_format->current() == 1 ? nrrdSuffix : niftiSuffix));
}

// A file chosen by hand in the system's dialog has been asked about there.
bool ExportDialog::mayWrite()
{
    if (!QFileInfo::exists(path()) || path() == m_replaced)
        return true;
    m_replaced = path();
    showQuestion(tr("This file exists. Press Replace to write over it."));
    startButton()->setText(tr("Replace"));
    return false;
}

void ExportDialog::start()
{
    if (!mayWrite())
        return;
    if (QFileInfo(path()).absolutePath() == QFileInfo(exportsFolder()).absoluteFilePath())
        QDir().mkpath(exportsFolder());
    const CaseId id = m_id;
    const RevisionId revision = m_revision;
    const std::string kind = format().toStdString(), file = path().toStdString();
    follow(m_controller.jobs().run<bool>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("Exporting")}, this,
        [=](Workbench& workbench, std::stop_token stop, const JobReport&) -> Result<bool> {
            const auto written = workbench.exportMask(id, revision, kind, file, stop);
            return written ? Result<bool>(true) : Result<bool>(written.error());
        },
        [this](Result<bool> written) {
            rest();
            if (!written)
                return showFailure(written.error());
            showDone(tr("Written and read back: %1").arg(QDir::toNativeSeparators(path())));
        }));
}

} // namespace annotomy
