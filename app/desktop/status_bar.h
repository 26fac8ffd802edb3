#pragma once

#include "app/desktop/case_controller.h"

#include <QDateTime>
#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QTimer;
class QToolButton;

namespace annotomy {

// The facts at the bottom: is every stroke saved, what is running, where models compute, and the standing
// notice.
class StatusBar : public QFrame {
    Q_OBJECT

public:
    explicit StatusBar(CaseController& controller, QWidget* parent = nullptr);

    enum class Saved { Nothing, All, Pending, Failed };
    Saved saved() const { return m_saved; }
    QString savedText() const;
    void setLanguages(const QString& current, const QStringList& names); // names in their own language
    void showMessage(const QString& text);                               // for a few seconds

Q_SIGNALS:
    void shortcutsRequested();
    void languageRequested(int index);
    void inboxRequested();
    void exportRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildJobPart();
    void showWorker();
    void watchSession();
    void setSaved(Saved saved, const QDateTime& when = {});
    void watchJobs();
    void showInbox();
    void showJob();
    Job* shownJob() const;

    CaseController& m_controller;
    Saved m_saved = Saved::Nothing;
    QDateTime m_confirmedAt;
    QLabel *m_dot, *m_savedLabel;
    QPushButton *m_retry, *m_export;
    QWidget* m_jobPart;
    QLabel* m_jobLabel;
    QProgressBar* m_jobProgress;
    QToolButton* m_jobCancel;
    QLabel *m_worker, *m_compute;
    QTimer* m_workerTimer; // runs while a model works
    QToolButton* m_inbox;
    QLabel* m_message;
    QTimer* m_messageTimer;
    QToolButton* m_language;
};

} // namespace annotomy
