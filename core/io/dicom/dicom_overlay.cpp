#include "core/io/dicom/dicom_overlay.h"

#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_pixels.h"
#include "core/io/pixels/sample_bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace annotomy {

namespace {

constexpr int mostFrames = 1 << 24;

DicomTag ofOverlay(DicomTag element, int index)
{
    return element + (static_cast<DicomTag>(index) << 17U);
}

Error damaged(const char* clause)
{
    return {ErrorCode::Malformed, {}, clause};
}

// Overlay Origin is signed; some write it as unsigned.
bool readOrigin(const DicomDataSet& set, int index, OverlayPlane& plane)
{
    const auto origin = set.numbers(ofOverlay(tag::overlayOrigin, index));
    if (origin.size() != 2)
        return origin.empty(); // without one, the first pixel is the image's
    const auto isShort = [](double value) { return value >= -32768 && value <= 65535; };
    if (!isShort(origin[0]) || !isShort(origin[1]))
        return false;
    const auto place = [](double value) { return static_cast<int>(value) - (value > 32767 ? 65536 : 0) - 1; };
    plane.top = place(origin[0]);
    plane.left = place(origin[1]);
    return true;
}

bool readPlace(const DicomDataSet& set, int index, OverlayPlane& plane)
{
    const auto integer = [&](DicomTag element) { return set.integer(ofOverlay(element, index)); };
    plane.rows = integer(tag::overlayRows).value_or(0);
    plane.columns = integer(tag::overlayColumns).value_or(0);
    const auto isSize = [](int size) { return size >= 1 && size <= 65535; };
    if (!isSize(plane.rows) || !isSize(plane.columns) || !readOrigin(set, index, plane))
        return false;
    const auto frames = integer(tag::overlayFrames), first = integer(tag::overlayFirstFrame);
    if (!frames && !first)
        return true;
    plane.frames = frames.value_or(1);
    plane.firstFrame = first.value_or(1) - 1;
    return plane.frames >= 1 && plane.frames <= mostFrames && plane.firstFrame >= 0;
}

std::uint64_t frameBits(const OverlayPlane& plane)
{
    return static_cast<std::uint64_t>(plane.rows) * static_cast<std::uint64_t>(plane.columns);
}

Result<void> readBits(const DicomElement& data, OverlayPlane& plane)
{
    const auto frames = static_cast<std::uint64_t>(std::max(1, plane.frames));
    const std::uint64_t wanted = (frameBits(plane) * frames + 7) / 8; // at most 2^53
    if (data.value.size() < wanted)
        return damaged("the overlay's data is smaller than its rows and columns");
    const auto words = std::min<std::size_t>(static_cast<std::size_t>(wanted + 1) / 2 * 2, data.value.size());
    plane.bits.assign(data.value.begin(), data.value.begin() + static_cast<std::ptrdiff_t>(words));
    if (data.bigEndian && data.vr == "OW")
        reverseBytes(plane.bits, 2);
    return {};
}

// The old form: one of the bits of the image's pixels that hold no value.
Result<void> findInPixels(const DicomFile& file, int index, const DicomPixelFormat& format, OverlayPlane& plane)
{
    const auto position = file.dataSet.integer(ofOverlay(tag::overlayBitPosition, index));
    const auto allocated = file.dataSet.integer(ofOverlay(tag::overlayBitsAllocated, index));
    if (!position || !file.pixels || format.isFloat || (allocated && *allocated != format.bitsAllocated))
        return damaged("the overlay has no data");
    if (*position < 0 || *position >= format.bitsAllocated)
        return damaged("the overlay lies in a bit that the image's pixels do not have");
    if (*position <= format.highBit && *position > format.highBit - format.bitsStored)
        return damaged("the overlay lies in bits that the image itself uses");
    if (file.pixels->encapsulated)
        return Error{ErrorCode::Unsupported, {},
                     "the overlay lies in the unused bits of compressed pixels, which do not keep them"};
    if (format.samples != 1 || isPacked(format))
        return Error{ErrorCode::Unsupported, {},
                     "the overlay lies in pixels of a kind whose unused bits are not read"};
    plane.bitPosition = *position;
    plane.columns = format.columns;
    plane.rows = format.rows;
    plane.left = plane.top = 0;
    return {};
}

// The pixels with all of their bits.
DicomPixelFormat rawFormat(const DicomPixelFormat& format)
{
    DicomPixelFormat raw;
    raw.columns = format.columns;
    raw.rows = format.rows;
    raw.bitsAllocated = raw.bitsStored = format.bitsAllocated;
    raw.highBit = format.bitsAllocated - 1;
    return raw;
}

// One row of an overlay, a byte each, as drawn over the image.
void addRow(std::span<const std::byte> row, int left, int at, const DicomPixelFormat& format, OverlayDrawing& drawing)
{
    const int columns = static_cast<int>(row.size());
    for (int i = 0; i < columns;) {
        const auto* const next = static_cast<const std::byte*>(
            std::memchr(row.data() + i, 1, static_cast<std::size_t>(columns - i)));
        if (!next)
            return;
        i = static_cast<int>(next - row.data());
        int end = i + 1;
        while (end < columns && row[static_cast<std::size_t>(end)] == std::byte{1})
            ++end;
        const int from = std::max(0, i + left), to = std::min(format.columns, end + left);
        const bool isInside = at >= 0 && at < format.rows && from < to;
        drawing.isCut |= !isInside || to - from < end - i;
        if (isInside)
            drawing.runs.push_back({from, at, to - from});
        i = end;
    }
}

OverlayDrawing ofOwnData(const OverlayPlane& plane, int overlayFrame, const DicomPixelFormat& format)
{
    OverlayDrawing drawing;
    std::vector<std::byte> row(static_cast<std::size_t>(plane.columns));
    std::uint64_t begin = frameBits(plane) * static_cast<std::uint64_t>(overlayFrame);
    for (int j = 0; j < plane.rows; ++j, begin += row.size()) {
        unpackBits(plane.bits, static_cast<std::size_t>(begin), 1, 1, row);
        addRow(row, plane.left, plane.top + j, format, drawing);
    }
    return drawing;
}

Result<OverlayDrawing> ofPixels(const OverlayPlane& plane, int frame, const DicomFile& file,
                                const DicomPixelFormat& format, int frameCount, const std::string& path)
{
    const DicomPixelFormat raw = rawFormat(format);
    ByteBlock pixels(frameBytes(raw));
    if (auto decoded = decodeFrame(file, raw, frame, frameCount, pixels, path); !decoded)
        return decoded.error();
    OverlayDrawing drawing;
    const std::size_t size = raw.sampleBytes(), above = static_cast<std::size_t>(plane.bitPosition) / 8;
    const int shift = plane.bitPosition % 8;
    const std::byte* next = pixels.data() + (std::endian::native == std::endian::big ? size - 1 - above : above);
    std::vector<std::byte> row(static_cast<std::size_t>(raw.columns));
    for (int j = 0; j < raw.rows; ++j) {
        for (std::byte& drawn : row) {
            drawn = *next >> shift & std::byte{1};
            next += size;
        }
        addRow(row, 0, j, format, drawing);
    }
    return drawing;
}

} // namespace

