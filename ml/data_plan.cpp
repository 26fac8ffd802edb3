#include "ml/internal/preprocess.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr std::size_t intensitiesPerCase = 20000;
constexpr double patchesPerImage =
    48; // a median image larger than this many patches is seen at a coarser spacing

// What planning gathers while it passes over the cases.
struct Survey {
    std::vector<Vec3> spacings;       // canonical axes
    std::vector<Index3> sizes;        // canonical axes, own spacing
    std::vector<float> foreground;    // real values inside the classes
    std::vector<std::int64_t> voxels; // per output
    std::vector<std::size_t> unlabelled;
    bool allCt = true;
};

void surveyCase(Survey& survey, const CaseFiles& files, const ModelCard& card)
{
    const VolumeGeometry grid = canonicalGrid(files.volume.geometry());
    survey.spacings.push_back(grid.spacing);
    survey.sizes.push_back(grid.size);
    const std::size_t count = files.volume.geometry().voxelCount();
    for (const ModelClass& wanted : card.classes) {
        const Segment* segment = segmentOfClass(files.labels.segments(), wanted, card.classes);
        if (!segment || segment->layer >= files.labels.layerCount())
            continue;
        const std::span<const std::uint8_t> layer = files.labels.layer(segment->layer);
        const auto inside = static_cast<std::size_t>(std::count(layer.begin(), layer.end(), segment->number));
        survey.voxels[static_cast<std::size_t>(wanted.output)] += static_cast<std::int64_t>(inside);
        const std::size_t step = inside / intensitiesPerCase + 1;
        std::size_t seen = 0;
        for (std::size_t n = 0; n < count; ++n)
            if (layer[n] == segment->number && seen++ % step == 0)
                survey.foreground.push_back(
                    static_cast<float>(files.volume.valueAt(files.volume.geometry().indexAt(n))));
    }
}

bool knowsAnyClass(const CaseFiles& files, const ModelCard& card)
{
    const auto known = [&](const ModelClass& wanted) {
        return segmentOfClass(files.labels.segments(), wanted, card.classes) != nullptr;
    };
    return std::any_of(card.classes.begin(), card.classes.end(), known);
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <class T>
Vec3 medianPerAxis(const std::vector<std::array<T, 3>>& rows)
{
    Vec3 out{};
    for (std::size_t a = 0; a < 3; ++a) {
        std::vector<double> values;
        for (const auto& row : rows)
            values.push_back(static_cast<double>(row[a]));
        out[a] = median(values);
    }
    return out;
}

ModelChannel ctChannel(std::vector<float> values)
{
    std::erase_if(values, [](float v) { return !std::isfinite(v); });
    ModelChannel channel{"image", "CT", Normalisation::CtClipZScore, -1000, 1000, 0, 250};
    if (values.empty())
        return channel;
    std::sort(values.begin(), values.end());
    const auto at = [&](double f) {
        return values[static_cast<std::size_t>(f * static_cast<double>(values.size() - 1))];
    };
    channel.clipLow = at(0.005);
    channel.clipHigh = std::max<double>(at(0.995), channel.clipLow + 1);
    double sum = 0, squares = 0;
    for (const float v : values) {
        const double clipped = std::clamp<double>(v, channel.clipLow, channel.clipHigh);
        sum += clipped;
        squares += clipped * clipped;
    }
    const auto n = static_cast<double>(values.size());
    channel.mean = sum / n;
    channel.sd = std::max(1.0, std::sqrt(std::max(0.0, squares / n - channel.mean * channel.mean)));
    return channel;
}

// The median spacing, coarsened along its finest axes until the median image is at most `patchesPerImage`
// patches large.
Vec3 chosenSpacing(const Survey& survey, const Recipe& recipe)
{
    if (recipe.spacing[0] > 0 && recipe.spacing[1] > 0 && recipe.spacing[2] > 0)
        return recipe.spacing;
    Vec3 spacing = medianPerAxis(survey.spacings);
    const Vec3 size = medianPerAxis(survey.sizes);
    const double extent = size[0] * spacing[0] * size[1] * spacing[1] * size[2] * spacing[2];
    const double wanted = patchesPerImage * recipe.patch[0] * recipe.patch[1] * recipe.patch[2];
    while (extent / (spacing[0] * spacing[1] * spacing[2]) > wanted)
        *std::min_element(spacing.begin(), spacing.end()) *= 1.02;
    return spacing;
}

// The recipe's patch, no larger than the median image, in multiples of the divisor.
Index3 chosenPatch(const Survey& survey, const ModelCard& card)
{
    const Vec3 size = medianPerAxis(survey.sizes), own = medianPerAxis(survey.spacings);
    Index3 patch{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double voxels = size[a] * own[a] / card.spacing[a];
        const int step = card.divisor[a];
        const int image = static_cast<int>(std::ceil(voxels / step)) * step;
        const int wanted = std::max(1, card.recipe.patch[a] / step) * step;
        patch[a] = std::max(std::min(wanted, image), 2 * step);
    }
    return patch;
}

} // namespace

Result<DataPlan> planData(ModelCard card, std::span<const TrainingCase> cases, std::stop_token stop,
                          const ProgressReport& report)
{
    Survey survey;
    survey.voxels.assign(card.classes.size() + 1, 0);
    for (std::size_t n = 0; n < cases.size(); ++n) {
        if (stop.stop_requested())
            return cancelledError();
        const Result<CaseFiles> files = readCase(cases[n]);
        if (!files)
            return files.error();
        survey.allCt = survey.allCt && cases[n].modality == "CT";
        if (knowsAnyClass(*files, card))
            surveyCase(survey, *files, card);
        else
            survey.unlabelled.push_back(n);
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(cases.size()));
    }
    DataPlan plan;
    for (const ModelClass& wanted : card.classes)
        if (survey.voxels[static_cast<std::size_t>(wanted.output)] == 0)
            plan.emptyClasses.push_back(wanted.name);
    if (plan.emptyClasses.size() == card.classes.size())
        return Error{ErrorCode::Conflict, {}, "no training case holds a voxel of any class"};
    if (card.channels.empty()) { // a fine-tuned model keeps its parent's view of the data
        card.channels = {survey.allCt
                             ? ctChannel(std::move(survey.foreground))
                             : ModelChannel{"image", cases.front().modality, Normalisation::BodyZScore}};
        card.spacing = chosenSpacing(survey, card.recipe);
        card.patch = chosenPatch(survey, card);
    }
    plan.card = std::move(card);
    plan.unlabelled = std::move(survey.unlabelled);
    return plan;
}

} // namespace annotomy
