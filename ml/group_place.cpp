#include "ml/distributed.h"

#include <array>
#include <charconv>
#include <optional>

namespace annotomy {

namespace {

constexpr int largestWorld = 4096;
constexpr int largestPort = 65535;
constexpr int firstSlurmPort = 15000; // a job's number modulo 10000 is added, so that two jobs on a host do not meet

struct Launcher { // and the variables that it sets
    const char *rank, *world, *localRank, *localWorld;
};
constexpr std::array launchers{
    Launcher{"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},
    Launcher{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"},
    Launcher{"PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
    Launcher{"SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_NTASKS_PER_NODE"},
};
const Launcher& slurm = launchers.back();

std::string valueOf(const EnvironmentLookup& environment, const char* name)
{
    const char* value = environment(name);
    return value ? value : "";
}

Result<int> numberIn(const std::string& text, const std::string& name, int least, int largest)
{
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size() || number < least || number > largest)
        return Error{ErrorCode::InvalidArgument, name + " " + text,
                     "give a number from " + std::to_string(least) + " to " + std::to_string(largest)};
    return number;
}

Result<void> readRanks(GroupPlace& place, const std::string& rank, const std::string& world, const std::string& rankName,
                       const std::string& worldName)
{
    const Result<int> count = numberIn(world, worldName, 1, largestWorld);
    if (!count)
        return count.error();
    const Result<int> number = numberIn(rank, rankName, 0, *count - 1);
    if (!number)
        return number.error();
    place.rank = *number;
    place.world = *count;
    return {};
}

// "HOST", "HOST:PORT", "[IPv6]:PORT".
Result<void> readMaster(GroupPlace& place, const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    const bool plain = text.find(':') == colon, bracketed = colon > 0 && colon != text.npos && text[colon - 1] == ']';
    std::string host = text;
    if (colon != text.npos && (plain || bracketed)) {
        const Result<int> port = numberIn(text.substr(colon + 1), "the port in " + text + ":", 1, largestPort);
        if (!port)
            return port.error();
        place.masterPort = *port;
        host = text.substr(0, colon);
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    if (host.empty())
        return Error{ErrorCode::InvalidArgument, text, "give the host of process 0 as HOST or HOST:PORT"};
    place.masterHost = host;
    return {};
}

// "gpu[03-05,9],login" is "gpu03".
std::string firstHost(const std::string& list)
{
    const std::size_t bracket = list.find_first_of("[,");
    if (bracket == list.npos || list[bracket] == ',')
        return list.substr(0, bracket);
    const std::size_t end = list.find_first_of("-,]", bracket);
    const std::size_t close = list.find(']', bracket);
    if (end == list.npos || close == list.npos)
        return {};
    const std::size_t rest = list.find(',', close);
    return list.substr(0, bracket) + list.substr(bracket + 1, end - bracket - 1)
        + list.substr(close + 1, rest == list.npos ? rest : rest - close - 1);
}

void placeMasterBySlurm(GroupPlace& place, const EnvironmentLookup& environment)
{
    for (const char* name : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"}) {
        const std::string host = firstHost(valueOf(environment, name));
        if (host.empty())
            continue;
        place.masterHost = host;
        break;
    }
    const Result<int> job = numberIn(valueOf(environment, "SLURM_JOB_ID"), "SLURM_JOB_ID", 0, 2'000'000'000);
    if (job)
        place.masterPort = firstSlurmPort + *job % 10000;
}

// Wrong values of these are no reason not to start.
void readLocal(GroupPlace& place, const Launcher& launcher, const EnvironmentLookup& environment)
{
    const Result<int> size = numberIn(valueOf(environment, launcher.localWorld), launcher.localWorld, 1, place.world);
    place.localWorld = size ? *size : 1;
    const Result<int> rank = numberIn(valueOf(environment, launcher.localRank), launcher.localRank, 0, place.world - 1);
    place.localRank = rank ? *rank : 0;
}

// Rank and world; and who told them, null for the options or nobody.
Result<const Launcher*> readPlace(GroupPlace& place, const GroupOptions& options, const EnvironmentLookup& environment)
{
    if (options.rank.empty() != options.world.empty())
        return Error{ErrorCode::InvalidArgument, options.rank.empty() ? "--world" : "--rank",
                     "give --rank and --world together"};
    if (!options.rank.empty()) {
        const Result<void> read = readRanks(place, options.rank, options.world, "--rank", "--world");
        return read ? Result<const Launcher*>(nullptr) : read.error();
    }
    for (const Launcher& launcher : launchers) {
        const std::string rank = valueOf(environment, launcher.rank), world = valueOf(environment, launcher.world);
        if (rank.empty() || world.empty())
            continue;
        if (const auto read = readRanks(place, rank, world, launcher.rank, launcher.world); !read)
            return read.error();
        readLocal(place, launcher, environment);
        if (&launcher == &slurm)
            placeMasterBySlurm(place, environment);
        return &launcher;
    }
    return Result<const Launcher*>(nullptr);
}

bool isSpreadByMpi(const GroupPlace& place, const Launcher* launcher, const EnvironmentLookup& environment)
{
    return launcher && launcher != &slurm && !valueOf(environment, launcher->localWorld).empty() && place.localWorld < place.world;
}

bool isLoopback(const std::string& host)
{
    return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

} // namespace

Result<GroupPlace> groupPlaceOf(const GroupOptions& options, const EnvironmentLookup& environment)
{
    GroupPlace place;
    const Result<const Launcher*> launcher = readPlace(place, options, environment);
    if (!launcher)
        return launcher.error();
    const std::string master = options.master.empty() ? valueOf(environment, "MASTER_ADDR") : options.master;
    if (const std::string port = valueOf(environment, "MASTER_PORT"); !port.empty()) {
        const Result<int> number = numberIn(port, "MASTER_PORT", 1, largestPort);
        if (!number)
            return number.error();
        place.masterPort = *number;
    }
    if (!master.empty())
        if (const auto read = readMaster(place, master); !read)
            return read.error();
    if (!*launcher && isLoopback(place.masterHost)) {
        place.localRank = place.rank;
        place.localWorld = place.world;
    }
    if (master.empty() && isSpreadByMpi(place, *launcher, environment))
        return Error{ErrorCode::InvalidArgument, "MASTER_ADDR",
                     "the processes run on several hosts: name that of process 0 with --master or MASTER_ADDR"};
    return place;
}

} // namespace annotomy
