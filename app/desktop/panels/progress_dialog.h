#pragma once

#include "app/desktop/job_runner.h"
#include "app/workbench/progress_chart.h"

#include <QDialog>
#include <QPointer>

class QLabel;

namespace annotomy {

class Card;
class CaseController;
class ChartView;
class ChoiceBar;
class JobProgress;

// Whether all the work pays: how the models became better with the cases they learnt from, what more cases would bring, and
// what correcting each model's proposals cost.
class ProgressDialog : public QDialog {
    Q_OBJECT

public:
    explicit ProgressDialog(CaseController& controller, QWidget* parent = nullptr);
    ~ProgressDialog() override; // stops counting

    // What is shown, from plain values.
    void showLearning(const LearningProgress& progress);
    void showCosts(std::vector<CorrectionCost> costs);
    ChartView& learningChart() { return *m_learning; }
    ChartView& costChart() { return *m_cost; }

private:
    QWidget* buildLearning();
    QWidget* buildCosts();
    void refresh();
    void showMeasure();

    CaseController& m_controller;
    QLabel* m_advice;
    ChartView* m_learning;
    ChoiceBar* m_measure;
    ChartView* m_cost;
    QLabel* m_costNote;
    JobProgress* m_counting;
    QPointer<Job> m_job;
    std::vector<CorrectionCost> m_costs;
};

} // namespace annotomy
