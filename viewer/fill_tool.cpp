#include "viewer/fill_tool.h"

#include "core/edit/region.h"

#include <cmath>

namespace annotomy {

void FillTool::press(const SlicePoint& point)
{
    const VolumeGeometry& geometry = m_volume.geometry();
    for (const double coordinate : point.index)
        if (!(std::abs(coordinate) < 1e6))
            return;
    const Index3 seed{static_cast<int>(std::lround(point.index[0])), static_cast<int>(std::lround(point.index[1])),
                      static_cast<int>(std::lround(point.index[2]))};
    if (!geometry.contains(seed))
        return;
    const double value = m_volume.valueAt(seed);
    const ValueRange range{value - m_options.tolerance, value + m_options.tolerance};
    const std::optional<int> slice = m_options.wholeVolume ? std::nullopt : std::optional(point.layout.nAxis);
    const Result<VoxelSelection> region = floodFill(m_volume, seed, range, slice);
    const bool erase = point.modifiers & Qt::ControlModifier;
    if (region && !region->empty())
        m_sink.apply(*region, "fill", erase ? EditAction::Erase : EditAction::Paint);
}

} // namespace annotomy
