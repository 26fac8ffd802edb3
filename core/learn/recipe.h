#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// How a network is built and trained. Stored with every model and run as JSON; presets stand in resources/recipes.
struct Recipe {
    std::string name = "standard";
    // Network (3-D U-Net): channels double per level from `baseWidth` up to 320.
    int baseWidth = 8;
    int levels = 4;
    bool residual = false;
    // Data
    Vec3 spacing{0, 0, 0};    // target mm; 0: the median over the training cases
    Index3 patch{48, 64, 48}; // voxels (i, j, k), each a multiple of 2^(levels-1)
    int batch = 2;
    double foregroundShare = 0.5; // of the patches that are centred on a labelled voxel
    bool augment = true;
    double leastClassShare = 0; // of the cross-entropy, for every class in a batch; 0: as much as it has voxels
    // Optimiser: AdamW, linear warm-up, then polynomial decay (1 - t)^0.9 over the time or step budget
    double learningRate = 2e-3;
    double weightDecay = 1e-2;
    int warmUpSteps = 20;
    double gradientClip = 12;
    double emaDecay = 0.99; // 0: no moving average
    // Budget
    int maxSteps = 100000;
    double minutes = 10;
    int stepsPerEpoch = 25; // history and validation happen per epoch
    int patienceEpochs = 0; // early stopping; 0: never
    double replayShare = 0.5; // fine-tuning: share of patches from cases the parent was trained on; no more than these
                              // cases are of all, so that a few old ones do not crowd out many new ones
    std::uint64_t seed = 1;
    bool operator==(const Recipe&) const = default;
};

std::string toJsonText(const Recipe& recipe);
Result<Recipe> recipeFromJson(const std::string& text); // checks ranges; Malformed

// The built-in presets, by name: "standard", "light", "fine-tune", "quick".
std::vector<Recipe> builtInRecipes();

} // namespace annotomy
