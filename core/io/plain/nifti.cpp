#include "core/io/plain/nifti.h"

#include "core/io/plain/modality_guess.h"
#include "core/io/plain/nifti_header.h"
#include "core/io/plain/plain_image.h"

#include <array>
#include <cstdio>

namespace annotomy {

namespace {

// At the first voxel of a time point.
Result<ByteReader> voxelReader(const NiftiHeader& header, int time = 0)
{
    auto reader = ByteReader::open(header.dataPath, header.compression);
    if (!reader)
        return reader.error();
    const std::uint64_t bytes = header.geometry.voxelCount() * rawSize(header.type);
    if (auto skipped = reader->skip(header.dataOffset + bytes * static_cast<std::uint64_t>(time)); !skipped)
        return skipped.error();
    return reader;
}

Error severalVolumes(const std::string& path, std::size_t count)
{
    return {ErrorCode::Unsupported, path, "several volumes in one file (" + std::to_string(count) + " time points)"};
}

SeriesEntry ofTime(SeriesEntry entry, const NiftiHeader& header, int time)
{
    const bool hasTimes = header.timeStep > 0;
    entry.sequence = {entry.contentKey, hasTimes ? "time" : "other", time, header.timePoints,
                      hasTimes ? time * header.timeStep : time, hasTimes ? "s" : ""};

    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "#%05d", time); // sorts as text
    entry.frames = {time};
    entry.contentKey += number.data();
    return entry;
}

} // namespace

Result<std::vector<SeriesEntry>> scanNiftiVolumes(const std::string& path)
{
    const auto header = readNiftiHeader(path);
    if (!header)
        return header.error();
    SeriesEntry entry = entryOfPlainImage(path, "nifti", header->geometry, header->warnings);
    if (auto reader = voxelReader(*header))
        entry.info.modality = guessedModality(
            sampledValues(std::move(*reader), header->compression,
                          {header->type, header->order, header->rescale, header->geometry.voxelCount()}));
    if (header->timePoints == 1)
        return std::vector{entry};
    std::vector<SeriesEntry> entries;
    for (int time = 0; time < header->timePoints; ++time)
        entries.push_back(ofTime(entry, *header, time));
    return entries;
}

Result<SeriesEntry> scanNifti(const std::string& path)
{
    auto entries = scanNiftiVolumes(path);
    if (!entries)
        return entries.error();
    if (entries->size() > 1)
        return severalVolumes(path, entries->size());
    return std::move(entries->front());
}

Result<Volume> readNifti(const std::string& path, int time, std::stop_token stop, const ProgressReport& report)
{
    const auto header = readNiftiHeader(path);
    if (!header)
        return header.error();
    if (time < 0 || time >= header->timePoints)
        return Error{ErrorCode::NotFound, path, "the file has " + std::to_string(header->timePoints) + " time points"};
    auto reader = voxelReader(*header, time);
    if (!reader)
        return reader.error();
    auto buffer = VoxelBuffer::allocate(header->geometry.voxelCount() * rawSize(header->type), path);
    if (!buffer)
        return buffer.error();
    if (auto got = reader->readLarge(buffer->bytes(), stop, report); !got)
        return got.error();
    return volumeFromRaw(header->geometry, header->type, header->order, *buffer, header->rescale, path);
}

Result<Volume> readNifti(const std::string& path, std::stop_token stop, const ProgressReport& report)
{
    const auto header = readNiftiHeader(path);
    if (!header)
        return header.error();
    if (header->timePoints > 1)
        return severalVolumes(path, static_cast<std::size_t>(header->timePoints));
    return readNifti(path, 0, std::move(stop), report);
}

} // namespace annotomy
