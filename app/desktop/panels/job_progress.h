#pragma once

#include "app/desktop/job_runner.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QPointer>
#include <QWidget>

namespace annotomy {

class ElidedLabel;
class ThinBar;

// A job in two lines: stage and time left, and a thin bar. Follows the job until it ends.
class JobProgress : public QWidget {
    Q_OBJECT

public:
    explicit JobProgress(QWidget* parent = nullptr);

    void follow(Job* job); // null: forgets the present one
    Job* job() const { return m_job; }
    void showUpdate(const JobUpdate& update);

private:
    QString timeLeft(const JobUpdate& update) const;

    QPointer<Job> m_job;
    QElapsedTimer m_since;
    ElidedLabel* m_stage;
    QLabel* m_left;
    ThinBar* m_bar;
};

} // namespace annotomy
