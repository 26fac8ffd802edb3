#include "app/desktop/job_runner.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>

#include <algorithm>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace annotomy {

QString JobTitle::text() const
{
    return m_english ? QCoreApplication::translate(m_context, m_english) : QString();
}

struct Job::Impl {
    Kind kind;
    JobTitle title;
    JobUpdate last;
    bool finished = false;
    std::stop_source stop;
};

Job::Job(Kind kind, const JobTitle& title, QObject* parent) : QObject(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->kind = kind;
    m_impl->title = title;
}

Job::~Job() = default;

Job::Kind Job::kind() const
{
    return m_impl->kind;
}

QString Job::title() const
{
    return m_impl->title.text();
}

const JobUpdate& Job::last() const
{
    return m_impl->last;
}

bool Job::finished() const
{
    return m_impl->finished;
}

void Job::cancel()
{
    m_impl->stop.request_stop();
}

namespace {

// Updates on their way from a job's thread to the GUI. A newer one replaces an older one that nobody has read
// yet, so that a busy job cannot flood the event loop; one that carries an epoch or a note is never dropped.
class UpdateMailbox {
public:
    // True when the reader must be woken.
    bool post(const JobUpdate& update)
    {
        const std::lock_guard lock(m_mutex);
        const bool wake = m_waiting.empty();
        if (!wake && !m_waiting.back().epoch && m_waiting.back().note.empty())
            m_waiting.back() = update;
        else
            m_waiting.push_back(update);
        return wake;
    }

    std::vector<JobUpdate> takeAll()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_waiting, {});
    }

private:
    std::mutex m_mutex;
    std::vector<JobUpdate> m_waiting; // guarded by m_mutex
};

} // namespace

struct JobRunner::Impl {
    std::string folder;
    ProgramPaths programs;
    std::vector<Job*> running;
    std::vector<std::pair<Job*, std::thread>> threads; // one per running job

    void join(Job* job)
    {
        const auto found =
            std::find_if(threads.begin(), threads.end(), [job](const auto& e) { return e.first == job; });
        if (found == threads.end())
            return;
        found->second.join();
        threads.erase(found);
    }
};

JobRunner::JobRunner(std::string workspaceFolder, ProgramPaths programs, QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->folder = std::move(workspaceFolder);
    m_impl->programs = std::move(programs);
}

JobRunner::~JobRunner()
{
    for (Job* job : m_impl->running)
        job->cancel();
    for (auto& [job, thread] : m_impl->threads)
        thread.join();
}

const std::vector<Job*>& JobRunner::running() const
{
    return m_impl->running;
}

Job* JobRunner::start(Job::Kind kind, const JobTitle& title, QObject* context, Work work,
                      std::function<void()> done)
{
    auto* job = new Job(kind, title, this);
    m_impl->running.push_back(job);

    auto mailbox = std::make_shared<UpdateMailbox>();
    const auto deliver = [job, mailbox] {
        for (const JobUpdate& update : mailbox->takeAll()) {
            job->m_impl->last = update;
            Q_EMIT job->updated(update);
        }
    };
    const JobReport report = [job, mailbox, deliver](const JobUpdate& update) {
        if (mailbox->post(update))
            QMetaObject::invokeMethod(job, deliver, Qt::QueuedConnection);
    };
    const bool guarded = context != nullptr;
    const auto finish = [this, job, guarded, guard = QPointer<QObject>(context), done = std::move(done)] {
        m_impl->join(job);
        std::erase(m_impl->running, job);
        job->m_impl->finished = true;
        Q_EMIT job->ended();
        Q_EMIT jobEnded(job);
        job->deleteLater();
        if (!guarded || guard)
            done();
    };
    // The runner outlives the thread: its destructor joins, and drops what is still queued for it.
    std::thread thread([this, finish, report, work = std::move(work), folder = m_impl->folder,
                        programs = m_impl->programs, stop = job->m_impl->stop.get_token()] {
        const Result<std::unique_ptr<Workbench>> workbench = Workbench::open(folder, programs);
        if (workbench)
            work(workbench->get(), nullptr, stop, report);
        else
            work(nullptr, &workbench.error(), stop, report);
        QMetaObject::invokeMethod(this, finish, Qt::QueuedConnection);
    });
    m_impl->threads.emplace_back(job, std::move(thread));
    Q_EMIT jobStarted(job);
    return job;
}

} // namespace annotomy
