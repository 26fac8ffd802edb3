// annotomy-reader: parses foreign files for the workbench, which must not die of one. JSON lines on the
// standard streams (core/io/reader_messages.h); one request at a time; ends when standard input closes.
#include "app/reader/event_channel.h"
#include "app/reader/requests.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

using namespace annotomy;

namespace {

class Reader {
public:
    explicit Reader(EventChannel& channel) : m_channel(channel) {}

    void handle(const std::string& line)
    {
        if (isCancelJsonLine(line)) {
            m_worker.request_stop();
            return;
        }
        if (m_busy)
            return fail({ErrorCode::Conflict, {}, "another request is being worked on"});
        const auto request = readerRequestFromJson(line);
        if (!request)
            return fail(request.error());
        m_busy = true;
        m_worker = std::jthread(
            [this, request = *request](std::stop_token stop) { work(request, std::move(stop)); });
    }

private:
    void work(const ReaderRequest& request, std::stop_token stop)
    {
        m_channel.restartProgress();
        const auto result =
            performed(request, std::move(stop), [this](const ReaderProgress& p) { m_channel.sendProgress(p); });
        m_busy = false; // before the answer, which invites the next request
        if (result)
            m_channel.send(*result);
        else
            fail(result.error());
    }

    void fail(const Error& error) { m_channel.send(ReaderFailed{error}); }

    EventChannel& m_channel;
    std::atomic<bool> m_busy{false};
    std::jthread m_worker;
};

} // namespace

int main()
{
    std::signal(SIGPIPE, SIG_IGN);
    EventChannel channel;
    channel.nameFileOnCrash();
    Reader reader(channel);
    for (std::string line; std::getline(std::cin, line);)
        if (!line.empty())
            reader.handle(line);
    // Nobody waits for an unfinished request any more; what it wrote aside is removed by nobody but is never
    // renamed.
    std::_Exit(0);
}
