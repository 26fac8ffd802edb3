#pragma once

#include "core/datasets/coco_rle.h"
#include "core/datasets/dataset.h"
#include "core/datasets/label_union.h"

#include <string>
#include <vector>

namespace annotomy {

// The texts that describe a data set in each layout; see docs/file-formats.md.

struct DatasetDescription {
    std::string name;
    std::vector<std::string> channels; // as the layout's readers should treat them: "CT", "MRI"
    std::vector<LabelUnion::Label> labels;
    std::vector<std::pair<std::string, Split>> cases; // names with their parts
    bool hasShearedGrid = false;                      // SimpleITK refuses those
};

std::string nnUnetDatasetJson(const DatasetDescription& dataset);
// One fold: nnU-Net draws the others itself. Requires a case to validate on.
std::string nnUnetSplitsJson(const DatasetDescription& dataset);
std::string msdDatasetJson(const DatasetDescription& dataset);

std::string bidsDescriptionJson(const DatasetDescription& dataset, bool isDerivative);
std::string bidsParticipantsTable(const std::vector<std::pair<std::string, Split>>& participants);
std::string bidsLabelTable(const std::vector<LabelUnion::Label>& labels);

struct CocoSlice {
    std::string file; // relative to the folder of images
    int width = 0, height = 0;
    std::string caseName;
    int index = 0; // along the plane's normal, from 0
    std::array<double, 2> spacingMm{}; // across and down
    struct Part {
        int label = 0;
        CocoMask mask;
    };
    std::vector<Part> parts;
};
std::string cocoJson(const DatasetDescription& dataset, const std::string& view, const std::vector<CocoSlice>& slices);

// The slices of a document that cocoJson wrote. Errors: Malformed.
Result<std::vector<CocoSlice>> cocoSlices(const std::string& json);

} // namespace annotomy
