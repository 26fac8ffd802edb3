// What needs no workspace: telling, converting and comparing files.
#include "app/workbench/mask_export.h"
#include "app/workbench/segment_matching.h"
#include "app/workbench/workbench.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace {

// The largest series, or that of a UID, and of its sequence the volume asked for.
Result<SeriesEntry> chosenSeries(const std::vector<SeriesEntry>& series, const std::string& path,
                                 const ConvertOptions& options)
{
    const SeriesEntry* chosen = nullptr;
    for (const SeriesEntry& entry : series) {
        const bool isAsked = options.seriesUid.empty() || entry.info.seriesUid == options.seriesUid;
        if (isAsked && entry.sequence.index == 0
            && (!chosen || entry.geometry.voxelCount() > chosen->geometry.voxelCount()))
            chosen = &entry;
    }
    if (!chosen)
        return Error{ErrorCode::NotFound, options.seriesUid.empty() ? path : "series " + options.seriesUid,
                     "there is no such image"};
    if (options.time <= 1)
        return *chosen;
    for (const SeriesEntry& entry : series)
        if (!entry.sequence.key.empty() && entry.sequence.key == chosen->sequence.key
            && entry.sequence.index + 1 == options.time)
            return entry;
    return Error{ErrorCode::NotFound, "volume " + std::to_string(options.time) + " of " + path,
                 "the series has " + std::to_string(chosen->sequence.count)};
}

// The two masks, the second on the own grid of the first.
Result<std::pair<LabelMap, LabelMap>> onGridOfFirst(const std::string& first, const std::string& second,
                                                    ReaderClient& reader, std::stop_token stop)
{
    Result<LabelMap> own = reader.readMask(first, nullptr, {}, stop);
    if (!own)
        return own.error();
    Result<LabelMap> other = reader.readMask(second, &own->geometry(), {}, stop);
    if (!other)
        return other.error();
    return std::pair(*std::move(own), *std::move(other));
}

// Reads the two masks on one grid: that of the reference, or of the other file when the reference is made of contours, or
// of the frames of a segmentation alone, which may hold fewer slices.
Result<std::pair<LabelMap, LabelMap>> readPair(const std::string& reference, const std::string& mask,
                                               ReaderClient& reader, std::stop_token stop)
{
    auto pair = onGridOfFirst(reference, mask, reader, stop);
    if (pair || (pair.error().code != ErrorCode::Unsupported && pair.error().code != ErrorCode::GeometryMismatch))
        return pair;
    auto turned = onGridOfFirst(mask, reference, reader, stop);
    if (!turned)
        return pair; // what was wrong in the order that was asked for
    std::swap(turned->first, turned->second);
    return turned;
}

void add(MaskDescription mask, Inspection& found)
{
    ++found.filesInMasks;
    found.masks.push_back({mask.path, mask.format, mask.seriesUids.empty() ? std::string() : mask.seriesUids.front()});
    found.described.push_back(std::move(mask));
}

// What was scanned without finding an image may be a mask; else `scanned` is what is wrong with it.
Result<Inspection> loneMask(const std::string& path, const Error& scanned, ReaderClient& reader,
                            const std::stop_token& stop)
{
    std::error_code error;
    if (scanned.code != ErrorCode::EmptyFolder || !std::filesystem::is_regular_file(path, error))
        return scanned;
    auto mask = reader.describeMask(path, stop);
    if (!mask)
        return mask.error().code == ErrorCode::Unrecognised ? scanned : mask.error();
    Inspection found;
    found.filesSeen = 1;
    add(std::move(*mask), found);
    return found;
}

// To a scan they are NRRD images. Their name tells, except of a file that was named itself.
void describeSegNrrds(Inspection& found, const std::string& path, ReaderClient& reader, const std::stop_token& stop)
{
    std::erase_if(found.series, [&](const SeriesEntry& entry) {
        const std::string& file = entry.files.front();
        if (entry.format != "nrrd" || !(file == path || file.ends_with(".seg.nrrd") || file.ends_with(".seg.nhdr")))
            return false;
        auto mask = reader.describeMask(file, stop);
        if (!mask)
            return false;
        --found.filesInSeries;
        add(std::move(*mask), found);
        return true;
    });
}

} // namespace

Result<Inspection> inspectPath(const std::string& path, const ProgramPaths& programs, std::stop_token stop)
{
    const QTemporaryDir unpacked; // what is in an archive is told, not kept
    ReaderClient reader(programs.reader);
    reader.setArchiveFolder(unpacked.path().toStdString());
    auto scan = reader.scan({path}, stop);
    if (!scan)
        return loneMask(path, scan.error(), reader, stop);
    Inspection found{std::move(*scan), {}};
    describeSegNrrds(found, path, reader, stop);
    return found;
}

Result<std::vector<Warning>> convertPath(const std::string& path, const std::string& outPath,
                                         const ConvertOptions& options, const ProgramPaths& programs,
                                         std::stop_token stop)
{
    if (const auto valid = checkOutput(outPath); !valid)
        return valid.error();
    const QTemporaryDir unpacked;
    ReaderClient reader(programs.reader);
    reader.setArchiveFolder(unpacked.path().toStdString());
    Result<ScanReport> scan = reader.scan({path}, stop);
    if (!scan)
        return scan.error();
    if (options.regularise)
        scan->series = regularised(std::move(scan->series));
    const Result<SeriesEntry> entry = chosenSeries(scan->series, path, options);
    if (!entry)
        return entry.error();
    const QTemporaryDir folder;
    const std::string decoded = folder.filePath(QStringLiteral("volume.avol")).toStdString();
    const auto found = reader.decode(*entry, decoded, stop);
    if (!found)
        return found.error();
    const Result<Volume> volume = mapVolumeFile(decoded);
    if (!volume)
        return volume.error();
    if (const auto written = writeVolumeAs(*volume, outPath, stop); !written)
        return written.error();
    std::vector<Warning> warnings = entry->info.warnings;
    for (const Warning& warning : *found)
        putWarning(warning, warnings);
    return warnings;
}

Result<std::vector<SegmentMetrics>> compareFiles(const std::string& referencePath, const std::string& maskPath,
                                                 double toleranceMm, const ProgramPaths& programs,
                                                 std::stop_token stop)
{
    ReaderClient reader(programs.reader);
    const auto pair = readPair(referencePath, maskPath, reader, stop);
    if (!pair)
        return pair.error();
    const auto& [reference, mask] = *pair;
    const Result<LabelMap> aligned =
        renumberedWhole(mask, renumberingByFileValue(mask.segments(), reference.segments()), maskPath);
    if (!aligned)
        return aligned.error();
    Result<std::vector<SegmentMetrics>> metrics = compareLabelMaps(reference, *aligned, toleranceMm, stop);
    if (!metrics)
        return metrics;
    for (SegmentMetrics& segment : *metrics) {
        const auto number = static_cast<SegmentNumber>(segment.value);
        const Segment* row = reference.segments().find(number);
        row = row ? row : aligned->segments().find(number);
        if (row && row->fileValue != 0)
            segment.value = row->fileValue;
    }
    return metrics;
}

} // namespace annotomy
