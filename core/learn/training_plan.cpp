#include "core/learn/training_plan.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <optional>

namespace annotomy {

namespace {

constexpr double anisotropy = 3;      // an axis this many times coarser than the others is treated apart
constexpr double poolingRatio = 2;    // an axis is halved when its voxels are less than this longer than the finest
constexpr int shortestPooled = 8;     // edge of a map that may still be halved
constexpr int mostPoolings = 4;       // wider than 16 times the base is not worth its time in these budgets
constexpr double fewestSteps = 500;   // fewer than these teach little
constexpr double wantedSteps = 1000;  // before a patch grows or a network widens
constexpr double usefulSteps = 60000; // more teach no more
constexpr double wantedVoxels = 56.0 * 56 * 56; // of a patch, before a network widens: small ones that see enough learn sooner
constexpr double mostVoxels = 192.0 * 192 * 192;
constexpr double largestShare = 48;   // a median image of more patches than this is seen at a coarser spacing
constexpr int smallestPatchEdge = 32;
constexpr double memoryShare = 0.8; // of what is free
constexpr int smallestWidth = 8;

double quantile(std::vector<double> values, double fraction)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1) + 0.5)];
}

template <class Get>
Vec3 medianOver(const DataFingerprint& data, Get&& get)
{
    Vec3 out{};
    for (std::size_t a = 0; a < 3; ++a) {
        std::vector<double> values;
        for (const CaseFingerprint& one : data.cases)
            values.push_back(get(one, a));
        out[a] = quantile(std::move(values), 0.5);
    }
    return out;
}

// Edges of the median image at `spacing`.
Vec3 medianEdges(const DataFingerprint& data, const Vec3& spacing)
{
    return medianOver(data, [&](const CaseFingerprint& one, std::size_t a) {
        return std::max(1.0, one.size[a] * one.spacing[a] / spacing[a]);
    });
}

Vec3 coarsened(const DataFingerprint& data, Vec3 spacing, double patchVoxels)
{
    const auto voxels = [&] {
        const Vec3 edges = medianEdges(data, spacing);
        return edges[0] * edges[1] * edges[2];
    };
    while (voxels() > largestShare * patchVoxels)
        *std::min_element(spacing.begin(), spacing.end()) *= 1.02;
    return spacing;
}

// Poolings of each axis for a patch of these edges.
Index3 poolingsFor(Vec3 edges, Vec3 spacing)
{
    Index3 poolings{};
    for (int n = 0; n < mostPoolings; ++n) {
        const double finest = *std::min_element(spacing.begin(), spacing.end());
        Index3 halved{};
        for (std::size_t a = 0; a < 3; ++a)
            halved[a] = spacing[a] < poolingRatio * finest && edges[a] >= shortestPooled;
        // An axis as fine as any that is too short ends it for all: no level may halve only what is left.
        for (std::size_t a = 0; a < 3; ++a)
            if (edges[a] < shortestPooled && spacing[a] < poolingRatio * finest && poolings[a] > 0)
                return poolings;
        if (halved == Index3{})
            break;
        for (std::size_t a = 0; a < 3; ++a)
            if (halved[a]) {
                ++poolings[a];
                edges[a] /= 2;
                spacing[a] *= 2;
            }
    }
    return poolings;
}

// The largest patch of at most `voxels`, of the image's proportions in mm where it can, in multiples of what its poolings
// need.
void shapePatch(Recipe& recipe, const Vec3& edges, double voxels)
{
    Vec3 patch = edges;
    const auto count = [&] { return patch[0] * patch[1] * patch[2]; };
    while (count() > voxels) {
        // Take from the axis that covers most of the body, in mm.
        std::size_t longest = 0;
        for (std::size_t a = 1; a < 3; ++a)
            if (patch[a] * recipe.spacing[a] > patch[longest] * recipe.spacing[longest])
                longest = a;
        if (patch[longest] <= smallestPatchEdge)
            break;
        patch[longest] *= 0.97;
    }
    recipe.poolings = poolingsFor(patch, recipe.spacing);
    recipe.levels = std::max(2, *std::max_element(recipe.poolings.begin(), recipe.poolings.end()) + 1);
    const Index3 multiple = patchMultiple(recipe);
    for (std::size_t a = 0; a < 3; ++a)
        recipe.patch[a] = std::max(1, static_cast<int>(std::ceil(patch[a] / multiple[a] - 0.34))) * multiple[a];
}

