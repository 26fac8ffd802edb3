#include "app/workbench/settled_files.h"

#include <algorithm>
#include <filesystem>

#include <sys/stat.h>
#include <time.h>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

// What copying programs and browsers call a file until it is whole.
bool isUnderWay(const std::string& path)
{
    const std::string name = fs::path(path).filename().string();
    for (const char* ending : {".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", "~"})
        if (name.ends_with(ending))
            return true;
    return name.starts_with(".");
}

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

bool SettledFiles::update(const std::string& path, Clock::time_point now)
{
    struct stat status {};
    if (isUnderWay(path) || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    const std::int64_t size = status.st_size, time = std::max(nanoseconds(status.st_mtim), nanoseconds(status.st_ctim));
    const auto [at, isNew] = m_files.try_emplace(std::hash<std::string>()(path));
    State& state = at->second;
    state.seenAt = m_looks;
    if (isNew || state.size != size || state.timeNs != time) {
        timespec wall{};
        ::clock_gettime(CLOCK_REALTIME, &wall);
        const auto age = std::chrono::nanoseconds(std::max<std::int64_t>(0, nanoseconds(wall) - time));
        state = {size, time, isNew && age > m_quiet ? now - m_quiet : now, m_looks, false};
    }
    if (state.settled)
        return false;
    state.settled = now - state.since >= m_quiet;
    m_waiting += !state.settled;
    return state.settled;
}

SettledFiles::Change SettledFiles::look(const std::string& folder, Clock::time_point now)
{
    ++m_looks;
    m_waiting = 0;
    Change change;
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (it->is_regular_file(ignored) && !it->is_symlink(ignored))
            change.anythingNew |= update(it->path().string(), now);
    }
    if (!error) // a network folder that is away for a moment forgets nothing
        std::erase_if(m_files, [this](const auto& file) { return file.second.seenAt != m_looks; });
    change.waiting = m_waiting > 0;
    return change;
}

bool SettledFiles::isSettled(const std::string& path) const
{
    const auto at = m_files.find(std::hash<std::string>()(path));
    return at != m_files.end() && at->second.settled;
}

} // namespace annotomy
