#pragma once

#include "app/desktop/job_runner.h"

#include <QColor>
#include <QDialog>
#include <QPointer>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace annotomy {

class CaseController;
class FileChooser;
class JobProgress;

// A dialog that asks, works in a job with progress and cancel, and ends in a sentence.
class JobDialog : public QDialog {
    Q_OBJECT

public:
    JobDialog(CaseController& controller, FileChooser& chooser, QWidget* parent);

    bool working() const { return m_job; }
    QString message() const;
    void reject() override; // cancels a running job first

protected:
    QVBoxLayout* body() const { return m_body; }
    QPushButton* startButton() const { return m_start; }
    virtual void start() = 0;

    void follow(Job* job);
    void showDone(const QString& sentence);
    void showQuestion(const QString& sentence);
    void showFailure(const Error& error); // nothing for a cancelled job but "Cancelled"
    void rest();                          // the job has ended: questions may be answered again
    void makeRoom();                      // for what has been added

    CaseController& m_controller;
    FileChooser& m_chooser;

private:
    void showMessage(const QString& text, const QColor& colour);

    QVBoxLayout* m_body;
    JobProgress* m_progress;
    QLabel* m_message;
    QPushButton* m_start;
    QPushButton* m_close;
    QPointer<Job> m_job;
};

} // namespace annotomy
