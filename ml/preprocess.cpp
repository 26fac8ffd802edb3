#include "ml/internal/preprocess.h"

#include "core/image/resample.h"
#include "core/io/volume_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

namespace annotomy {

namespace {

constexpr double bodyThresholdHu = -500; // between air and tissue
constexpr int bodyMargin = 3;            // voxels kept around the body
constexpr std::size_t statisticsSamples = 1 << 19;
constexpr std::size_t samplesPerClass = 20000;

// For every axis of the canonical grid, the axis of `geometry` that runs closest to it.
Index3 closestAxes(const VolumeGeometry& geometry)
{
    Index3 best{0, 1, 2};
    double bestScore = -1;
    Index3 order{0, 1, 2};
    do {
        double score = 0;
        for (int a = 0; a < 3; ++a)
            score += std::abs(geometry.axis(order[static_cast<std::size_t>(a)])[static_cast<std::size_t>(a)]);
        if (score > bestScore + 1e-9) {
            bestScore = score;
            best = order;
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

struct Statistics {
    double mean = 0, sd = 1;
};

Statistics statisticsOf(std::span<const float> values)
{
    double sum = 0, squares = 0;
    for (const float v : values) {
        sum += v;
        squares += static_cast<double>(v) * v;
    }
    if (values.empty())
        return {};
    const auto n = static_cast<double>(values.size());
    const double mean = sum / n;
    return {mean, std::sqrt(std::max(squares / n - mean * mean, 1e-12))};
}

// Reorders `values`.
float quantile(std::vector<float>& values, double fraction)
{
    const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

std::vector<float> regularSample(std::span<const float> values)
{
    std::vector<float> sample;
    const std::size_t step = std::max<std::size_t>(1, values.size() / statisticsSamples);
    sample.reserve(values.size() / step + 1);
    for (std::size_t n = 0; n < values.size(); n += step)
        if (std::isfinite(values[n]))
            sample.push_back(values[n]);
    return sample;
}

// Body: above a tenth of the way from the darkest to the brightest percent. Values are clipped to the body's
// 0.5 and 99.5 percentiles before mean and deviation are taken, so that a bright vessel does not dim
// everything else.
bool normaliseBody(std::vector<float>& values)
{
    std::vector<float> sample = regularSample(values);
    if (sample.empty())
        return false;
    const float dark = quantile(sample, 0.01), bright = quantile(sample, 0.99);
    const float threshold = dark + 0.1F * (bright - dark);
    std::erase_if(sample, [threshold](float v) { return v < threshold; });
    if (sample.empty())
        return false;
    const float low = quantile(sample, 0.005), high = quantile(sample, 0.995);
    for (float& v : sample)
        v = std::clamp(v, low, high);
    const Statistics body = statisticsOf(sample);
    const auto sd = static_cast<float>(std::max(body.sd, 1e-6));
    for (float& v : values)
        v = std::isfinite(v) ? std::clamp((v - static_cast<float>(body.mean)) / sd, -8.0F, 8.0F) : 0.0F;
    return true;
}

void normaliseCt(std::vector<float>& values, const ModelChannel& channel)
{
    const auto low = static_cast<float>(channel.clipLow), high = static_cast<float>(channel.clipHigh);
    const auto mean = static_cast<float>(channel.mean), sd = static_cast<float>(channel.sd);
    for (float& v : values)
        v = ((std::isfinite(v) ? std::clamp(v, low, high) : low) - mean) / sd;
}

// numpy.quantile's linear interpolation. Reorders `values`, which must not be empty.
double interpolatedQuantile(std::vector<float>& values, double fraction)
{
    const double place = fraction * static_cast<double>(values.size() - 1);
    const auto lower = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), lower, values.end());
    const double low = *lower, weight = place - std::floor(place);
    return weight > 0 ? low + weight * (*std::min_element(lower + 1, values.end()) - low) : low;
}

void scaleToUnit(std::vector<float>& values, double low, double high)
{
    const auto from = static_cast<float>(low), scale = static_cast<float>(1 / std::max(high - low, 1e-6));
    for (float& v : values)
        v = std::isfinite(v) ? std::clamp((v - from) * scale, 0.0F, 1.0F) : 0.0F;
}

std::vector<float> finiteValues(std::span<const float> values)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](float v) { return std::isfinite(v); });
    return finite;
}

// The image counts as padded with 0 to the field of view.
void scaleQuantiles(NetworkImage& image, const ModelChannel& channel, const Index3& fieldOfView)
{
    Index3 seen{};
    for (std::size_t a = 0; a < 3; ++a)
        seen[a] = std::max(image.grid.size[a], fieldOfView[a]);
    std::vector<float> values = finiteValues(image.values);
    values.resize(values.size() + voxelCountOf(seen) - image.values.size(), 0.0F);
    const double low = interpolatedQuantile(values, channel.clipLow), high = interpolatedQuantile(values, channel.clipHigh);
    scaleToUnit(image.values, low, high);
}

void normaliseImage(std::vector<float>& values)
{
    const Statistics all = statisticsOf(finiteValues(values));
    const auto mean = static_cast<float>(all.mean), sd = static_cast<float>(std::max(all.sd, 1e-6));
    for (float& v : values)
        v = std::isfinite(v) ? (v - mean) / sd : 0.0F;
}

// All but CtClipZScore. False when the image holds no finite value.
bool normalise(NetworkImage& image, const ModelChannel& channel, const Index3& fieldOfView)
{
    std::vector<float>& values = image.values;
    if (std::none_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
        return false;
    switch (channel.normalisation) {
    case Normalisation::ImageZScore:
        normaliseImage(values);
        return true;
    case Normalisation::Range:
        scaleToUnit(values, channel.clipLow, channel.clipHigh);
        return true;
    case Normalisation::Quantiles:
        scaleQuantiles(image, channel, fieldOfView);
        return true;
    case Normalisation::None:
        std::replace_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); }, 0.0F);
        return true;
    default:
        return normaliseBody(values);
    }
}

