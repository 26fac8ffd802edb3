#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"

#include <functional>
#include <optional>
#include <string>

namespace annotomy {

// How much of a device a job takes at once.
struct MemoryStep {
    int batch = 1; // patches or tiles at once
    Index3 patch{}; // voxels
    std::string device = "cpu"; // "cpu", "cuda:0"
    bool operator==(const MemoryStep&) const = default;
};

// The next smaller step: half the batch; with a batch of one, the patch's longest edge halved, in multiples of `divisor` and
// not below two of them or 16 voxels; then the CPU with all that was `wanted`. nullopt: nothing is left.
std::optional<MemoryStep> steppedDown(const MemoryStep& step, const MemoryStep& wanted, const Index3& divisor);

// English sentence for the user.
std::string stepNote(const MemoryStep& from, const MemoryStep& to);

using NoteSink = std::function<void(const std::string& sentence)>;

// Calls attempt(step), beginning with what is wanted, until it does not end with OutOfMemory or nothing smaller is left. Each
// step down is told.
template <class Attempt>
auto withMemorySteps(const MemoryStep& wanted, const Index3& divisor, const NoteSink& note, Attempt&& attempt)
{
    MemoryStep step = wanted;
    while (true) {
        auto outcome = attempt(step);
        const bool ranOut = !outcome && outcome.error().code == ErrorCode::OutOfMemory;
        const std::optional<MemoryStep> next = ranOut ? steppedDown(step, wanted, divisor) : std::nullopt;
        if (!next)
            return outcome;
        if (note)
            note(stepNote(step, *next));
        step = *next;
    }
}

} // namespace annotomy
