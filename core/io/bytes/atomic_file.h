#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// A file written aside (same folder) and renamed over `path` by commit(), after its bytes are on the disk:
// readers see the old file or the new one, never a part. Destroyed without commit() it leaves no trace.
class AtomicFile {
public:
    static Result<AtomicFile> create(const std::string& path);
    AtomicFile(AtomicFile&&) noexcept;
    AtomicFile& operator=(AtomicFile&&) noexcept;
    ~AtomicFile();

    // Errors: DiskFull, PermissionDenied, IoFailure; after one of them the file can only be dropped.
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> commit();

private:
    struct State;
    explicit AtomicFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// The whole of an AtomicFile at once. Errors: DiskFull, PermissionDenied, IoFailure; the old file stays.
Result<void> writeFileAtomically(const std::string& path, std::span<const std::byte> bytes);

// Errors: NotFound, PermissionDenied, IoFailure, and Unsupported when the file has more than `maxBytes`.
Result<std::vector<std::byte>> readWholeFile(const std::string& path, std::size_t maxBytes);

// The error of a failed system call: errno mapped to a code, with the path as subject.
Error systemError(int errorNumber, const std::string& path);

} // namespace annotomy
