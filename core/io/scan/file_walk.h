#pragma once

#include "core/base/result.h"
#include "core/io/series.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace annotomy {

// Where a file lies in the order of a walk: folder by folder, names by their bytes, so that what stands before
// and behind it is known without the others. Internal to core/io.
bool precedesInWalk(const std::string& a, const std::string& b);

// The regular files below some files and folders, a few at a time: at most the names along one path of folders are
// in memory. Links are left alone; folders that may not be entered are told to `skipped`.
class FileWalk {
public:
    struct File {
        std::string path;
        std::size_t root = 0; // the folder it was found in, among roots()
    };
    using Skip = std::function<void(SkippedFile)>;

    // Errors: NotFound for a path that is not there, PermissionDenied.
    static Result<FileWalk> begin(const std::vector<std::string>& paths, Skip skipped);
    FileWalk(FileWalk&&) noexcept;
    ~FileWalk();

    // What is walked: each named file and folder once, what lies in another of them left out.
    const std::vector<std::string>& roots() const;
    bool isFolder(std::size_t root) const;
    // The next files in walk order, at most `most`, none of them of another folder among the roots; none at the end.
    std::vector<File> next(std::size_t most);

private:
    struct State;
    explicit FileWalk(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace annotomy
