// The actions of the main window with their keys; the rest of the class stands in main_window.cpp.
#include "app/desktop/main_window.h"

#include "app/desktop/case_maps.h"
#include "app/desktop/dialogs.h"
#include "app/desktop/pane_grid.h"
#include "app/desktop/panels/worklist_panel.h"
#include "app/desktop/segment_model.h"
#include "app/desktop/segment_panel.h"
#include "app/desktop/shortcut_sheet.h"
#include "app/desktop/tool_bar.h"

#include <QAction>
#include <QApplication>

namespace annotomy {

void MainWindow::addToolActions()
{
    static constexpr Qt::Key keys[] = {Qt::Key_C, Qt::Key_B, Qt::Key_E, Qt::Key_G, Qt::Key_T};
    for (const ToolKind kind : allTools) {
        const int number = static_cast<int>(kind);
        m_actions->add(QStringLiteral("tool%1").arg(number), ActionGroup::Tools, toolName(kind),
                       {keys[number]}, [this, kind] { m_settings->setTool(kind); });
    }
    m_actions->add(QStringLiteral("smaller"), ActionGroup::Tools, tr("Smaller brush"), {Qt::Key_BracketLeft},
                   [this] { m_settings->stepDiameter(-1); });
    m_actions->add(QStringLiteral("larger"), ActionGroup::Tools, tr("Larger brush"), {Qt::Key_BracketRight},
                   [this] { m_settings->stepDiameter(1); });
    m_actions->add(QStringLiteral("shape"), ActionGroup::Tools, tr("Disc or ball"), {Qt::Key_D}, [this] {
        m_settings->setShape(m_settings->brush().shape == BrushShape::Disc ? BrushShape::Ball
                                                                           : BrushShape::Disc);
    });
}

void MainWindow::changeActiveSegment(const std::function<void(int row)>& change)
{
    const int row = m_segments->model().rowOf(m_controller.view()->activeSegment());
    if (row >= 0)
        change(row);
}

void MainWindow::addSegmentActions()
{
    for (int i = 0; i < 9; ++i)
        m_actions->add(QStringLiteral("segment%1").arg(i + 1), ActionGroup::Segments,
                       tr("Segment %1 of the list").arg(i + 1), {QKeySequence(Qt::Key_1 + i)},
                       [this, i] { m_segments->selectRow(i); });
    m_actions->add(QStringLiteral("previousSegment"), ActionGroup::Segments, tr("Segment above"), {Qt::Key_Q},
                   [this] { changeActiveSegment([this](int row) { m_segments->selectRow(row - 1); }); });
    m_actions->add(QStringLiteral("nextSegment"), ActionGroup::Segments, tr("Segment below"), {Qt::Key_W},
                   [this] { changeActiveSegment([this](int row) { m_segments->selectRow(row + 1); }); });
    m_actions->add(QStringLiteral("addSegment"), ActionGroup::Segments, tr("Add a segment"), {Qt::Key_N},
                   [this] { m_segments->addSegment(); });
    m_actions->add(QStringLiteral("renameSegment"), ActionGroup::Segments, tr("Rename the active segment"),
                   {Qt::Key_F2}, [this] { m_segments->renameActive(); });
    m_actions->add(QStringLiteral("segmentCodes"), ActionGroup::Segments, tr("What the active segment is: codes"),
                   {QKeySequence(Qt::CTRL | Qt::Key_K)}, [this] { m_segments->chooseCodes(); });
    m_actions->add(QStringLiteral("removeSegment"), ActionGroup::Segments, tr("Delete the active segment"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Delete)}, [this] { m_segments->removeActive(); });
    m_actions->add(QStringLiteral("hideSegment"), ActionGroup::Segments,
                   tr("Show or hide the active segment"), {Qt::Key_H}, [this] {
                       changeActiveSegment([this](int row) { m_segments->model().toggleVisible(row); });
                   });
    m_actions->add(QStringLiteral("lockSegment"), ActionGroup::Segments,
                   tr("Lock or unlock the active segment"), {Qt::Key_L}, [this] {
                       changeActiveSegment([this](int row) { m_segments->model().toggleLocked(row); });
                   });
}

void MainWindow::addViewActions()
{
    ViewState* view = m_controller.view();
    m_actions->add(QStringLiteral("overlay"), ActionGroup::View, tr("Show or hide all segments"), {Qt::Key_A},
                   [view] { view->setOverlayVisible(!view->overlayVisible()); });
    m_actions->add(QStringLiteral("fit"), ActionGroup::View, tr("Fit the images"), {Qt::Key_F},
                   [this] { m_panes->fitAll(); });
    m_actions->add(QStringLiteral("reset"), ActionGroup::View, tr("Reset window and views"), {Qt::Key_R},
                   [this, view] {
                       view->resetWindow();
                       m_panes->fitAll();
                   });
    m_actions->add(QStringLiteral("previousChannel"), ActionGroup::View, tr("Previous image: channel or time"),
                   {Qt::Key_Comma}, [this] { m_controller.channels().step(-1); });
    m_actions->add(QStringLiteral("nextChannel"), ActionGroup::View, tr("Next image: channel or time"),
                   {Qt::Key_Period}, [this] { m_controller.channels().step(1); });
    using Show = PaneGrid::Show;
    const std::pair<Show, QString> shows[] = {{Show::All, tr("All four views")},
                                              {Show::Axial, tr("Axial only")},
                                              {Show::Coronal, tr("Coronal only")},
                                              {Show::Sagittal, tr("Sagittal only")},
                                              {Show::ThreeD, tr("3-D only")}};
    for (int i = 0; i < 5; ++i)
        m_actions->add(QStringLiteral("show%1").arg(i), ActionGroup::View, shows[i].second,
                       {QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + i))},
                       [this, what = shows[i].first] { m_panes->setShown(what); });
}

