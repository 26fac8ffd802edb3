#pragma once

#include "tests/fuzz/support/input_files.h"

#include <array>
#include <string>
#include <string_view>

namespace annotomy::fuzz {

// The transfer syntaxes that the first byte of an image input chooses from.
inline constexpr std::array<std::string_view, 16> imageSyntaxes{
    "1.2.840.10008.1.2.1",     "1.2.840.10008.1.2.5",     "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",  "1.2.840.10008.1.2.4.70",  "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",  "1.2.840.10008.1.2.4.91",  "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.8.1",   "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.4.53"};

// The six bytes that an image input begins with.
struct ImageHead {
    std::uint8_t syntax = 0;  // of imageSyntaxes
    std::uint8_t columns = 8; // 1 to 64
    std::uint8_t rows = 8;
    std::uint8_t bits = 1;    // 0 to 7: 8, 16, 32, 1, 12, 10, 64, and float; 8: signed; 16, 32: photometric; 64: planar
    std::uint8_t frames = 1;  // 1 to 4
    std::uint8_t window = 0;  // what else the header has: 1 rescale, 2 padding, 4 palette, 8 overlay
    std::string bytes() const;
};

// A DICOM file with the pixel data of the input; empty when the input is shorter than its head.
std::string imageFile(Bytes input);

} // namespace annotomy::fuzz
