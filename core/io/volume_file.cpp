#include "core/io/volume_file.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/json_values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace annotomy {

namespace {

constexpr std::size_t headerBytes = 4096;
constexpr const char* formatName = "annotomy-volume";
constexpr int formatVersion = 1;

constexpr std::array<std::pair<VoxelType, const char*>, 7> voxelTypeNames{{{VoxelType::UInt8, "uint8"},
                                                                           {VoxelType::Int8, "int8"},
                                                                           {VoxelType::UInt16, "uint16"},
                                                                           {VoxelType::Int16, "int16"},
                                                                           {VoxelType::UInt32, "uint32"},
                                                                           {VoxelType::Int32, "int32"},
                                                                           {VoxelType::Float32, "float32"}}};

const char* nameOf(VoxelType type)
{
    const auto it = std::find_if(voxelTypeNames.begin(), voxelTypeNames.end(),
                                 [type](const auto& entry) { return entry.first == type; });
    return it->second;
}

std::optional<VoxelType> voxelTypeNamed(const std::string& name)
{
    for (const auto& [type, known] : voxelTypeNames)
        if (name == known)
            return type;
    return std::nullopt;
}

std::string headerText(const Volume& volume)
{
    nlohmann::json header{{"format", formatName},
                                {"version", formatVersion},
                                {"geometry", toJson(volume.geometry())},
                                {"voxels", nameOf(volume.type())},
                                {"slope", volume.rescale().slope},
                                {"intercept", volume.rescale().intercept},
                                {"unit", volume.unit()}};
    if (const auto& padding = volume.padding())
        header["padding"] = {padding->lowest, padding->highest};
    if (volume.hasColours())
        header["colourStep"] = volume.colours().step;
    return dumped(header);
}

struct Header {
    VolumeGeometry geometry;
    VoxelType type{};
    Rescale rescale;
    std::string unit;
    std::optional<StoredRange> padding;
    std::optional<double> colourStep; // with it colours follow the voxels

    std::size_t voxelBytes() const { return geometry.voxelCount() * voxelSize(type); }
    std::size_t colourBytes() const { return colourStep ? 3 * geometry.voxelCount() : 0; }
};

Result<Header> parsedHeader(const char* page, const std::string& path)
{
    const std::string text(page, strnlen(page, headerBytes));
    const nlohmann::json json = parsedJson(text);
    try {
        if (json.at("format") != formatName || json.at("version") != formatVersion)
            return Error{ErrorCode::Unsupported, path, "another version of the volume file"};
        Header header;
        const auto geometry = geometryFromJson(json.at("geometry"));
        const auto type = voxelTypeNamed(json.at("voxels").get<std::string>());
        if (!geometry || !type)
            return Error{ErrorCode::Malformed, path, "impossible grid or voxel type"};
        header.geometry = *geometry;
        header.type = *type;
        header.rescale = {json.at("slope").get<double>(), json.at("intercept").get<double>()};
        header.unit = json.at("unit").get<std::string>();
        if (json.contains("padding"))
            header.padding = StoredRange{json.at("padding").at(0).get<double>(), json.at("padding").at(1).get<double>()};
        if (json.contains("colourStep"))
            header.colourStep = json.at("colourStep").get<double>();
        if (header.colourStep && !(*header.colourStep > 0 && std::isfinite(*header.colourStep)))
            return Error{ErrorCode::Malformed, path, "impossible colours"};
        return header;
    } catch (const nlohmann::json::exception&) {
        return Error{ErrorCode::Malformed, path, "no volume file header"};
    }
}

// A read-only mapping of a whole file; it outlives the file's name.
class Mapping {
public:
    static Result<std::shared_ptr<const Mapping>> open(const std::string& path)
    {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (file < 0)
            return systemError(errno, path);
        auto mapping = mapped(file, path);
        ::close(file);
        return mapping;
    }
    Mapping(const std::byte* data, std::size_t size) : m_data(data), m_size(size) {}
    ~Mapping() { ::munmap(const_cast<std::byte*>(m_data), m_size); }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }

private:
    static Result<std::shared_ptr<const Mapping>> mapped(int file, const std::string& path)
    {
        struct stat status {};
        if (::fstat(file, &status) != 0)
            return systemError(errno, path);
        if (!S_ISREG(status.st_mode))
            return Error{ErrorCode::Unrecognised, path, "not a regular file"};
        const auto size = static_cast<std::size_t>(status.st_size);
        if (size <= headerBytes)
            return Error{ErrorCode::Truncated, path, "the file ends within its header"};
        void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
        if (data == MAP_FAILED)
            return systemError(errno, path);
        return std::make_shared<const Mapping>(static_cast<const std::byte*>(data), size);
    }

    const std::byte* m_data;
    std::size_t m_size;
};

Result<void> writeVoxels(AtomicFile& file, std::span<const std::byte> voxels, const std::stop_token& stop,
                         const ProgressReport& report)
{
    constexpr std::size_t piece = std::size_t{16} << 20;
    for (std::size_t done = 0; done < voxels.size(); done += piece) {
        if (stop.stop_requested())
            return cancelledError();
        if (auto written = file.write(voxels.subspan(done, std::min(piece, voxels.size() - done))); !written)
            return written;
        reportProgress(report, static_cast<double>(done) / static_cast<double>(voxels.size()));
    }
    return {};
}

} // namespace

Result<void> writeVolumeFile(const std::string& path, const Volume& volume, std::stop_token stop,
                             const ProgressReport& report)
{
    if (volume.isNull() || !isPlausible(volume.geometry()))
        return Error{ErrorCode::InvalidArgument, path, "no volume to write"};
    const std::string header = headerText(volume);
    if (header.size() >= headerBytes)
        return Error{ErrorCode::InvalidArgument, path, "the unit's name is too long"};
    std::vector<std::byte> page(headerBytes, std::byte{0});
    std::memcpy(page.data(), header.data(), header.size());
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    if (auto written = file->write(page); !written)
        return written;
    const std::span<const std::byte> colours = volume.colours().rgb;
    const double share = static_cast<double>(volume.bytes().size()) /
                         static_cast<double>(volume.bytes().size() + colours.size());
    if (auto written = writeVoxels(*file, volume.bytes(), stop, subProgress(report, 0, share)); !written)
        return written;
    if (auto written = writeVoxels(*file, colours, stop, subProgress(report, share, 1)); !written)
        return written;
    return file->commit();
}

Result<Volume> mapVolumeFile(const std::string& path)
{
    auto mapping = Mapping::open(path);
    if (!mapping)
        return mapping.error();
    const std::span<const std::byte> bytes = (*mapping)->bytes();
    const auto header = parsedHeader(reinterpret_cast<const char*>(bytes.data()), path);
    if (!header)
        return header.error();
    const std::size_t voxels = header->voxelBytes(), colours = header->colourBytes();
    if (bytes.size() - headerBytes < voxels + colours)
        return Error{ErrorCode::Truncated, path, "the file ends within its voxels"};
    Volume volume = Volume::fromBytes(header->geometry, header->type, *mapping,
                                      bytes.subspan(headerBytes, voxels), header->rescale, header->unit);
    volume.setPadding(header->padding);
    if (header->colourStep)
        volume.setColours({*mapping, bytes.subspan(headerBytes + voxels, colours), *header->colourStep});
    return volume;
}

} // namespace annotomy
