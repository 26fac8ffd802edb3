#pragma once

#include "app/workbench/ranking.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace annotomy {

class CaseController;
class Job;

// Which case is best worked on next: one button, a menu for how it is chosen, which is remembered, and below them why the open
// case was suggested. Cases are ranked in a job, a few at once; the button then opens them one after another.
class SuggestionBar : public QWidget {
    Q_OBJECT

public:
    explicit SuggestionBar(CaseController& controller, QWidget* parent = nullptr);

    void suggest(); // cancels the ranking while it runs
    void setStrategy(std::optional<RankingStrategy> strategy); // unset: what suits
    std::optional<RankingStrategy> strategy() const;
    void retranslate();

Q_SIGNALS:
    void suggested(annotomy::CaseId id);

private:
    void fillMenu();
    void showReason();
    void showServed(const Result<ServedCase>& served);

    CaseController& m_controller;
    QPushButton* m_button;
    QToolButton* m_choice;
    QLabel* m_reason;
    QPointer<Job> m_job;
};

} // namespace annotomy
