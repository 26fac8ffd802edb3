#include "core/io/plain/metaimage.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/text_fields.h"
#include "core/io/plain/metaimage_header.h"
#include "core/io/plain/modality_guess.h"
#include "core/io/plain/plain_image.h"

#include <filesystem>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

Compression compressionOf(const MetaImageHeader& header)
{
    return header.compressed ? Compression::Zlib : Compression::None;
}

// At the first voxel.
Result<ByteReader> voxelReader(const MetaImageHeader& header)
{
    auto reader = ByteReader::open(header.dataPath, compressionOf(header), header.dataOffset);
    if (!reader)
        return reader;
    const std::uint64_t bytes = header.geometry.voxelCount() * rawSize(header.type);
    if (reader->mostBytes() < bytes)
        return Error{ErrorCode::Truncated, header.dataPath, "the file is smaller than the image that it declares"};
    if (!header.atEnd)
        return reader;
    if (header.compressed)
        return Error{ErrorCode::Unsupported, header.dataPath, "the position of the voxels"};
    if (auto skipped = reader->skip(reader->mostBytes() - bytes); !skipped)
        return skipped.error();
    return reader;
}

const char* typeName(VoxelType type)
{
    switch (type) {
    case VoxelType::UInt8:
        return "MET_UCHAR";
    case VoxelType::Int8:
        return "MET_CHAR";
    case VoxelType::UInt16:
        return "MET_USHORT";
    case VoxelType::Int16:
        return "MET_SHORT";
    case VoxelType::UInt32:
        return "MET_UINT";
    case VoxelType::Int32:
        return "MET_INT";
    case VoxelType::Float32:
        break;
    }
    return "MET_FLOAT";
}

std::string text(const Vec3& v)
{
    return numberText(v[0]) + " " + numberText(v[1]) + " " + numberText(v[2]);
}

std::string headerText(const Volume& volume, std::optional<std::size_t> compressedBytes, const std::string& dataFile)
{
    const VolumeGeometry& g = volume.geometry();
    std::string header = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = ";
    header += std::endian::native == std::endian::big ? "True\n" : "False\n";
    header += compressedBytes ? "CompressedData = True\nCompressedDataSize = " + std::to_string(*compressedBytes) + "\n"
                              : std::string("CompressedData = False\n");
    header += "TransformMatrix = " + text(g.axis(0)) + " " + text(g.axis(1)) + " " + text(g.axis(2));
    header += "\nOffset = " + text(g.origin) + "\nCenterOfRotation = 0 0 0\nElementSpacing = " + text(g.spacing);
    header += "\nDimSize = " + std::to_string(g.size[0]) + " " + std::to_string(g.size[1]) + " " +
              std::to_string(g.size[2]);
    return header + "\nElementType = " + typeName(volume.type()) + "\nElementDataFile = " + dataFile + "\n";
}

Result<void> writeTogether(const std::string& path, const std::string& header, std::span<const std::byte> voxels)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    if (auto written = file->write(std::as_bytes(std::span(header))); !written)
        return written;
    if (auto written = file->write(voxels); !written)
        return written;
    return file->commit();
}

} // namespace

Result<SeriesEntry> scanMetaImage(const std::string& path)
{
    const auto header = readMetaImageHeader(path);
    if (!header)
        return header.error();
    auto reader = voxelReader(*header);
    if (!reader)
        return reader.error();
    SeriesEntry entry = entryOfPlainImage(path, "metaimage", header->geometry, header->warnings);
    entry.info.modality =
        guessedModality(sampledValues(std::move(*reader), compressionOf(*header),
                                      {header->type, header->order, {}, header->geometry.voxelCount()}));
    return entry;
}

Result<Volume> readMetaImage(const std::string& path, std::stop_token stop, const ProgressReport& report)
{
    const auto header = readMetaImageHeader(path);
    if (!header)
        return header.error();
    auto reader = voxelReader(*header);
    if (!reader)
        return reader.error();
    auto buffer = VoxelBuffer::allocate(header->geometry.voxelCount() * rawSize(header->type), path);
    if (!buffer)
        return buffer.error();
    if (auto got = reader->readLarge(buffer->bytes(), stop, report); !got)
        return got.error();
    return volumeFromRaw(header->geometry, header->type, header->order, *buffer, {}, path);
}

Result<void> writeMetaImage(const std::string& path, const Volume& volume, std::stop_token stop,
                            const ProgressReport& report)
{
    if (volume.isNull() || !isPlausible(volume.geometry()))
        return Error{ErrorCode::InvalidArgument, path, "no volume to write"};
    const Volume real = withRealValues(volume);
    if (path.ends_with(".mhd")) {
        const std::string data = fs::path(path).replace_extension(".raw").string();
        if (auto written = writeTogether(data, {}, real.bytes()); !written)
            return written;
        return writeTogether(path, headerText(real, {}, fs::path(data).filename().string()), {});
    }
    const auto voxels = zlibDeflated(real.bytes(), stop, report);
    if (!voxels)
        return voxels.error();
    return writeTogether(path, headerText(real, voxels->size(), "LOCAL"), *voxels);
}

} // namespace annotomy
