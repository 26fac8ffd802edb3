#pragma once

#include "core/image/image_info.h"
#include "core/image/volume.h"

#include <cstddef>
#include <vector>

namespace annotomy {

// The window a picture of an image has: the header's own, else 0.5 to 99.5 percentiles.
DisplayWindow windowToShow(const Volume& volume, const ImageInfo& info);

// A PNG of the middle axial slice, at most 96 pixels wide and high, with square millimetres and the header's own window
// (else 0.5 to 99.5 percentiles).
std::vector<std::byte> thumbnailPng(const Volume& volume, const ImageInfo& info);

} // namespace annotomy
