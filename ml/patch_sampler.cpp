#include "ml/internal/patch_sampler.h"

#include "ml/internal/augment.h"

#include <algorithm>

namespace annotomy {

PatchSampler::PatchSampler(SamplerSettings settings, std::span<const PreparedCase> train,
                           std::span<const PreparedCase> replay)
    : m_settings(settings), m_train(train), m_replay(replay), m_trainHolders(holdersOf(train)),
      m_replayHolders(holdersOf(replay))
{
    const auto known = static_cast<double>(replay.size()), fresh = static_cast<double>(train.size());
    m_settings.replayShare = std::min(m_settings.replayShare, known / (known + fresh));
}

PatchSampler::Holders PatchSampler::holdersOf(std::span<const PreparedCase> cases)
{
    Holders holders;
    for (const PreparedCase& source : cases)
        for (std::size_t output = 1; output < source.samples.size(); ++output) {
            if (source.samples[output].empty())
                continue;
            holders.resize(std::max(holders.size(), output + 1));
            holders[output].push_back({&source, output});
        }
    std::erase_if(holders, [](const std::vector<Holder>& h) { return h.empty(); });
    return holders;
}

Vec3 PatchSampler::randomCentre(const PreparedCase& source, Random& random) const
{
    Vec3 centre{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double size = source.image.grid.size[a], patch = m_settings.patch[a];
        const double middle = (size - 1) / 2, slack = std::max(0.0, (size - patch) / 2);
        centre[a] = random.uniform(middle - slack, middle + slack);
    }
    return centre;
}

// Within a quarter of a patch of the voxel, and with as little as possible of the patch beyond the image.
Vec3 PatchSampler::centreNear(const PreparedCase& source, std::uint32_t offset, Random& random) const
{
    const Index3 voxel = source.image.grid.indexAt(offset);
    Vec3 centre{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double size = source.image.grid.size[a], patch = m_settings.patch[a];
        const double middle = (size - 1) / 2, slack = std::max(0.0, (size - patch) / 2);
        const double wanted = voxel[a] + random.uniform(-0.25, 0.25) * patch;
        centre[a] = std::clamp(wanted, middle - slack, middle + slack);
    }
    return centre;
}

Patch PatchSampler::patch(std::uint64_t number) const
{
    Random random(m_settings.seed, number);
    const bool replaying = !m_replay.empty() && random.chance(m_settings.replayShare);
    const Holders& holders = replaying ? m_replayHolders : m_trainHolders;
    const std::span<const PreparedCase> cases = replaying ? m_replay : m_train;

    // Every n-th patch of a batch, rather than a coin: each batch holds foreground.
    const double share = m_settings.foregroundShare;
    const auto n = static_cast<double>(number);
    const bool foreground = !holders.empty() && std::floor((n + 1) * share) > std::floor(n * share);
    if (!foreground) {
        const PreparedCase& source = cases[random.below(cases.size())];
        return sampledPatch(source, randomCentre(source, random), m_settings, random);
    }
    const std::vector<Holder>& holdersOfClass = holders[random.below(holders.size())];
    const Holder& holder = holdersOfClass[random.below(holdersOfClass.size())];
    const std::vector<std::uint32_t>& voxels = holder.source->samples[holder.output];
    const std::uint32_t voxel = voxels[random.below(voxels.size())];
    return sampledPatch(*holder.source, centreNear(*holder.source, voxel, random), m_settings, random);
}

} // namespace annotomy
