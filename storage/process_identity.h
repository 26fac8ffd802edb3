#pragma once

#include <string>

namespace annotomy {

// A process that can be told from a later one with the same number.
struct ProcessIdentity {
    std::string host;
    long long pid = 0;
    std::string start; // boot identity and start time in clock ticks, from /proc
    bool operator==(const ProcessIdentity&) const = default;
};

ProcessIdentity thisProcess();

enum class Liveness { Alive, Ended, Unknown }; // Unknown: on another host
Liveness livenessOf(const ProcessIdentity& process);

} // namespace annotomy
