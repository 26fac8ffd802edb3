#pragma once

#include "core/learn/model_card.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// What planning must know of a case; canonical axes (i, j, k towards left, back, head).
struct CaseFingerprint {
    std::string key;     // names the case; no patient data
    std::string patient; // equal for cases of one patient; no patient data either
    std::string pool;    // "train" or "validation"
    std::string modality;
    Vec3 spacing{1, 1, 1}; // mm
    Index3 size{};
    double low = 0, high = 0;              // real values: 0.5 and 99.5 percentile
    std::string imageHash;                 // of the voxels
    std::string labelHash;                 // of the classes on them
    std::vector<std::int64_t> classVoxels; // by output, [0] unused; -1: this case does not know the class
    bool operator==(const CaseFingerprint&) const = default;
};

// The training data as a whole, and the machine that they are to be learnt on.
struct DataFingerprint {
    std::vector<ModelClass> classes;
    std::vector<CaseFingerprint> cases;
    std::string device = "cpu";
    double multiplicationsPerSecond = 0; // in training, measured
    std::int64_t memoryFree = 0;         // bytes, of the device
    bool operator==(const DataFingerprint&) const = default;
};

std::string toJsonText(const DataFingerprint& fingerprint);
Result<DataFingerprint> dataFingerprintFromJson(const std::string& text); // checks ranges; Malformed

// Something about the data that would make a training worthless, or less worth than it seems.
struct DataFinding {
    std::string code; // "emptyClass", "leak", "contradiction", "spacing", "fewCases", "similarNames"
    bool stops = false; // nothing can be learnt
    std::string text;   // one English sentence, naming cases by key
    bool operator==(const DataFinding&) const = default;
};

// Classes without a voxel; one image in both pools, or under two patients; one image with different masks; names of classes
// that differ by case or blanks only; spacings more than three times apart.
std::vector<DataFinding> findingsOf(const DataFingerprint& fingerprint);

} // namespace annotomy
