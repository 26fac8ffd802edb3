#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// A folder that appears complete or not at all: built under "<path>.part", which takes the name at commit(). Destroyed without
// commit() it leaves no trace.
class DatasetFolder {
public:
    // Errors: Conflict when the folder is there and holds something, NotFound when the one above it is not there.
    static Result<DatasetFolder> create(const std::string& path);
    DatasetFolder(DatasetFolder&& other) noexcept;
    DatasetFolder& operator=(DatasetFolder&&) = delete;
    ~DatasetFolder();

    // Where a file of this relative path is written; the folders above it are made.
    Result<std::string> pathFor(const std::string& relative);
    Result<void> writeText(const std::string& relative, const std::string& text);

    // Every file that was written so far, with its hash. Relative paths.
    struct File {
        std::string path, sha256;
        std::int64_t bytes = 0;
    };
    Result<File> described(const std::string& relative) const;

    Result<void> commit();

private:
    DatasetFolder(std::string path, std::string aside) : m_path(std::move(path)), m_aside(std::move(aside)) {}
    std::string m_path, m_aside; // m_aside empty: committed or moved from
};

} // namespace annotomy
