#pragma once

#include <cstdint>

namespace annotomy {

struct SystemMemory { // bytes; 0 where the system does not say
    std::int64_t total = 0;
    std::int64_t available = 0; // what a job may take without pushing others out
};
SystemMemory systemMemory();

} // namespace annotomy
