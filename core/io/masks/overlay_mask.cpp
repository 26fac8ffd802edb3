#include "core/io/masks/overlay_mask.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_overlay.h"
#include "core/io/masks/overlay_collector.h"
#include "core/io/scan/file_walk.h"
#include "core/io/series/dicom_grouping.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

namespace annotomy {

namespace {

using TargetsByFile = std::map<std::string, std::vector<OverlayTarget>>;

Result<LabelMap> collected(const TargetsByFile& targets, const VolumeGeometry& grid, const std::string& subject,
                           const std::stop_token& stop, const ProgressReport& report, MaskNotes* notes)
{
    OverlayCollector collector(grid);
    std::size_t done = 0;
    for (const auto& [path, ofFile] : targets) {
        if (stop.stop_requested())
            return cancelledError();
        if (auto taken = collector.take(path, ofFile); !taken)
            return taken.error();
        reportProgress(report, static_cast<double>(++done) / static_cast<double>(targets.size()));
    }
    return collector.finish(subject, notes);
}

// The part of a file's frame that slice `k` of a series shows; not yet placed.
OverlayTarget targetOf(const SeriesEntry& entry, std::size_t k)
{
    const Index3& size = entry.geometry.size;
    OverlayTarget target{entry.frames.empty() ? 0 : entry.frames[k], 0, 0, size[0], size[1], {}};
    if (entry.mosaic > 0) {
        target.left = target.frame % entry.mosaic * target.columns;
        target.top = target.frame / entry.mosaic * target.rows;
        target.frame = 0;
    }
    return target;
}

bool namesItsSlices(const SeriesEntry& entry)
{
    constexpr int mostAcross = 256;
    const auto count = static_cast<std::size_t>(entry.geometry.size[2]);
    const auto isTile = [&](int tile) { return tile >= 0 && tile < entry.mosaic * entry.mosaic; };
    return isPlausible(entry.geometry) && entry.files.size() == count &&
           (entry.frames.size() == count || (entry.frames.empty() && entry.mosaic == 0)) && entry.mosaic >= 0 &&
           entry.mosaic <= mostAcross &&
           (entry.mosaic == 0 || std::all_of(entry.frames.begin(), entry.frames.end(), isTile));
}

Result<bool> beginsLikeDicom(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return reader.error();
    std::array<std::byte, 256> bytes{};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), bytes.size()));
    if (auto got = reader->read(std::span(bytes).first(count)); !got)
        return got.error();
    return looksLikeDicom(std::span(bytes).first(count));
}

bool hasAnyOverlay(const DicomDataSet& set)
{
    for (int index = 0; index < mostOverlays; ++index)
        if (hasOverlay(set, index))
            return true;
    return false;
}

// Nothing for a file that is no image with an overlay.
Result<std::optional<DicomImageFile>> overlaidImage(const std::string& path)
{
    const ForeignFile current(path);
    const auto isDicom = beginsLikeDicom(path);
    if (!isDicom)
        return isDicom.error();
    if (!*isDicom)
        return std::optional<DicomImageFile>();
    const auto file = readDicomFile(path, DicomExtent::Header);
    if (!file)
        return file.error();
    if (natureOf(*file).kind != DicomKind::Image || !hasAnyOverlay(file->dataSet))
        return std::optional<DicomImageFile>();
    auto image = imageFileOf(*file, path);
    return image ? Result(std::optional(*std::move(image))) : image.error();
}

// The images with overlays below a path, as series. Of a folder, files that cannot be read are passed over.
Result<std::vector<SeriesEntry>> overlaidSeries(const std::string& path, const std::stop_token& stop)
{
    auto walk = FileWalk::begin({path}, [](const SkippedFile&) {});
    if (!walk)
        return walk.error();
    const bool isFolder = std::filesystem::is_directory(path);
    constexpr std::size_t few = 64;
    std::vector<DicomImageFile> images;
    for (auto files = walk->next(few); !files.empty(); files = walk->next(few))
        for (const FileWalk::File& file : files) {
            if (stop.stop_requested())
                return cancelledError();
            auto image = overlaidImage(file.path);
            if (!image && !isFolder)
                return image.error();
            if (image && *image)
                images.push_back(**std::move(image));
        }
    if (images.empty())
        return Error{ErrorCode::NotFound, path, "no image with an overlay plane"};
    return groupedSeries(images);
}

FramePlane planeOf(const SeriesEntry& entry, std::size_t k)
{
    const VolumeGeometry& g = entry.geometry;
    const Vec3 position = entry.irregular ? entry.irregular->positions[k]
                                          : g.patientFromIndex({0, 0, static_cast<double>(k)});
    return {position, g.spacing[0] * g.axis(0), g.spacing[1] * g.axis(1), g.size[0], g.size[1]};
}

} // namespace

Result<LabelMap> readOverlays(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                              MaskNotes* notes)
{
    if (entry.regularised)
        return Error{ErrorCode::Unsupported, entry.contentKey,
                     "overlay planes do not lie on the even grid that the image was resampled onto"};
    if (entry.format != "dicom" || !namesItsSlices(entry))
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series does not name one file per slice"};
    TargetsByFile targets;
    for (std::size_t k = 0; k < entry.files.size(); ++k) {
        OverlayTarget target = targetOf(entry, k);
        target.placing = FramePlacing{{0, 0, static_cast<int>(k)}, {1, 0, 0}, {0, 1, 0}};
        targets[entry.files[k]].push_back(target);
    }
    return collected(targets, entry.geometry, entry.files.front(), stop, report, notes);
}

Result<LabelMap> readOverlays(const std::string& path, const VolumeGeometry& grid, std::stop_token stop,
                              const ProgressReport& report, MaskNotes* notes)
{
    if (!isPlausible(grid))
        return Error{ErrorCode::InvalidArgument, path, "no usable grid"};
    const auto series = overlaidSeries(path, stop);
    if (!series)
        return series.error();
    TargetsByFile targets;
    for (const SeriesEntry& entry : *series)
        for (std::size_t k = 0; k < entry.files.size(); ++k) {
            OverlayTarget target = targetOf(entry, k);
            target.placing = placingOf(planeOf(entry, k), grid);
            targets[entry.files[k]].push_back(target);
        }
    return collected(targets, grid, path, stop, report, notes);
}

Result<LabelMap> readOverlays(const std::string& path, std::stop_token stop, const ProgressReport& report,
                              MaskNotes* notes)
{
    const auto series = overlaidSeries(path, stop);
    if (!series)
        return series.error();
    if (series->size() != 1)
        return Error{ErrorCode::Unsupported, path, "overlay planes of several series; name the image's grid"};
    return readOverlays(series->front(), stop, report, notes);
}

} // namespace annotomy
