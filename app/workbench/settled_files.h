#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace annotomy {

// Which files below a folder are complete, as far as that can be told from outside: their size and time have not
// changed for a while, and their names are not those of transfers under way.
class SettledFiles {
public:
    using Clock = std::chrono::steady_clock;
    explicit SettledFiles(std::chrono::milliseconds quiet) : m_quiet(quiet) {}

    struct Change {
        bool anythingNew = false; // files have settled since the last look that had not before
        bool waiting = false;     // some files have not settled yet
    };
    // Looks at every file below `folder`. Files that have lain untouched for long enough count at once, so that nothing
    // needs to be remembered over a restart.
    Change look(const std::string& folder, Clock::time_point now = Clock::now());
    bool isSettled(const std::string& path) const;

private:
    struct State {
        std::int64_t size = 0, timeNs = 0;
        Clock::time_point since; // unchanged
        std::uint64_t seenAt = 0;
        bool settled = false;
    };
    bool update(const std::string& path, Clock::time_point now); // whether it has settled just now

    std::chrono::milliseconds m_quiet;
    std::unordered_map<std::size_t, State> m_files; // by the hash of the path: an inbox may hold very many
    std::uint64_t m_looks = 0;
    std::size_t m_waiting = 0;
};

} // namespace annotomy