IndexBox bodyBox(const NetworkImage& image)
{
    const Index3& size = image.grid.size;
    IndexBox box;
    std::size_t offset = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j) {
            const auto row = std::span(image.values).subspan(offset, static_cast<std::size_t>(size[0]));
            offset += row.size();
            const auto isBody = [](float v) { return v > bodyThresholdHu; };
            const auto first = std::find_if(row.begin(), row.end(), isBody);
            if (first == row.end())
                continue;
            const auto last = std::find_if(row.rbegin(), row.rend(), isBody);
            box.include({static_cast<int>(first - row.begin()), j, k});
            box.include({static_cast<int>(row.rend() - last) - 1, j, k});
        }
    if (box.empty())
        return image.grid.bounds();
    for (std::size_t a = 0; a < 3; ++a) {
        box.lo[a] -= bodyMargin;
        box.hi[a] += bodyMargin;
    }
    return intersection(box, image.grid.bounds());
}

template <class T>
std::vector<T> croppedValues(std::span<const T> values, const VolumeGeometry& grid, const IndexBox& box)
{
    std::vector<T> out;
    out.reserve(static_cast<std::size_t>(box.voxelCount()));
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
        for (int j = box.lo[1]; j < box.hi[1]; ++j) {
            const auto row = values.subspan(grid.offset({box.lo[0], j, k}),
                                            static_cast<std::size_t>(box.hi[0] - box.lo[0]));
            out.insert(out.end(), row.begin(), row.end());
        }
    return out;
}

// The class of every voxel on `grid`.
Result<std::vector<std::uint8_t>> classMap(const LabelMap& labels, const ModelCard& card,
                                           const VolumeGeometry& grid, std::vector<bool>& annotated,
                                           std::stop_token stop)
{
    const Result<LabelMap> moved = resampled(labels, grid, stop);
    if (!moved)
        return moved.error();
    std::vector<std::uint8_t> classes(grid.voxelCount(), 0);
    for (const ModelClass& wanted : card.classes) {
        const Segment* segment = segmentOfClass(labels.segments(), wanted, card.classes);
        if (!segment)
            continue;
        annotated[static_cast<std::size_t>(wanted.output)] = true;
        if (segment->layer < 0 || segment->layer >= moved->layerCount())
            continue;
        const std::span<const std::uint8_t> layer = moved->layer(segment->layer);
        for (std::size_t n = 0; n < classes.size(); ++n)
            if (layer[n] == segment->number)
                classes[n] = static_cast<std::uint8_t>(wanted.output);
    }
    return classes;
}

void collectSamples(PreparedCase& prepared, int outputs)
{
    std::vector<std::size_t> counts(256, 0), seen(256, 0);
    for (const std::uint8_t c : prepared.classes)
        ++counts[c];
    prepared.samples.assign(static_cast<std::size_t>(outputs), {});
    for (std::size_t n = 0; n < prepared.classes.size(); ++n) {
        const std::uint8_t c = prepared.classes[n];
        if (c == 0 || c >= outputs)
            continue;
        const std::size_t step = counts[c] / samplesPerClass + 1;
        if (seen[c]++ % step == 0)
            prepared.samples[c].push_back(static_cast<std::uint32_t>(n));
    }
}

} // namespace

