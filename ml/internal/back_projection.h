#pragma once

#include "core/image/volume_geometry.h"
#include "ml/internal/class_rule.h"
#include "ml/internal/probability_volume.h"

#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// Turns probability planes on the network's grid into labels on the image's own grid, plane by plane: class
// probabilities are interpolated trilinearly at every voxel of the image, and a rule makes a class of them. Voxels
// further than one network voxel beyond the outer centres of the network's grid (cropped air) are background. Holds two
// planes.
//
// The axes of the two grids run parallel, in any order and direction (see canonicalGrid).
class BackProjection {
public:
    BackProjection(const VolumeGeometry& image, const VolumeGeometry& network, const ClassRule& rule, int outputs);

    // From now on the probabilities, times `weight`, are added to `sums`, too, which lives until the last plane.
    // `outputs`: what each output is called there.
    void addTo(ProbabilityVolume& sums, float weight, std::vector<std::size_t> outputs);

    // Planes of the network's grid in ascending k, [outputs][j][i], each once.
    void addPlane(int k, std::span<const float> probabilities);

    // After the last plane: the class (output) of every voxel of the image.
    std::vector<std::uint8_t> takeClasses() { return std::move(m_classes); }

    // Nats, over the network's voxels whose largest probability is not background's; 0 when there is none.
    double meanForegroundEntropy() const { return m_voxels > 0 ? m_entropy / m_voxels : 0; }

private:
    struct Tap {            // where a voxel of the image falls along one axis of the network's grid
        std::size_t target; // offset of the image's voxel along this axis
        int lower = 0, upper = 0;
        float weight = 0; // of upper
    };
    struct Plane {
        int k = -1;
        std::vector<float> probabilities;
        std::vector<std::uint8_t> surelyBackground; // no class is possible
    };

    static std::vector<Tap> tapsAlong(const VolumeGeometry& image, const VolumeGeometry& network,
                                      std::size_t networkAxis);
    void project(const Tap& tap, const Plane& lower, const Plane& upper);
    void projectRow(const Tap& k, const Tap& j, const Plane& lower, const Plane& upper, std::span<float> probabilities);
    void gatherEntropy(std::span<const float> probabilities);

    std::size_t m_width, m_planeSize, m_outputs;
    std::vector<Tap> m_i, m_j, m_k; // m_k ascending by lower plane
    std::size_t m_nextK = 0;
    ClassRule m_rule;
    ProbabilityVolume* m_sums = nullptr;
    float m_weight = 1;                     // in m_sums
    std::vector<std::size_t> m_sumOutputs; // by output
    Plane m_previous, m_current;
    std::vector<std::uint8_t> m_classes;
    double m_entropy = 0, m_voxels = 0;
};

} // namespace annotomy
