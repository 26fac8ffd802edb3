#pragma once

#include "core/io/masks/mask_file.h"
#include "core/io/series.h"

namespace annotomy {

// Overlay planes of DICOM images (PS3.3 C.9.2: drawings or text over them) as a mask: one segment for each of the
// sixteen groups in which anything is drawn, named after the overlay's label, else its description, else "Overlay 1" to
// "Overlay 16". Segments that overlap go to further layers. What is drawn beside the image is left out, as is a damaged
// plane; both are told in `notes`.

// Of a series, on its grid. Without segments where the planes are blank. Errors: NotFound when no image has a plane;
// Malformed when every plane is damaged; Unsupported for a series resampled onto an even grid; those of reading;
// Cancelled.
Result<LabelMap> readOverlays(const SeriesEntry& entry, std::stop_token stop = {}, const ProgressReport& report = {},
                              MaskNotes* notes = nullptr);

// Of one image file, or of all below a folder, placed on `grid` by where the images lie. Errors: as above, and
// GeometryMismatch when none of the images with a drawing lies on the grid (others are told in `notes`).
Result<LabelMap> readOverlays(const std::string& path, const VolumeGeometry& grid, std::stop_token stop = {},
                              const ProgressReport& report = {}, MaskNotes* notes = nullptr);

// The same on the images' own grid. Unsupported when they are of several series.
Result<LabelMap> readOverlays(const std::string& path, std::stop_token stop = {}, const ProgressReport& report = {},
                              MaskNotes* notes = nullptr);

} // namespace annotomy
