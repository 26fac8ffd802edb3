#include "core/io/axis_order.h"
#include "core/io/byte_stream.h"
#include "core/io/dicom_data_set.h"
#include "core/io/foreign_file.h"
#include "core/io/grid_placement.h"
#include "core/io/mask_file.h"
#include "core/io/metaimage.h"
#include "core/io/nifti.h"
#include "core/io/nrrd.h"
#include "core/io/rtstruct.h"
#include "core/io/seg_nrrd.h"

#include <array>
#include <cstring>

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

} // namespace

Result<LabelMap> readMaskFile(const std::string& path, const VolumeGeometry& grid, const SegmentNames& names,
                              std::stop_token stop, const ProgressReport& report)
{
    const ForeignFile current(path);
    const auto format = formatOf(path);
    if (!format)
        return format.error();
    if (*format == MaskFormat::Dicom) {
        const auto structures = readRtStructureSet(path);
        if (!structures)
            return structures.error();
        auto labels = rasterised(*structures, grid, stop, report);
        if (!labels)
            return Error{labels.error().code, path, labels.error().subject + ": " + labels.error().detail};
        return labels;
    }
    return labelsOfVolumeFile(path, *format, &grid, names, stop, report);
}

Result<LabelMap> readMaskFile(const std::string& path, const SegmentNames& names, std::stop_token stop,
                              const ProgressReport& report)
{
    const ForeignFile current(path);
    const auto format = formatOf(path);
    if (!format)
        return format.error();
    if (*format == MaskFormat::Dicom)
        return Error{ErrorCode::Unsupported, path,
                     "an RT Structure Set has no grid of its own; name the image's"};
    return labelsOfVolumeFile(path, *format, nullptr, names, stop, report);
}

} // namespace annotomy
