#pragma once

#include "app/desktop/panels/case_list_model.h"

#include <QPointer>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QListView;
class QStackedWidget;
class QTimer;

namespace annotomy {

class CaseController;
class FileChooser;
class Job;
class SuggestionBar;
class WorklistFilterBar;

// What to do next: the workspace's cases with search, filters and states. Opens cases through the controller. The
// workspace is searched in jobs, and of a line what is merely shown is read once it comes into view.
class WorklistPanel : public QWidget {
    Q_OBJECT

public:
    WorklistPanel(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);
    explicit WorklistPanel(CaseController& controller,
                           QWidget* parent = nullptr); // with the system's file dialogs

    CaseListModel& model() { return *m_model; }
    QListView& view() { return *m_view; }
    WorklistFilterBar& filters() { return *m_filters; }

    void refresh(); // reads the workspace in a job; several calls in a row read once more
    void showRows(std::vector<WorklistRow> rows);
    void openNext(); // the case below the open one, as listed
    void openPrevious();
    void openTopWhenRead(); // once the worklist has been read, unless another case is open or being read by then
    void focusSearch();
    void suggestNext(); // the case that is best worked on next

Q_SIGNALS:
    void importRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildChips(QLayout* into);
    CaseFilter wantedCases() const;
    void completeRows();
    void offerModalities();
    void search();
    void buildView();
    void connectController();
    void retranslate();
    void showCounts();
    void showEmptyState();
    void selectOpenCase();
    void openIndex(const QModelIndex& index);
    void openCase(CaseId id);
    void openTopIfWanted();
    void step(int rows);
    void refreshOpenCase();
    void showMenu(const QPoint& position);
    CaseId caseAt(const QModelIndex& index) const;

    CaseController& m_controller;
    FileChooser& m_chooser;
    CaseListModel* m_model;
    WorklistFilterModel* m_filter;
    QLineEdit* m_search;
    QButtonGroup* m_chips;
    WorklistFilterBar* m_filters;
    SuggestionBar* m_suggestion;
    QTimer* m_typing;
    bool m_completing = false;
    bool m_fromTop = false; // what is being looked for is another thing: the list begins at its top
    QStackedWidget* m_stack;
    QListView* m_view;
    QLabel* m_emptyText;
    QWidget* m_emptyAction;
    CaseId m_requested; // being opened
    QPointer<Job> m_readJob;
    bool m_reading = false;
    bool m_readAgain = false;
    bool m_everRead = false;
    bool m_openTop = false;
};

} // namespace annotomy
