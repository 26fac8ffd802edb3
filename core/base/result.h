#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace annotomy {

// Why an expected failure happened. The sentence a user reads is made from it in app/workbench (errors.h).
enum class ErrorCode {
    Cancelled,        // the user asked to stop; nothing was changed
    InvalidArgument,  // a request that makes no sense (unknown case, bad option)
    NotFound,         // a file, case, model or revision that is not there
    PermissionDenied,
    DiskFull,
    IoFailure,        // reading or writing failed in another way
    EmptyFolder,      // nothing to import was found
    Unrecognised,     // not a format that Annotomy reads
    Truncated,        // the file ends too early
    Malformed,        // the file contradicts itself or its format
    Unsupported,      // a valid file of a kind that is not read
    GeometryMismatch, // two grids differ by more than 1e-3 mm
    TooManySegments,  // more than 255 labels
    OutOfMemory,
    ReaderDied,       // annotomy-reader ended while it parsed this file
    WorkerDied,       // annotomy-worker ended during a job
    WorkerFailed,     // annotomy-worker reported an error
    HashMismatch,     // a file changed under its recorded hash
    NewerWorkspace,   // written by a later version of Annotomy
    CorruptDatabase,
    DatabaseFailure,
    CaseInUse,        // another program holds the case's writer lease
    ReadOnly,
    Conflict,         // the state does not allow this (no model yet, nothing approved, locked segment)
    Duplicate,        // what is there already, met once more
    NoImage,          // a sound file that holds neither an image nor a mask
    LooseMask,        // a mask that was met without the image that it belongs to
};

// `subject` names the file, case or model concerned; `detail` is English, for the log and for support.
struct Error {
    ErrorCode code{};
    std::string subject;
    std::string detail;
};

// A value or an Error, spelled like std::expected (C++23). Store of optional + Error rather than a variant:
// gcc 12 with sanitizers warns falsely on the latter.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_value(std::move(value)) {}
    Result(Error error) : m_error(std::move(error)) {}

    bool has_value() const { return m_value.has_value(); }
    explicit operator bool() const { return has_value(); }

    T& value() & { assert(m_value); return *m_value; }
    const T& value() const& { assert(m_value); return *m_value; }
    T&& value() && { assert(m_value); return *std::move(m_value); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const { assert(!m_value); return m_error; }

private:
    std::optional<T> m_value;
    Error m_error;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool has_value() const { return !m_error; }
    explicit operator bool() const { return has_value(); }
    const Error& error() const { assert(m_error); return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace annotomy
