#pragma once

#include "core/edit/edit_history.h"
#include "storage/workspace.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace annotomy {

// Commits a case's edits to the journal, in order, on a thread and a connection of its own, and keeps the case's lease
// alive while there is nothing to commit. After a failed commit, or a lost lease, it stops until retry(): what is queued
// stays queued. The callbacks come from that thread.
class JournalWriter {
public:
    struct Callbacks {
        std::function<void(std::int64_t sequence)> confirmed;
        std::function<void(const Error& error)> failed;
        std::function<void()> recovered; // the first commit after a failure
    };
    JournalWriter(std::string workspaceFolder, CaseId id, Callbacks callbacks,
                  std::chrono::milliseconds keepLeaseEvery = std::chrono::minutes(1));
    ~JournalWriter(); // commits what is queued, unless that fails
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    // Safe from any thread.
    void push(EditHistory::EditPtr edit);
    void pushMove(JournalKind undoOrRedo);
    // Other work with the case's connection, after what is queued; its failure stops nothing.
    void post(std::function<void(Workspace&, std::stop_token)> work);
    bool flush(); // waits until all is committed (true) or a commit has failed (false)
    void retry();
    std::optional<Error> failure() const;
    bool idle() const; // nothing waits to be committed

private:
    struct Item {
        JournalKind kind = JournalKind::Edit;
        EditHistory::EditPtr edit;
        std::function<void(Workspace&, std::stop_token)> work;
    };
    void enqueue(Item item);
    void run(std::stop_token stop);
    bool waitForWork(std::stop_token stop); // false: time to end
    Result<std::int64_t> commit(const Item& item, std::stop_token stop);
    void commitFront(std::stop_token stop);
    Result<void> openWorkspace();
    void keepLease();
    void fail(const Error& error);

    const std::string m_folder;
    const CaseId m_id;
    const Callbacks m_callbacks;
    const std::chrono::milliseconds m_keepLeaseEvery;
    std::unique_ptr<Workspace> m_workspace; // the writer thread's own

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Item> m_queue;        // guarded by m_mutex; the front stays until committed
    std::optional<Error> m_failure;  // guarded by m_mutex
    bool m_recovering = false;       // guarded by m_mutex
    std::jthread m_thread;           // last: it uses all of the above
};

} // namespace annotomy
