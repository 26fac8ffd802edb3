#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace annotomy {

// One mask made of several of the same image. Each rater is a label for every voxel, below `classes`; 0 is background.
using RaterLabels = std::span<const std::uint8_t>;

// The label that most raters gave; where several were given equally often, `decider`'s if it is one of them, else the lowest.
// Requires equal lengths and at least one rater.
std::vector<std::uint8_t> majorityVote(std::span<const RaterLabels> raters, RaterLabels decider);

struct StapleResult {
    std::vector<std::uint8_t> labels;
    std::vector<std::vector<double>> reliability; // [rater][class]: share of the class's true voxels that the rater found
    int iterations = 0;
};

// Simultaneous truth and performance level estimation for several classes (Warfield, Zou and Wells 2004, section II-D), by
// expectation and maximisation over the distinct combinations of labels. The background that all agree on counts as no more
// voxels than all the others, so that what is large about the image is not taken for reliability. Ends when no reliability
// changes by more than 1e-6, or after 100 rounds. Requires equal lengths and at least one rater.
StapleResult staple(std::span<const RaterLabels> raters, int classes);

} // namespace annotomy
