#include "core/io/plain/raw_voxels.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <sys/mman.h>
#include <unistd.h>

namespace annotomy {

namespace {

std::uint64_t machineMemoryBytes()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size)
                                 : std::numeric_limits<std::uint64_t>::max();
}

// Large blocks ask for large pages: the first touch of small ones takes as long as filling them.
std::byte* allocated(std::size_t size)
{
    constexpr std::size_t largePage = std::size_t{2} << 20, rounding = largePage - 1;
    if (size < 2 * largePage)
        return static_cast<std::byte*>(std::malloc(std::max<std::size_t>(size, 1)));
    void* const data = std::aligned_alloc(largePage, (size + rounding) & ~rounding);
    if (data)
        ::madvise(data, size, MADV_HUGEPAGE); // a wish: nothing is lost where it is not granted
    return static_cast<std::byte*>(data);
}

template <std::size_t Size>
void reverseEach(std::span<std::byte> bytes)
{
    for (std::size_t i = 0; i + Size <= bytes.size(); i += Size)
        std::reverse(bytes.data() + i, bytes.data() + i + Size);
}

void swapBytes(std::span<std::byte> bytes, std::size_t size)
{
    if (size == 2)
        reverseEach<2>(bytes);
    else if (size == 4)
        reverseEach<4>(bytes);
    else if (size == 8)
        reverseEach<8>(bytes);
}

template <class From>
From elementAt(std::span<const std::byte> bytes, std::size_t index)
{
    From value;
    std::memcpy(&value, bytes.data() + index * sizeof(From), sizeof(From));
    return value;
}

template <class From, class To>
Volume converted(const VolumeGeometry& geometry, const VoxelBuffer& from, VoxelBuffer to, Rescale rescale)
{
    const std::size_t count = geometry.voxelCount();
    for (std::size_t i = 0; i < count; ++i) {
        const To value = static_cast<To>(elementAt<From>(from.bytes(), i));
        std::memcpy(to.bytes().data() + i * sizeof(To), &value, sizeof(To));
    }
    const std::span<const std::byte> bytes = to.bytes();
    return Volume::fromBytes(geometry, voxelTypeOf<To>(), to.owner(), bytes, rescale, {});
}

template <class From>
bool fitsInt32(const VoxelBuffer& buffer)
{
    const std::size_t count = buffer.bytes().size() / sizeof(From);
    for (std::size_t i = 0; i < count; ++i)
        if (!std::in_range<std::int32_t>(elementAt<From>(buffer.bytes(), i)))
            return false;
    return true;
}

template <class From>
Result<Volume> narrowed(const VolumeGeometry& geometry, const VoxelBuffer& buffer, Rescale rescale,
                        const std::string& path)
{
    auto narrow = VoxelBuffer::allocate(geometry.voxelCount() * 4, path);
    if (!narrow)
        return narrow.error();
    if constexpr (std::is_integral_v<From>)
        if (fitsInt32<From>(buffer))
            return converted<From, std::int32_t>(geometry, buffer, *narrow, rescale);
    return converted<From, float>(geometry, buffer, *narrow, rescale);
}

std::optional<VoxelType> sameVoxelType(RawType type)
{
    switch (type) {
    case RawType::UInt8:
        return VoxelType::UInt8;
    case RawType::Int8:
        return VoxelType::Int8;
    case RawType::UInt16:
        return VoxelType::UInt16;
    case RawType::Int16:
        return VoxelType::Int16;
    case RawType::UInt32:
        return VoxelType::UInt32;
    case RawType::Int32:
        return VoxelType::Int32;
    case RawType::Float32:
        return VoxelType::Float32;
    case RawType::UInt64:
    case RawType::Int64:
    case RawType::Float64:
    case RawType::Rgb8:
    case RawType::Rgba8:
        break;
    }
    return std::nullopt;
}

std::uint8_t luminance(const std::byte* pixel)
{
    const auto part = [&](std::size_t n) { return std::to_integer<unsigned>(pixel[n]); };
    return static_cast<std::uint8_t>((299 * part(0) + 587 * part(1) + 114 * part(2) + 500) / 1000);
}

