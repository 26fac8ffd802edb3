#pragma once

#include "core/learn/worker_messages.h"
#include "ml/distributed.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace annotomy {

// annotomy-worker's side of the protocol (core/learn/worker_messages.h).
//
// Standard input: one request per line, carried out one after another; {"type":"cancel"} stops the one under
// way, which then ends with the error "cancelled". When standard input closes, the job is stopped and the
// process ends, at the latest three seconds later; where it is a file, or with `finish`, what was asked is done
// before. Standard output: one event per line. While a job runs a heartbeat comes every second; a job ends with
// exactly one result or error. Everything that libraries print goes to standard error. Exit status: 0; 1 when the
// streams cannot be set up.
class WorkerProcess {
public:
    explicit WorkerProcess(bool finish) : m_finish(finish) {}

    int run();

    // As one process of several that train together. Process 0 speaks the protocol and hands each request, a training, to the
    // others, which say nothing but, when they fail, one sentence on standard error. Exit status 1 when a job failed or the
    // processes lost each other: the first failure ends the group.
    int runInGroup(const GroupPlace& place, std::chrono::seconds patience);

private:
    struct Job {
        std::string line;
        std::stop_source stop;
    };

    // Of the main thread:
    bool takeStandardOutput();
    void listen(); // starts the other threads
    int lead();
    int follow();
    std::optional<Job> nextJob(); // none: standard input has closed
    bool carryOut(const Job& job); // whether it succeeded

    void readRequests();                 // reader thread
    void close();                        // reader thread
    void beat(std::stop_token stop);     // heartbeat thread
    void send(const WorkerEvent& event); // any thread
    void endSoon();

    const bool m_finish;
    std::shared_ptr<ProcessGroup> m_group; // null: alone

    int m_events = -1;      // file descriptor of the real standard output
    std::mutex m_sendMutex; // guards writing to m_events
    std::mutex m_mutex;     // guards m_jobs, m_current, m_closed
    std::condition_variable m_changed;
    std::deque<Job> m_jobs;
    std::stop_source m_current{std::nostopstate};
    bool m_closed = false;
    std::atomic<bool> m_busy = false;
    std::jthread m_heartbeat;
};

} // namespace annotomy
