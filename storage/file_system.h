#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace annotomy {

// "NFS", "SMB", ... when `folder` lies on a network file system, where SQLite's locks and shared memory
// cannot be trusted; empty for a local one and for a folder that does not exist.
std::string networkFileSystem(const std::string& folder);

// The same by statfs(2)'s f_type and the mount's type name as in /proc/self/mountinfo ("fuse.sshfs"; needed
// for FUSE).
std::string networkFileSystemName(std::uint64_t statfsType, const std::string& mountType);

// The type name of the mount that holds `path`, from the text of /proc/self/mountinfo; empty when not found.
std::string mountTypeOf(const std::string& path, const std::string& mountInfo);

// Returns when the bytes of a file, or the names in a folder, are on the disk. Errors: DiskFull, IoFailure.
Result<void> syncToDisk(const std::string& path);

} // namespace annotomy
