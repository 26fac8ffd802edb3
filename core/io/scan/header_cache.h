#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// What tells that a file did not change since it was read.
struct FileStamp {
    std::int64_t size = 0, modifiedNs = 0, changedNs = 0;
    bool operator==(const FileStamp&) const = default;
};
std::optional<FileStamp> fileStamp(const std::string& path);
std::int64_t nowNs(); // on the clock of the stamps

// What former scans found in the files below one folder, so that unchanged files are not opened again. One file a
// folder, read and written front to back in walk order (file_walk.h) beside the scan: nothing of it is kept in memory.
// It is a help and nothing to rely on: what is damaged, of another version or another program is not used, and a
// failure to write it is no failure of the scan. Internal to core/io.
class HeaderCache {
public:
    // An empty cache folder: nothing is remembered.
    HeaderCache(const std::string& cacheFolder, const std::string& scannedFolder);
    HeaderCache(HeaderCache&&) noexcept;
    ~HeaderCache(); // what was kept is lost without commit()

    struct Found {
        FileStamp stamp;
        std::vector<std::byte> record;
    };
    // Both want their paths in walk order.
    std::optional<Found> find(const std::string& path);
    void keep(const std::string& path, const FileStamp& stamp, std::span<const std::byte> record);

    // What lies behind the last path that was kept is taken over when the scan was not finished.
    void commit(bool isFinished);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace annotomy
