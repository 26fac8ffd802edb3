#include "core/metrics/nearest_point_tree.h"

#include <algorithm>
#include <cassert>

namespace annotomy {

namespace {

constexpr std::size_t leafSize = 12;

std::size_t widestAxis(const std::vector<Vec3>& points, std::size_t begin, std::size_t end)
{
    Vec3 lo = points[begin], hi = lo;
    for (std::size_t n = begin; n < end; ++n) {
        for (std::size_t a = 0; a < 3; ++a) {
            lo[a] = std::min(lo[a], points[n][a]);
            hi[a] = std::max(hi[a], points[n][a]);
        }
    }
    const Vec3 extent = hi - lo;
    return static_cast<std::size_t>(std::max_element(extent.begin(), extent.end()) - extent.begin());
}

inline double squaredBetween(const Vec3& a, const Vec3& b)
{
    const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return x * x + y * y + z * z;
}

} // namespace

struct NearestPointTree::Search {
    Vec3 at;
    double best;
    std::size_t nearest;
    Vec3 outside{};        // distance from `at` to the current cell along each axis
    double outsideSquared = 0;
};

NearestPointTree::NearestPointTree(std::vector<Vec3> points) : m_points(std::move(points))
{
    if (m_points.empty())
        return;
    std::size_t nodes = 1;
    for (std::size_t size = m_points.size(); size > leafSize; size = size - size / 2)
        nodes = 2 * nodes + 1;
    m_splits.resize(nodes);
    build(0, m_points.size(), 0);
}

void NearestPointTree::build(std::size_t begin, std::size_t end, std::size_t node)
{
    if (end - begin <= leafSize)
        return;
    const std::size_t axis = widestAxis(m_points, begin, end), middle = begin + (end - begin) / 2;
    const auto at = [this](std::size_t n) { return m_points.begin() + static_cast<std::ptrdiff_t>(n); };
    std::nth_element(at(begin), at(middle), at(end),
                     [axis](const Vec3& a, const Vec3& b) { return a[axis] < b[axis]; });
    m_splits[node] = {m_points[middle][axis], axis};
    build(begin, middle, 2 * node + 1);
    build(middle, end, 2 * node + 2);
}

double NearestPointTree::squaredDistance(const Vec3& at, std::size_t& hint) const
{
    assert(hint < m_points.size());
    Search search{at, squaredBetween(at, m_points[hint]), hint};
    if (search.best > 0)
        visit(0, m_points.size(), 0, search);
    hint = search.nearest;
    return search.best;
}

void NearestPointTree::visit(std::size_t begin, std::size_t end, std::size_t node, Search& search) const
{
    if (end - begin <= leafSize) {
        for (std::size_t n = begin; n < end; ++n) {
            const double squared = squaredBetween(search.at, m_points[n]);
            if (squared < search.best) {
                search.best = squared;
                search.nearest = n;
            }
        }
        return;
    }
    const auto [split, axis] = m_splits[node];
    const std::size_t middle = begin + (end - begin) / 2;
    const double beyond = search.at[axis] - split;
    const bool left = beyond < 0;
    left ? visit(begin, middle, 2 * node + 1, search) : visit(middle, end, 2 * node + 2, search);
    const double before = search.outside[axis], squaredBefore = search.outsideSquared;
    const double squared = squaredBefore - before * before + beyond * beyond;
    if (squared >= search.best)
        return;
    search.outside[axis] = beyond;
    search.outsideSquared = squared;
    left ? visit(middle, end, 2 * node + 2, search) : visit(begin, middle, 2 * node + 1, search);
    search.outside[axis] = before;
    search.outsideSquared = squaredBefore;
}

} // namespace annotomy
