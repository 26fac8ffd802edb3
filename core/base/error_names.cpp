#include "core/base/error_names.h"

#include <array>

namespace annotomy {

namespace {

struct NamedCode {
    ErrorCode code;
    const char* name;
};

constexpr std::array<NamedCode, 27> namedCodes{{{ErrorCode::Cancelled, "cancelled"},
                                                {ErrorCode::InvalidArgument, "invalidArgument"},
                                                {ErrorCode::NotFound, "notFound"},
                                                {ErrorCode::PermissionDenied, "permissionDenied"},
                                                {ErrorCode::DiskFull, "diskFull"},
                                                {ErrorCode::IoFailure, "ioFailure"},
                                                {ErrorCode::EmptyFolder, "emptyFolder"},
                                                {ErrorCode::Unrecognised, "unrecognised"},
                                                {ErrorCode::Truncated, "truncated"},
                                                {ErrorCode::Malformed, "malformed"},
                                                {ErrorCode::Unsupported, "unsupported"},
                                                {ErrorCode::GeometryMismatch, "geometryMismatch"},
                                                {ErrorCode::TooManySegments, "tooManySegments"},
                                                {ErrorCode::OutOfMemory, "outOfMemory"},
                                                {ErrorCode::ReaderDied, "readerDied"},
                                                {ErrorCode::WorkerDied, "workerDied"},
                                                {ErrorCode::WorkerFailed, "workerFailed"},
                                                {ErrorCode::HashMismatch, "hashMismatch"},
                                                {ErrorCode::NewerWorkspace, "newerWorkspace"},
                                                {ErrorCode::CorruptDatabase, "corruptDatabase"},
                                                {ErrorCode::DatabaseFailure, "databaseFailure"},
                                                {ErrorCode::CaseInUse, "caseInUse"},
                                                {ErrorCode::ReadOnly, "readOnly"},
                                                {ErrorCode::Conflict, "conflict"},
                                                {ErrorCode::Duplicate, "duplicate"},
                                                {ErrorCode::NoImage, "noImage"},
                                                {ErrorCode::LooseMask, "looseMask"}}};

} // namespace

const char* errorName(ErrorCode code)
{
    for (const NamedCode& named : namedCodes)
        if (named.code == code)
            return named.name;
    return "ioFailure";
}

std::optional<ErrorCode> errorCodeNamed(const std::string& name)
{
    for (const NamedCode& named : namedCodes)
        if (name == named.name)
            return named.code;
    return std::nullopt;
}

} // namespace annotomy
