#include "app/desktop/panels/import_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/import_report_view.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace annotomy {

ImportDialog::ImportDialog(CaseController& controller, QWidget* parent)
    : ImportDialog(controller, systemFileChooser(), parent)
{
}

ImportDialog::ImportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_pages(new QStackedWidget(this)),
      m_paths(new QListWidget(this)), m_keep(new ChoiceBar({tr("Link"), tr("Copy")}, this)),
      m_masks(new QLineEdit(this)), m_report(new ImportReportView(this))
{
    setWindowTitle(tr("Import images"));
    setAcceptDrops(true);
    resize(560, 460);
    m_pages->addWidget(buildQuestions());
    m_pages->addWidget(m_report);
    body()->addWidget(m_pages, 1);
    connect(m_report, &ImportReportView::caseChosen, this, [this](CaseId id) {
        m_controller.openCase(id);
        accept();
    });
    showAllowed();
}

QWidget* ImportDialog::buildQuestions()
{
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* hint = makeLabel(
        tr("DICOM folders, NIfTI and NRRD files. Folders are searched to the bottom; only headers are "
           "read. Drop them here or add them."),
        "secondary", page);
    hint->setWordWrap(true);
    column->addWidget(hint);
    m_paths->setAccessibleName(tr("What to import"));
    makeCalm(*m_paths);
    m_paths->setTextElideMode(Qt::ElideMiddle);
    m_paths->setObjectName(QStringLiteral("importPaths"));
    column->addWidget(m_paths, 1);
    column->addLayout(buildPathButtons());

    auto* keep = new QHBoxLayout;
    keep->addWidget(makeLabel(tr("Images"), "secondary", page));
    keep->addStretch(1);
    m_keep->setToolTip(tr("Link: images stay where they are. Copy: they are copied into the workspace."));
    m_keep->setMinimumWidth(150);
    keep->addWidget(m_keep);
    column->addLayout(keep);

    auto* masks = new QHBoxLayout;
    m_masks->setPlaceholderText(tr("Folder with masks of the same file names (optional)"));
    m_masks->setAccessibleName(tr("Folder with masks"));
    m_masks->setMinimumHeight(30);
    auto* browse = makeButton(tr("Browse…"), "", page);
    masks->addWidget(m_masks, 1);
    masks->addWidget(browse);
    column->addLayout(masks);
    connect(browse, &QPushButton::clicked, this, [this] {
        if (const QString folder = m_chooser.folder(this, tr("Folder with masks"), m_masks->text());
            !folder.isEmpty())
            m_masks->setText(QDir::toNativeSeparators(folder));
    });
    return page;
}

QLayout* ImportDialog::buildPathButtons()
{
    auto* row = new QHBoxLayout;
    auto* folder = makeButton(tr("Add folder…"), "", this);
    auto* files = makeButton(tr("Add files…"), "", this);
    auto* remove = makeButton(tr("Remove"), "quiet", this);
    folder->setFocus();
    row->addWidget(folder);
    row->addWidget(files);
    row->addStretch(1);
    row->addWidget(remove);
    connect(folder, &QPushButton::clicked, this,
            [this] { addPaths({m_chooser.folder(this, tr("Import a folder"), {})}); });
    connect(files, &QPushButton::clicked, this,
            [this] { addPaths(m_chooser.files(this, tr("Import files"))); });
    connect(remove, &QPushButton::clicked, this, [this] {
        qDeleteAll(m_paths->selectedItems());
        showAllowed();
    });
    return row;
}

void ImportDialog::addPaths(const QStringList& added)
{
    QStringList known = paths();
    for (const QString& path : added)
        if (!path.isEmpty() && !known.contains(path)) {
            m_paths->addItem(path);
            known << path;
        }
    showAllowed();
}

QStringList ImportDialog::paths() const
{
    QStringList all;
    for (int row = 0; row < m_paths->count(); ++row)
        all << m_paths->item(row)->text();
    return all;
}

ImportOptions ImportDialog::options() const
{
    ImportOptions options;
    options.copy = m_keep->current() == 1;
    options.masksFolder = m_masks->text().trimmed().toStdString();
    return options;
}

void ImportDialog::showAllowed()
{
    startButton()->setText(m_reported ? tr("Import more") : tr("Import"));
    startButton()->setEnabled(!working() && (m_reported || m_paths->count() > 0));
}

void ImportDialog::start()
{
    if (m_reported) {
        m_reported = false;
        m_paths->clear();
        m_pages->setCurrentIndex(0);
        return showAllowed();
    }
    std::vector<std::string> chosen;
    for (const QString& path : paths())
        chosen.push_back(path.toStdString());
    m_pages->setEnabled(false);
    follow(m_controller.jobs().run<ImportReport>(
        Job::Kind::Import, {staticMetaObject, QT_TR_NOOP("Importing")}, this,
        [chosen, options = options()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.importPaths(chosen, options, stop, report);
        },
        [this](Result<ImportReport> report) {
            rest();
            m_pages->setEnabled(true);
            if (report)
                showReport(*report);
            else
                showFailure(report.error());
            showAllowed();
            Q_EMIT m_controller.caseListChanged();
        }));
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
    QStringList dropped;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            dropped << url.toLocalFile();
    if (m_reported)
        start();
    addPaths(dropped);
    event->acceptProposedAction();
}

} // namespace annotomy
