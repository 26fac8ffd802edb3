#pragma once

#include "core/image/image_info.h"
#include "core/image/volume.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_occasion.h"
#include "core/io/pixels/dicom_format.h"
#include "core/io/series/dicom_mosaic.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// One image plane: a file, or one frame of an enhanced multi-frame file.
struct DicomSlice {
    std::string path;
    int frame = 0;
    int frameCount = 1;
    Vec3 position{};                   // centre of the first voxel, LPS mm
    Vec3 rowAxis{}, columnAxis{};      // unit vectors of increasing column (i) and row (j)
    double spacingI = 1, spacingJ = 1; // mm
    double thickness = 0;              // mm; 0 when not given
    bool spacingKnown = true;
    bool detectorSpacing = false;      // spacingI and J are those of a detector behind the patient
    bool placeKnown = true;            // false: position and axes are made up
    bool stackSpacingKnown = true;     // of images of unknown place: the distance between them
    bool isWholeStack = false;         // no other image joins those of its file
    std::optional<DicomMosaic> mosaic; // the image holds these slices; position and format are the whole image's
    DicomPixelFormat format;
    Rescale rescale;
    std::string sopInstanceUid;
    int instanceNumber = 0;
    bool isLocaliser = false;
    DicomOccasion occasion;
};

// Why the voxels of an image cannot be read although its header can.
struct PixelDamage {
    ErrorCode code{};
    std::string detail;
    bool operator==(const PixelDamage&) const = default;
};

// What the headers of one DICOM image file say.
struct DicomImageFile {
    ImageInfo info;
    std::string transferSyntaxUid;
    std::string unit;
    int losses = 0; // signs that its voxels were compressed with loss: Lossy Image Compression, and the transfer syntax
    std::optional<PixelDamage> damage; // as far as a scan sees it, of an image that is one slice
    std::vector<DicomSlice> slices;    // at least one
};

enum class DicomKind { Image, StructureSet, Segmentation, Other };

// What a file is, from its SOP class, modality and elements; `Other` is sorted out with `reason`.
struct DicomNature {
    DicomKind kind = DicomKind::Other;
    std::string reason;
};
DicomNature natureOf(const DicomFile& file);

// Requires natureOf(file).kind == Image. Errors: Unsupported with a reason, Malformed, Truncated. A slice whose header is
// sound but whose pixel data is not has its place all the same: see DicomImageFile::damage.
Result<DicomImageFile> imageFileOf(const DicomFile& file, const std::string& path);

// The series that a structure set was drawn on; empty when it does not say.
std::string referencedSeriesUid(const DicomDataSet& structureSet);

} // namespace annotomy
