#pragma once

#include "core/image/volume.h"
#include "core/io/dicom/dicom_data_set.h"

#include <string>

namespace annotomy {

// What the samples of a voxel are (PS3.3 C.7.6.3.1.2). The voxels are their luminance.
enum class DicomColour { Grey, Palette, Rgb, Ybr, YbrPartial };

// How the voxels of a DICOM image are stored (PS3.3 C.7.6.3). Internal to core/io.
struct DicomPixelFormat {
    int columns = 0, rows = 0;
    int bitsAllocated = 16, bitsStored = 16, highBit = 15;
    bool isSigned = false;
    bool isFloat = false;  // Float or Double Float Pixel Data
    bool inverted = false; // MONOCHROME1
    DicomColour colour = DicomColour::Grey;
    int samples = 1;               // of a voxel
    bool isPlanar = false;         // natively: one plane a sample
    bool isHalved = false;         // natively: two voxels share their colours (YBR_FULL_422)
    bool hasModalityLut = false;   // whose values are those of the decoded voxels
    int tableBits = 0;             // of the values of a palette or modality LUT; 0 without
    int colourBits = 0;            // of red, green and blue; 0: there are none to show
    bool operator==(const DicomPixelFormat&) const = default;

    bool hasColours() const { return colourBits > 0; }

    std::size_t voxels() const
    {
        return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    }
    // Bytes of a sample in memory: 1, 2, 4 or 8.
    std::size_t sampleBytes() const
    {
        return bitsAllocated <= 8 ? 1 : bitsAllocated <= 16 ? 2 : bitsAllocated <= 32 ? 4 : 8;
    }
    VoxelType type() const; // of a decoded voxel
};

// Of one decoded frame.
std::size_t frameBytes(const DicomPixelFormat& format);
// Of one frame as it is stored natively; frames follow one another without a gap.
std::uint64_t nativeFrameBits(const DicomPixelFormat& format);

// What the header says of the voxels. Errors: Unsupported, Malformed, with a reason; sizes and bits that
// contradict one another are refused, since every later length would be wrong.
Result<DicomPixelFormat> pixelFormatOf(const DicomDataSet& set, const std::string& path);

// Pixel Padding Value to Pixel Padding Range Limit (PS3.3 C.7.5.1.1.2), in stored values; nothing where the
// decoded voxels are others than the stored ones.
std::optional<StoredRange> paddingOf(const DicomDataSet& set, const DicomPixelFormat& format);

// Whether the pixel data holds `frames` frames, in a transfer syntax that is read. Errors: Unsupported (names
// the transfer syntax), Truncated, Malformed.
Result<void> checkPixelLength(const DicomFile& file, const DicomPixelFormat& format, int frames,
                              const std::string& path);

} // namespace annotomy
