#include "app/reader/requests.h"

#include "app/reader/dataset_requests.h"
#include "app/reader/object_requests.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/masks/mask_description.h"
#include "core/io/masks/overlay_mask.h"
#include "core/io/volume_file.h"
#include "core/privacy/deidentification.h"

#include <new>

namespace annotomy {

namespace {

Result<void> done(const ScanRequest& request, const std::stop_token& stop, const ReaderReport& report)
{
    auto lines = ScanLines::create(request.outPath);
    if (!lines)
        return lines.error();
    ScanSink sink;
    sink.series = [&lines](const SeriesEntry& entry) { return lines->write(entry); };
    sink.mask = [&lines](const MaskFile& mask) { return lines->write(mask); };
    const auto tell = [&report](const ScanProgress& p) { report({p.fraction, p.found, p.done, p.perSecond}); };
    const auto totals = scanInto(request.paths, request.settings, sink, stop, tell);
    return totals ? lines->finish(*totals) : Result<void>(totals.error());
}

Result<ReaderDone> done(const DecodeRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    if (request.entry.files.empty())
        return Error{ErrorCode::InvalidArgument, request.entry.contentKey, "the series names no file"};
    const ForeignFile current(request.entry.files.front()); // also while what it held is written
    ReaderDone done;
    const auto volume = readSeries(request.entry, stop, subProgress(report, 0, 0.9), &done.warnings);
    if (!volume)
        return volume.error();
    if (auto written = writeVolumeFile(request.outPath, *volume, stop, subProgress(report, 0.9, 1)); !written)
        return written.error();
    return done;
}

Result<void> done(const ReadDatasetRequest& request, const std::stop_token& stop, const ProgressReport&)
{
    return done(request, stop);
}

Result<ReaderDone> done(const ReadMaskRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    std::vector<std::string> notes;
    auto labels = [&]() -> Result<LabelMap> {
        if (auto lidc = readLidcMask(request, stop, notes))
            return *std::move(lidc);
        return request.onGrid ? readMaskFile(request.path, request.grid, request.names, stop, report, &notes)
                              : readMaskFile(request.path, request.names, stop, report, &notes);
    }();
    if (!labels)
        return labels.error();
    if (const std::string note = otherImageNote(request.path, request.image); !note.empty())
        notes.insert(notes.begin(), note);
    if (const auto written = writeLabelFile(request.outPath, *labels); !written)
        return written.error();
    return ReaderDone{std::move(notes)};
}

Result<ReaderDone> done(const ReadOverlaysRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    std::vector<std::string> notes;
    const auto labels = readOverlays(request.entry, stop, report, &notes);
    if (!labels)
        return labels.error();
    if (const auto written = writeLabelFile(request.outPath, *labels); !written)
        return written.error();
    return ReaderDone{std::move(notes)};
}

Result<void> done(const DescribeMaskRequest& request, const std::stop_token&, const ProgressReport&)
{
    const auto mask = describeMask(request.path);
    if (!mask)
        return mask.error();
    const std::string text = toJsonText(*mask);
    return writeFileAtomically(request.outPath, std::as_bytes(std::span(text)));
}

Result<ReaderDone> done(const WriteObjectRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    return writtenObject(request, stop, report);
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

// Most requests have nothing to say beside that they are done.
Result<ReaderDone> answer(const Result<void>& outcome)
{
    return outcome ? Result<ReaderDone>(ReaderDone{}) : Result<ReaderDone>(outcome.error());
}
Result<ReaderDone> answer(Result<ReaderDone> outcome)
{
    return outcome;
}

Result<void> done(const ScanRequest& request, const std::stop_token& stop, const ProgressReport& report)
{
    return done(request, stop, ReaderReport([&report](const ReaderProgress& p) { reportProgress(report, p.fraction); }));
}

} // namespace

Result<ReaderDone> performed(const ReaderRequest& request, std::stop_token stop, const ReaderReport& report)
{
    try {
        if (const auto* scan = std::get_if<ScanRequest>(&request))
            return answer(done(*scan, stop, report));
        const ProgressReport plain = [&report](double fraction) { report({fraction}); };
        return std::visit([&](const auto& r) { return answer(done(r, stop, plain)); }, request);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, {}, "not enough memory"};
    } catch (const std::exception& exception) {
        return Error{ErrorCode::IoFailure, {}, exception.what()};
    }
}

} // namespace annotomy
