#pragma once

#include "core/base/result.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class QProcess;

namespace annotomy {

// A child process that speaks lines over its standard streams. Its calls block, and need no event loop; use it on the
// thread that started it.
class HelperProcess {
public:
    struct Setup {
        std::string program;
        std::string errorLog; // file that receives its standard error; empty: discarded, for it may name patients
        std::vector<std::pair<std::string, std::string>> environment; // added to our own
        std::vector<std::string> arguments = {};
    };
    // Errors: NotFound, PermissionDenied, with the program as subject.
    static Result<std::unique_ptr<HelperProcess>> start(const Setup& setup);
    ~HelperProcess(); // as stop()
    HelperProcess(const HelperProcess&) = delete;
    HelperProcess& operator=(const HelperProcess&) = delete;

    bool send(const std::string& line); // without the newline; false when the process has ended
    bool sendBytes(const char* bytes, std::size_t count);
    // At least one byte and at most `most`; none when the process has ended or was silent for `timeout`.
    std::string readBytes(std::size_t most, std::chrono::milliseconds timeout);

    enum class Status { Line, TimedOut, Ended };
    struct Reading {
        Status status = Status::TimedOut;
        std::string line;
    };
    Reading readLine(std::chrono::milliseconds timeout);

    // Closes its standard input, which asks it to end, and kills it when it has not ended after `grace`.
    void stop(std::chrono::milliseconds grace = std::chrono::seconds(2));
    std::string howItEnded() const; // "exit status 3", "killed by a signal"

private:
    explicit HelperProcess(std::unique_ptr<QProcess> process);
    std::unique_ptr<QProcess> m_process;
};

} // namespace annotomy
