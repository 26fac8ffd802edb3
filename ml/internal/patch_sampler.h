#pragma once

#include "core/image/vec.h"
#include "ml/internal/network_image.h"
#include "ml/internal/random.h"

#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// One training example, patch-sized, i fastest.
struct Patch {
    std::vector<float> values;
    std::vector<std::uint8_t> classes;
    std::vector<bool> annotated; // per output
};

struct SamplerSettings {
    Index3 patch{};
    double foregroundShare = 0.5;
    double replayShare = 0; // of the patches, drawn from the replay cases; at most their share of all cases
    bool augment = true;
    Index3 mirrorAxes{0, 0, 0}; // 1: augmented patches are mirrored along this axis half of the time
    float padding = 0; // value beyond the image
    std::uint64_t seed = 1;
};

// Draws patches. Patch number n depends on the settings, the cases and n alone: any thread may make it, and a
// resumed run continues the same sequence.
class PatchSampler {
public:
    // The cases outlive the sampler. Requires at least one training case.
    PatchSampler(SamplerSettings settings, std::span<const PreparedCase> train,
                 std::span<const PreparedCase> replay);

    Patch patch(std::uint64_t number) const;

private:
    struct Holder { // a case that holds voxels of a class
        const PreparedCase* source;
        std::size_t output;
    };
    using Holders = std::vector<std::vector<Holder>>; // per class that occurs

    static Holders holdersOf(std::span<const PreparedCase> cases);
    Vec3 randomCentre(const PreparedCase& source, Random& random) const;
    Vec3 centreNear(const PreparedCase& source, std::uint32_t offset, Random& random) const;

    SamplerSettings m_settings;
    std::span<const PreparedCase> m_train, m_replay;
    Holders m_trainHolders, m_replayHolders;
};

} // namespace annotomy
