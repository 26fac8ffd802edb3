#pragma once

#include "core/learn/worker_messages.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace annotomy {

// annotomy-worker's side of the protocol (core/learn/worker_messages.h).
//
// Standard input: one request per line, carried out one after another; {"type":"cancel"} stops the one under
// way, which then ends with the error "cancelled". When standard input closes, the job is stopped and the
// process ends, at the latest three seconds later. Standard output: one event per line. While a job runs a
// heartbeat comes every second; a job ends with exactly one result or error. Everything that libraries print
// goes to standard error. Exit status: 0; 1 when the streams cannot be set up.
class WorkerProcess {
public:
    int run();

private:
    struct Job {
        std::string line;
        std::stop_source stop;
    };

    bool takeStandardOutput();
    void readRequests();                 // reader thread
    void beat(std::stop_token stop);     // heartbeat thread
    void carryOut(const Job& job);       // main thread
    void send(const WorkerEvent& event); // any thread
    void endSoon();

    int m_events = -1;      // file descriptor of the real standard output
    std::mutex m_sendMutex; // guards writing to m_events
    std::mutex m_mutex;     // guards m_jobs, m_current, m_closed
    std::condition_variable m_changed;
    std::deque<Job> m_jobs;
    std::stop_source m_current{std::nostopstate};
    bool m_closed = false;
    std::atomic<bool> m_busy = false;
};

} // namespace annotomy
