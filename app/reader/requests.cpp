#include "app/reader/requests.h"

#include "core/io/atomic_file.h"
#include "core/io/foreign_file.h"
#include "core/io/volume_file.h"

#include <new>

namespace annotomy {

namespace {

Result<void> done(const ScanRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    const auto scan = scanPaths(request.paths, request.archiveFolder, stop, report);
    if (!scan)
        return scan.error();
    const std::string text = toJsonText(*scan);
    return writeFileAtomically(request.outPath, std::as_bytes(std::span(text)));
}

Result<void> done(const DecodeRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    if (request.entry.files.empty())
        return Error{ErrorCode::InvalidArgument, request.entry.contentKey, "the series names no file"};
    const ForeignFile current(request.entry.files.front()); // also while what it held is written
    const auto volume = readSeries(request.entry, stop, subProgress(report, 0, 0.9));
    if (!volume)
        return volume.error();
    return writeVolumeFile(request.outPath, *volume, stop, subProgress(report, 0.9, 1));
}

Result<void> done(const ReadMaskRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    const auto labels = request.onGrid ? readMaskFile(request.path, request.grid, request.names, stop, report)
                                       : readMaskFile(request.path, request.names, stop, report);
    if (!labels)
        return labels.error();
    return writeLabelFile(request.outPath, *labels);
}

} // namespace

Result<void> performed(const ReaderRequest& request, std::stop_token stop, const ProgressReport& report)
{
    try {
        return std::visit([&](const auto& r) { return done(r, stop, report); }, request);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, {}, "not enough memory"};
    } catch (const std::exception& exception) {
        return Error{ErrorCode::IoFailure, {}, exception.what()};
    }
}

} // namespace annotomy
