#include "app/desktop/panels/deidentify_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/path_list.h"
#include "app/workbench/deidentify.h"
#include "app/workbench/errors.h"

#include <QCheckBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QGridLayout>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <map>

namespace annotomy {

DeidentifyDialog::DeidentifyDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_paths(new PathList(chooser, this)),
      m_dates(new ChoiceBar({tr("Remove"), tr("Shift"), tr("Keep")}, this)),
      m_uids(new QCheckBox(tr("UIDs"), this)), m_device(new QCheckBox(tr("Device"), this)),
      m_institution(new QCheckBox(tr("Institution"), this)),
      m_characteristics(new QCheckBox(tr("Age, sex, size and weight"), this)),
      m_descriptors(new QCheckBox(tr("Known words of descriptions"), this)),
      m_folder(new FolderField(chooser, tr("Folder to write to: empty or new"), this)),
      m_questions(new QWidget(this)), m_report(new QPlainTextEdit(this))
{
    setWindowTitle(tr("De-identify DICOM files"));
    setAcceptDrops(true);
    resize(580, 560);
    m_paths->setNames(tr("What to de-identify"), tr("De-identify a folder"), tr("De-identify files"));
    auto* column = new QVBoxLayout(m_questions);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* hint = makeLabel(tr("By the Basic Profile of DICOM PS3.15: names, numbers, dates, UIDs and private attributes go. The "
                              "same patient gets the same new name in every export of this workspace. Writing in the pixels "
                              "stays and is warned of."),
                           "secondary", this);
    hint->setWordWrap(true);
    column->addWidget(hint);
    column->addWidget(m_paths, 1);
    buildOptions();
    column->addWidget(m_folder);
    body()->addWidget(m_questions, 1);
    m_report->setReadOnly(true);
    m_report->setAccessibleName(tr("Report"));
    m_report->hide();
    body()->addWidget(m_report, 1);
    startButton()->setText(tr("De-identify"));
    connect(m_paths, &PathList::changed, this, &DeidentifyDialog::showAllowed);
    connect(m_folder, &FolderField::changed, this, &DeidentifyDialog::showAllowed);
    m_paths->setFocus();
    showAllowed();
}

void DeidentifyDialog::buildOptions()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    m_dates->setMinimumWidth(220);
    m_dates->setToolTip(tr("Shift: by whole days, the same for all of a patient, so that intervals stay."));
    grid->addWidget(makeLabel(tr("Dates"), "secondary", this), 0, 0);
    grid->addWidget(m_dates, 0, 1, 1, 2, Qt::AlignLeft);
    grid->addWidget(makeLabel(tr("Keep"), "secondary", this), 1, 0);
    grid->addWidget(m_characteristics, 1, 1);
    grid->addWidget(m_device, 1, 2);
    grid->addWidget(m_uids, 2, 1);
    grid->addWidget(m_institution, 2, 2);
    grid->addWidget(m_descriptors, 3, 1, 1, 2);
    m_descriptors->setToolTip(tr("Techniques, planes and anatomy stay in descriptions; every other word goes."));
    static_cast<QVBoxLayout*>(m_questions->layout())->addLayout(grid);
}

void DeidentifyDialog::addPaths(const QStringList& paths)
{
    m_paths->add(paths);
}

void DeidentifyDialog::setFolder(const QString& folder)
{
    m_folder->setFolder(folder);
}

DeidentificationOptions DeidentifyDialog::options() const
{
    DeidentificationOptions options;
    options.dates = m_dates->current() == 1   ? DateHandling::Shift
                    : m_dates->current() == 2 ? DateHandling::Keep
                                              : DateHandling::Remove;
    options.retainUids = m_uids->isChecked();
    options.retainDevice = m_device->isChecked();
    options.retainInstitution = m_institution->isChecked();
    options.retainPatientCharacteristics = m_characteristics->isChecked();
    options.cleanDescriptors = m_descriptors->isChecked();
    return options;
}

void DeidentifyDialog::showAllowed()
{
    startButton()->setEnabled(!working() && !m_paths->paths().isEmpty() && !m_folder->folder().isEmpty());
}

void DeidentifyDialog::start()
{
    const std::vector<std::string> chosen = m_paths->nativePaths();
    const QString folder = m_folder->folder();
    m_questions->setEnabled(false);
    follow(m_controller.jobs().run<DeidentificationReport>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("De-identifying")}, this,
        [chosen, out = folder.toStdString(), options = options()](
            Workbench& workbench, std::stop_token stop,
            const JobReport& report) -> Result<DeidentificationReport> {
            const auto secret = deidentificationSecret(deidentificationKeyPath(workbench.workspace().folder()));
            if (!secret)
                return secret.error();
            return deidentifyPaths(chosen, out, *secret, options, workbench.programs(), stop, report);
        },
        [this, folder](Result<DeidentificationReport> report) {
            rest();
            m_questions->setEnabled(true);
            showAllowed();
            if (report)
                showReport(*report, folder);
            else if (report.error().code == ErrorCode::Cancelled)
                showQuestion(tr("Cancelled; what was written lies in the folder."));
            else
                showFailure(report.error());
        }));
}

void DeidentifyDialog::showReport(const DeidentificationReport& report, const QString& folder)
{
    const QString written = tr("%1 files written to %2").arg(report.files.size()).arg(QDir::toNativeSeparators(folder));
    const QString others = tr("%1 left out, %2 no DICOM").arg(report.failed.size()).arg(report.notDicom);
    const QStringList lines = deidentificationLines(report);
    m_folder->setFolder({}); // the next run needs another one
    if (lines.isEmpty())
        return showDone(written + QStringLiteral(" · ") + others);
    m_questions->hide();
    m_report->setPlainText(lines.join(QLatin1Char('\n')));
    m_report->show();
    startButton()->hide();
    showQuestion(written + QStringLiteral(" · ") + others);
}

void DeidentifyDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (!working() && m_questions->isVisible() && !localPaths(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void DeidentifyDialog::dropEvent(QDropEvent* event)
{
    addPaths(localPaths(*event->mimeData()));
    event->acceptProposedAction();
}

QStringList deidentificationLines(const DeidentificationReport& report)
{
    QStringList lines;
    for (const FailedFile& file : report.failed)
        lines << sentence(file.error);
    std::map<std::string, std::pair<int, QString>> warnings; // how many files, and the first of them
    for (const DeidentifiedFile& file : report.files)
        for (const std::string& warning : file.warnings) {
            auto& [count, first] = warnings[warning];
            if (count++ == 0)
                first = QString::fromStdString(file.output);
        }
    for (const auto& [text, where] : warnings)
        lines << (where.first == 1
                      ? QStringLiteral("%1 (%2)").arg(translatedSentence(text), where.second)
                      : DeidentifyDialog::tr("%1 (%2 files, the first: %3)")
                            .arg(translatedSentence(text), QString::number(where.first), where.second));
    return lines;
}

} // namespace annotomy
