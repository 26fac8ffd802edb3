#pragma once

#include "core/learn/recipe.h"

#include <algorithm>
#include <cstdint>

namespace annotomy {

inline constexpr int maxChannels = 320;

struct NetworkShape {
    NetworkKind kind = NetworkKind::UNet;
    int inputs = 1;
    int outputs = 2; // background and classes
    int baseWidth = 8;
    int levels = 4;
    Index3 poolings{3, 3, 3}; // of each axis (i, j, k); at most levels - 1
};

// The levels of a U-Net, the finest first. Triples run over (i, j, k).
class UNetLevels {
public:
    explicit UNetLevels(const NetworkShape& shape) : m_shape(shape) {}

    int count() const { return m_shape.levels; }
    int heads() const { return std::min(3, count() - 1); } // levels that deep supervision looks at
    int width(int level) const
    {
        return static_cast<int>(std::min<std::int64_t>(std::int64_t{m_shape.baseWidth} << level, maxChannels));
    }
    int inputs(int level) const { return level > 0 ? width(level - 1) : m_shape.inputs; }
    int encoderConvolutions() const { return m_shape.kind == NetworkKind::Light ? 1 : 2; }
    int decoderConvolutions() const { return m_shape.kind == NetworkKind::UNet ? 2 : 1; }
    bool isResidual() const { return m_shape.kind == NetworkKind::ResidualUNet; }
    Index3 kernel(int level) const
    {
        return byAxis([&](int poolings) { return level >= count() - 1 - poolings ? 3 : 1; });
    }
    // From the level above to this one.
    Index3 stride(int level) const
    {
        return byAxis([&](int poolings) { return level > 0 && level > count() - 1 - poolings ? 2 : 1; });
    }

private:
    template <class Rule>
    Index3 byAxis(Rule&& rule) const
    {
        return {rule(m_shape.poolings[0]), rule(m_shape.poolings[1]), rule(m_shape.poolings[2])};
    }

    NetworkShape m_shape;
};

} // namespace annotomy
