#include "core/io/plain/nifti_header.h"

#include "core/io/plain/plain_image.h"

#include <nifti2_io.h>

#include <cstring>
#include <filesystem>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr int maxTimePoints = 10000;

struct FreeImage {
    void operator()(nifti_image* image) const { nifti_image_free(image); }
};
using NiftiImage = std::unique_ptr<nifti_image, FreeImage>;

std::optional<RawType> rawTypeOf(int datatype)
{
    switch (datatype) {
    case DT_UINT8:
        return RawType::UInt8;
    case DT_INT8:
        return RawType::Int8;
    case DT_UINT16:
        return RawType::UInt16;
    case DT_INT16:
        return RawType::Int16;
    case DT_UINT32:
        return RawType::UInt32;
    case DT_INT32:
        return RawType::Int32;
    case DT_UINT64:
        return RawType::UInt64;
    case DT_INT64:
        return RawType::Int64;
    case DT_FLOAT32:
        return RawType::Float32;
    case DT_FLOAT64:
        return RawType::Float64;
    case DT_RGB24:
        return RawType::Rgb8;
    case DT_RGBA32:
        return RawType::Rgba8;
    default:
        return std::nullopt;
    }
}

std::string unsupportedTypeDetail(int datatype)
{
    switch (datatype) {
    case DT_COMPLEX64:
    case DT_COMPLEX128:
    case DT_COMPLEX256:
        return "a complex-valued image";
    default:
        return "voxels of NIfTI type " + std::to_string(datatype);
    }
}

template <class T>
void clearSign(T& number, bool isSwapped)
{
    const auto bytes = std::as_writable_bytes(std::span(&number, 1));
    const bool isLittle = (std::endian::native == std::endian::little) != isSwapped;
    (isLittle ? bytes.back() : bytes.front()) &= std::byte{0x7F};
}

// NIfTI-1 and -2 differ in the width of every field; what must be checked before niftilib sees the header is
// here.
template <class Header>
Result<NiftiImage> convertedHeader(Header header, const std::string& path)
{
    constexpr bool isFirst = sizeof(Header) == sizeof(nifti_1_header);
    if (std::memcmp(header.magic, isFirst ? "ni1" : "ni2", 4) != 0 &&
        std::memcmp(header.magic, isFirst ? "n+1" : "n+2", 4) != 0)
        return Error{isFirst ? ErrorCode::Unsupported : ErrorCode::Unrecognised, path,
                     "an Analyze header, which does not say how the image lies in the patient"};
    Header native = header;
    const bool isSwapped = native.dim[0] < 1 || native.dim[0] > 7;
    if (isSwapped)
        swap_nifti_header(&native, isFirst ? 1 : 2);
    if (native.dim[0] < 1 || native.dim[0] > 7)
        return Error{ErrorCode::Malformed, path, "impossible number of dimensions"};
    for (int d = 1; d <= native.dim[0]; ++d)
        if (native.dim[d] < 1 || native.dim[d] > 65535)
            return Error{ErrorCode::Malformed, path, "impossible dimensions"};
    for (int d = 5; d <= native.dim[0]; ++d)
        if (native.dim[d] > 1)
            return Error{ErrorCode::Unsupported, path,
                         "several values a voxel (dimension " + std::to_string(d) + " is " +
                             std::to_string(native.dim[d]) + ")"};
    if (native.dim[0] >= 4 && native.dim[4] > maxTimePoints)
        return Error{ErrorCode::Unsupported, path, "more than " + std::to_string(maxTimePoints) + " time points"};
    if (!(native.vox_offset >= 0 && native.vox_offset < 1e12))
        return Error{ErrorCode::Malformed, path, "impossible position of the voxels"};
    // Voxel sizes have no sign (only pixdim[0] has one); niftilib would take 1 mm, or mirror the image.
    for (int d = 1; d <= 3; ++d)
        clearSign(header.pixdim[d], isSwapped);
    NiftiImage image;
    if constexpr (isFirst)
        image.reset(nifti_convert_n1hdr2nim(header, path.c_str()));
    else
        image.reset(nifti_convert_n2hdr2nim(header, path.c_str()));
    if (!image)
        return Error{ErrorCode::Malformed, path, "niftilib refuses the header"};
    return image;
}

Result<NiftiImage> readHeader(const std::string& path)
{
    auto reader = ByteReader::open(path, looksGzipped(path) ? Compression::Gzip : Compression::None);
    if (!reader)
        return reader.error();
    nifti_set_debug_level(0);
    nifti_1_header first{};
    const auto firstBytes = std::as_writable_bytes(std::span(&first, 1));
    if (auto got = reader->read(firstBytes); !got)
        return got.error();
    const auto isSize = [&](std::int32_t size) {
        return first.sizeof_hdr == size ||
               first.sizeof_hdr == static_cast<std::int32_t>(__builtin_bswap32(size));
    };
    if (isSize(sizeof(nifti_1_header)))
        return convertedHeader(first, path);
    if (!isSize(sizeof(nifti_2_header)))
        return Error{ErrorCode::Unrecognised, path, "not a NIfTI header"};
    nifti_2_header second{};
    const auto secondBytes = std::as_writable_bytes(std::span(&second, 1));
    std::memcpy(secondBytes.data(), firstBytes.data(), firstBytes.size());
    if (auto got = reader->read(secondBytes.subspan(firstBytes.size())); !got)
        return got.error();
    return convertedHeader(second, path);
}

