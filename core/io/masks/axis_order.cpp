#include "core/io/masks/axis_order.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace annotomy {

namespace {

// Axis a of the reordered grid runs along axis `from[a]` of the original one, backwards where `reversed[a]`.
struct AxisOrder {
    std::array<std::size_t, 3> from{};
    std::array<bool, 3> reversed{};
};

VolumeGeometry reordered(const VolumeGeometry& grid, const AxisOrder& order)
{
    VolumeGeometry result;
    Vec3 start{};
    std::array<Vec3, 3> axes{};
    for (std::size_t a = 0; a < 3; ++a) {
        const std::size_t from = order.from[a];
        result.size[a] = grid.size[from];
        result.spacing[a] = grid.spacing[from];
        axes[a] = (order.reversed[a] ? -1.0 : 1.0) * grid.axis(static_cast<int>(from));
        start[from] = order.reversed[a] ? grid.size[from] - 1 : 0;
    }
    result.origin = grid.patientFromIndex(start);
    result.direction = fromColumns(axes[0], axes[1], axes[2]);
    return result;
}

std::optional<AxisOrder> orderLeadingTo(const VolumeGeometry& grid, const VolumeGeometry& original)
{
    AxisOrder order{{0, 1, 2}, {}};
    do {
        for (unsigned signs = 0; signs < 8; ++signs) {
            order.reversed = {(signs & 1) != 0, (signs & 2) != 0, (signs & 4) != 0};
            if (sameGrid(reordered(original, order), grid))
                return order;
        }
    } while (std::next_permutation(order.from.begin(), order.from.end()));
    return std::nullopt;
}

template <class T>
std::vector<T> reorderedVoxels(std::span<const T> voxels, const VolumeGeometry& original, const AxisOrder& order)
{
    const std::array<std::ptrdiff_t, 3> strides{1, original.size[0],
                                                std::ptrdiff_t{original.size[0]} * original.size[1]};
    std::array<std::ptrdiff_t, 3> step{}, count{};
    std::ptrdiff_t start = 0;
    for (std::size_t a = 0; a < 3; ++a) {
        const std::size_t from = order.from[a];
        count[a] = original.size[from];
        step[a] = order.reversed[a] ? -strides[from] : strides[from];
        start += order.reversed[a] ? (count[a] - 1) * strides[from] : 0;
    }
    std::vector<T> result;
    result.reserve(voxels.size());
    for (std::ptrdiff_t k = 0; k < count[2]; ++k) {
        for (std::ptrdiff_t j = 0; j < count[1]; ++j) {
            for (std::ptrdiff_t i = 0; i < count[0]; ++i)
                result.push_back(voxels[static_cast<std::size_t>(start + i * step[0] + j * step[1] + k * step[2])]);
        }
    }
    return result;
}

} // namespace

std::optional<Volume> inAxisOrderOf(const VolumeGeometry& grid, const Volume& volume)
{
    if (sameGrid(volume.geometry(), grid))
        return volume;
    const auto order = orderLeadingTo(grid, volume.geometry());
    if (!order)
        return std::nullopt;
    return volume.visit([&](auto voxels) {
        return Volume::fromVoxels(grid, reorderedVoxels(voxels, volume.geometry(), *order), volume.rescale(), volume.unit());
    });
}

} // namespace annotomy