// The buffer keeps the colours; opacity is left out of it in place.
Result<Volume> colourVolume(const VolumeGeometry& geometry, std::size_t pixelBytes, VoxelBuffer buffer,
                            const std::string& path)
{
    const std::size_t count = geometry.voxelCount();
    auto voxels = VoxelBuffer::allocate(count, path);
    if (!voxels)
        return voxels.error();
    std::byte* const rgb = buffer.bytes().data();
    for (std::size_t i = 0; i < count; ++i) {
        voxels->bytes()[i] = std::byte{luminance(rgb + i * pixelBytes)};
        std::memmove(rgb + 3 * i, rgb + i * pixelBytes, 3);
    }
    const std::span<const std::byte> bytes = voxels->bytes();
    Volume volume = Volume::fromBytes(geometry, VoxelType::UInt8, voxels->owner(), bytes, {}, {});
    volume.setColours({buffer.owner(), buffer.bytes().first(3 * count)});
    return volume;
}

} // namespace

Result<VoxelBuffer> VoxelBuffer::allocate(std::uint64_t bytes, const std::string& path)
{
    if (bytes > machineMemoryBytes())
        return Error{ErrorCode::OutOfMemory, path, "the image needs " + std::to_string(bytes >> 20) + " MiB"};
    VoxelBuffer buffer;
    buffer.m_size = static_cast<std::size_t>(bytes);
    buffer.m_data.reset(allocated(buffer.m_size), [](std::byte* data) { std::free(data); });
    if (!buffer.m_data)
        return Error{ErrorCode::OutOfMemory, path, "the image needs " + std::to_string(bytes >> 20) + " MiB"};
    return buffer;
}

std::size_t rawSize(RawType type)
{
    if (const auto same = sameVoxelType(type))
        return voxelSize(*same);
    if (isColour(type))
        return type == RawType::Rgb8 ? 3 : 4;
    return 8;
}

double rawValueAt(std::span<const std::byte> bytes, RawType type, std::endian order, std::size_t index)
{
    std::array<std::byte, 8> element{};
    const std::span<std::byte> own = std::span(element).first(rawSize(type));
    std::memcpy(own.data(), bytes.data() + index * own.size(), own.size());
    if (order != std::endian::native)
        std::reverse(own.begin(), own.end());
    switch (type) {
    case RawType::UInt8:
        return elementAt<std::uint8_t>(own, 0);
    case RawType::Int8:
        return elementAt<std::int8_t>(own, 0);
    case RawType::UInt16:
        return elementAt<std::uint16_t>(own, 0);
    case RawType::Int16:
        return elementAt<std::int16_t>(own, 0);
    case RawType::UInt32:
        return elementAt<std::uint32_t>(own, 0);
    case RawType::Int32:
        return elementAt<std::int32_t>(own, 0);
    case RawType::UInt64:
        return static_cast<double>(elementAt<std::uint64_t>(own, 0));
    case RawType::Int64:
        return static_cast<double>(elementAt<std::int64_t>(own, 0));
    case RawType::Float32:
        return static_cast<double>(elementAt<float>(own, 0));
    case RawType::Rgb8:
    case RawType::Rgba8:
        return luminance(bytes.data() + index * rawSize(type));
    case RawType::Float64:
        break;
    }
    return elementAt<double>(own, 0);
}

Result<Volume> volumeFromRaw(const VolumeGeometry& geometry, RawType type, std::endian order,
                             VoxelBuffer buffer, Rescale rescale, const std::string& path)
{
    assert(buffer.bytes().size() == geometry.voxelCount() * rawSize(type));
    if (isColour(type))
        return colourVolume(geometry, rawSize(type), std::move(buffer), path);
    if (order != std::endian::native)
        swapBytes(buffer.bytes(), rawSize(type));
    if (const auto same = sameVoxelType(type)) {
        const std::span<const std::byte> bytes = buffer.bytes();
        return Volume::fromBytes(geometry, *same, buffer.owner(), bytes, rescale, {});
    }
    if (type == RawType::UInt64)
        return narrowed<std::uint64_t>(geometry, buffer, rescale, path);
    if (type == RawType::Int64)
        return narrowed<std::int64_t>(geometry, buffer, rescale, path);
    return narrowed<double>(geometry, buffer, rescale, path);
}

VolumeGeometry geometryFromSteps(const Index3& size, const Vec3& stepI, const Vec3& stepJ, const Vec3& stepK,
                                 const Vec3& origin)
{
    VolumeGeometry geometry;
    geometry.size = size;
    geometry.spacing = {length(stepI), length(stepJ), length(stepK)};
    geometry.origin = origin;
    const auto unit = [](const Vec3& step) { return length(step) > 0 ? normalised(step) : Vec3{}; };
    geometry.direction = fromColumns(unit(stepI), unit(stepJ), unit(stepK));
    return geometry;
}

} // namespace annotomy
