#include "ml/internal/back_projection.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double reach =
    1; // network voxels beyond the outer centres that still take the edge's probabilities

} // namespace

BackProjection::BackProjection(const VolumeGeometry& image, const VolumeGeometry& network, const ClassRule& rule,
                               int outputs)
    : m_width(static_cast<std::size_t>(network.size[0])),
      m_planeSize(m_width * static_cast<std::size_t>(network.size[1])),
      m_outputs(static_cast<std::size_t>(outputs)), m_i(tapsAlong(image, network, 0)),
      m_j(tapsAlong(image, network, 1)), m_k(tapsAlong(image, network, 2)), m_rule(rule),
      m_classes(image.voxelCount(), 0)
{
    const auto byUpper = [](const Tap& a, const Tap& b) { return a.upper < b.upper; };
    std::stable_sort(m_k.begin(), m_k.end(), byUpper);
}

void BackProjection::addTo(ProbabilityVolume& sums, float weight, std::vector<std::size_t> outputs)
{
    m_sums = &sums;
    m_weight = weight;
    m_sumOutputs = std::move(outputs);
}

std::vector<BackProjection::Tap>
BackProjection::tapsAlong(const VolumeGeometry& image, const VolumeGeometry& network, std::size_t networkAxis)
{
    const auto coordinate = [&](const Vec3& ijk) {
        return network.indexFromPatient(image.patientFromIndex(ijk))[networkAxis];
    };
    const double first = coordinate({0, 0, 0});
    std::size_t axis = 0; // of the image, parallel to the network's
    double step = 0;
    for (std::size_t a = 0; a < 3; ++a) {
        Vec3 unit{0, 0, 0};
        unit[a] = 1;
        const double along = coordinate(unit) - first;
        if (std::abs(along) > std::abs(step)) {
            step = along;
            axis = a;
        }
    }
    std::size_t stride = 1;
    for (std::size_t a = 0; a < axis; ++a)
        stride *= static_cast<std::size_t>(image.size[a]);
    const int size = network.size[networkAxis];
    std::vector<Tap> taps;
    for (int n = 0; n < image.size[axis]; ++n) {
        const double x = first + n * step;
        if (x < -reach || x > size - 1 + reach)
            continue;
        double clamped = std::clamp(x, 0.0, static_cast<double>(size - 1));
        if (std::abs(clamped - std::round(clamped)) < 1e-6)
            clamped = std::round(clamped);
        Tap tap;
        tap.target = static_cast<std::size_t>(n) * stride;
        tap.lower = static_cast<int>(clamped);
        tap.weight = static_cast<float>(clamped - tap.lower);
        tap.upper = tap.weight > 0 ? tap.lower + 1 : tap.lower;
        taps.push_back(tap);
    }
    return taps;
}

void BackProjection::addPlane(int k, std::span<const float> probabilities)
{
    std::swap(m_previous, m_current);
    m_current.k = k;
    m_current.probabilities.assign(probabilities.begin(), probabilities.end());
    m_current.surelyBackground.resize(m_planeSize);
    for (std::size_t n = 0; n < m_planeSize; ++n)
        m_current.surelyBackground[n] = probabilities[n] > m_rule.certainBackground();
    gatherEntropy(probabilities);
    for (; m_nextK < m_k.size() && m_k[m_nextK].upper <= k; ++m_nextK) {
        const Tap& tap = m_k[m_nextK];
        project(tap, tap.lower == k ? m_current : m_previous, m_current);
    }
}

void BackProjection::project(const Tap& tap, const Plane& lower, const Plane& upper)
{
    parallelRanges(m_j.size(), 16, [&](std::size_t begin, std::size_t end) {
        std::vector<float> probabilities(m_outputs);
        for (std::size_t row = begin; row < end; ++row)
            projectRow(tap, m_j[row], lower, upper, probabilities);
    });
}

void BackProjection::projectRow(const Tap& k, const Tap& j, const Plane& lower, const Plane& upper,
                                std::span<float> probabilities)
{
    const std::size_t row0 = static_cast<std::size_t>(j.lower) * m_width;
    const std::size_t row1 = static_cast<std::size_t>(j.upper) * m_width;
    for (const Tap& i : m_i) {
        const auto i0 = static_cast<std::size_t>(i.lower), i1 = static_cast<std::size_t>(i.upper);
        const std::size_t corners[4] = {row0 + i0, row0 + i1, row1 + i0, row1 + i1};
        bool isBackground = m_sums == nullptr; // otherwise all probabilities matter
        for (const std::size_t c : corners)
            isBackground = isBackground && lower.surelyBackground[c] && upper.surelyBackground[c];
        if (isBackground) // an average of certainties is certain
            continue;
        const auto inPlane = [&](const Plane& plane, std::size_t output) {
            const float* p = plane.probabilities.data() + output * m_planeSize;
            const float a = p[corners[0]] + i.weight * (p[corners[1]] - p[corners[0]]);
            const float b = p[corners[2]] + i.weight * (p[corners[3]] - p[corners[2]]);
            return a + j.weight * (b - a);
        };
        for (std::size_t output = 0; output < m_outputs; ++output) {
            const float a = inPlane(lower, output);
            probabilities[output] = k.weight > 0 ? a + k.weight * (inPlane(upper, output) - a) : a;
        }
        const std::size_t target = k.target + j.target + i.target;
        m_classes[target] = m_rule.classOf([&](std::size_t output) { return probabilities[output]; });
        for (std::size_t output = 1; m_sums && output < m_outputs; ++output)
            m_sums->ofOutput(m_sumOutputs[output])[target] += m_weight * probabilities[output];
    }
}

void BackProjection::gatherEntropy(std::span<const float> probabilities)
{
    for (std::size_t n = 0; n < m_planeSize; ++n) {
        if (probabilities[n] > 0.5F)
            continue;
        bool foreground = false;
        double entropy = 0;
        for (std::size_t c = 0; c < m_outputs; ++c) {
            const float p = probabilities[c * m_planeSize + n];
            foreground = foreground || p > probabilities[n];
            if (p > 1e-9F)
                entropy -= static_cast<double>(p) * std::log(p);
        }
        if (foreground) {
            m_entropy += entropy;
            ++m_voxels;
        }
    }
}

} // namespace annotomy
