#include "core/io/bytes/regular_file.h"

#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace annotomy {

RegularFile::RegularFile(int file, std::uint64_t size, std::string path)
    : m_file(file), m_size(size), m_path(std::move(path))
{
}

RegularFile::~RegularFile()
{
    ::close(m_file);
}

Result<std::shared_ptr<const RegularFile>> RegularFile::open(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return systemError(errno, path);
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    auto opened = std::make_shared<const RegularFile>(
        file, known ? static_cast<std::uint64_t>(status.st_size) : 0, path);
    if (!known || !S_ISREG(status.st_mode))
        return Error{ErrorCode::Unrecognised, path, "not a regular file"};
    return opened;
}

Result<void> RegularFile::readAt(std::uint64_t offset, std::span<std::byte> bytes) const
{
    constexpr std::size_t most = std::size_t{1} << 30; // one pread() gives less than 2 GiB
    while (!bytes.empty()) {
        const ssize_t got =
            ::pread(m_file, bytes.data(), std::min(bytes.size(), most), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(errno, m_path);
        if (got == 0)
            return Error{ErrorCode::Truncated, m_path, "the file ends too early"};
        bytes = bytes.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

} // namespace annotomy
