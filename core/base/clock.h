#pragma once

#include <chrono>
#include <cstdint>

namespace annotomy {

// Milliseconds since 1970-01-01 UTC, as the workspace records times.
inline std::int64_t nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace annotomy
