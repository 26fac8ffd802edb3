#include "core/io/pixels/transfer_syntax.h"

#include "core/io/pixels/sample_bits.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace annotomy {

namespace {

struct Syntax {
    std::string_view uid, name;
    PixelCoding coding = PixelCoding::Unknown;
};

constexpr std::array<Syntax, 35> syntaxes{{
    {"1.2.840.10008.1.2", "Implicit VR Little Endian", PixelCoding::Native},
    {"1.2.840.10008.1.2.1", "Explicit VR Little Endian", PixelCoding::Native},
    {"1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", PixelCoding::Native},
    {"1.2.840.10008.1.2.2", "Explicit VR Big Endian", PixelCoding::Native},
    {"1.2.840.113619.5.2", "GE Implicit VR Big Endian Pixels", PixelCoding::Native},
    {"1.2.840.10008.1.2.5", "RLE Lossless", PixelCoding::Rle},
    {"1.2.840.10008.1.2.8.1", "Deflated Image Frame", PixelCoding::DeflatedFrames},
    {"1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", PixelCoding::Jpeg},
    {"1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 & 4)", PixelCoding::Jpeg},
    {"1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", PixelCoding::Jpeg},
    {"1.2.840.10008.1.2.4.70", "JPEG Lossless (Process 14, Selection Value 1)", PixelCoding::Jpeg},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", PixelCoding::JpegLs},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", PixelCoding::JpegLs},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", PixelCoding::Jpeg2000},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000", PixelCoding::Jpeg2000},
    {"1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless", PixelCoding::Jpeg2000},
    {"1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 RPCL Lossless", PixelCoding::Jpeg2000},
    {"1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", PixelCoding::Jpeg2000},
    {"1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 & 5), retired"},
    {"1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 & 8), retired"},
    {"1.2.840.10008.1.2.4.54", "JPEG Spectral Selection (Process 7 & 9), retired"},
    {"1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 & 12), retired"},
    {"1.2.840.10008.1.2.4.56", "JPEG Full Progression (Process 11 & 13), retired"},
    {"1.2.840.10008.1.2.4.58", "JPEG Lossless (Process 15), retired"},
    {"1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Lossless"},
    {"1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2"},
    {"1.2.840.10008.1.2.4.94", "JPIP Referenced"},
    {"1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate"},
    {"1.2.840.10008.1.2.4.100", "MPEG-2 Main Profile"},
    {"1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264"},
    {"1.2.840.10008.1.2.4.107", "HEVC/H.265"},
    {"1.2.840.10008.1.2.4.110", "JPEG XL Lossless"},
    {"1.2.840.10008.1.2.4.112", "JPEG XL"},
    {"1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced"},
    {"1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate"},
}};

const Syntax* known(const std::string& uid)
{
    const auto it =
        std::find_if(syntaxes.begin(), syntaxes.end(), [&](const Syntax& s) { return s.uid == uid; });
    return it == syntaxes.end() ? nullptr : &*it;
}

} // namespace

PixelCoding pixelCodingOf(const std::string& uid)
{
    const Syntax* syntax = known(uid);
    return syntax ? syntax->coding : PixelCoding::Unknown;
}

PixelLoss pixelLossOf(const std::string& uid)
{
    constexpr std::array<std::string_view, 2> certain{"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"};
    constexpr std::array<std::string_view, 3> possible{"1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91",
                                                       "1.2.840.10008.1.2.4.203"};
    if (std::find(certain.begin(), certain.end(), uid) != certain.end())
        return PixelLoss::Certain;
    return std::find(possible.begin(), possible.end(), uid) != possible.end() ? PixelLoss::Possible : PixelLoss::None;
}

std::string transferSyntaxName(const std::string& uid)
{
    const Syntax* syntax = known(uid);
    return syntax ? std::string(syntax->name) + " (" + uid + ")" : uid;
}

Result<void> checkSyntax(const DicomFile& file, const DicomPixelFormat& format, const std::string& path)
{
    const std::string name = "the transfer syntax " + transferSyntaxName(file.transferSyntaxUid);
    const PixelCoding coding = pixelCodingOf(file.transferSyntaxUid);
    const bool isCodeStream =
        coding == PixelCoding::Jpeg || coding == PixelCoding::JpegLs || coding == PixelCoding::Jpeg2000;
    const bool isOddlyPacked = isPacked(format) && format.bitsAllocated != 1;
    if (isOddlyPacked && (file.pixels->encapsulated ? !isCodeStream : file.bigEndian))
        return Error{ErrorCode::Unsupported, path,
                     std::to_string(format.bitsAllocated) + " bits per voxel in " + name};
    if (!file.pixels->encapsulated)
        return {};
    if (coding == PixelCoding::Unknown)
        return Error{ErrorCode::Unsupported, path, name + ", which is not read"};
    if (coding == PixelCoding::Native)
        return Error{ErrorCode::Malformed, path, "compressed voxels in " + name + ", which has none"};
    if (format.isFloat && isCodeStream)
        return Error{ErrorCode::Malformed, path, "floating point voxels in " + name};
    return {};
}

} // namespace annotomy
