#include "core/io/dicom_format.h"

#include "core/io/dicom_tags.h"

namespace annotomy {

namespace {

Error refused(ErrorCode code, const std::string& path, const std::string& detail)
{
    return {code, path, detail};
}

} // namespace

std::size_t frameBytes(const DicomPixelFormat& format)
{
    return static_cast<std::size_t>(format.columns) * static_cast<std::size_t>(format.rows) *
           static_cast<std::size_t>(format.bitsAllocated / 8);
}

Result<DicomPixelFormat> pixelFormatOf(const DicomDataSet& set, const std::string& path)
{
    const std::string photometric = set.text(tag::photometric);
    if (set.integer(tag::samplesPerPixel).value_or(1) != 1 ||
        (!photometric.empty() && !photometric.starts_with("MONOCHROME")))
        return refused(ErrorCode::Unsupported, path, "a colour image (" + photometric + ")");
    DicomPixelFormat format;
    format.columns = set.integer(tag::columns).value_or(0);
    format.rows = set.integer(tag::rows).value_or(0);
    format.bitsAllocated = set.integer(tag::bitsAllocated).value_or(0);
    format.bitsStored = set.integer(tag::bitsStored).value_or(format.bitsAllocated);
    format.highBit = set.integer(tag::highBit).value_or(format.bitsStored - 1);
    format.isSigned = set.integer(tag::pixelRepresentation).value_or(0) == 1;
    format.inverted = photometric == "MONOCHROME1";
    if (format.columns < 1 || format.columns > 65535 || format.rows < 1 || format.rows > 65535)
        return refused(ErrorCode::Malformed, path, "impossible numbers of rows and columns");
    if (format.bitsAllocated != 8 && format.bitsAllocated != 16 && format.bitsAllocated != 32)
        return refused(ErrorCode::Unsupported, path,
                       std::to_string(format.bitsAllocated) + " bits per voxel");
    if (format.bitsStored < 1 || format.bitsStored > format.bitsAllocated ||
        format.highBit < format.bitsStored - 1 || format.highBit >= format.bitsAllocated)
        return refused(ErrorCode::Malformed, path, "contradictory bits per voxel");
    return format;
}

Result<void> checkPixelLength(const DicomFile& file, const DicomPixelFormat& format, int frames,
                              const std::string& path)
{
    const DicomPixelData& pixels = *file.pixels;
    const bool noFrame =
        file.wholeFile && pixels.fragments.size() < 2; // the offset table and a fragment at least
    if (pixels.encapsulated && (pixels.cut || noFrame))
        return refused(ErrorCode::Truncated, path, "the file ends within its pixel data");
    if (pixels.encapsulated)
        return {};
    const std::uint64_t wanted = static_cast<std::uint64_t>(frames) * frameBytes(format);
    if (pixels.length < wanted)
        return refused(ErrorCode::Malformed, path, "the pixel data is smaller than its rows and columns");
    if (pixels.offset + wanted > file.fileBytes)
        return refused(ErrorCode::Truncated, path, "the file ends within its pixel data");
    return {};
}

} // namespace annotomy