// "Left kidney", "hippocampus_R".
bool saysSide(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto endsIn = [&](const std::string& end) {
        return text.size() > 2 && text.compare(text.size() - 2, 2, end) == 0;
    };
    return text.find("left") != text.npos || text.find("right") != text.npos || endsIn("_l") || endsIn("_r")
        || endsIn(" l") || endsIn(" r");
}

// From left to right, unless that would make a class another one.
Index3 mirrorAxesFor(const std::vector<ModelClass>& classes)
{
    const auto isSided = [](const ModelClass& c) { return saysSide(c.name) || saysSide(c.type.meaning); };
    const bool sided = std::any_of(classes.begin(), classes.end(), isSided);
    return {sided ? 0 : 1, 0, 0};
}

struct Limits {
    double bytes = 0, seconds = 0, speed = 0;
    int channels = 1, classes = 1;
};

struct Cost {
    double bytes = 0, secondsPerStep = 0;
};

Cost costOf(const Recipe& recipe, const Limits& limits)
{
    return {static_cast<double>(trainingBytes(recipe, limits.channels, limits.classes)),
            trainingMultiplications(recipe, limits.channels, limits.classes) / limits.speed};
}

struct PatchRange {
    double least = 0, most = 0; // voxels
    double steps = 0;           // that it must leave
};

// The largest patch in the range that leaves the steps; nullopt when not even the smallest does.
std::optional<Recipe> fitted(Recipe recipe, const Vec3& edges, const Limits& limits, const PatchRange& range)
{
    for (double voxels = range.most; voxels >= range.least; voxels *= 0.93) {
        shapePatch(recipe, edges, voxels);
        const Cost cost = costOf(recipe, limits);
        if (cost.bytes <= limits.bytes && cost.secondsPerStep * range.steps <= limits.seconds)
            return recipe;
    }
    return std::nullopt;
}

std::string withFigures(const char* pattern, double first, double second)
{
    char text[300];
    std::snprintf(text, sizeof text, pattern, first, second);
    return text;
}

double bytesOfCases(const DataFingerprint& data, const Vec3& spacing)
{
    double voxels = 0;
    for (const CaseFingerprint& one : data.cases) {
        double of = 1;
        for (std::size_t a = 0; a < 3; ++a)
            of *= one.size[a] * one.spacing[a] / spacing[a];
        voxels += of;
    }
    return voxels * (sizeof(float) + 1);
}

// What is tried in turn: a network, and how large its patches may be.
struct Rung {
    Recipe recipe;
    PatchRange patch;
};

// Wider networks first, with patches that see enough; then smaller patches, and the light network.
std::vector<Rung> ladder()
{
    constexpr double smallest = 12.0 * 12 * 12;
    std::vector<Rung> rungs;
    for (const int width : {32, 16, smallestWidth}) {
        Recipe recipe;
        recipe.name = "planned";
        recipe.baseWidth = width;
        recipe.learningRate = width > smallestWidth ? 1e-3 : recipe.learningRate;
        rungs.push_back({recipe, {wantedVoxels, mostVoxels, wantedSteps}});
    }
    Recipe recipe = rungs.back().recipe;
    rungs.push_back({recipe, {smallest, wantedVoxels, fewestSteps}});
    recipe.network = NetworkKind::Light;
    rungs.push_back({recipe, {smallest, wantedVoxels, fewestSteps}});
    recipe.batch = 1;
    rungs.push_back({recipe, {smallest, wantedVoxels, fewestSteps}});
    return rungs;
}

} // namespace