void MainWindow::addCaseActions()
{
    m_actions->add(QStringLiteral("undo"), ActionGroup::Case, tr("Undo"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Z)}, [this] { m_controller.undo(); });
    m_actions->add(QStringLiteral("redo"), ActionGroup::Case, tr("Redo"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)},
                   [this] { m_controller.redo(); });
    m_actions->add(QStringLiteral("save"), ActionGroup::Case, tr("Save a revision"),
                   {QKeySequence(Qt::CTRL | Qt::Key_S)}, [this] { m_controller.save(); });
    m_actions->add(QStringLiteral("approve"), ActionGroup::Case, tr("Approve: sign the mask off"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)},
                   [this] { m_controller.approve(); });
    m_actions->add(QStringLiteral("revisions"), ActionGroup::Case, tr("Revisions"),
                   {QKeySequence(Qt::CTRL | Qt::Key_R)}, [this] { m_dialogs->showRevisions(); });
    m_actions->add(QStringLiteral("export"), ActionGroup::Case, tr("Export the mask"),
                   {QKeySequence(Qt::CTRL | Qt::Key_E)}, [this] { m_dialogs->exportMask(); });
    m_actions->add(QStringLiteral("exportImage"), ActionGroup::Case, tr("Export the image"),
                   {QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_E)}, [this] { m_dialogs->exportImage(); });
    m_actions->add(QStringLiteral("attach"), ActionGroup::Case, tr("Attach a mask file"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)}, [this] { m_dialogs->attachMask({}); });
    m_actions->add(QStringLiteral("study"), ActionGroup::Case, tr("About this study"),
                   {QKeySequence(Qt::ALT | Qt::Key_Return), QKeySequence(Qt::ALT | Qt::Key_Enter)},
                   [this] { m_dialogs->showStudy(); });
    m_actions->add(QStringLiteral("exportDataset"), ActionGroup::Case, tr("Export the approved cases as a data set"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)}, [this] { m_dialogs->exportDataset(); });
    m_actions->add(QStringLiteral("deidentify"), ActionGroup::Case, tr("De-identify DICOM files"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)}, [this] { m_dialogs->deidentify(); });
    m_actions->add(QStringLiteral("import"), ActionGroup::Case, tr("Import"),
                   {QKeySequence(Qt::CTRL | Qt::Key_O)}, [this] { m_dialogs->import({}); });
    m_actions->add(QStringLiteral("inbox"), ActionGroup::Case, tr("Inbox folder"),
                   {QKeySequence(Qt::CTRL | Qt::Key_I)}, [this] { m_dialogs->inbox(); });
    m_actions->add(QStringLiteral("relinkAll"), ActionGroup::Case, tr("Look for moved studies"),
                   {QKeySequence(Qt::CTRL | Qt::Key_L)}, [this] { m_dialogs->relinkAll(); });
    m_actions->add(QStringLiteral("nextCase"), ActionGroup::Case, tr("Next case"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Down)}, [this] { m_worklist->openNext(); });
    m_actions->add(QStringLiteral("previousCase"), ActionGroup::Case, tr("Previous case"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Up)}, [this] { m_worklist->openPrevious(); });
    m_actions->add(QStringLiteral("suggestNext"), ActionGroup::Case, tr("Suggest the next case"),
                   {QKeySequence(Qt::CTRL | Qt::Key_J)}, [this] { m_worklist->suggestNext(); });
    m_actions->add(QStringLiteral("search"), ActionGroup::Case, tr("Search the worklist"),
                   {QKeySequence(Qt::CTRL | Qt::Key_F)}, [this] { m_worklist->focusSearch(); });
}

