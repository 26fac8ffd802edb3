#include "storage/process_identity.h"

#include <array>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace annotomy {

namespace {

std::string hostName()
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "localhost";
    return name.data();
}

std::string bootIdentity()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    std::getline(file, text);
    return text;
}

// Field 22 of /proc/<pid>/stat (proc(5)); the command in field 2 may hold spaces and parentheses. Empty for
// no process and for a zombie, which does nothing more.
std::string startTicks(long long pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto end = line.rfind(')');
    if (end == std::string::npos)
        return {};
    std::istringstream fields(line.substr(end + 1));
    std::string state, value;
    fields >> state;
    for (int field = 4; field <= 22; ++field)
        fields >> value;
    return fields && state != "Z" && state != "X" ? value : std::string();
}

} // namespace

ProcessIdentity thisProcess()
{
    static const ProcessIdentity identity = [] {
        const long long pid = ::getpid();
        return ProcessIdentity{hostName(), pid, bootIdentity() + ":" + startTicks(pid)};
    }();
    return identity;
}

Liveness livenessOf(const ProcessIdentity& process)
{
    if (process.host != hostName())
        return Liveness::Unknown;
    const std::string ticks = startTicks(process.pid);
    const bool alive = !ticks.empty() && bootIdentity() + ":" + ticks == process.start;
    return alive ? Liveness::Alive : Liveness::Ended;
}

} // namespace annotomy
