#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace annotomy {

// The built-in networks, all three-dimensional, of instance norms and leaky ReLUs.
enum class NetworkKind {
    UNet,         // two convolutions a level: nnU-Net's plain U-Net (Isensee et al. 2021)
    ResidualUNet, // residual blocks on the way down, one convolution a level on the way up (Isensee et al. 2024)
    Light,        // one convolution a level: for large images on a CPU
    MeshNet,      // dilated convolutions of one width at full resolution (Fedorov et al. 2017)
};

// Weights of the terms whose sum is the loss; 0 leaves a term out.
struct LossTerms {
    double crossEntropy = 1;
    double focalGamma = 0; // of the cross-entropy: (1 - p)^gamma (Lin et al. 2017); 0: plain
    double dice = 1;       // soft Dice over the batch, without the background
    double tversky = 0;    // 1 - Tversky index (Salehi et al. 2017), without the background
    double tverskyFalsePositives = 0.3;
    double tverskyFalseNegatives = 0.7;
    double boundary = 0; // probability times signed distance to the surface, mm / 10 (Kervadec et al. 2019)
    bool operator==(const LossTerms&) const = default;
};

enum class OptimiserKind {
    AdamW, // Loshchilov and Hutter 2019
    Sgd,   // Nesterov's momentum of 0.99, as nnU-Net
};

enum class RateDecay {
    Polynomial, // (1 - t)^0.9
    Cosine,     // (1 + cos(pi t)) / 2
};

// How a network is built and trained. Stored with every model and run as JSON.
struct Recipe {
    std::string name = "standard";
    // Network: channels double per level from `baseWidth` up to 320; a MeshNet has `baseWidth` throughout.
    NetworkKind network = NetworkKind::UNet;
    int baseWidth = 8;
    int levels = 4;
    Index3 poolings{3, 3, 3}; // how often each axis (i, j, k) is halved, at the deepest levels; at most levels - 1
    // Data
    Vec3 spacing{0, 0, 0};    // target mm; 0: the median over the training cases
    Index3 patch{48, 64, 48}; // voxels (i, j, k), multiples of patchMultiple()
    int batch = 2;
    double foregroundShare = 0.5; // of the patches that are centred on a labelled voxel
    bool augment = true;
    Index3 mirrorAxes{0, 0, 0}; // 1: patches are mirrored along that axis half of the time, and test-time mirroring may
                                // be; not where classes differ by their side only
    double leastClassShare = 0; // of the cross-entropy, for every class in a batch; 0: as much as it has voxels
    LossTerms loss;
    // Optimiser: linear warm-up, then decay over the time or step budget
    OptimiserKind optimiser = OptimiserKind::AdamW;
    RateDecay decay = RateDecay::Polynomial;
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

// What every edge of a patch or tile is a multiple of, in voxels (i, j, k).
Index3 patchMultiple(const Recipe& recipe);

std::string toJsonText(const Recipe& recipe);
Result<Recipe> recipeFromJson(const std::string& text); // checks ranges; Malformed

// The built-in presets, by name: "standard", "light", "fine-tune", "quick".
std::vector<Recipe> builtInRecipes();

} // namespace annotomy
