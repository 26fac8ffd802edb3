#include "core/io/scan/file_walk.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/scan/file_kind.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

// The files and folders of one folder by name. Names stand in one piece of memory: a folder may hold a million.
class FolderList {
public:
    // Errors: those of opening the folder.
    static Result<FolderList> read(const std::string& folder)
    {
        DIR* stream = ::opendir(folder.c_str());
        if (!stream)
            return systemError(errno, folder);
        FolderList list;
        list.m_folder = folder;
        while (const dirent* entry = ::readdir(stream)) {
            const std::string_view name = entry->d_name;
            if (name == "." || name == "..")
                continue;
            const unsigned char type = entry->d_type == DT_UNKNOWN ? typeOf(::dirfd(stream), entry->d_name) : entry->d_type;
            if (type == DT_REG || type == DT_DIR)
                list.add(name, type == DT_DIR);
        }
        ::closedir(stream);
        std::sort(list.m_starts.begin(), list.m_starts.end(),
                  [&list](std::size_t a, std::size_t b) { return list.nameAt(a) < list.nameAt(b); });
        return list;
    }

    bool atEnd() const { return m_next == m_starts.size(); }
    struct Entry {
        std::string path;
        bool isFolder = false;
    };
    Entry take()
    {
        const std::size_t start = m_starts[m_next++];
        const std::string separator = m_folder.ends_with('/') ? "" : "/";
        return {m_folder + separator + std::string(nameAt(start)), m_names[start] == 'd'};
    }

private:
    static unsigned char typeOf(int folder, const char* name)
    {
        struct stat status {};
        if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return DT_UNKNOWN;
        return S_ISREG(status.st_mode) ? DT_REG : S_ISDIR(status.st_mode) ? DT_DIR : DT_UNKNOWN;
    }

    void add(std::string_view name, bool isFolder)
    {
        m_starts.push_back(m_names.size());
        m_names += isFolder ? 'd' : 'f';
        m_names += name;
        m_names += '\0';
    }

    std::string_view nameAt(std::size_t start) const { return m_names.data() + start + 1; }

    std::string m_folder;
    std::string m_names; // one letter for what it is, the name, a zero
    std::vector<std::size_t> m_starts;
    std::size_t m_next = 0;
};

bool liesBelow(const std::string& path, const std::string& folder)
{
    return path.size() > folder.size() && path.starts_with(folder) &&
           (folder.ends_with('/') || path[folder.size()] == '/');
}

} // namespace

bool precedesInWalk(const std::string& a, const std::string& b)
{
    const auto [inA, inB] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (inA == a.end() || inB == b.end())
        return inB != b.end();
    if (*inA == '/' || *inB == '/')
        return *inA == '/';
    return static_cast<unsigned char>(*inA) < static_cast<unsigned char>(*inB);
}

struct FileWalk::State {
    std::vector<std::string> roots;
    std::vector<bool> areFolders;
    Skip skipped;
    std::size_t root = 0;            // the one being walked
    std::vector<FolderList> folders; // the way down from it

    void enter(const std::string& folder)
    {
        auto list = FolderList::read(folder);
        if (list)
            folders.push_back(std::move(*list));
        else
            skipped({folder, list.error().code, "a folder that cannot be entered: " + list.error().detail});
    }
};

FileWalk::FileWalk(std::unique_ptr<State> state) : m_state(std::move(state)) {}
FileWalk::FileWalk(FileWalk&&) noexcept = default;
FileWalk::~FileWalk() = default;

Result<FileWalk> FileWalk::begin(const std::vector<std::string>& paths, Skip skipped)
{
    auto state = std::make_unique<State>();
    state->skipped = std::move(skipped);
    std::vector<std::pair<std::string, bool>> roots;
    for (const std::string& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status))
            return Error{ErrorCode::NotFound, path, "there is no such file or folder"};
        const bool isFolder = fs::is_directory(status);
        std::string root = isFolder ? path : headerOf(path);
        while (isFolder && root.size() > 1 && root.ends_with('/'))
            root.pop_back();
        if (isFolder)
            if (fs::directory_iterator probe(root, error); error)
                return Error{ErrorCode::PermissionDenied, root, error.message()};
        roots.emplace_back(std::move(root), isFolder);
    }
    std::sort(roots.begin(), roots.end(),
              [](const auto& a, const auto& b) { return precedesInWalk(a.first, b.first); });
    std::string outer;
    for (auto& [path, isFolder] : roots) {
        const bool isKnown = !state->roots.empty() && state->roots.back() == path;
        if (isKnown || (!outer.empty() && liesBelow(path, outer)))
            continue;
        if (isFolder)
            outer = path;
        state->roots.push_back(std::move(path));
        state->areFolders.push_back(isFolder);
    }
    if (!state->roots.empty() && state->areFolders.front())
        state->enter(state->roots.front());
    return FileWalk(std::move(state));
}

const std::vector<std::string>& FileWalk::roots() const
{
    return m_state->roots;
}

bool FileWalk::isFolder(std::size_t root) const
{
    return m_state->areFolders[root];
}

std::vector<FileWalk::File> FileWalk::next(std::size_t most)
{
    State& state = *m_state;
    std::vector<File> files;
    while (files.size() < most && state.root < state.roots.size()) {
        if (!state.areFolders[state.root]) {
            files.push_back({state.roots[state.root], state.root});
        } else if (!state.folders.empty() && state.folders.back().atEnd()) {
            state.folders.pop_back();
        } else if (!state.folders.empty()) {
            FolderList::Entry entry = state.folders.back().take();
            if (entry.isFolder)
                state.enter(entry.path);
            else
                files.push_back({std::move(entry.path), state.root});
        }
        if (state.areFolders[state.root] && !state.folders.empty())
            continue;
        const bool wasFolder = state.areFolders[state.root];
        const bool isNext = ++state.root < state.roots.size();
        const bool willBeFolder = isNext && state.areFolders[state.root];
        if (willBeFolder)
            state.enter(state.roots[state.root]);
        if ((wasFolder || willBeFolder) && !files.empty())
            break;
    }
    return files;
}

} // namespace annotomy
