#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// Writes the whole file aside (same folder), syncs it to disk and renames it over `path`, so that readers see the old
// file or the new one, never a part. Errors: DiskFull, PermissionDenied, IoFailure; the old file stays.
Result<void> writeFileAtomically(const std::string& path, std::span<const std::byte> bytes);

Result<std::vector<std::byte>> readWholeFile(const std::string& path, std::size_t maxBytes);

// The error of a failed system call: errno mapped to a code, with the path as subject.
Error systemError(int errorNumber, const std::string& path);

} // namespace annotomy
