#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"
#include "core/io/dicom/dicom_data_set.h"

#include <optional>
#include <string>

namespace annotomy {

// Siemens' mosaic: the slices of a whole volume as tiles of one image, row by row. Internal to core/io.
struct DicomMosaic {
    int across = 1; // tiles in a row of the image, and in a column
    int count = 1;  // tiles that are slices; 1 <= count <= across * across
    Vec3 normal{};  // unit vector from tile to tile, LPS; zero where the header does not say
    double spacing = 0; // mm from tile to tile; 0 where the header does not say
    bool operator==(const DicomMosaic&) const = default;
};

// Nothing when the image is no mosaic. The number of slices, their order and distance come from Siemens' private
// elements (0019,100A) and the CSA header (0029,1010). Errors: Unsupported when the image says that it is a mosaic
// but not of what, Malformed when its rows and columns do not hold the tiles.
Result<std::optional<DicomMosaic>> mosaicOf(const DicomDataSet& set, int columns, int rows, const std::string& path);

// Where the first voxel of the first tile lies: Image Position (Patient) of a mosaic is that of an image of the
// whole mosaic's size about the slice's centre. `step` are mm from pixel to pixel along rows and columns, LPS.
Vec3 firstTilePosition(const DicomMosaic& mosaic, const Vec3& position, int columns, int rows, const Vec3& stepI,
                       const Vec3& stepJ);

} // namespace annotomy
