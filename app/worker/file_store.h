#pragma once

#include <string>

namespace annotomy {

// Keeps the files that requests from another host name, each under its SHA-256 (annotomy-worker --files; docs/processes.md).
// Takes one JSON line each on standard input, some followed by bytes, and answers likewise, until standard input ends. What
// nobody has asked for in 30 days is removed first. Exit status: 0; 1 when the folder cannot be used or the streams break.
class FileStore {
public:
    // `folder` holds the files by hash, and jobs/ID for what jobs write. Made when it is not there, for its owner alone.
    explicit FileStore(std::string folder) : m_folder(std::move(folder)) {}
    int run();

private:
    std::string answer(const std::string& line); // the answer's line, with bytes where it has some sent by itself
    std::string begin(const std::string& job);
    std::string take(const std::string& hash, long long size);
    std::string place(const std::string& hash, const std::string& name) const;
    std::string give(const std::string& name);
    std::string stored(const std::string& hash) const { return m_folder + '/' + hash; }

    std::string m_folder;
    std::string m_job; // folder of the job that was begun
};

// $ANNOTOMY_WORKER_CACHE, else annotomy-worker in $XDG_CACHE_HOME or ~/.cache.
std::string defaultFileStoreFolder();

} // namespace annotomy
