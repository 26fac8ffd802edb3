#include "app/desktop/panels/import_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/import_report_view.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/path_list.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

constexpr int fieldWidth = 300;

} // namespace

ImportDialog::ImportDialog(CaseController& controller, QWidget* parent)
    : ImportDialog(controller, systemFileChooser(), parent)
{
}

ImportDialog::ImportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_pages(new QStackedWidget(this)), m_paths(new PathList(chooser, this)),
      m_hint(makeLabel({}, "secondary", this)), m_kind(new QComboBox(this)),
      m_keep(new ChoiceBar({tr("Link"), tr("Copy")}, this)), m_irregularRow(nullptr),
      m_irregular(new ChoiceBar({tr("As they lie"), tr("Regularise")}, this)),
      m_channelRow(nullptr), m_channel(new QLineEdit(this)),
      m_masks(new FolderField(chooser, tr("Folder with masks"), this)), m_report(new ImportReportView(this))
{
    setWindowTitle(tr("Import images"));
    setAcceptDrops(true);
    resize(580, 560);
    m_pages->addWidget(buildQuestions());
    m_pages->addWidget(m_report);
    body()->addWidget(m_pages, 1);
    connect(m_report, &ImportReportView::caseChosen, this, [this](CaseId id) {
        m_controller.openCase(id);
        accept();
    });
    connect(m_paths, &PathList::changed, this, &ImportDialog::showAllowed);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ImportDialog::showKind);
    m_paths->setFocus();
    showKind();
}

QWidget* ImportDialog::buildQuestions()
{
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing() + 4);
    m_hint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_paths->setNames(tr("What to import"), tr("Import a folder"), tr("Import files"));
    column->addWidget(m_hint);
    column->addWidget(m_paths, 1);
    buildChoices(column);
    return page;
}

void ImportDialog::buildChoices(QVBoxLayout* column)
{
    const auto addRow = [&](const QString& label, QWidget* field) {
        auto* holder = new QWidget(this);
        auto* row = new QHBoxLayout(holder);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(makeLabel(label, "secondary", holder));
        row->addStretch(1);
        field->setFixedWidth(fieldWidth);
        row->addWidget(field);
        column->addWidget(holder);
        return holder;
    };
    m_kind->addItem(tr("Studies and images"), QString());
    m_kind->addItem(tr("Data set: nnU-Net"), QStringLiteral("nnunet"));
    m_kind->addItem(tr("Data set: Medical Segmentation Decathlon"), QStringLiteral("msd"));
    m_kind->addItem(tr("Data set: BIDS"), QStringLiteral("bids"));
    m_kind->addItem(tr("Data set: LIDC-IDRI"), QStringLiteral("lidc"));
    m_kind->setAccessibleName(tr("What it is"));
    addRow(tr("What it is"), m_kind);
    m_keep->setToolTip(tr("Link: images stay where they are. Copy: they are copied into the workspace."));
    addRow(tr("Images"), m_keep);
    m_irregular->setToolTip(tr("Tilted or uneven slices. As they lie: shown as they were taken, uneven ones marked as not to be "
                               "measured. Regularise: resampled onto an even, untilted grid."));
    m_irregularRow = addRow(tr("Irregular slices"), m_irregular);
    m_channel->setPlaceholderText(tr("None: every image is a case of its own"));
    m_channel->setAccessibleName(tr("Channel"));
    m_channel->setToolTip(tr("A name such as PET: images that share a patient and frame of reference with a case join it as its "
                             "channel of that name, and its masks serve both."));
    m_channelRow = addRow(tr("Join as channel"), m_channel);
    m_masks->setHint(tr("Folder with masks of the same file names (optional)"));
    column->addWidget(m_masks);
}

void ImportDialog::setChannel(const QString& name)
{
    m_channel->setText(name);
}

QString ImportDialog::layoutName() const
{
    return m_kind->currentData().toString();
}

void ImportDialog::setLayoutName(const QString& layout)
{
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(layout)));
}

