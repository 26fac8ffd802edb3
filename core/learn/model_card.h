#pragma once

#include "core/image/segment_table.h"
#include "core/learn/recipe.h"

#include <string>
#include <vector>

namespace annotomy {

enum class Normalisation {
    CtClipZScore,   // clip to [clipLow, clipHigh], subtract mean, divide by sd (from the training cases' foreground)
    BodyZScore,     // per image: z-score inside the body (values above a threshold between air and tissue)
};

struct ModelChannel {
    std::string name;     // "image" for the primary volume
    std::string modality; // "CT", "MR", ...
    Normalisation normalisation = Normalisation::BodyZScore;
    double clipLow = 0, clipHigh = 0, mean = 0, sd = 1; // real values; CtClipZScore only
    bool operator==(const ModelChannel&) const = default;
};

struct ModelClass {
    int output = 0; // channel of the logits; 0 is background and not listed
    std::string name;
    SegmentNumber number = 0; // segment it becomes
    Colour colour;
    CodedConcept category, type;
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
    Recipe recipe;
    std::string parentHash;              // SHA-256 of the parent model's file, or empty
    std::vector<std::string> caseHashes; // of the training cases' images and masks
    std::string figuresJson = "{}";      // validation figures at the end of training
    bool operator==(const ModelCard&) const = default;
};

std::string toJsonText(const ModelCard& card);
Result<ModelCard> modelCardFromJson(const std::string& text); // checks ranges; Malformed

} // namespace annotomy
