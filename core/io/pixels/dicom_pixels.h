#pragma once

#include "core/io/pixels/colour.h"
#include "core/io/pixels/dicom_lut.h"
#include "core/io/pixels/frame_fragments.h"
#include "core/io/pixels/pixel_decoders.h"
#include "core/io/pixels/transfer_syntax.h"

#include <span>

namespace annotomy {

// The frames of one file's pixel data, decoded into this machine's byte order: what lies beyond Bits Stored is
// cleared or sign-extended, colours and palettes become luminance and, where wanted, red, green and blue; a modality
// LUT is applied. Code streams are checked against the header before a library meets them. Internal to core/io.
class DicomFrames {
public:
    // Requires readDicomFile(Pixels or WholeFile); `file` must outlive the object. Errors: those of
    // checkPixelLength.
    static Result<DicomFrames> open(const DicomFile& file, const DicomPixelFormat& format, int frameCount,
                                    const std::string& path);

    // One frame into `out`, and unless `rgb` is empty its colours (3 bytes a voxel), from any thread. Requires 0 <=
    // frame < frameCount, out.size() == frameBytes(format), and of colours format.hasColours(). Errors: Unsupported,
    // Truncated, Malformed, and those of reading.
    Result<void> decode(int frame, std::span<std::byte> out, std::span<std::byte> rgb = {}) const;

private:
    // How decoded samples lie in memory.
    struct Layout {
        int samples = 1; // of a voxel
        SampleOrder order = SampleOrder::ByVoxel;
        DicomColour colour = DicomColour::Grey;
    };

    DicomFrames() = default;
    bool isPlain() const;
    Error error(ErrorCode code, const std::string& detail) const;
    Result<Layout> readSamples(std::size_t frame, std::span<std::byte> samples) const;
    Result<Layout> readNative(std::size_t frame, std::span<std::byte> samples) const;
    Result<Layout> readCoded(std::size_t frame, std::span<std::byte> samples) const;
    Result<Layout> readRle(std::span<const std::byte> encoded, std::span<std::byte> samples) const;
    Result<Layout> readDeflated(std::span<const std::byte> encoded, std::span<std::byte> samples) const;
    Result<Layout> readCodeStream(std::span<const std::byte> encoded, std::span<std::byte> samples) const;
    Result<void> checkCodeStream(const CodeStream& stream) const;
    Result<void> readBytes(std::uint64_t offset, std::span<std::byte> bytes) const;
    Layout unpackNative(std::span<const std::byte> bytes, std::size_t beginBit,
                        std::span<std::byte> samples) const;
    Layout nativeLayout() const;
    const DicomLut* table() const; // whose values the voxels take; null: they are as stored
    Result<void> readTable();
    void convert(std::span<const std::byte> samples, const Layout& layout, std::span<std::byte> out) const;
    void convertColours(std::span<const std::byte> samples, const Layout& layout, std::span<std::byte> rgb) const;

    const DicomFile* m_file = nullptr;
    DicomPixelFormat m_format;
    std::string m_path;
    std::vector<FragmentRange> m_fragments; // of each frame, encapsulated
    std::optional<DicomLut> m_modalityLut;
    std::optional<DicomPalette> m_palette;
};

// As DicomFrames, for one frame alone.
Result<void> decodeFrame(const DicomFile& file, const DicomPixelFormat& format, int frame, int frameCount,
                         std::span<std::byte> out, const std::string& path);

} // namespace annotomy
