#include "app/desktop/main_window.h"

#include "app/desktop/case_maps.h"
#include "app/desktop/dialogs.h"
#include "app/desktop/display_panel.h"
#include "app/desktop/empty_state.h"
#include "app/desktop/icons.h"
#include "app/desktop/notice_area.h"
#include "app/desktop/pane_grid.h"
#include "app/desktop/panels/case_panel.h"
#include "app/desktop/panels/comparison_bar.h"
#include "app/desktop/panels/model_panel.h"
#include "app/desktop/panels/path_list.h"
#include "app/desktop/panels/proposal_bar.h"
#include "app/desktop/panels/suspicion_bar.h"
#include "app/desktop/panels/user_dialog.h"
#include "app/desktop/panels/worklist_panel.h"
#include "app/desktop/segment_panel.h"
#include "app/desktop/shortcut_sheet.h"
#include "app/desktop/status_bar.h"
#include "app/desktop/theme.h"
#include "app/desktop/tool_bar.h"
#include "app/desktop/tool_controller.h"
#include "app/desktop/tool_panel.h"
#include "app/workbench/errors.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMessageBox>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int leftWidth = 276;
constexpr int rightWidth = 308;
constexpr const char* lastCaseKey = "desktop.lastCase";

} // namespace

MainWindow::MainWindow(CaseController& controller, QWidget* parent)
    : QMainWindow(parent), m_controller(controller), m_settings(new ToolSettings(this)),
      m_tools(new ToolController(controller, *m_settings, this)), m_actions(new Actions(this)),
      m_dialogs(new Dialogs(controller, this)), m_worklist(new WorklistPanel(controller)),
      m_panes(new PaneGrid(controller.view())), m_empty(new EmptyState), m_centre(new QStackedWidget),
      m_segments(new SegmentPanel(controller))
{
    setWindowTitle(QStringLiteral("Annotomy"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    resize(1600, 1000);
    setMinimumSize(1000, 640);
    for (SlicePane* pane : m_panes->slicePanes()) {
        m_tools->addPane(pane);
        // Later: what the count changes is not to be laid out while a pane paints.
        connect(pane, &SlicePane::slicePainted, &m_controller.maps(), &CaseMaps::slicePainted, Qt::QueuedConnection);
    }
    m_controller.retranslate(); // the window may be a new one in another language
    addToolActions();
    addSegmentActions();
    addViewActions();
    addCaseActions();
    addModelActions();
    addWindowActions();
    describeMouse();
    buildLayout();
    connectController();
    showSituation();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildLayout()
{
    auto* root = new QWidget(this);
    m_toolBar = new ToolBar(m_controller, *m_settings, *m_actions, root);
    m_toolBar->setLeftWidth(leftWidth);
    m_left = leftColumn();
    m_right = rightColumn();
    m_status = new StatusBar(m_controller, root);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_left);
    middle->addWidget(centre(), 1);
    middle->addWidget(m_right);
    auto* layout = new QVBoxLayout(root);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolBar);
    layout->addLayout(middle, 1);
    layout->addWidget(m_status);
    setCentralWidget(root);
    m_notices = new NoticeArea(m_centre);
}

QWidget* MainWindow::centre()
{
    auto* column = new QWidget(this);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_centre->addWidget(m_empty);
    m_centre->addWidget(m_panes);
    layout->addWidget(new ProposalBar(m_controller, column));
    layout->addWidget(new ComparisonBar(m_controller, column));
    layout->addWidget(new SuspicionBar(m_controller, column));
    layout->addWidget(m_centre, 1);
    connect(m_empty, &EmptyState::importFolderRequested, m_dialogs, &Dialogs::importFolder);
    connect(m_empty, &EmptyState::importFilesRequested, m_dialogs, &Dialogs::importFiles);
    return column;
}

QWidget* MainWindow::leftColumn()
{
    auto* column = new QFrame(this);
    theme::setRole(column, "panel");
    column->setFixedWidth(leftWidth);
    auto* user = new UserChip(m_controller, column);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->setSpacing(4);
    layout->addWidget(m_worklist, 1);
    auto* userLine = new QHBoxLayout;
    userLine->setContentsMargins(12, 0, 12, 0);
    userLine->addWidget(user);
    userLine->addStretch(1);
    layout->addLayout(userLine);
    connect(m_worklist, &WorklistPanel::importRequested, m_dialogs, [this] { m_dialogs->import({}); });
    return column;
}

QWidget* MainWindow::rightColumn()
{
    auto* content = new QWidget;
    theme::setRole(content, "panel");
    auto* toolPanel = new ToolPanel(*m_settings, content);
    connect(toolPanel, &ToolPanel::thresholdRequested, m_tools, &ToolController::applyThreshold);
    const auto suit = [this, toolPanel] {
        const Volume& volume = m_controller.view()->shown();
        const DisplayWindow window = m_controller.view()->window();
        toolPanel->setValueUnit(QString::fromStdString(volume.unit()),
                                {window.centre - window.width / 2, window.centre + window.width / 2});
    };
    connect(&m_controller, &CaseController::caseOpened, toolPanel, suit);
    connect(&m_controller.channels(), &CaseChannels::kindChanged, toolPanel, suit);
    if (m_controller.session())
        suit();
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    auto* model = new ModelPanel(m_controller, content);
    connect(m_dialogs, &Dialogs::trainingWanted, model, &ModelPanel::train);
    for (QWidget* card : std::initializer_list<QWidget*>{m_segments, toolPanel, new DisplayPanel(m_controller, content),
                                                         model, new CasePanel(m_controller, content)})
        layout->addWidget(card);
    layout->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedWidth(rightWidth);
    return scroll;
}

void MainWindow::connectController()
{
    connect(&m_controller, &CaseController::caseOpened, this, [this] {
        rememberCase();
        m_notices->dismissFailures();
        connect(m_controller.session(), &CaseSession::journalRecovered, m_notices, &NoticeArea::dismissFailures);
        showSituation();
        m_panes->slicePanes()[0]->setFocus();
    });
    connect(&m_controller, &CaseController::caseClosed, this, &MainWindow::showSituation);
    connect(&m_controller, &CaseController::caseListChanged, this, &MainWindow::showSituation);
    connect(&m_controller, &CaseController::failed, this, [this](const Error& error) {
        m_notices->post(sentence(error), NoticeArea::Kind::Failure);
        showSituation();
    });
    connect(&m_controller, &CaseController::hint, this,
            [this](const QString& text) { m_notices->post(text, NoticeArea::Kind::Hint); });
    connect(&m_controller.jobs(), &JobRunner::jobStarted, this, [this](const Job* job) {
        if (job->kind() == Job::Kind::Train || job->kind() == Job::Kind::Propose)
            m_notices->dismissFailures(); // it is tried again
        showSituation();
    });
    connect(m_tools, &ToolController::selectionEmpty, this,
            [this] { m_notices->post(tr("No voxel has such a value there."), NoticeArea::Kind::Hint); });
    connect(m_status, &StatusBar::shortcutsRequested, this, &MainWindow::toggleSheet);
    connect(m_status, &StatusBar::inboxRequested, m_dialogs, &Dialogs::inbox);
    connect(m_status, &StatusBar::exportRequested, m_dialogs, &Dialogs::exportMask);
}

void MainWindow::showSituation()
{
    if (m_controller.session()) {
        m_centre->setCurrentWidget(m_panes);
        return;
    }
    m_centre->setCurrentWidget(m_empty);
    CaseFilter any;
    any.limit = 1;
    const auto cases = m_controller.workbench().workspace().findCases(any);
    if (m_controller.opening())
        m_empty->setSituation(EmptyState::Situation::Opening);
    else if (cases && cases->empty())
        m_empty->setSituation(EmptyState::Situation::NoCases);
    else
        m_empty->setSituation(EmptyState::Situation::NothingOpen);
}

void MainWindow::rememberCase()
{
    Workspace& workspace = m_controller.workbench().workspace();
    // A workspace that is read-only forgets it, which costs one click.
    (void)workspace.setSetting(lastCaseKey, std::to_string(m_controller.caseId().value));
}

void MainWindow::openFirstCase()
{
    setFocus(); // else the first button of the window wears the focus ring
    Workspace& workspace = m_controller.workbench().workspace();
    const auto kept = workspace.setting(lastCaseKey);
    const CaseId id{kept ? QString::fromStdString(*kept).toLongLong() : 0};
    if (id && workspace.caseById(id))
        m_controller.openCase(id);
    else
        m_worklist->openTopWhenRead();
    showSituation();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    CaseSession* session = m_controller.session();
    if (session && !session->readOnly() && !session->flush()) {
        const auto answer = QMessageBox::warning(
            this, tr("Not saved"),
            tr("The last strokes could not be saved. If you close the window now, they are lost."),
            QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
        if (answer != QMessageBox::Discard)
            return event->ignore();
    }
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localPaths(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    importPaths(localPaths(*event->mimeData()));
}

void MainWindow::importPaths(const QStringList& paths)
{
    if (!paths.isEmpty())
        m_dialogs->takeDropped(paths);
}

} // namespace annotomy
