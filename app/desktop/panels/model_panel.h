#pragma once

#include "app/desktop/job_runner.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace annotomy {

class Card;
class CaseController;
class ElidedLabel;
class JobProgress;
class LearningCurve;

// The model in use with its measured figure, its learning curve, and the two things to do with it: propose
// and retrain.
class ModelPanel : public QWidget {
    Q_OBJECT

public:
    explicit ModelPanel(CaseController& controller, QWidget* parent = nullptr);

    void refresh(); // reads model and runs
    void propose();
    void train(const TrainOptions& options);
    TrainOptions chosenOptions() const;

    // What is shown, from plain values.
    void showModel(const std::optional<ModelRecord>& model);
    void showRun(const std::optional<RunRecord>& run, std::vector<EpochRecord> epochs);
    void showJob(Job* job); // null: at rest

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildHead();
    void buildResume();
    void buildControls();
    void connectController();
    void retranslate();
    void takeJob(Job* job);
    void showAllowed();
    void showOutcome(const Result<TrainOutcome>& outcome);

    CaseController& m_controller;
    Card* m_card;
    ElidedLabel* m_name;
    QLabel* m_figure;
    QLabel* m_sentence;
    LearningCurve* m_curve;
    QWidget* m_resume;
    QLabel* m_resumeText;
    QPushButton* m_resumeButton;
    QPushButton* m_dismiss;
    JobProgress* m_progress;
    QPushButton* m_propose;
    QPushButton* m_retrain;
    QPushButton* m_cancel;
    QWidget* m_options;
    QLabel* m_minutesLabel;
    QSpinBox* m_minutes;
    QComboBox* m_preset;
    QPushButton* m_models;
    QPushButton* m_progressButton;
    QPointer<Job> m_job;
    RunId m_interrupted;
    RunId m_dismissed;
    bool m_hasModel = false;
};

} // namespace annotomy
