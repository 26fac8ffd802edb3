#include "core/io/pixels/dicom_format.h"

#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_lut.h"
#include "core/io/pixels/sample_bits.h"
#include "core/io/pixels/transfer_syntax.h"

#include <algorithm>
#include <map>

namespace annotomy {

namespace {

Error refused(ErrorCode code, const std::string& path, const std::string& detail)
{
    return {code, path, detail};
}

VoxelType integerType(int bits, bool isSigned)
{
    if (bits <= 8)
        return isSigned ? VoxelType::Int8 : VoxelType::UInt8;
    if (bits <= 16)
        return isSigned ? VoxelType::Int16 : VoxelType::UInt16;
    return isSigned ? VoxelType::Int32 : VoxelType::UInt32;
}

Result<void> readColour(const DicomDataSet& set, const std::string& path, DicomPixelFormat& format)
{
    static const std::map<std::string, DicomColour> colours{
        {"", DicomColour::Grey},           {"MONOCHROME1", DicomColour::Grey},
        {"MONOCHROME2", DicomColour::Grey}, {"PALETTE COLOR", DicomColour::Palette},
        {"RGB", DicomColour::Rgb},         {"YBR_ICT", DicomColour::Rgb},
        {"YBR_RCT", DicomColour::Rgb},     {"YBR_FULL", DicomColour::Ybr},
        {"YBR_FULL_422", DicomColour::Ybr}, {"YBR_PARTIAL_422", DicomColour::YbrPartial},
        {"YBR_PARTIAL_420", DicomColour::YbrPartial}};
    const std::string photometric = set.text(tag::photometric);
    const auto it = colours.find(photometric);
    if (it == colours.end())
        return refused(ErrorCode::Unsupported, path, "an image of the colours " + photometric);
    format.colour = it->second;
    format.inverted = photometric == "MONOCHROME1";
    format.samples = set.integer(tag::samplesPerPixel).value_or(1);
    const bool isColour = format.colour != DicomColour::Grey && format.colour != DicomColour::Palette;
    if (format.samples != (isColour ? 3 : 1))
        return refused(ErrorCode::Malformed, path,
                       std::to_string(format.samples) + " samples a voxel of an image in " +
                           (photometric.empty() ? "grey" : photometric));
    format.isHalved = photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422";
    format.isPlanar = isColour && set.integer(tag::planarConfiguration).value_or(0) == 1;
    return {};
}

Result<void> readBits(const DicomDataSet& set, const std::string& path, DicomPixelFormat& format)
{
    format.isFloat = set.has(tag::floatPixels) || set.has(tag::doublePixels);
    const int floatBits = set.has(tag::doublePixels) ? 64 : 32;
    format.bitsAllocated = set.integer(tag::bitsAllocated).value_or(format.isFloat ? floatBits : 0);
    format.bitsStored = set.integer(tag::bitsStored).value_or(format.bitsAllocated);
    format.highBit = set.integer(tag::highBit).value_or(format.bitsStored - 1);
    format.isSigned = set.integer(tag::pixelRepresentation).value_or(0) == 1;
    if (format.isFloat) {
        if (format.bitsAllocated != floatBits || format.colour != DicomColour::Grey)
            return refused(ErrorCode::Malformed, path, "contradictory bits per voxel");
        format.bitsStored = floatBits;
        format.highBit = floatBits - 1;
        return {};
    }
    if (format.bitsAllocated < 1 || format.bitsAllocated > 32)
        return refused(ErrorCode::Unsupported, path,
                       std::to_string(format.bitsAllocated) + " bits per voxel");
    if (format.bitsStored < 1 || format.bitsStored > format.bitsAllocated ||
        format.highBit < format.bitsStored - 1 || format.highBit >= format.bitsAllocated)
        return refused(ErrorCode::Malformed, path, "contradictory bits per voxel");
    if (isPacked(format) && format.samples != 1)
        return refused(ErrorCode::Unsupported, path,
                       "a colour image of " + std::to_string(format.bitsAllocated) + " bits per sample");
    return {};
}

// Of a palette or modality LUT, whose values the decoded voxels take.
Result<void> readTable(const DicomDataSet& set, const std::string& path, DicomPixelFormat& format)
{
    format.hasModalityLut = set.firstItem(tag::modalityLut) != nullptr;
    if (!format.hasModalityLut && format.colour != DicomColour::Palette) {
        format.colourBits = format.samples == 3 ? format.bitsStored : 0;
        return {};
    }
    if (format.isFloat || format.samples != 1)
        return refused(ErrorCode::Malformed, path, "a look-up table of voxels that cannot have one");
    if (format.hasModalityLut) {
        const auto table = modalityLutOf(set, path);
        format.tableBits = table ? table->bits : 0;
        return table ? Result<void>() : Result<void>(table.error());
    }
    const auto palette = paletteOf(set, path);
    if (!palette)
        return palette.error();
    format.tableBits = palette->luminance.bits;
    format.colourBits = palette->colourBits;
    return {};
}

// A few bytes must not claim gigabytes: no coder shrinks an image that is worth looking at further than that.
bool isBeyondCompression(const DicomFile& file, const DicomPixelFormat& format)
{
    constexpr std::uint64_t mostUnasked = std::uint64_t{128} << 20, mostRatio = 4096;
    return frameBytes(format) > std::max(mostUnasked, mostRatio * file.fileBytes);
}

Result<void> checkEncapsulated(const DicomFile& file, const DicomPixelFormat& format, int frames,
                               const std::string& path)
{
    const DicomPixelData& pixels = *file.pixels;
    // The offset table and a fragment at least; a frame may have many, but none is without.
    const auto fewest = static_cast<std::size_t>(frames) + 1;
    if (pixels.cut || (file.wholeFile && pixels.fragments.size() < fewest))
        return refused(ErrorCode::Truncated, path, "the file ends within its pixel data");
    if (isBeyondCompression(file, format))
        return refused(ErrorCode::Malformed, path, "the pixel data is smaller than its rows and columns");
    return {};
}

} // namespace

VoxelType DicomPixelFormat::type() const
{
    if (isFloat)
        return VoxelType::Float32;
    if (tableBits > 0)
        return integerType(tableBits, false);
    return integerType(bitsAllocated, isSigned && colour == DicomColour::Grey);
}

std::size_t frameBytes(const DicomPixelFormat& format)
{
    return format.voxels() * voxelSize(format.type());
}

std::uint64_t nativeFrameBits(const DicomPixelFormat& format)
{
    const int samples = format.isHalved ? 2 : format.samples;
    return std::uint64_t{format.voxels()} * static_cast<std::uint64_t>(samples * format.bitsAllocated);
}

Result<DicomPixelFormat> pixelFormatOf(const DicomDataSet& set, const std::string& path)
{
    DicomPixelFormat format;
    format.columns = set.integer(tag::columns).value_or(0);
    format.rows = set.integer(tag::rows).value_or(0);
    if (format.columns < 1 || format.columns > 65535 || format.rows < 1 || format.rows > 65535)
        return refused(ErrorCode::Malformed, path, "its numbers of rows and columns are missing or impossible");
    for (const auto read : {readColour, readBits, readTable})
        if (auto done = read(set, path, format); !done)
            return done.error();
    return format;
}

std::optional<StoredRange> paddingOf(const DicomDataSet& set, const DicomPixelFormat& format)
{
    if (format.isFloat || format.tableBits > 0 || format.colour != DicomColour::Grey)
        return std::nullopt;
    const auto value = [&](DicomTag t) -> std::optional<double> {
        const auto number = set.number(t);
        // Written as unsigned by many, and by implicit data sets always.
        const double wrap = format.isSigned && number && *number > 32767 && format.bitsAllocated <= 16 ? 65536 : 0;
        return number ? std::optional(*number - wrap) : std::nullopt;
    };
    const auto padding = value(tag::paddingValue);
    if (!padding)
        return std::nullopt;
    const double limit = value(tag::paddingLimit).value_or(*padding);
    return StoredRange{std::min(*padding, limit), std::max(*padding, limit)};
}

Result<void> checkPixelLength(const DicomFile& file, const DicomPixelFormat& format, int frames,
                              const std::string& path)
{
    const DicomPixelData& pixels = *file.pixels;
    if (auto known = checkSyntax(file, format, path); !known)
        return known;
    if (pixels.encapsulated)
        return checkEncapsulated(file, format, frames, path);
    const std::uint64_t wanted = (static_cast<std::uint64_t>(frames) * nativeFrameBits(format) + 7) / 8;
    if (pixels.length < wanted)
        return refused(ErrorCode::Malformed, path, "the pixel data is smaller than its rows and columns");
    if (pixels.offset + wanted > file.fileBytes)
        return refused(ErrorCode::Truncated, path, "the file ends within its pixel data");
    return {};
}

} // namespace annotomy
