#include "ml/internal/system_memory.h"

#include <fstream>
#include <string>

namespace annotomy {

SystemMemory systemMemory()
{
    SystemMemory memory;
    std::ifstream file("/proc/meminfo");
    std::string name, unit;
    std::int64_t kilobytes = 0;
    while (file >> name >> kilobytes) {
        std::getline(file, unit);
        if (name == "MemTotal:")
            memory.total = kilobytes * 1024;
        else if (name == "MemAvailable:")
            memory.available = kilobytes * 1024;
    }
    return memory;
}

} // namespace annotomy
