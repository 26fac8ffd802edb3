#include "ml/internal/memory_steps.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr int leastEdge = 16; // voxels: below, a network sees too little of the image

// nullopt when no edge can be shorter.
std::optional<Index3> smallerPatch(Index3 patch, const Index3& divisor)
{
    int longest = -1;
    Index3 halves{};
    for (int axis = 0; axis < 3; ++axis) {
        const auto a = static_cast<std::size_t>(axis);
        const int unit = std::max(1, divisor[a]);
        halves[a] = patch[a] / 2 / unit * unit;
        const bool possible = halves[a] >= std::max(leastEdge, 2 * unit);
        if (possible && (longest < 0 || patch[a] > patch[static_cast<std::size_t>(longest)]))
            longest = axis;
    }
    if (longest < 0)
        return std::nullopt;
    patch[static_cast<std::size_t>(longest)] = halves[static_cast<std::size_t>(longest)];
    return patch;
}

std::string sizeText(const Index3& size)
{
    return std::to_string(size[0]) + " x " + std::to_string(size[1]) + " x " + std::to_string(size[2]);
}

} // namespace

std::optional<MemoryStep> steppedDown(const MemoryStep& step, const MemoryStep& wanted, const Index3& divisor)
{
    MemoryStep next = step;
    if (step.batch > 1) {
        next.batch = step.batch / 2;
        return next;
    }
    if (const std::optional<Index3> patch = smallerPatch(step.patch, divisor)) {
        next.patch = *patch;
        return next;
    }
    if (step.device == "cpu")
        return std::nullopt;
    next = wanted;
    next.device = "cpu";
    return next;
}

std::string stepNote(const MemoryStep& from, const MemoryStep& to)
{
    const std::string begin = "The memory of " + from.device + " ran out: ";
    if (to.device != from.device)
        return begin + "the CPU is used.";
    if (to.batch != from.batch)
        return begin + "batches of " + std::to_string(to.batch) + " instead of " + std::to_string(from.batch) + " are used.";
    return begin + "patches of " + sizeText(to.patch) + " instead of " + sizeText(from.patch) + " voxels are used.";
}

} // namespace annotomy
