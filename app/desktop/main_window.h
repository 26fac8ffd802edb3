#pragma once

#include "app/desktop/actions.h"
#include "app/desktop/case_controller.h"
#include "app/desktop/tool_settings.h"

#include <QMainWindow>
#include <QPointer>

class QStackedWidget;

namespace annotomy {

class Dialogs;
class EmptyState;
class NoticeArea;
class PaneGrid;
class SegmentPanel;
class ShortcutSheet;
class StatusBar;
class ToolBar;
class ToolController;
class WorklistPanel;

// The window: puts the panels around the four views and connects them. What it shows lives in CaseController,
// so that it can be built anew at any time (as after a change of language) without closing the case.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(CaseController& controller, QWidget* parent = nullptr);
    ~MainWindow() override;

    Actions& actions() { return *m_actions; }
    ToolSettings& tools() { return *m_settings; }
    PaneGrid& panes() { return *m_panes; }
    SegmentPanel& segments() { return *m_segments; }
    StatusBar& status() { return *m_status; }
    NoticeArea& notices() { return *m_notices; }
    ShortcutSheet* shortcutSheet() const; // null while it is closed

    void openFirstCase(); // the one last worked on, else the top of the worklist
    void importPaths(const QStringList& paths);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildLayout();
    QWidget* leftColumn();
    QWidget* rightColumn();
    QWidget* centre();
    void connectController();
    void showSituation();
    void rememberCase();

    void addToolActions();
    void addSegmentActions();
    void addViewActions();
    void addCaseActions();
    void addModelActions();
    void addWindowActions();
    void describeMouse();
    void toggleSheet();
    void toggleFullScreen();
    void changeActiveSegment(const std::function<void(int row)>& change);

    CaseController& m_controller;
    ToolSettings* m_settings;
    ToolController* m_tools;
    Actions* m_actions;
    Dialogs* m_dialogs;
    WorklistPanel* m_worklist;
    PaneGrid* m_panes;
    EmptyState* m_empty;
    QStackedWidget* m_centre;
    SegmentPanel* m_segments;
    ToolBar* m_toolBar;
    QWidget* m_left;
    QWidget* m_right;
    StatusBar* m_status;
    NoticeArea* m_notices;
    QPointer<ShortcutSheet> m_sheet;
};

} // namespace annotomy
