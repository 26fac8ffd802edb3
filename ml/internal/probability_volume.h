#pragma once

#include "core/base/result.h"
#include "ml/internal/class_rule.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// The probability of every class but the background at every voxel of an image, as a weighted sum over models. It lies in a
// file without a name, so that memory is the system's to give and to take back; the background is what is missing to 1.
class ProbabilityVolume {
public:
    // The file lies in `folder` for as long as the object lives. Errors: DiskFull, IoFailure.
    static Result<ProbabilityVolume> create(const std::string& folder, std::size_t voxels, int outputs);

    int outputs() const { return m_outputs; }
    std::size_t voxels() const { return m_voxels; }
    std::span<float> ofOutput(std::size_t output) // 1 to outputs() - 1; one value a voxel
    {
        return {m_values.get() + (output - 1) * m_voxels, m_voxels};
    }

    std::vector<std::uint8_t> classes(const ClassRule& rule) const;
    std::vector<float> foreground() const; // 1 - background
    std::vector<float> entropy() const;    // of the classes and the background, nats
    double meanEntropy(std::span<const std::uint8_t> classes) const; // over the voxels that are not background; 0 without one

private:
    ProbabilityVolume(std::shared_ptr<float> values, std::size_t voxels, int outputs)
        : m_values(std::move(values)), m_voxels(voxels), m_outputs(outputs)
    {
    }

    float probability(std::size_t voxel, std::size_t output) const;
    double entropyAt(std::size_t voxel) const;

    std::shared_ptr<float> m_values;
    std::size_t m_voxels;
    int m_outputs;
};

} // namespace annotomy
