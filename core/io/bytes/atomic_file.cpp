#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace annotomy {

namespace {

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// Unique among the processes and threads that write beside one another.
std::string asideName(const std::string& path)
{
    static std::atomic<unsigned> counter{0};
    return path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

// The rename itself is only durable once the folder is synced. Some file systems refuse that: no harm then.
void syncFolder(const std::string& folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    ::fsync(file);
    ::close(file);
}

} // namespace

struct AtomicFile::State {
    std::string path, aside;
    int file = -1;

    ~State()
    {
        if (file >= 0)
            ::close(file);
        if (!aside.empty())
            ::unlink(aside.c_str());
    }
};

AtomicFile::AtomicFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

Result<AtomicFile> AtomicFile::create(const std::string& path)
{
    auto state = std::make_unique<State>();
    state->path = path;
    const std::string aside = asideName(path);
    state->file = ::open(aside.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (state->file < 0)
        return systemError(errno, path);
    state->aside = aside;
    return AtomicFile(std::move(state));
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    constexpr std::size_t most = std::size_t{1} << 30; // one write() takes less than 2 GiB
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_state->file, bytes.data(), std::min(bytes.size(), most));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return systemError(errno, m_state->path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    State& state = *m_state;
    if (::fsync(state.file) != 0)
        return systemError(errno, state.path);
    const int closed = ::close(std::exchange(state.file, -1));
    if (closed != 0 || ::rename(state.aside.c_str(), state.path.c_str()) != 0)
        return systemError(errno, state.path);
    state.aside.clear();
    syncFolder(folderOf(state.path));
    return {};
}

Result<void> writeFileAtomically(const std::string& path, std::span<const std::byte> bytes)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    if (auto written = file->write(bytes); !written)
        return written;
    return file->commit();
}

Result<std::vector<std::byte>> readWholeFile(const std::string& path, std::size_t maxBytes)
{
    // Non-blocking, so that a named pipe in a scanned folder cannot hold the reader.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return systemError(errno, path);
    const std::unique_ptr<const int, void (*)(const int*)> closer(&file, [](const int* f) { ::close(*f); });
    struct stat status {};
    if (::fstat(file, &status) != 0)
        return systemError(errno, path);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::Unrecognised, path, "not a regular file"};
    if (static_cast<std::uintmax_t>(status.st_size) > maxBytes)
        return Error{ErrorCode::Unsupported, path,
                     "the file is larger than " + std::to_string(maxBytes) + " bytes"};
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t count = ::read(file, bytes.data() + got, bytes.size() - got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError(errno, path);
        if (count == 0)
            break; // it was cut meanwhile
        got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    return bytes;
}

Error systemError(int errorNumber, const std::string& path)
{
    const std::string detail = std::generic_category().message(errorNumber);
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
        return {ErrorCode::NotFound, path, detail};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::PermissionDenied, path, detail};
    case ENOSPC:
    case EDQUOT:
        return {ErrorCode::DiskFull, path, detail};
    case ENOMEM:
        return {ErrorCode::OutOfMemory, path, detail};
    default:
        return {ErrorCode::IoFailure, path, detail};
    }
}

} // namespace annotomy
