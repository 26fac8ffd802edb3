#include "app/workbench/journal_writer.h"

namespace annotomy {

JournalWriter::JournalWriter(std::string workspaceFolder, CaseId id, Callbacks callbacks,
                             std::chrono::milliseconds keepLeaseEvery)
    : m_folder(std::move(workspaceFolder)), m_id(id), m_callbacks(std::move(callbacks)),
      m_keepLeaseEvery(keepLeaseEvery), m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

JournalWriter::~JournalWriter()
{
    m_thread.request_stop();
    m_thread.join();
}

void JournalWriter::push(EditHistory::EditPtr edit)
{
    enqueue({JournalKind::Edit, std::move(edit), {}});
}

void JournalWriter::pushMove(JournalKind undoOrRedo)
{
    enqueue({undoOrRedo, {}, {}});
}

void JournalWriter::post(std::function<void(Workspace&, std::stop_token)> work)
{
    enqueue({JournalKind::Edit, {}, std::move(work)});
}

void JournalWriter::enqueue(Item item)
{
    const std::lock_guard lock(m_mutex);
    m_queue.push_back(std::move(item));
    m_changed.notify_all();
}

bool JournalWriter::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_queue.empty() || m_failure; });
    return !m_failure;
}

void JournalWriter::retry()
{
    const std::lock_guard lock(m_mutex);
    if (!m_failure)
        return;
    m_failure.reset();
    m_recovering = true;
    m_changed.notify_all();
}

std::optional<Error> JournalWriter::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

bool JournalWriter::idle() const
{
    const std::lock_guard lock(m_mutex);
    return m_queue.empty();
}

Result<void> JournalWriter::openWorkspace()
{
    if (m_workspace)
        return {};
    auto opened = Workspace::open(m_folder);
    if (!opened)
        return opened.error();
    if (auto kept = (*opened)->keepLease(m_id); !kept)
        return kept;
    m_workspace = *std::move(opened);
    return {};
}

Result<std::int64_t> JournalWriter::commit(const Item& item, std::stop_token stop)
{
    if (auto opened = openWorkspace(); !opened)
        return opened.error();
    if (item.work) {
        item.work(*m_workspace, std::move(stop));
        return std::int64_t{0};
    }
    if (item.kind == JournalKind::Edit)
        return m_workspace->appendEdit(m_id, *item.edit);
    return m_workspace->appendCursorMove(m_id, item.kind);
}

void JournalWriter::commitFront(std::stop_token stop)
{
    Item item;
    {
        const std::lock_guard lock(m_mutex);
        item = m_queue.front();
    }
    const Result<std::int64_t> sequence = commit(item, std::move(stop));
    if (!sequence)
        return fail(sequence.error());
    bool recovered = false;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.pop_front();
        recovered = std::exchange(m_recovering, false);
        m_changed.notify_all();
    }
    if (!item.work)
        m_callbacks.confirmed(*sequence);
    if (recovered)
        m_callbacks.recovered();
}

void JournalWriter::fail(const Error& error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_failure = error;
        m_changed.notify_all();
    }
    m_callbacks.failed(error);
}

// Only a lost lease is told: another failure shows at the next edit, or goes by.
void JournalWriter::keepLease()
{
    const Result<void> opened = openWorkspace();
    const Result<void> kept = opened ? m_workspace->keepLease(m_id) : opened;
    if (!kept && kept.error().code == ErrorCode::CaseInUse)
        fail(kept.error());
}

bool JournalWriter::waitForWork(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const auto ready = [&] { return !m_queue.empty() && !m_failure; };
    while (!m_changed.wait_for(lock, stop, m_keepLeaseEvery, ready)) {
        if (stop.stop_requested())
            return false; // with nothing left that could be committed
        if (m_failure)
            continue;
        lock.unlock();
        keepLease();
        lock.lock();
    }
    return true;
}

void JournalWriter::run(std::stop_token stop)
{
    while (waitForWork(stop))
        commitFront(stop);
    m_workspace.reset(); // a connection ends on the thread that opened it
}

} // namespace annotomy
