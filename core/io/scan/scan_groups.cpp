#include "core/io/scan/scan_groups.h"

#include "core/io/series/dicom_grouping.h"
#include "core/io/series/series_order.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_set>

namespace annotomy {

namespace {

// Why files of a group are in none of its series, by path. A file that no warning names either has an impossible grid.
std::map<std::string, SkippedFile> reasonsOf(const std::vector<SeriesEntry>& series)
{
    std::map<std::string, SkippedFile> reasons;
    for (const SeriesEntry& entry : series)
        for (const Warning& warning : entry.info.warnings)
            for (const std::string& path : warning.files)
                reasons.try_emplace(path, warning.code == "duplicateSlice"
                                              ? SkippedFile{path, ErrorCode::Duplicate, "a copy of a slice that is there already"}
                                              : SkippedFile{path, ErrorCode::Unsupported, warning.text});
    return reasons;
}

// Every file is in a series or is left out with its reason: none vanishes. What cannot be decoded is named as left out,
// also where it keeps its place in a series.
void countFiles(const std::vector<DicomImageFile>& images, const std::vector<SeriesEntry>& series,
                SkipSummary& skipped, ScanTotals& totals)
{
    std::unordered_set<std::string_view> used;
    for (const SeriesEntry& entry : series)
        used.insert(entry.files.begin(), entry.files.end());
    const auto reasons = reasonsOf(series);
    for (const DicomImageFile& image : images) {
        const std::string& path = image.slices.front().path;
        if (image.damage) {
            skipped.add({path, image.damage->code, image.damage->detail});
            continue;
        }
        if (used.contains(path)) {
            ++totals.filesInSeries;
            continue;
        }
        const auto reason = reasons.find(path);
        skipped.add(reason != reasons.end()
                        ? reason->second
                        : SkippedFile{path, ErrorCode::Malformed, "the header gives no usable voxel grid"});
    }
}

std::vector<SeriesEntry> seriesOf(std::vector<ScannedFile> files, SkipSummary& skipped, ScanTotals& totals)
{
    std::vector<DicomImageFile> images;
    std::vector<SeriesEntry> series;
    for (ScannedFile& file : files) {
        if (file.image)
            images.push_back(std::move(*file.image));
        totals.filesInSeries += !file.entries.empty();
        std::move(file.entries.begin(), file.entries.end(), std::back_inserter(series));
    }
    std::vector<SeriesEntry> grouped = groupedSeries(images);
    countFiles(images, grouped, skipped, totals);
    std::move(grouped.begin(), grouped.end(), std::back_inserter(series));
    std::stable_sort(series.begin(), series.end(), precedesAsSeries);
    return series;
}

} // namespace

Result<void> giveSeries(ScanSpill& found, const std::function<Result<void>(SeriesEntry)>& take, SkipSummary& skipped,
                        ScanTotals& totals, const std::stop_token& stop, const ProgressReport& report)
{
    std::vector<std::string> runs;
    for (std::size_t part = 0; part < found.parts(); ++part) {
        if (stop.stop_requested())
            return cancelledError();
        auto files = found.load(part);
        if (!files)
            return files.error();
        std::vector<SeriesEntry> series = seriesOf(std::move(*files), skipped, totals);
        reportProgress(report, static_cast<double>(part + 1) / static_cast<double>(found.parts()));
        if (!found.hasSpilled()) {
            for (SeriesEntry& entry : series)
                if (auto taken = take(std::move(entry)); !taken)
                    return taken;
            return {};
        }
        const auto run = found.newFile();
        if (!run)
            return run.error();
        if (auto written = writeSeriesRun(*run, series); !written)
            return written;
        runs.push_back(*run);
    }
    return mergeSeriesRuns(runs, take);
}

} // namespace annotomy