void MainWindow::addModelActions()
{
    m_actions->add(QStringLiteral("propose"), ActionGroup::Case, tr("Let the model propose"), {Qt::Key_P},
                   [this] { m_controller.propose(); });
    m_actions->add(QStringLiteral("proposeWith"), ActionGroup::Case, tr("Propose by chosen models"),
                   {QKeySequence(Qt::CTRL | Qt::Key_P)}, [this] { m_dialogs->propose(); });
    m_actions->add(QStringLiteral("accept"), ActionGroup::Case, tr("Accept the proposal"), {Qt::Key_Y},
                   [this] { m_controller.acceptProposal(); });
    m_actions->add(QStringLiteral("reject"), ActionGroup::Case, tr("Reject the proposal"), {Qt::Key_X},
                   [this] { m_controller.rejectProposal(); });
    CaseMaps* maps = &m_controller.maps();
    m_actions->add(QStringLiteral("suspicions"), ActionGroup::Case, tr("Look for suspicious regions"), {Qt::Key_S},
                   [maps] { maps->startTour(); });
    m_actions->add(QStringLiteral("nextSuspicion"), ActionGroup::Case, tr("Next suspicious region"), {Qt::Key_J},
                   [maps] { maps->step(1); });
    m_actions->add(QStringLiteral("previousSuspicion"), ActionGroup::Case, tr("Previous suspicious region"), {Qt::Key_K},
                   [maps] { maps->step(-1); });
    m_actions->add(QStringLiteral("gradCam"), ActionGroup::Case, tr("Where the model sees the segment: Grad-CAM"),
                   {Qt::Key_I}, [maps] { maps->explain("grad-cam"); });
    m_actions->add(QStringLiteral("occlusion"), ActionGroup::Case, tr("Where the model sees the segment: occlusion"),
                   {QKeySequence(Qt::SHIFT | Qt::Key_I)}, [maps] { maps->explain("occlusion"); });
    m_actions->add(QStringLiteral("models"), ActionGroup::Case, tr("Models"),
                   {QKeySequence(Qt::CTRL | Qt::Key_M)}, [this] { m_dialogs->showModels(); });
    m_actions->add(QStringLiteral("plan"), ActionGroup::Case, tr("Plan a training"),
                   {QKeySequence(Qt::CTRL | Qt::Key_T)}, [this] { m_dialogs->planTraining(); });
    m_actions->add(QStringLiteral("judge"), ActionGroup::Case, tr("Judge a model on a pool"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J)}, [this] { m_dialogs->judgeModel(); });
    m_actions->add(QStringLiteral("compute"), ActionGroup::Case, tr("Compute: device and self-test"),
                   {QKeySequence(Qt::CTRL | Qt::Key_U)}, [this] { m_dialogs->showCompute(); });
}

void MainWindow::addWindowActions()
{
    m_actions->add(QStringLiteral("leftPanel"), ActionGroup::Window, tr("Worklist on or off"), {Qt::Key_F7},
                   [this] { m_left->setVisible(!m_left->isVisible()); });
    m_actions->add(QStringLiteral("rightPanel"), ActionGroup::Window, tr("Panels on the right on or off"),
                   {Qt::Key_F8}, [this] { m_right->setVisible(!m_right->isVisible()); });
    m_actions->add(QStringLiteral("fullScreen"), ActionGroup::Window, tr("Full screen"), {Qt::Key_F11},
                   [this] { toggleFullScreen(); });
    m_actions->add(QStringLiteral("shortcuts"), ActionGroup::Window, tr("This sheet"),
                   {QKeySequence(QStringLiteral("?")), QKeySequence(Qt::Key_F1)}, [this] { toggleSheet(); });
    m_actions->add(QStringLiteral("quit"), ActionGroup::Window, tr("Quit"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); });
}

void MainWindow::describeMouse()
{
    m_actions->describe(ActionGroup::Tools, tr("Brush size"), tr("Shift + wheel"));
    m_actions->describe(ActionGroup::Tools, tr("Erase while painting, and the reverse"), tr("Ctrl + drag"));
    m_actions->describe(ActionGroup::Tools, tr("Drop the stroke"), tr("Esc"));
    m_actions->describe(ActionGroup::Navigation, tr("Slices"), tr("wheel, ↑ ↓, PgUp PgDn"));
    m_actions->describe(ActionGroup::Navigation, tr("First and last slice"), tr("Home, End"));
    m_actions->describe(ActionGroup::Navigation, tr("Zoom at the pointer"), tr("Ctrl + wheel"));
    m_actions->describe(ActionGroup::Navigation, tr("Move the image"), tr("middle drag, Space + drag"));
    m_actions->describe(ActionGroup::Navigation, tr("Window centre and width"), tr("right drag"));
    m_actions->describe(ActionGroup::Navigation, tr("Crosshair with any tool"), tr("Shift + click"));
    m_actions->describe(ActionGroup::Navigation, tr("One view fills the room"),
                        tr("double click on its title"));
}

ShortcutSheet* MainWindow::shortcutSheet() const
{
    return m_sheet;
}

void MainWindow::toggleSheet()
{
    if (m_sheet) {
        m_sheet->close();
        m_sheet->deleteLater();
        m_panes->coverSurface(false);
        return;
    }
    QWidget* before = focusWidget();
    m_panes->coverSurface(true);
    m_sheet = new ShortcutSheet(*m_actions, centralWidget());
    connect(m_sheet, &ShortcutSheet::closed, this, [this, focus = QPointer<QWidget>(before)] {
        m_panes->coverSurface(false);
        if (focus)
            focus->setFocus();
    });
}

void MainWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

} // namespace annotomy
