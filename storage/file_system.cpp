#include "storage/file_system.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace annotomy {

namespace {

struct NetworkType {
    std::uint64_t type;
    const char* name;
};

// statfs(2) and linux/magic.h
constexpr std::uint64_t fuseType = 0x65735546;
constexpr std::array<NetworkType, 8> networkTypes{{{0x6969, "NFS"},
                                                   {0x517B, "SMB"},
                                                   {0xFF534D42, "CIFS"},
                                                   {0xFE534D42, "SMB2"},
                                                   {0x5346414F, "AFS"},
                                                   {0x00C36400, "Ceph"},
                                                   {0x73757245, "Coda"},
                                                   {0x0BD00BD0, "Lustre"}}};
constexpr std::array<const char*, 8> networkFuses{"fuse.sshfs",     "fuse.glusterfs", "fuse.rclone",
                                                  "fuse.s3fs",      "fuse.ceph-fuse", "fuse.davfs",
                                                  "fuse.curlftpfs", "fuse.smbnetfs"};

// mountinfo writes blanks and backslashes in octal: "\040".
std::string unescaped(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            out +=
                static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool liesUnder(const std::string& path, const std::string& mountPoint)
{
    if (mountPoint == "/")
        return true;
    return path.starts_with(mountPoint) &&
           (path.size() == mountPoint.size() || path[mountPoint.size()] == '/');
}

std::string readMountInfo()
{
    std::ifstream file("/proc/self/mountinfo");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

std::string mountTypeOf(const std::string& path, const std::string& mountInfo)
{
    std::istringstream lines(mountInfo);
    std::string line, found, longest;
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        std::string id, parent, device, root, mountPoint, field, type;
        fields >> id >> parent >> device >> root >> mountPoint;
        while (fields >> field && field != "-") { // optional fields end with a lone hyphen
        }
        fields >> type;
        mountPoint = unescaped(mountPoint);
        if (!type.empty() && liesUnder(path, mountPoint) && mountPoint.size() >= longest.size()) {
            longest = mountPoint;
            found = type;
        }
    }
    return found;
}

std::string networkFileSystemName(std::uint64_t statfsType, const std::string& mountType)
{
    for (const NetworkType& known : networkTypes)
        if (known.type == (statfsType & 0xFFFFFFFFU))
            return known.name;
    if (statfsType == fuseType)
        for (const char* name : networkFuses)
            if (mountType == name)
                return name;
    return {};
}

std::string networkFileSystem(const std::string& folder)
{
    struct statfs info {};
    if (::statfs(folder.c_str(), &info) != 0)
        return {};
    const auto type = static_cast<std::uint64_t>(info.f_type);
    std::error_code failure;
    const auto real = std::filesystem::canonical(folder, failure);
    const std::string mountType =
        type == fuseType && !failure ? mountTypeOf(real.string(), readMountInfo()) : std::string();
    return networkFileSystemName(type, mountType);
}

Result<void> syncToDisk(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const int failure = file < 0 || ::fsync(file) != 0 ? errno : 0;
    if (file >= 0)
        ::close(file);
    if (failure == 0)
        return {};
    const bool full = failure == ENOSPC || failure == EDQUOT;
    return Error{full ? ErrorCode::DiskFull : ErrorCode::IoFailure, path, std::strerror(failure)};
}

} // namespace annotomy