std::optional<int> OverlayPlane::frameOver(int imageFrame) const
{
    if (frames == 0)
        return 0;
    const int own = imageFrame - firstFrame;
    return own >= 0 && own < frames ? std::optional(own) : std::nullopt;
}

bool hasOverlay(const DicomDataSet& set, int index)
{
    return set.has(ofOverlay(tag::overlayRows, index)) || set.has(ofOverlay(tag::overlayData, index));
}

Result<OverlayPlane> overlayPlaneOf(const DicomFile& file, int index, const DicomPixelFormat& format)
{
    const DicomDataSet& set = file.dataSet;
    const auto text = [&](DicomTag element) {
        return utf8FromDicom(set.text(ofOverlay(element, index)), set.texts(tag::specificCharacterSet));
    };
    OverlayPlane plane;
    if (!readPlace(set, index, plane))
        return damaged("the overlay's rows, columns or frames are missing or impossible");
    plane.label = text(tag::overlayLabel);
    plane.description = text(tag::overlayDescription);
    plane.isRegion = set.text(ofOverlay(tag::overlayType, index)) == "R";
    const DicomElement* const data = set.find(ofOverlay(tag::overlayData, index));
    const auto read = data ? readBits(*data, plane) : findInPixels(file, index, format, plane);
    return read ? Result<OverlayPlane>(std::move(plane)) : Result<OverlayPlane>(read.error());
}

Result<OverlayDrawing> drawingOver(const OverlayPlane& plane, int frame, const DicomFile& file,
                                   const DicomPixelFormat& format, int frameCount, const std::string& path)
{
    const auto own = plane.frameOver(frame);
    if (!own)
        return OverlayDrawing();
    return plane.bitPosition < 0 ? ofOwnData(plane, *own, format)
                                 : ofPixels(plane, frame, file, format, frameCount, path);
}

} // namespace annotomy
