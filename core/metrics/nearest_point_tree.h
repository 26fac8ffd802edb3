#pragma once

#include "core/image/vec.h"

#include <cstddef>
#include <vector>

namespace annotomy {

// A k-d tree over points in space for exact nearest-neighbour distances (Bentley 1975; bounds as in Arya and Mount
// 1993). Immutable: many threads may ask at once.
class NearestPointTree {
public:
    explicit NearestPointTree(std::vector<Vec3> points);

    bool empty() const { return m_points.empty(); }

    // The square of the distance from `at` to the nearest point. `hint` starts as any point's number and becomes the
    // nearest one's: asking for neighbours in turn with the last answer makes it quick. Requires a point.
    double squaredDistance(const Vec3& at, std::size_t& hint) const;

private:
    struct Search;
    struct Split {
        double at = 0;
        std::size_t axis = 0;
    };
    void build(std::size_t begin, std::size_t end, std::size_t node);
    void visit(std::size_t begin, std::size_t end, std::size_t node, Search& search) const;

    std::vector<Vec3> m_points; // in tree order
    std::vector<Split> m_splits; // of the inner nodes, heap order
};

} // namespace annotomy