void ImportDialog::showKind()
{
    const bool studies = layoutName().isEmpty();
    m_hint->setText(studies ? tr("DICOM folders, DICOMDIR and ZIP archives, NIfTI, NRRD and MetaImage files. Folders are searched "
                                 "to the bottom; only headers are read.")
                            : tr("The folder of the data set. Its masks come along as revisions, its channels join their case, "
                                 "and its parts are reserved for the patients."));
    m_masks->setVisible(studies);
    m_irregularRow->setVisible(studies);
    m_channelRow->setVisible(studies);
    showAllowed();
}

void ImportDialog::addPaths(const QStringList& added)
{
    m_paths->add(added);
}

QStringList ImportDialog::paths() const
{
    return m_paths->paths();
}

ImportOptions ImportDialog::options() const
{
    ImportOptions options;
    options.copy = m_keep->current() == 1;
    options.masksFolder = m_masks->folder().toStdString();
    options.regularise = m_irregular->current() == 1;
    options.channel = m_channel->text().trimmed().toStdString();
    return options;
}

void ImportDialog::showAllowed()
{
    const qsizetype count = m_paths->paths().size();
    const bool ready = layoutName().isEmpty() ? count > 0 : count == 1;
    startButton()->setText(m_reported ? tr("Import more") : tr("Import"));
    startButton()->setEnabled(!working() && (m_reported || ready));
}

void ImportDialog::start()
{
    if (m_reported) {
        m_reported = false;
        m_paths->clear();
        m_pages->setCurrentIndex(0);
        return showAllowed();
    }
    m_pages->setEnabled(false);
    if (layoutName().isEmpty())
        importStudies();
    else
        importDataset();
}

void ImportDialog::importStudies()
{
    follow(m_controller.jobs().run<ImportReport>(
        Job::Kind::Import, {staticMetaObject, QT_TR_NOOP("Importing")}, this,
        [chosen = m_paths->nativePaths(), options = options()](Workbench& workbench, std::stop_token stop,
                                                               const JobReport& report) {
            return workbench.importPaths(chosen, options, stop, report);
        },
        [this](Result<ImportReport> report) { finish(report, {}); }));
}

void ImportDialog::importDataset()
{
    DatasetImportOptions options;
    options.layout = layoutName().toStdString();
    options.copy = m_keep->current() == 1;
    follow(m_controller.jobs().run<DatasetImportReport>(
        Job::Kind::Import, {staticMetaObject, QT_TR_NOOP("Importing")}, this,
        [folder = m_paths->nativePaths().front(), options](Workbench& workbench, std::stop_token stop,
                                                           const JobReport& report) {
            return workbench.importDataset(folder, options, stop, report);
        },
        [this](Result<DatasetImportReport> report) {
            QStringList notes;
            if (report)
                for (const std::string& note : report->notes)
                    notes << translatedSentence(note);
            finish(report ? Result<ImportReport>(report->report) : Result<ImportReport>(report.error()), notes);
        }));
}

void ImportDialog::finish(const Result<ImportReport>& report, const QStringList& notes)
{
    rest();
    m_pages->setEnabled(true);
    if (report)
        showReport(*report);
    else if (report.error().code == ErrorCode::Cancelled)
        showQuestion(tr("Cancelled; what was imported by then stays in the worklist."));
    else
        showFailure(report.error());
    if (!notes.isEmpty())
        showQuestion(notes.join(QLatin1Char('\n')));
    showAllowed();
    Q_EMIT m_controller.caseListChanged();
}

void ImportDialog::showReport(const ImportReport& report)
{
    m_reported = true;
    m_report->setReport(report);
    m_pages->setCurrentIndex(1);
    showAllowed();
}

void ImportDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && !working())
        event->acceptProposedAction();
}

void ImportDialog::dropEvent(QDropEvent* event)
{
    if (m_reported)
        start();
    addPaths(localPaths(*event->mimeData()));
    event->acceptProposedAction();
}

} // namespace annotomy