VolumeGeometry canonicalGrid(const VolumeGeometry& geometry)
{
    const Index3 order = closestAxes(geometry);
    VolumeGeometry grid;
    Vec3 corner{0, 0, 0};
    std::array<Vec3, 3> axes{};
    for (std::size_t a = 0; a < 3; ++a) {
        const auto from = static_cast<std::size_t>(order[a]);
        const Vec3 axis = geometry.axis(order[a]);
        const bool flipped = axis[a] < 0;
        grid.size[a] = geometry.size[from];
        grid.spacing[a] = geometry.spacing[from];
        axes[a] = flipped ? -1.0 * axis : axis;
        if (flipped)
            corner[from] = geometry.size[from] - 1;
    }
    grid.direction = fromColumns(axes[0], axes[1], axes[2]);
    grid.origin = geometry.patientFromIndex(corner);
    return grid;
}

VolumeGeometry croppedGrid(const VolumeGeometry& geometry, const IndexBox& box)
{
    VolumeGeometry grid = geometry;
    for (std::size_t a = 0; a < 3; ++a)
        grid.size[a] = box.hi[a] - box.lo[a];
    grid.origin = geometry.patientFromIndex(
        {static_cast<double>(box.lo[0]), static_cast<double>(box.lo[1]), static_cast<double>(box.lo[2])});
    return grid;
}

Result<NetworkImage> networkImage(const Volume& volume, const ModelChannel& channel, const Vec3& spacing,
                                  std::stop_token stop, const Index3& fieldOfView)
try {
    NetworkImage image;
    image.grid = gridWithSpacing(canonicalGrid(volume.geometry()), spacing);
    const bool ct = channel.normalisation == Normalisation::CtClipZScore;
    const Result<Volume> moved =
        resampled(volume, image.grid, ct ? static_cast<float>(channel.clipLow) : 0.0F, stop);
    if (!moved)
        return moved.error();
    const std::span<const float> values = moved->voxels<float>();
    image.values.assign(values.begin(), values.end());
    if (!ct) {
        if (!normalise(image, channel, fieldOfView))
            return Error{ErrorCode::Malformed, {}, "the image holds no finite value"};
        return image;
    }
    const IndexBox body = bodyBox(image);
    if (body != image.grid.bounds()) {
        image.values = croppedValues<float>(image.values, image.grid, body);
        image.grid = croppedGrid(image.grid, body);
    }
    normaliseCt(image.values, channel);
    return image;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, {}, "not enough memory to resample the image"};
}

float paddingValue(const ModelChannel& channel)
{
    if (channel.normalisation != Normalisation::CtClipZScore)
        return 0;
    return static_cast<float>((channel.clipLow - channel.mean) / channel.sd);
}

const Segment* segmentOfClass(const SegmentTable& table, const ModelClass& wanted,
                              const std::vector<ModelClass>& classes)
{
    if (const Segment* named = table.findByName(wanted.name))
        return named;
    const Segment* numbered = table.find(wanted.number);
    if (!numbered)
        return nullptr;
    const auto another = [&](const ModelClass& c) { return c.name == numbered->name; };
    return std::any_of(classes.begin(), classes.end(), another) ? nullptr : numbered;
}

Result<PreparedCase> prepareCase(const std::string& key, const Volume& volume, const LabelMap& labels,
                                 const ModelCard& card, std::stop_token stop)
{
    Result<NetworkImage> image = networkImage(volume, card.channels.front(), card.spacing, stop, card.patch);
    if (!image)
        return Error{image.error().code, key, image.error().detail};
    PreparedCase prepared;
    prepared.key = key;
    prepared.image = std::move(*image);
    const int outputs = static_cast<int>(card.classes.size()) + 1;
    prepared.annotated.assign(static_cast<std::size_t>(outputs), false);
    Result<std::vector<std::uint8_t>> classes =
        classMap(labels, card, prepared.image.grid, prepared.annotated, stop);
    if (!classes)
        return classes.error();
    prepared.classes = std::move(*classes);
    collectSamples(prepared, outputs);
    return prepared;
}

Result<CaseFiles> readCase(const TrainingCase& files)
{
    Result<Volume> volume = mapVolumeFile(files.imagePath);
    if (!volume)
        return volume.error();
    Result<LabelMap> labels = readLabelFile(files.labelPath);
    if (!labels)
        return labels.error();
    if (!sameGrid(volume->geometry(), labels->geometry()))
        return Error{ErrorCode::GeometryMismatch, files.key, "image and mask lie on different grids"};
    return CaseFiles{std::move(*volume), std::move(*labels)};
}

} // namespace annotomy
