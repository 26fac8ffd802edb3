#include "core/io/plain/nrrd_voxels.h"

#include "core/io/bytes/text_fields.h"

#include <algorithm>

namespace annotomy {

namespace {

std::string text(const Vec3& v)
{
    return "(" + numberText(v[0]) + "," + numberText(v[1]) + "," + numberText(v[2]) + ")";
}

} // namespace

std::uint64_t voxelBytes(const NrrdHeader& header)
{
    return header.geometry.voxelCount() * rawSize(header.type) * static_cast<std::uint64_t>(header.valuesPerVoxel);
}

Compression compressionOf(const NrrdHeader& header)
{
    switch (header.encoding) {
    case NrrdEncoding::Gzip:
        return Compression::Gzip;
    case NrrdEncoding::Bzip2:
        return Compression::Bzip2;
    case NrrdEncoding::Raw:
    case NrrdEncoding::Ascii:
        break;
    }
    return Compression::None;
}

Result<ByteReader> voxelReader(const NrrdHeader& header)
{
    const Compression compression = compressionOf(header);
    auto reader = ByteReader::open(header.dataPath, compression, header.dataOffset);
    if (!reader || header.encoding == NrrdEncoding::Ascii)
        return reader;
    std::uint64_t skip = static_cast<std::uint64_t>(std::max<std::int64_t>(0, header.byteSkip));
    if (reader->mostBytes() < skip + voxelBytes(header))
        return Error{ErrorCode::Truncated, header.dataPath,
                     "the file is smaller than the image that it declares"};
    if (header.byteSkip < 0) {
        if (compression != Compression::None)
            return Error{ErrorCode::Unsupported, header.dataPath, "the position of the voxels"};
        skip = reader->mostBytes() - voxelBytes(header);
    }
    if (auto skipped = reader->skip(skip); !skipped)
        return skipped.error();
    return reader;
}

std::string nrrdPlacement(const VolumeGeometry& geometry, const std::string& before)
{
    std::string lines = "space: left-posterior-superior\nspace directions: " + before;
    for (int axis = 0; axis < 3; ++axis)
        lines += (axis ? " " : "") + text(geometry.spacing[static_cast<std::size_t>(axis)] * geometry.axis(axis));
    return lines + "\nspace origin: " + text(geometry.origin) + "\n";
}

} // namespace annotomy
