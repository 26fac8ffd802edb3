#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace annotomy {

// Which part of a learning experiment a case belongs to; None where the data set does not say.
enum class Split { None, Train, Validation, Test };

struct DatasetImage {
    std::string channel; // as the data set names it: "T1w", "CT"
    std::string path;
    int time = -1; // the volume of a 4-D file that holds several channels; -1: the file has one volume
    bool operator==(const DatasetImage&) const = default;
};

struct DatasetCase {
    std::string name;                 // as the data set names it: "hippocampus_001", "sub-01_ses-02"
    std::string patient;              // cases of the same patient share it; empty: the images' headers say it
    std::vector<DatasetImage> images; // the primary one first: the mask lies on its grid
    std::string seriesUid;            // LIDC: of the CT among the folder's DICOM series, instead of `images`
    std::string maskPath;             // empty: none
    Split split = Split::None;
    bool operator==(const DatasetCase&) const = default;
};

// A name for one value of the mask files, or for several: a region that overlaps others.
struct DatasetLabel {
    std::string name;
    std::vector<std::int64_t> values;
    bool operator==(const DatasetLabel&) const = default;
};

// A collection of images with their masks, as a published layout describes it. No image was opened.
struct Dataset {
    std::string name;
    std::vector<DatasetCase> cases; // by name
    std::vector<DatasetLabel> labels;
    std::vector<std::string> notes; // sentences: what was not understood or left out
    bool operator==(const Dataset&) const = default;
};

// Reads what a folder in a layout ("nnunet", "msd", "bids" or "lidc") holds: names, lists and annotations, no images.
// Paths that lead out of the folder are refused. Errors: InvalidArgument for another layout, NotFound, Malformed,
// EmptyFolder when it holds no case, Cancelled.
Result<Dataset> readDataset(const std::string& layout, const std::string& folder, std::stop_token stop = {});

// As annotomy-reader sends it.
std::string toJsonText(const Dataset& dataset);
Result<Dataset> datasetFromJson(const std::string& text);

} // namespace annotomy
