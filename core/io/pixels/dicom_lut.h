#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// A look-up table from stored to other values (PS3.3 C.11.1, C.11.2 and C.7.6.3.1.5). Values below and above
// its range take the first and the last entry. Internal to core/io.
struct DicomLut {
    int first = 0; // the stored value of the first entry
    int bits = 16; // 1 to 16: of an entry
    std::vector<std::uint16_t> values;

    std::size_t indexOf(std::int64_t stored) const;
    std::uint16_t at(std::int64_t stored) const { return values[indexOf(stored)]; }
};

// The table of the Modality LUT Sequence. Requires the sequence to have an item. Errors: Malformed.
Result<DicomLut> modalityLutOf(const DicomDataSet& set, const std::string& path);

// The colours of a PALETTE COLOR image.
struct DicomPalette {
    DicomLut luminance;
    int colourBits = 8;                               // that the entries of the file fill
    std::vector<std::array<std::uint8_t, 3>> colours; // of each entry, in 8 bits

    const std::array<std::uint8_t, 3>& colourOf(std::int64_t stored) const
    {
        return colours[luminance.indexOf(stored)];
    }
};

// From its three tables, plain or segmented. Errors: Malformed, Unsupported.
Result<DicomPalette> paletteOf(const DicomDataSet& set, const std::string& path);

// The range of stored values that a LUT descriptor covers; nothing when it is no descriptor.
struct LutRange {
    int first = 0, count = 0, bits = 16;
};
std::optional<LutRange> lutRangeOf(const DicomDataSet& set, DicomTag descriptor, bool isSigned);

// The table of an item of the VOI LUT Sequence, over the range that its descriptor gives; nothing when there is none.
std::optional<DicomLut> voiLutOf(const DicomDataSet& item, const LutRange& range);

} // namespace annotomy
