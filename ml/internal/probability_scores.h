#pragma once

#include "core/image/volume_geometry.h"
#include "core/learn/worker_messages.h"
#include "ml/internal/class_rule.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// Gathers, plane by plane, what a model's probabilities tell of how unsure it is of an image. Memory does not depend on the
// image's size.
class ProbabilityScores {
public:
    ProbabilityScores(const VolumeGeometry& grid, const ModelCard& card);

    // [outputs][voxels], output 0 the background's.
    void addPlane(std::span<const float> probabilities);

    // Everything but key, disagreement, embedding and seconds.
    CaseScores scores() const;

    // Mean and standard deviation of each output's probability over the image: [2 * outputs], means first.
    std::vector<double> moments() const;

private:
    static constexpr std::size_t bins = 1024; // of probabilities from 0 to 1
    struct Output {
        double voxels = 0; // that are of this class
        double entropy = 0;
        double sum = 0, squares = 0;
        std::array<double, bins> counts{};
    };

    double meanOfLargest(const Output& output) const;

    ClassRule m_rule;
    std::vector<ModelClass> m_classes;
    std::vector<Output> m_outputs;
    double m_millilitres = 0; // a voxel
    double m_voxels = 0;
    double m_margin = 0; // summed over the foreground
};

} // namespace annotomy
