#include "core/learn/training_plan.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

// Measured against the resident memory of trainings (tests/ml/tst_training_cost.cpp): what LibTorch itself takes, and how
// many maps a convolution with its norm leaves behind for the way back, the gradients on their way included.
constexpr double libraryBytes = 300e6;
constexpr double mapsPerConvolution = 3;
constexpr double mapsPerUpsampling = 4; // its result, and both halves of the concatenation
constexpr double parameterCopies = 6;   // weights, gradients, two moments, two averages
constexpr double backwardFactor = 3;    // of the multiplications of the way forward
constexpr int greatestWidth = 320;
constexpr int meshNetLayers = 10;

struct Level {
    double voxels = 0; // of the whole batch
    double width = 0;
    double above = 0; // inputs of the first convolution
    double kernel = 27;
};

std::vector<Level> levelsOf(const Recipe& recipe, int channels)
{
    std::vector<Level> levels;
    for (int level = 0; level < recipe.levels; ++level) {
        Level one;
        one.voxels = recipe.batch;
        one.kernel = 1;
        for (std::size_t a = 0; a < 3; ++a) {
            const int first = recipe.levels - 1 - recipe.poolings[a];
            one.voxels *= static_cast<double>(recipe.patch[a] >> std::max(0, level - first));
            one.kernel *= level >= first ? 3 : 1;
        }
        one.width = static_cast<double>(std::min(recipe.baseWidth << level, greatestWidth));
        one.above = levels.empty() ? channels : levels.back().width;
        levels.push_back(one);
    }
    return levels;
}

int encoderConvolutions(NetworkKind kind, std::size_t level)
{
    return kind == NetworkKind::Light ? 1 : kind == NetworkKind::ResidualUNet && level > 0 ? 4 : 2;
}

int decoderConvolutions(NetworkKind kind)
{
    return kind == NetworkKind::UNet ? 2 : 1;
}

double voxelsOf(const Recipe& recipe)
{
    return static_cast<double>(recipe.batch) * recipe.patch[0] * recipe.patch[1] * recipe.patch[2];
}

} // namespace

double trainingMultiplications(const Recipe& recipe, int channels, int classes)
{
    const double width = recipe.baseWidth;
    if (recipe.network == NetworkKind::MeshNet)
        return backwardFactor * voxelsOf(recipe) * width * (27 * ((meshNetLayers - 1) * width + channels) + classes + 1);
    double sum = 0;
    const std::vector<Level> levels = levelsOf(recipe, channels);
    for (std::size_t n = 0; n < levels.size(); ++n) {
        const Level& l = levels[n];
        const double square = l.kernel * l.width * l.width;
        sum += l.voxels * (l.kernel * l.above * l.width + (encoderConvolutions(recipe.network, n) - 1) * square);
        if (n + 1 < levels.size())
            sum += l.voxels * ((decoderConvolutions(recipe.network) + 1) * square + l.width * (classes + 1));
    }
    return backwardFactor * sum;
}

std::int64_t trainingBytes(const Recipe& recipe, int channels, int classes)
{
    const double width = recipe.baseWidth, outputs = classes + 1;
    double maps = 0, weights = 0;
    if (recipe.network == NetworkKind::MeshNet) {
        maps = voxelsOf(recipe) * width * meshNetLayers * mapsPerConvolution;
        weights = 27 * width * width * meshNetLayers;
    } else {
        const std::vector<Level> levels = levelsOf(recipe, channels);
        for (std::size_t n = 0; n < levels.size(); ++n) {
            const Level& l = levels[n];
            const bool hasDecoder = n + 1 < levels.size();
            const double convolutions = encoderConvolutions(recipe.network, n)
                + (hasDecoder ? decoderConvolutions(recipe.network) : 0);
            maps += l.voxels * l.width * (convolutions * mapsPerConvolution + (hasDecoder ? mapsPerUpsampling : 0));
            weights += l.kernel * l.width * (l.above + (convolutions + (hasDecoder ? 1 : 0)) * l.width);
        }
    }
    maps += voxelsOf(recipe) * outputs * 8; // logits, probabilities and the loss's products
    return static_cast<std::int64_t>(libraryBytes + 4 * (maps + parameterCopies * weights));
}

} // namespace annotomy
