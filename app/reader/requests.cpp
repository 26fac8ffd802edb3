#include "app/reader/requests.h"

#include "app/reader/dataset_requests.h"
#include "core/io/atomic_file.h"
#include "core/io/foreign_file.h"
#include "core/io/volume_file.h"
#include "core/privacy/deidentification.h"

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

Result<void> done(const ReadDatasetRequest& request, const std::stop_token& stop, const ProgressReport&)
{
    return done(request, stop);
}

Result<void> done(const ReadMaskRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    std::vector<std::string> notes;
    if (const auto lidc = readLidcMask(request, stop, notes)) {
        if (!*lidc)
            return lidc->error();
        return writeLabelFile(request.outPath, **lidc);
    }
    const auto labels = request.onGrid ? readMaskFile(request.path, request.grid, request.names, stop, report)
                                       : readMaskFile(request.path, request.names, stop, report);
    if (!labels)
        return labels.error();
    return writeLabelFile(request.outPath, *labels);
}

Result<void> done(const DeidentifyRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    const auto options = deidentificationOptionsFromJson(request.options);
    if (!options)
        return options.error();
    if (request.secret.empty() || request.paths.empty())
        return Error{ErrorCode::InvalidArgument, "deidentify", "it needs a secret and at least one path"};
    const IdentityMap identities(request.secret);
    DeidentificationReport outcome;
    if (request.singleFile) {
        auto file = deidentifyFile(request.paths.front(), request.outFolder, identities, *options);
        if (!file)
            return file.error();
        outcome.options = *options;
        outcome.files.push_back(std::move(*file));
    } else {
        auto all = deidentifyFiles(request.paths, request.outFolder, identities, *options,
                                   request.archiveFolder, stop, report);
        if (!all)
            return all.error();
        outcome = std::move(*all);
    }
    const std::string text = toJsonText(outcome, true);
    return writeFileAtomically(request.outPath, std::as_bytes(std::span(text)));
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
