#pragma once

#include "app/workbench/workbench.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>

namespace annotomy {

// What a job is called, in the language of the moment: jobs outlive a change of it. The text is one of the class's own
// translations (QT_TR_NOOP).
class JobTitle {
public:
    JobTitle() = default; // of a job that is too small to be told
    JobTitle(const QMetaObject& owner, const char* english) : m_context(owner.className()), m_english(english) {}
    QString text() const;

private:
    const char* m_context = nullptr;
    const char* m_english = nullptr;
};

// A running job as the window sees it. GUI thread.
class Job : public QObject {
    Q_OBJECT

public:
    enum class Kind { Import, Open, Propose, Train, Export, Other };

    Job(Kind kind, const JobTitle& title, QObject* parent = nullptr);
    ~Job() override;

    Kind kind() const;
    QString title() const;
    const JobUpdate& last() const;
    bool finished() const;
    void cancel(); // asks the job to stop; done is still called, with Cancelled

Q_SIGNALS:
    void updated(const annotomy::JobUpdate& update);
    void ended();

private:
    friend class JobRunner;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// The one place that turns the workbench's synchronous calls into background jobs: each runs on its own
// thread with its own Workbench on the same folder; `done` is called on the GUI thread, and not at all once
// `context` is gone.
class JobRunner : public QObject {
    Q_OBJECT

public:
    JobRunner(std::string workspaceFolder, ProgramPaths programs, QObject* parent = nullptr);
    ~JobRunner() override; // cancels and waits

    template <class T>
    Job* run(Job::Kind kind, const JobTitle& title, QObject* context,
             std::function<Result<T>(Workbench&, std::stop_token, const JobReport&)> work,
             std::function<void(Result<T>)> done)
    {
        auto result = std::make_shared<std::optional<Result<T>>>();
        return start(
            kind, title, context,
            [result, work = std::move(work)](Workbench* workbench, const Error* openError,
                                             std::stop_token stop, const JobReport& report) {
                result->emplace(workbench ? work(*workbench, stop, report) : Result<T>(*openError));
            },
            [result, done = std::move(done)] { done(std::move(**result)); });
    }

    const std::vector<Job*>& running() const;

Q_SIGNALS:
    void jobStarted(annotomy::Job* job);
    void jobEnded(annotomy::Job* job); // the job is deleted later

private:
    using Work = std::function<void(Workbench*, const Error*, std::stop_token, const JobReport&)>;
    Job* start(Job::Kind kind, const JobTitle& title, QObject* context, Work work, std::function<void()> done);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