Vec3 targetSpacing(const DataFingerprint& data)
{
    Vec3 spacing = medianOver(data, [](const CaseFingerprint& one, std::size_t a) { return one.spacing[a]; });
    const Vec3 edges = medianOver(data, [](const CaseFingerprint& one, std::size_t a) { return double(one.size[a]); });
    const auto worst = static_cast<std::size_t>(std::max_element(spacing.begin(), spacing.end()) - spacing.begin());
    const double others = std::max(spacing[(worst + 1) % 3], spacing[(worst + 2) % 3]);
    const double longer = std::min(edges[(worst + 1) % 3], edges[(worst + 2) % 3]);
    if (spacing[worst] > anisotropy * others && edges[worst] * anisotropy < longer) {
        std::vector<double> values;
        for (const CaseFingerprint& one : data.cases)
            values.push_back(one.spacing[worst]);
        spacing[worst] = std::max(others, quantile(std::move(values), 0.1));
    }
    return spacing;
}

Result<TrainingPlan> planTraining(const DataFingerprint& data, const TrainingBudget& budget)
{
    for (const DataFinding& finding : findingsOf(data))
        if (finding.stops)
            return Error{ErrorCode::Conflict, "Training", finding.text};
    Limits limits;
    limits.classes = static_cast<int>(data.classes.size());
    limits.seconds = budget.minutes * 60;
    limits.speed = std::max(1e6, data.multiplicationsPerSecond);
    const double total = budget.bytes > 0 ? static_cast<double>(budget.bytes)
                                          : memoryShare * static_cast<double>(data.memoryFree);

    TrainingPlan plan;
    plan.medianSpacing = targetSpacing(data);
    for (const Rung& rung : ladder()) {
        Recipe recipe = rung.recipe;
        recipe.minutes = budget.minutes;
        recipe.mirrorAxes = mirrorAxesFor(data.classes);
        recipe.spacing = plan.medianSpacing;
        // What can be seen of the image in a step decides how fine it is looked at.
        const double affordable = 64.0 * 64 * 64;
        recipe.spacing = coarsened(data, recipe.spacing, affordable);
        const Vec3 edges = medianEdges(data, recipe.spacing);
        const double cases = bytesOfCases(data, recipe.spacing);
        limits.bytes = total - cases;
        const std::optional<Recipe> fits = fitted(recipe, edges, limits, rung.patch);
        if (!fits)
            continue;
        const Cost cost = costOf(*fits, limits);
        plan.recipe = *fits;
        for (std::size_t a = 0; a < 3; ++a)
            plan.medianSize[a] = static_cast<int>(std::lround(edges[a]));
        plan.bytes = static_cast<std::int64_t>(cost.bytes + cases);
        plan.secondsPerStep = cost.secondsPerStep;
        plan.steps = static_cast<int>(std::min(usefulSteps, limits.seconds / cost.secondsPerStep));
        if (recipe.spacing != plan.medianSpacing)
            plan.notes.push_back(withFigures("The images are seen at %.3g mm instead of %.3g mm, so that a patch shows "
                                             "enough of them.",
                                             *std::min_element(recipe.spacing.begin(), recipe.spacing.end()),
                                             *std::min_element(plan.medianSpacing.begin(), plan.medianSpacing.end())));
        if (plan.recipe.network == NetworkKind::Light)
            plan.notes.push_back(withFigures("A light network is taken: a larger one would not see %.0f steps in %.3g "
                                             "minutes, or not fit into memory.",
                                             fewestSteps, budget.minutes));
        return plan;
    }
    Recipe smallest = ladder().back().recipe;
    smallest.spacing = coarsened(data, plan.medianSpacing, 64.0 * 64 * 64);
    shapePatch(smallest, medianEdges(data, smallest.spacing), 32.0 * 32 * 32);
    const Cost cost = costOf(smallest, limits);
    const double needed = cost.bytes + bytesOfCases(data, smallest.spacing);
    if (needed > total)
        return Error{ErrorCode::Conflict, "Training",
                     withFigures("the smallest network needs %.2f GB of memory and %.2f GB may be used", needed / 1e9,
                                 total / 1e9)};
    return Error{ErrorCode::Conflict, "Training",
                 withFigures("%.3g minutes are too short: the smallest network needs about %.1f minutes to learn anything",
                             budget.minutes, std::ceil(cost.secondsPerStep * fewestSteps / 6) / 10)};
}

} // namespace annotomy
