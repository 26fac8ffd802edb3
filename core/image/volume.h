#pragma once

#include "core/base/result.h"
#include "core/image/volume_geometry.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace annotomy {

enum class VoxelType : std::uint8_t { UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32 };

std::size_t voxelSize(VoxelType type); // bytes

template <class T> constexpr VoxelType voxelTypeOf();
template <> constexpr VoxelType voxelTypeOf<std::uint8_t>() { return VoxelType::UInt8; }
template <> constexpr VoxelType voxelTypeOf<std::int8_t>() { return VoxelType::Int8; }
template <> constexpr VoxelType voxelTypeOf<std::uint16_t>() { return VoxelType::UInt16; }
template <> constexpr VoxelType voxelTypeOf<std::int16_t>() { return VoxelType::Int16; }
template <> constexpr VoxelType voxelTypeOf<std::uint32_t>() { return VoxelType::UInt32; }
template <> constexpr VoxelType voxelTypeOf<std::int32_t>() { return VoxelType::Int32; }
template <> constexpr VoxelType voxelTypeOf<float>() { return VoxelType::Float32; }

// The modality LUT: real value = slope * stored + intercept (DICOM PS3.3 C.11.1).
struct Rescale {
    double slope = 1;
    double intercept = 0;
    bool operator==(const Rescale&) const = default;
};

// Stored values from the lowest to the highest, both included.
struct StoredRange {
    double lowest = 0;
    double highest = 0;
    bool operator==(const StoredRange&) const = default;
};

// How a colour image looks; its voxels are its luminance.
struct VoxelColours {
    std::shared_ptr<const void> owner; // keeps `rgb` alive
    std::span<const std::byte> rgb;    // red, green, blue of every voxel, 0 to 255, in the voxels' order
    double step = 1;                   // stored values per level: three equal levels g are the value g * step
};

// An image: a grid in the patient plus immutable voxels as stored, i fastest, then j, then k. Copies share
// the voxels (heap or file mapping) and are safe to hand to other threads.
class Volume {
public:
    Volume() = default; // no voxels; isNull()

    // Takes the voxels over. Requires voxels.size() == geometry.voxelCount().
    template <class T>
    static Volume fromVoxels(const VolumeGeometry& geometry, std::vector<T> voxels, Rescale rescale = {},
                             std::string unit = {})
    {
        auto owner = std::make_shared<const std::vector<T>>(std::move(voxels));
        const std::span<const std::byte> bytes = std::as_bytes(std::span<const T>(*owner));
        return fromBytes(geometry, voxelTypeOf<T>(), std::move(owner), bytes, rescale, std::move(unit));
    }

    // `bytes` stays alive as long as `owner` does; aligned for `type`.
    // Requires bytes.size() == geometry.voxelCount() * voxelSize(type).
    static Volume fromBytes(const VolumeGeometry& geometry, VoxelType type, std::shared_ptr<const void> owner,
                            std::span<const std::byte> bytes, Rescale rescale, std::string unit);

    bool isNull() const { return !m_owner; }
    const VolumeGeometry& geometry() const { return m_geometry; }
    VoxelType type() const { return m_type; }
    const Rescale& rescale() const { return m_rescale; }
    const std::string& unit() const { return m_unit; } // "HU", "SUVbw", or empty
    std::span<const std::byte> bytes() const { return m_bytes; }
    // The stored values that fill the grid where there is no image (DICOM's Pixel Padding Value).
    const std::optional<StoredRange>& padding() const { return m_padding; }
    void setPadding(const std::optional<StoredRange>& padding) { m_padding = padding; }
    bool hasColours() const { return !m_colours.rgb.empty(); }
    const VoxelColours& colours() const { return m_colours; } // of a grey image empty
    // Requires three bytes a voxel and a step above 0.
    void setColours(VoxelColours colours);

    // Stored values. Requires T to match type().
    template <class T>
    std::span<const T> voxels() const
    {
        assert(voxelTypeOf<T>() == m_type);
        return {reinterpret_cast<const T*>(m_bytes.data()), m_bytes.size() / sizeof(T)};
    }

    // Calls f(std::span<const T>) with the stored type T.
    template <class F>
    decltype(auto) visit(F&& f) const
    {
        switch (m_type) {
        case VoxelType::UInt8: return f(voxels<std::uint8_t>());
        case VoxelType::Int8: return f(voxels<std::int8_t>());
        case VoxelType::UInt16: return f(voxels<std::uint16_t>());
        case VoxelType::Int16: return f(voxels<std::int16_t>());
        case VoxelType::UInt32: return f(voxels<std::uint32_t>());
        case VoxelType::Int32: return f(voxels<std::int32_t>());
        case VoxelType::Float32: break;
        }
        return f(voxels<float>());
    }

    // The real value (rescaled) of one voxel. Requires the index inside the grid.
    double valueAt(const Index3& index) const;

private:
    VolumeGeometry m_geometry;
    VoxelType m_type = VoxelType::UInt8;
    Rescale m_rescale;
    std::string m_unit;
    std::optional<StoredRange> m_padding;
    std::shared_ptr<const void> m_owner;
    std::span<const std::byte> m_bytes;
    VoxelColours m_colours;
};

struct ValueRange {
    double min = 0;
    double max = 0;
    bool operator==(const ValueRange&) const = default;
};

// Smallest and largest real value; non-finite voxels are left out, and padding where there is more than that.
// {0, 0} when there is none.
ValueRange valueRange(const Volume& volume);

// Real values at the given fractions (0 to 1, ascending), from a histogram of at most 2^16 bins over a regular
// sample of at most 2^22 voxels, padding left out: enough to choose a display window.
std::vector<double> percentiles(const Volume& volume, std::span<const double> fractions);

} // namespace annotomy
