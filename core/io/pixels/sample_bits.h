#pragma once

#include "core/io/pixels/dicom_format.h"

#include <cstddef>
#include <span>

namespace annotomy {

// Samples within their bytes. Internal to core/io.

// Whether natively stored samples do not fill whole numbers of 1, 2, 4 or 8 bytes.
bool isPacked(const DicomPixelFormat& format);

// Spreads samples of `bits` bits (1 to 32), the least significant first, from bit `begin` of `packed`, over
// samples of `sampleBytes` bytes. Requires the bits to be there.
void unpackBits(std::span<const std::byte> packed, std::size_t begin, int bits, std::size_t sampleBytes,
                std::span<std::byte> samples);

// Reverses the bytes of each `size`: 1, 2, 4 or 8.
void reverseBytes(std::span<std::byte> bytes, std::size_t size);

// Clears what lies beyond Bits Stored (overlays of old files, rubbish) or extends the sign over it.
void clearUnusedBits(const DicomPixelFormat& format, std::span<std::byte> samples);

// From samples of one byte to samples of two or four.
void widen(std::span<const std::byte> narrow, std::size_t narrowBytes, std::size_t wideBytes,
           std::span<std::byte> wide);

} // namespace annotomy
