#include "app/workbench/journal_writer.h"

namespace annotomy {

JournalWriter::JournalWriter(std::string workspaceFolder, CaseId id, Callbacks callbacks)
    : m_folder(std::move(workspaceFolder)), m_id(id), m_callbacks(std::move(callbacks)),
      m_thread([this](std::stop_token stop) { run(std::move(stop)); })
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

Result<std::int64_t> JournalWriter::commit(const Item& item, std::stop_token stop)
{
    if (!m_workspace) {
        auto opened = Workspace::open(m_folder);
        if (!opened)
            return opened.error();
        m_workspace = *std::move(opened);
    }
    if (item.work) {
        item.work(*m_workspace, std::move(stop));
        return std::int64_t{0};
    }
    if (item.kind == JournalKind::Edit)
        return m_workspace->appendEdit(m_id, *item.edit);
    return m_workspace->appendCursorMove(m_id, item.kind);
}

void JournalWriter::run(std::stop_token stop)
{
    for (;;) {
        Item item;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, stop, [&] { return !m_queue.empty() && !m_failure; });
            if (m_queue.empty() || m_failure)
                break; // asked to stop, with nothing left that could be committed
            item = m_queue.front();
        }
        const Result<std::int64_t> sequence = commit(item, stop);
        bool recovered = false;
        {
            const std::lock_guard lock(m_mutex);
            if (sequence) {
                m_queue.pop_front();
                recovered = std::exchange(m_recovering, false);
            } else {
                m_failure = sequence.error();
            }
            m_changed.notify_all();
        }
        if (!sequence)
            m_callbacks.failed(sequence.error());
        else if (!item.work)
            m_callbacks.confirmed(*sequence);
        if (recovered)
            m_callbacks.recovered();
    }
    m_workspace.reset(); // a connection ends on the thread that opened it
}

} // namespace annotomy
