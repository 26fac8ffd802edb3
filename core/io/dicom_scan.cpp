#include "core/io/dicom.h"

#include "core/base/parallel.h"
#include "core/io/dicom_grouping.h"
#include "core/io/foreign_file.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>

namespace annotomy {

namespace {

// What came out of one file; one of the three is set.
struct Scanned {
    std::optional<DicomImageFile> image;
    std::optional<MaskFile> mask;
    std::optional<SkippedFile> skipped;
};

Scanned skippedFile(const std::string& path, ErrorCode code, const std::string& detail)
{
    Scanned scanned;
    scanned.skipped = SkippedFile{path, code, detail};
    return scanned;
}

Scanned scanned(const std::string& path)
{
    const ForeignFile current(path);
    const auto file = readDicomFile(path, DicomExtent::Header);
    if (!file)
        return skippedFile(path, file.error().code, file.error().detail);
    Scanned result;
    const DicomNature nature = natureOf(*file);
    if (nature.kind == DicomKind::StructureSet) {
        result.mask = MaskFile{path, "rtstruct", referencedSeriesUid(file->dataSet)};
        return result;
    }
    if (nature.kind == DicomKind::Other)
        return skippedFile(path, ErrorCode::Unsupported, nature.reason);
    auto image = imageFileOf(*file, path);
    if (!image)
        return skippedFile(path, image.error().code, image.error().detail);
    result.image = std::move(*image);
    return result;
}

// Files whose planes lie in no entry (an impossible grid) must not vanish silently.
void reportUnused(const std::vector<DicomImageFile>& images, DicomScan& scan)
{
    std::set<std::string> used;
    for (const SeriesEntry& entry : scan.series) {
        used.insert(entry.files.begin(), entry.files.end());
        for (const Warning& warning : entry.info.warnings)
            used.insert(warning.files.begin(), warning.files.end());
    }
    for (const DicomImageFile& image : images)
        if (const std::string& path = image.slices.front().path; !used.contains(path))
            scan.skipped.push_back({path, ErrorCode::Malformed, "the header gives no usable voxel grid"});
}

} // namespace

Result<DicomScan> scanDicomFiles(const std::vector<std::string>& files, std::stop_token stop,
                                 const ProgressReport& report)
{
    std::vector<Scanned> results(files.size());
    std::atomic<std::size_t> done{0};
    std::mutex reporting;
    parallelRanges(files.size(), 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end && !stop.stop_requested(); ++f)
            results[f] = scanned(files[f]);
        const std::size_t sofar = done += end - begin;
        const std::lock_guard lock(reporting);
        reportProgress(report, static_cast<double>(sofar) / static_cast<double>(files.size()));
    });
    if (stop.stop_requested())
        return cancelledError();
    DicomScan scan;
    std::vector<DicomImageFile> images;
    for (Scanned& result : results) {
        if (result.image)
            images.push_back(std::move(*result.image));
        if (result.mask)
            scan.masks.push_back(std::move(*result.mask));
        if (result.skipped)
            scan.skipped.push_back(std::move(*result.skipped));
    }
    scan.series = groupedSeries(images);
    reportUnused(images, scan);
    return scan;
}

} // namespace annotomy
