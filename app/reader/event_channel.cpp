#include "app/reader/event_channel.h"

#include "core/io/bytes/foreign_file.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace annotomy {

namespace {

int crashOutput = -1;

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// Appends one character of a JSON string. Only plain stores: this runs in a signal handler.
std::size_t appendEscaped(char c, std::array<char, 8192>& line, std::size_t at)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
        for (const char part : {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15U]})
            line[at++] = part;
        return at;
    }
    if (c == '"' || c == '\\')
        line[at++] = '\\';
    line[at++] = c;
    return at;
}

void writeCurrentFile(const char* path)
{
    static std::array<char, 8192> line;
    std::size_t at = 0;
    for (const char* head = R"({"type":"file","path":")"; *head; ++head)
        line[at++] = *head;
    for (; *path && at + 16 < line.size(); ++path)
        at = appendEscaped(*path, line, at);
    for (const char c : {'"', '}', '\n'})
        line[at++] = c;
    [[maybe_unused]] const ssize_t written = ::write(crashOutput, line.data(), at);
}

void onCrash(int signalNumber)
{
    if (const char* path = ForeignFile::current())
        writeCurrentFile(path);
    std::signal(signalNumber, SIG_DFL);
    std::raise(signalNumber);
}

} // namespace

EventChannel::EventChannel() : m_output(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))
{
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

void EventChannel::send(const ReaderEvent& event)
{
    const std::lock_guard lock(m_mutex);
    writeLine(toJsonLine(event) + "\n");
}

void EventChannel::sendProgress(const ReaderProgress& progress)
{
    const std::lock_guard lock(m_mutex);
    const std::int64_t now = steadyMs();
    if (now < m_nextProgressMs)
        return;
    m_nextProgressMs = now + 100;
    writeLine(toJsonLine(ReaderEvent(progress)) + "\n");
}

void EventChannel::restartProgress()
{
    const std::lock_guard lock(m_mutex);
    m_nextProgressMs = steadyMs() + 100;
}

void EventChannel::nameFileOnCrash() const
{
    crashOutput = m_output;
    for (const int signalNumber : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        std::signal(signalNumber, onCrash);
}

void EventChannel::writeLine(const std::string& line)
{
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t written = ::write(m_output, line.data() + done, line.size() - done);
        if (written < 0 && errno != EINTR)
            return; // the workbench is gone; the closing of standard input ends this process
        done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
}

} // namespace annotomy