double millimetresPerUnit(int xyzUnits)
{
    switch (xyzUnits) {
    case NIFTI_UNITS_METER:
        return 1000;
    case NIFTI_UNITS_MICRON:
        return 1e-3;
    default:
        return 1;
    }
}

// NIfTI's x and y run to the right and anterior (RAS); LPS negates both.
VolumeGeometry geometryFromRas(const nifti_image& image, const nifti_dmat44& ras)
{
    const double mm = millimetresPerUnit(image.xyz_units);
    const auto lpsColumn = [&](int c) -> Vec3 {
        return {-mm * ras.m[0][c], -mm * ras.m[1][c], mm * ras.m[2][c]};
    };
    const Index3 size{static_cast<int>(image.nx), static_cast<int>(image.ny), static_cast<int>(image.nz)};
    return geometryFromSteps(size, lpsColumn(0), lpsColumn(1), lpsColumn(2), lpsColumn(3));
}

struct PlacedGrid {
    VolumeGeometry geometry;
    std::vector<Warning> warnings;
};

Result<PlacedGrid> placedGrid(const nifti_image& image, const std::string& path)
{
    PlacedGrid placed;
    const auto warn = [&](const char* code, const char* text) {
        placed.warnings.push_back({code, text, {path}});
    };
    const VolumeGeometry sform = geometryFromRas(image, image.sto_xyz);
    const VolumeGeometry qform = geometryFromRas(image, image.qto_xyz); // pixdim alone when its code is 0
    const bool hasSform = image.sform_code > 0, hasQform = image.qform_code > 0;
    if (hasSform && isPlausible(sform)) {
        placed.geometry = sform;
        if (hasQform && isPlausible(qform) && !sameGrid(sform, qform, 0.1))
            warn("sformAndQformDiffer",
                 "The file places the image in two different ways; the sform is used.");
        return placed;
    }
    placed.geometry = qform;
    if (hasSform)
        warn("sformUnusable",
             "The file's sform is not a grid in space; the qform or the voxel size is used.");
    if (!hasQform)
        warn("orientationUnknown", "The file does not say how the image lies in the patient.");
    if (!isPlausible(qform))
        return Error{ErrorCode::Malformed, path, "the header gives no usable voxel grid"};
    return placed;
}

// The file that holds the voxels: the same one, or the .img beside a .hdr.
std::string dataPathOf(const nifti_image& image, const std::string& path)
{
    if (image.nifti_type == NIFTI_FTYPE_NIFTI1_1 || image.nifti_type == NIFTI_FTYPE_NIFTI2_1)
        return path;
    std::string stem = path;
    if (stem.ends_with(".gz"))
        stem.resize(stem.size() - 3);
    const std::string data = fs::path(stem).replace_extension(".img").string();
    std::error_code ignored;
    return fs::exists(data, ignored) ? data : data + ".gz";
}

constexpr std::endian otherOrder()
{
    return std::endian::native == std::endian::little ? std::endian::big : std::endian::little;
}

Result<void> checkDataSize(const NiftiHeader& header)
{
    const auto reader = ByteReader::open(header.dataPath, header.compression);
    if (!reader)
        return reader.error();
    if (reader->mostBytes() < header.dataOffset + header.geometry.voxelCount() * rawSize(header.type) * static_cast<std::uint64_t>(header.timePoints))
        return Error{ErrorCode::Truncated, header.dataPath,
                     "the file is smaller than the image that it declares"};
    return {};
}

double secondsPerUnit(int timeUnits)
{
    switch (timeUnits) {
    case NIFTI_UNITS_SEC:
        return 1;
    case NIFTI_UNITS_MSEC:
        return 1e-3;
    case NIFTI_UNITS_USEC:
        return 1e-6;
    default:
        return 0; // not a time
    }
}

} // namespace

Result<NiftiHeader> readNiftiHeader(const std::string& path)
{
    const auto image = readHeader(path);
    if (!image)
        return image.error();
    const nifti_image& nim = **image;
    const auto type = rawTypeOf(nim.datatype);
    if (!type)
        return Error{ErrorCode::Unsupported, path, unsupportedTypeDetail(nim.datatype)};
    auto placed = placedGrid(nim, path);
    if (!placed)
        return placed.error();
    NiftiHeader header;
    header.geometry = placed->geometry;
    header.warnings = std::move(placed->warnings);
    header.type = *type;
    if (isColour(*type))
        header.warnings.push_back(colourWarning(path));
    header.timePoints = static_cast<int>(std::max<std::int64_t>(1, nim.nt));
    header.timeStep = std::isfinite(nim.dt) && nim.dt > 0 ? nim.dt * secondsPerUnit(nim.time_units) : 0;
    header.order = nim.byteorder == nifti_short_order() ? std::endian::native : otherOrder();
    if (nim.scl_slope != 0 && std::isfinite(nim.scl_slope) && std::isfinite(nim.scl_inter))
        header.rescale = {nim.scl_slope, nim.scl_inter};
    header.dataPath = dataPathOf(nim, path);
    header.compression = looksGzipped(header.dataPath) ? Compression::Gzip : Compression::None;
    header.dataOffset = static_cast<std::uint64_t>(std::max<std::int64_t>(0, nim.iname_offset));
    if (auto enough = checkDataSize(header); !enough)
        return enough.error();
    return header;
}

} // namespace annotomy
