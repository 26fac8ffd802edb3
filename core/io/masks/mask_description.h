#pragma once

#include "core/base/result.h"
#include "core/image/segment_table.h"
#include "core/image/volume_geometry.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// What a mask file tells of itself, without an image.
struct MaskDescription {
    // One of its segments, with what it consists of: closed contours of a structure set, frames of a segmentation.
    struct Part {
        Segment segment;
        int pieces = 0; // 0 too where the file does not part them by segments
    };

    std::string path;
    std::string format;           // "dicom-seg", "rtstruct", "seg-nrrd"
    std::string type = {};        // of a DICOM segmentation: "BINARY", "FRACTIONAL", "LABELMAP"
    std::vector<Part> parts = {}; // in the order of the file
    int pieces = 0;               // all contours, or all frames
    std::string patientName = {}, patientId = {};
    std::vector<std::string> seriesUids = {}, frameOfReferenceUids = {}; // of the images that it names
    std::optional<VolumeGeometry> grid = {}; // its own; none of contours, and of frames that lie on no even one
};

// Errors: Unrecognised for what says nowhere that it is a mask; those of reading it.
Result<MaskDescription> describeMask(const std::string& path);

std::string toJsonText(const MaskDescription& mask);
Result<MaskDescription> maskDescriptionFromJson(const std::string& text);

} // namespace annotomy
