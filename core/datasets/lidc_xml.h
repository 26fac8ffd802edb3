#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// The annotations of a CT of the Lung Image Database Consortium: what up to four readers outlined, in pixels.

struct LidcOutline {
    std::optional<double> zMm; // the slice's position along the patient's axis
    std::string imageUid;      // SOP Instance UID of the slice; empty where the file does not say
    bool isInclusion = true;   // false: what it encloses is no part of the nodule
    std::vector<std::pair<int, int>> points; // column and row, each pixel the first one outside of what is enclosed
};

struct LidcNodule {
    std::string id;
    std::string characteristics; // "malignancy 3, spiculation 1, ..."
    std::vector<LidcOutline> outlines;
};

struct LidcReader {
    std::vector<LidcNodule> nodules; // of 3 mm and more: those with outlines
    int smallNodules = 0;            // marked by one point
    int nonNodules = 0;
};

struct LidcAnnotations {
    std::string seriesUid, studyUid; // of the CT
    std::vector<LidcReader> readers;
};

// Whether a file begins like one. Other files are never parsed.
bool looksLikeLidc(const std::string& path);

// Errors: Unrecognised, Malformed, Unsupported (more than 64 MiB, more than 10 million points; annotations of chest X-rays).
Result<LidcAnnotations> readLidcXml(const std::string& path);

// Gives the outlines that say only on which image they are its position; `files` are the CT's. Errors: GeometryMismatch when
// an image is none of them; Cancelled.
Result<void> placeByImages(LidcAnnotations& annotations, const std::vector<std::string>& files, std::stop_token stop = {});

// A segment for every reader's nodule, "Reader 1: Nodule 001"; each reader's in a layer of their own, so that what two of
// them outlined may overlap. A voxel belongs to a nodule when its centre lies within an inclusion and on or within no
// exclusion; the outline itself lies outside. Errors: GeometryMismatch when an outline is on no slice of the grid, or has no
// position (placeByImages), or the slices are not axial; TooManySegments; Cancelled.
Result<LabelMap> rasterised(const LidcAnnotations& annotations, const VolumeGeometry& grid, std::stop_token stop = {});

// One sentence on what stays out of the mask; empty when nothing does.
std::string marksLeftOut(const LidcAnnotations& annotations);

} // namespace annotomy
