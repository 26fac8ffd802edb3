#pragma once

#include "core/image/segment_table.h"
#include "core/learn/recipe.h"

#include <string>
#include <vector>

namespace annotomy {

enum class Normalisation {
    CtClipZScore, // clip to [clipLow, clipHigh], subtract mean, divide by sd (from the training cases' foreground)
    BodyZScore,   // per image: z-score inside the body (values above a threshold between air and tissue)
    ImageZScore,  // per image: z-score over all voxels
    Range,        // [clipLow, clipHigh] to [0, 1], clipped
    Quantiles,    // per image: its quantiles clipLow and clipHigh (0 to 1) to [0, 1], clipped
    None,         // real values as they are
};

// What a network's logits are of.
enum class OutputKind {
    Softmax, // classes that exclude each other; channel 0 is the background
    Sigmoid, // each class on its own; channel n belongs to the class of output n + 1, there is none of the background
};

// In which order and direction a network's tensor runs through the patient.
enum class AxisOrder {
    Kji, // [k, j, i]: towards head, back and left (LPS), the first slowest: Annotomy's own
    Ijk, // [i, j, k]: towards right, front and head (RAS), the first slowest: MONAI's and nibabel's
};

struct ModelChannel {
    std::string name;     // "image" for the primary volume
    std::string modality; // "CT", "MR", ...
    Normalisation normalisation = Normalisation::BodyZScore;
    double clipLow = 0, clipHigh = 0, mean = 0, sd = 1; // real values; CtClipZScore, Range, Quantiles
    bool operator==(const ModelChannel&) const = default;
};

struct ModelClass {
    int output = 0; // channel of the logits; 0 is background and not listed
    std::string name;
    SegmentNumber number = 0; // segment it becomes
    Colour colour;
    CodedConcept category, type;
    double threshold = 0;     // probability from which a voxel may be of this class; 0: the largest probability wins
    bool largestOnly = false; // of what is found, the largest connected component is kept
    bool operator==(const ModelClass&) const = default;
};

// The `network` of models that were not built here.
inline constexpr const char* foreignNetwork = "foreign";

// What must be known to run a model; lives as "card.json" inside the TorchScript file (docs/file-formats.md).
struct ModelCard {
    int version = 1;
    std::string name;
    std::string network; // "unet3d" for every built-in one (recipe.network says which), or foreignNetwork
    std::vector<ModelChannel> channels;
    std::vector<ModelClass> classes;
    Vec3 spacing{1, 1, 1}; // mm the network sees
    Index3 patch{48, 64, 48};
    Index3 divisor{8, 8, 8}; // tile edges (i, j, k) are multiples of these
    OutputKind outputKind = OutputKind::Softmax;
    AxisOrder axisOrder = AxisOrder::Kji;
    double temperature = 1; // that logits are divided by (Guo et al. 2017); from the validation cases
    Recipe recipe;
    std::string parentHash;              // SHA-256 of the parent model's file, or empty
    std::vector<std::string> caseHashes; // of the training cases' images and masks
    std::string figuresJson = "{}";      // validation figures at the end of training
    bool operator==(const ModelCard&) const = default;
};

std::string toJsonText(const ModelCard& card);
Result<ModelCard> modelCardFromJson(const std::string& text); // checks ranges; Malformed

} // namespace annotomy
