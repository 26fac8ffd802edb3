#include "core/io/plain/nrrd.h"

#include "core/io/plain/modality_guess.h"
#include "core/io/plain/nrrd_voxels.h"
#include "core/io/plain/plain_image.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace annotomy {

namespace {

// ASCII: numbers between spaces or commas, as many as there are voxels.
Result<Volume> readAscii(const NrrdHeader& header, ByteReader reader, const std::string& path)
{
    const std::uint64_t count = header.geometry.voxelCount();
    if (reader.mostBytes() < count)
        return Error{ErrorCode::Truncated, path, "the file is smaller than the image that it declares"};
    auto text = VoxelBuffer::allocate(reader.mostBytes(), path);
    auto values = VoxelBuffer::allocate(count * sizeof(double), path);
    if (!text || !values)
        return text ? values.error() : text.error();
    if (auto got = reader.read(text->bytes()); !got)
        return got.error();
    const char* at = reinterpret_cast<const char*>(text->bytes().data());
    const char* const end = at + text->bytes().size();
    const auto isGap = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ','; };
    for (std::uint64_t i = 0; i < count; ++i) {
        at = std::find_if_not(at, end, isGap);
        double value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc())
            return Error{at == end ? ErrorCode::Truncated : ErrorCode::Malformed, path, "too few numbers"};
        std::memcpy(values->bytes().data() + i * sizeof(double), &value, sizeof value);
        at = next;
    }
    // Integers come back as int32, as from any other 64-bit file.
    if (header.type == RawType::Float32 || header.type == RawType::Float64)
        return volumeFromRaw(header.geometry, RawType::Float64, std::endian::native, *values, {}, path);
    for (std::uint64_t i = 0; i < count; ++i) {
        double value = 0;
        std::memcpy(&value, values->bytes().data() + i * sizeof value, sizeof value);
        if (!(std::abs(value) < 9e18))
            return Error{ErrorCode::Malformed, path, "a number beyond the voxel type"};
        const auto whole = static_cast<std::int64_t>(value);
        std::memcpy(values->bytes().data() + i * sizeof whole, &whole, sizeof whole);
    }
    return volumeFromRaw(header.geometry, RawType::Int64, std::endian::native, *values, {}, path);
}

const char* typeName(VoxelType type)
{
    switch (type) {
    case VoxelType::UInt8:
        return "uint8";
    case VoxelType::Int8:
        return "int8";
    case VoxelType::UInt16:
        return "uint16";
    case VoxelType::Int16:
        return "int16";
    case VoxelType::UInt32:
        return "uint32";
    case VoxelType::Int32:
        return "int32";
    case VoxelType::Float32:
        break;
    }
    return "float";
}

std::string encodedHeader(const VolumeGeometry& g, VoxelType type)
{
    std::string header = "NRRD0004\ntype: " + std::string(typeName(type)) + "\ndimension: 3\n" + nrrdPlacement(g);
    header += "sizes: " + std::to_string(g.size[0]) + " " + std::to_string(g.size[1]) + " " +
              std::to_string(g.size[2]) + "\nkinds: domain domain domain\nendian: ";
    header += std::endian::native == std::endian::little ? "little" : "big";
    header += "\nencoding: gzip\n\n";
    return header;
}

Result<NrrdHeader> imageHeader(const std::string& path)
{
    auto header = readNrrdHeader(path);
    if (header && header->areColours && header->type == RawType::UInt8 && header->encoding != NrrdEncoding::Ascii) {
        header->type = header->valuesPerVoxel == 3 ? RawType::Rgb8 : RawType::Rgba8;
        header->valuesPerVoxel = 1;
        header->warnings.push_back(colourWarning(path));
    }
    if (header && header->valuesPerVoxel > 1)
        return Error{ErrorCode::Unsupported, path, "several values or volumes in one file (an axis is not spatial)"};
    return header;
}

} // namespace

Result<SeriesEntry> scanNrrd(const std::string& path)
{
    const auto header = imageHeader(path);
    if (!header)
        return header.error();
    auto reader = voxelReader(*header);
    if (!reader)
        return reader.error();
    SeriesEntry entry = entryOfPlainImage(path, "nrrd", header->geometry, header->warnings);
    if (header->encoding != NrrdEncoding::Ascii)
        entry.info.modality =
            guessedModality(sampledValues(std::move(*reader), compressionOf(*header),
                                          {header->type, header->order, {}, header->geometry.voxelCount()}));
    return entry;
}

Result<Volume> readNrrd(const std::string& path, std::stop_token stop, const ProgressReport& report)
{
    const auto header = imageHeader(path);
    if (!header)
        return header.error();
    auto reader = voxelReader(*header);
    if (!reader)
        return reader.error();
    if (header->encoding == NrrdEncoding::Ascii)
        return readAscii(*header, std::move(*reader), path);
    auto buffer = VoxelBuffer::allocate(voxelBytes(*header), path);
    if (!buffer)
        return buffer.error();
    if (auto got = reader->readLarge(buffer->bytes(), stop, report); !got)
        return got.error();
    return volumeFromRaw(header->geometry, header->type, header->order, *buffer, {}, path);
}

Result<void> writeNrrd(const std::string& path, const Volume& volume, std::stop_token stop,
                       const ProgressReport& report)
{
    if (volume.isNull() || !isPlausible(volume.geometry()))
        return Error{ErrorCode::InvalidArgument, path, "no volume to write"};
    const Volume real = withRealValues(volume);
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    const std::string header = encodedHeader(real.geometry(), real.type());
    if (auto written = file->write(std::as_bytes(std::span(header))); !written)
        return written;
    ByteWriter writer(*file, Compression::Gzip);
    if (auto written = writer.writeLarge(real.bytes(), stop, report); !written)
        return written;
    if (auto finished = writer.finish(); !finished)
        return finished;
    return file->commit();
}

} // namespace annotomy
