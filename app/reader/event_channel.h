#pragma once

#include "core/io/reader_messages.h"

#include <mutex>

namespace annotomy {

// The reader's answers: JSON lines on what was standard output. From construction on, standard output itself
// leads to standard error, since libraries print. Thread-safe.
class EventChannel {
public:
    EventChannel();

    void send(const ReaderEvent& event);
    // At most ten a second.
    void sendProgress(const ReaderProgress& progress);
    void restartProgress(); // before a request

    // Makes a process that dies of a signal name the foreign file it was busy with (ForeignFile) as its last
    // line.
    void nameFileOnCrash() const;

private:
    void writeLine(const std::string& line);

    int m_output = -1;
    std::mutex m_mutex; // guards the output and m_nextProgressMs
    std::int64_t m_nextProgressMs = 0;
};

} // namespace annotomy
