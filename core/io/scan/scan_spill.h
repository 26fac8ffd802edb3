#pragma once

#include "core/io/scan/scan_file.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// Holds what a scan has found until everything was seen: in memory as long as it is little, then in files of a scratch
// folder, parted by a key so that what belongs together can be read back together. Internal to core/io.
class ScanSpill {
public:
    // An empty folder stands for the system's temporary one. What is written lies in a folder of its own below it.
    ScanSpill(std::string scratchFolder, std::size_t memoryBytes);
    ~ScanSpill(); // removes what was written
    ScanSpill(const ScanSpill&) = delete;
    ScanSpill& operator=(const ScanSpill&) = delete;

    // Errors: DiskFull, IoFailure, PermissionDenied.
    Result<void> add(std::uint64_t key, const std::string& path, std::span<const std::byte> record);

    // One when nothing had to be written. Files of one key are in one part, in order of their paths.
    std::size_t parts() const;
    Result<std::vector<ScannedFile>> load(std::size_t part);

    // A new file in the scratch folder, removed with it.
    Result<std::string> newFile();
    bool hasSpilled() const { return m_spilled; }

private:
    static constexpr std::size_t partCount = 256;
    Result<void> makeFolder();
    Result<void> flush();
    std::string partPath(std::size_t part) const;

    std::string m_parent, m_folder;
    std::size_t m_memoryBytes, m_bytes = 0, m_files = 0;
    bool m_spilled = false;
    std::array<std::vector<std::byte>, partCount> m_parts;
};

} // namespace annotomy
