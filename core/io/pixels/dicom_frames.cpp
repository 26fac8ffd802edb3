#include "core/io/pixels/dicom_frames.h"

#include "core/base/parallel.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_pixels.h"
#include "core/io/plain/raw_voxels.h"

#include <mutex>

namespace annotomy {

namespace {

constexpr int maxFrames = 65535;

Result<void> decodeAll(const DicomFrames& frames, FrameStack& stack, const std::stop_token& stop)
{
    const std::size_t count = static_cast<std::size_t>(stack.frames), size = stack.bytes.size() / count;
    const std::size_t rgbSize = stack.rgb.size() / count;
    std::mutex mutex; // guards the result
    Result<void> result;
    parallelRanges(count, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end && !stop.stop_requested(); ++f) {
            auto decoded = frames.decode(static_cast<int>(f), std::span(stack.bytes).subspan(f * size, size),
                                         std::span(stack.rgb).subspan(f * rgbSize, rgbSize));
            const std::lock_guard lock(mutex);
            if (!decoded && result)
                result = decoded;
            if (!result)
                return;
        }
    });
    return stop.stop_requested() ? Result<void>(cancelledError()) : result;
}

} // namespace

Result<FrameStack> readDicomFrames(const std::string& path, std::stop_token stop)
{
    const auto file = readDicomFile(path, DicomExtent::Pixels);
    if (!file)
        return file.error();
    if (!file->pixels)
        return Error{ErrorCode::NoImage, path, "a DICOM object without an image"};
    const auto format = pixelFormatOf(file->dataSet, path);
    if (!format)
        return format.error();
    const int count = file->dataSet.integer(tag::numberOfFrames).value_or(1);
    if (count < 1 || count > maxFrames)
        return Error{ErrorCode::Malformed, path, "impossible number of frames"};
    const auto frames = DicomFrames::open(*file, *format, count, path);
    if (!frames)
        return frames.error();
    const auto times = static_cast<std::uint64_t>(count);
    const std::uint64_t bytes = frameBytes(*format) * times;
    const std::uint64_t colours = format->hasColours() ? 3 * format->voxels() * times : 0;
    if (auto room = VoxelBuffer::allocate(bytes + colours, path); !room)
        return room.error();
    FrameStack stack{format->columns, format->rows, count, format->type(), {}, {}};
    stack.bytes.resize(static_cast<std::size_t>(bytes));
    stack.rgb.resize(static_cast<std::size_t>(colours));
    if (auto decoded = decodeAll(*frames, stack, stop); !decoded)
        return decoded.error();
    return stack;
}

} // namespace annotomy
