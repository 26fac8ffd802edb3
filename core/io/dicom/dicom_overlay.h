#pragma once

#include "core/io/dicom/dicom_data_set.h"
#include "core/io/pixels/dicom_format.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// An overlay plane of a DICOM image (PS3.3 C.9.2): a bit for each pixel of a rectangle that lies over the image, or
// partly or wholly beside it. Internal to core/io.
struct OverlayPlane {
    std::string label, description; // UTF-8
    bool isRegion = false; // of type R, a region of interest; else G, graphics
    int columns = 0, rows = 0;
    int left = 0, top = 0;   // the image's column and row, from 0, of its first pixel
    int firstFrame = 0;      // the image's frame, from 0, that its first one lies over
    int frames = 0;          // 0: the only one lies over all of the image's frames
    int bitPosition = -1;    // the bit of the image's own pixels that it lies in; -1: it has data of its own
    std::vector<std::byte> bits; // its own: row by row, frame by frame without a gap, the lowest bit of a byte first

    // The overlay's frame over one of the image's; nothing when there is none.
    std::optional<int> frameOver(int imageFrame) const;
};

// Pixels that are drawn, side by side in one row of the image; within it.
struct OverlayRun {
    int column = 0, row = 0, length = 0;
};
struct OverlayDrawing {
    std::vector<OverlayRun> runs; // in ascending rows, and columns within a row
    bool isCut = false;           // something is drawn beyond the image
};

inline constexpr int mostOverlays = 16; // of an image: groups 6000, 6002, ... 601E

// Whether the image has its overlay `index`, from 0. It may still be damaged, or blank.
bool hasOverlay(const DicomDataSet& set, int index);

// Requires hasOverlay. Its own data is proven to hold all of its frames; its label and description may be empty.
// Errors: Malformed or Unsupported with a clause such as "the overlay has no data".
Result<OverlayPlane> overlayPlaneOf(const DicomFile& file, int index, const DicomPixelFormat& format);

// What is drawn over one frame of the image. Requires 0 <= frame < frameCount. Errors: those of reading the pixels,
// for a plane that lies in them.
Result<OverlayDrawing> drawingOver(const OverlayPlane& plane, int frame, const DicomFile& file,
                                   const DicomPixelFormat& format, int frameCount, const std::string& path);

} // namespace annotomy
