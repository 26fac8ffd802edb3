#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"

#include <string>
#include <vector>

namespace annotomy {

struct RtContour {
    std::vector<Vec3> points; // LPS mm, closed by joining the last to the first
};

struct RtRoi {
    int number = 0;
    std::string name;
    Colour colour;
    bool hasColour = false;
    CodedConcept type;         // RT ROI Identification Code; empty when there is none
    std::string algorithmType; // "MANUAL", "SEMIAUTOMATIC" or "AUTOMATIC"; empty when it does not say
    std::vector<RtContour> contours; // CLOSED_PLANAR only
};

struct RtStructureSet {
    std::string frameOfReferenceUid;
    std::string referencedSeriesUid;
    std::vector<RtRoi> rois;
    std::vector<std::string> skipped; // ROIs and contours left out, how many and why
};

// Reads an RT Structure Set (DICOM PS3.3 C.8.8.5, C.8.8.6). Errors: Unrecognised, Truncated, Malformed.
Result<RtStructureSet> readRtStructureSet(const std::string& path);

// Fills the contours at voxel centres: a voxel is inside when its centre lies inside an odd number of its
// slice's contours of the ROI (even-odd, so holes by XOR and keyholes work). Contours are assigned to the
// grid slice nearest to their plane; of several planes within one slice the nearest to its centre counts.
// ROIs that overlap go to further layers; numbers are given in ROI order. What of an ROI lies outside of the image is
// clipped; an ROI that was drawn wholly elsewhere (on another series), or has no contours, becomes a segment without
// voxels. What was clipped, left out or skipped is appended to `notes`. Errors: GeometryMismatch when all contours there
// are lie off the grid, or some of an ROI's are not parallel to its slices; TooManySegments; Cancelled.
Result<LabelMap> rasterised(const RtStructureSet& structures, const VolumeGeometry& grid,
                            std::stop_token stop = {}, const ProgressReport& report = {},
                            std::vector<std::string>* notes = nullptr);

} // namespace annotomy
