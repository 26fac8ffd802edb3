#pragma once

#include "core/base/result.h"
#include "core/image/volume.h"

#include <bit>
#include <memory>
#include <span>
#include <string>

namespace annotomy {

// Memory for voxels, uninitialised, that a Volume can take over. Internal to core/io.
class VoxelBuffer {
public:
    // Errors: OutOfMemory, also when the machine has less memory than that; `path` is the subject.
    static Result<VoxelBuffer> allocate(std::uint64_t bytes, const std::string& path);

    std::span<std::byte> bytes() { return {m_data.get(), m_size}; }
    std::span<const std::byte> bytes() const { return {m_data.get(), m_size}; }
    std::shared_ptr<const void> owner() const { return m_data; }

private:
    std::shared_ptr<std::byte[]> m_data;
    std::size_t m_size = 0;
};

// What the elements of a foreign file may be; more than a VoxelType.
enum class RawType { UInt8, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float32, Float64, Rgb8, Rgba8 };

inline bool isColour(RawType type) { return type == RawType::Rgb8 || type == RawType::Rgba8; }

std::size_t rawSize(RawType type); // bytes

// One element as a number. Requires it to lie within the bytes.
double rawValueAt(std::span<const std::byte> bytes, RawType type, std::endian order, std::size_t index);

// Turns elements of a foreign file into a volume: swaps bytes in place where the order is not this machine's;
// 64-bit types become int32 where all values fit, else float32; colours become luminance (ITU-R BT.601, as DICOM's YBR
// has it), uint8, and are kept beside it. Requires the buffer to hold geometry.voxelCount() elements.
Result<Volume> volumeFromRaw(const VolumeGeometry& geometry, RawType type, std::endian order,
                             VoxelBuffer buffer, Rescale rescale, const std::string& path);

// A grid from the mm step of each index and the centre of voxel (0, 0, 0), both LPS. The sizes are the
// caller's.
VolumeGeometry geometryFromSteps(const Index3& size, const Vec3& stepI, const Vec3& stepJ, const Vec3& stepK,
                                 const Vec3& origin);

} // namespace annotomy
