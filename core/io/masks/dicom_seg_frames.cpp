#include "core/io/masks/dicom_seg.h"
#include "core/io/pixels/dicom_pixels.h"

#include <algorithm>
#include <cstring>

namespace annotomy {

namespace {

// The stored values as they are: a label map's palette, for one, is for showing.
DicomPixelFormat formatOf(const DicomSegmentation& segmentation)
{
    DicomPixelFormat format;
    format.columns = segmentation.columns;
    format.rows = segmentation.rows;
    format.bitsAllocated = format.bitsStored = segmentation.bitsAllocated;
    format.highBit = segmentation.bitsAllocated - 1;
    return format;
}

} // namespace

struct SegmentationFrames::State {
    DicomFrames frames;
    std::vector<std::byte> bytes; // of one frame
    bool isWide = false;          // two bytes a voxel
};

SegmentationFrames::SegmentationFrames(std::unique_ptr<State> state) : m_state(std::move(state)) {}
SegmentationFrames::SegmentationFrames(SegmentationFrames&&) noexcept = default;
SegmentationFrames::~SegmentationFrames() = default;

Result<SegmentationFrames> SegmentationFrames::open(const DicomSegmentation& segmentation,
                                                    const std::string& path)
{
    const DicomPixelFormat format = formatOf(segmentation);
    // Coders make little of an empty frame, but not as little as a hostile file may promise.
    constexpr std::size_t mostExpansion = std::size_t{1} << 14;
    if (frameBytes(format) / mostExpansion > segmentation.file.bytes->size())
        return Error{ErrorCode::Malformed, path, "the pixel data is too small for its rows and columns"};
    auto frames = DicomFrames::open(segmentation.file, format, static_cast<int>(segmentation.frames.size()), path);
    if (!frames)
        return frames.error();
    return SegmentationFrames(std::make_unique<State>(State{
        std::move(*frames), std::vector<std::byte>(frameBytes(format)), segmentation.bitsAllocated > 8}));
}

Result<void> SegmentationFrames::decode(int frame, std::vector<std::uint16_t>& values)
{
    std::vector<std::byte>& bytes = m_state->bytes;
    if (auto decoded = m_state->frames.decode(frame, bytes); !decoded)
        return decoded;
    values.resize(m_state->isWide ? bytes.size() / 2 : bytes.size());
    if (m_state->isWide)
        std::memcpy(values.data(), bytes.data(), bytes.size());
    else
        std::transform(bytes.begin(), bytes.end(), values.begin(),
                       [](std::byte b) { return static_cast<std::uint16_t>(b); });
    return {};
}

} // namespace annotomy
