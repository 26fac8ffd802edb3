#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/masks/axis_order.h"
#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/grid_placement.h"
#include "core/io/masks/mask_file.h"
#include "core/io/masks/overlay_mask.h"
#include "core/io/masks/rtstruct.h"
#include "core/io/masks/seg_nrrd.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"

#include <array>
#include <cstring>
#include <filesystem>

namespace annotomy {

namespace {

enum class MaskFormat { Nifti, Nrrd, SegNrrd, MetaImage, Dicom };

Result<MaskFormat> formatOf(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return reader.error();
    std::array<std::byte, 256> bytes{};
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), bytes.size()));
    if (auto got = reader->read(std::span(bytes).first(count)); !got)
        return got.error();
    if (std::memcmp(bytes.data(), "NRRD000", 7) == 0)
        return isSegNrrd(path) ? MaskFormat::SegNrrd : MaskFormat::Nrrd;
    if (std::memcmp(bytes.data(), "ObjectType", 10) == 0)
        return MaskFormat::MetaImage;
    return looksLikeDicom(std::span(bytes).first(count)) ? MaskFormat::Dicom : MaskFormat::Nifti;
}

Error named(Error error, const std::string& path)
{
    if (error.subject.empty())
        error.subject = path;
    return error;
}

// On the file's own grid, or on `grid` where one is given.
Result<LabelMap> labelsOfVolumeFile(const std::string& path, MaskFormat format, const VolumeGeometry* grid,
                                    const SegmentNames& names, const std::stop_token& stop, const ProgressReport& report)
{
    if (format == MaskFormat::SegNrrd) {
        auto labels = readSegNrrd(path, stop, report);
        if (labels && grid)
            labels = placedOn(*grid, *labels);
        return labels ? labels : named(labels.error(), path);
    }
    auto volume = format == MaskFormat::Nrrd        ? readNrrd(path, stop, report)
                  : format == MaskFormat::MetaImage ? readMetaImage(path, stop, report)
                                                    : readNifti(path, stop, report);
    if (!volume)
        return named(volume.error(), path);
    if (grid) {
        auto ordered = inAxisOrderOf(*grid, *volume);
        if (!ordered)
            return Error{ErrorCode::GeometryMismatch, path, "the mask does not lie on the image's grid"};
        volume = *std::move(ordered);
    }
    auto labels = labelMapFromVolume(*volume, names);
    if (!labels)
        return named(labels.error(), path);
    return labels;
}

// The names given for values, which DICOM objects and others with names of their own hardly need.
void rename(LabelMap& labels, const SegmentNames& names)
{
    const std::vector<Segment> segments = labels.segments().segments();
    for (Segment segment : segments) {
        const auto given = names.find(segment.fileValue != 0 ? segment.fileValue : segment.number);
        if (given == names.end())
            continue;
        segment.name = given->second;
        labels.segments().update(segment);
    }
}

Result<LabelMap> labelsOfContours(const std::string& path, const VolumeGeometry* grid, const std::stop_token& stop,
                                  const ProgressReport& report, MaskNotes* notes)
{
    if (!grid)
        return Error{ErrorCode::Unsupported, path, "an RT Structure Set has no grid of its own; name the image's"};
    const auto structures = readRtStructureSet(path);
    if (!structures)
        return structures.error();
    auto labels = rasterised(*structures, *grid, stop, report, notes);
    if (!labels)
        return Error{labels.error().code, path, labels.error().subject + ": " + labels.error().detail};
    return labels;
}

Result<LabelMap> labelsOfSegmentation(const std::string& path, const VolumeGeometry* grid, const std::stop_token& stop,
                                      const ProgressReport& report)
{
    const auto segmentation = readSegmentation(path);
    if (!segmentation)
        return segmentation.error();
    if (grid)
        return placed(*segmentation, *grid, path, stop, report);
    const auto own = gridOf(*segmentation, path);
    return own ? placed(*segmentation, *own, path, stop, report) : own.error();
}

constexpr const char* noMask = "neither a DICOM segmentation, nor an RT Structure Set, nor images with overlay planes";

// Of an image, or of all images in a folder.
Result<LabelMap> labelsOfOverlays(const std::string& path, const VolumeGeometry* grid, const std::stop_token& stop,
                                  const ProgressReport& report, MaskNotes* notes)
{
    auto labels = grid ? readOverlays(path, *grid, stop, report, notes) : readOverlays(path, stop, report, notes);
    if (!labels && labels.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::Unrecognised, path, noMask};
    if (labels && labels->segments().empty())
        return Error{ErrorCode::Unrecognised, path, "its overlay planes are blank"};
    return labels;
}

Result<LabelMap> labelsOfDicom(const std::string& path, const VolumeGeometry* grid, const std::stop_token& stop,
                               const ProgressReport& report, MaskNotes* notes)
{
    const auto header = readDicomFile(path, DicomExtent::Header);
    if (!header)
        return header.error();
    switch (natureOf(*header).kind) {
    case DicomKind::Segmentation: return labelsOfSegmentation(path, grid, stop, report);
    case DicomKind::StructureSet: return labelsOfContours(path, grid, stop, report, notes);
    case DicomKind::Image: return labelsOfOverlays(path, grid, stop, report, notes);
    case DicomKind::Other: break;
    }
    return Error{ErrorCode::Unrecognised, path, noMask};
}

Result<LabelMap> labelsOf(const std::string& path, const VolumeGeometry* grid, const SegmentNames& names,
                          const std::stop_token& stop, const ProgressReport& report, MaskNotes* notes)
{
    const ForeignFile current(path);
    std::error_code error;
    const bool isFolder = std::filesystem::is_directory(path, error);
    const auto format = isFolder ? Result(MaskFormat::Dicom) : formatOf(path);
    if (!format)
        return format.error();
    if (*format != MaskFormat::Dicom)
        return labelsOfVolumeFile(path, *format, grid, names, stop, report);
    auto labels = isFolder ? labelsOfOverlays(path, grid, stop, report, notes)
                           : labelsOfDicom(path, grid, stop, report, notes);
    if (labels)
        rename(*labels, names);
    return labels;
}

} // namespace

Result<LabelMap> readMaskFile(const std::string& path, const VolumeGeometry& grid, const SegmentNames& names,
                              std::stop_token stop, const ProgressReport& report, MaskNotes* notes)
{
    return labelsOf(path, &grid, names, stop, report, notes);
}

Result<LabelMap> readMaskFile(const std::string& path, const SegmentNames& names, std::stop_token stop,
                              const ProgressReport& report, MaskNotes* notes)
{
    return labelsOf(path, nullptr, names, stop, report, notes);
}

} // namespace annotomy
