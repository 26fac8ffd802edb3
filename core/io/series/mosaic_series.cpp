#include "core/io/series/mosaic_series.h"

#include "core/io/dicom/dicom.h"
#include "core/io/plain/raw_voxels.h"

#include <algorithm>
#include <cstring>

namespace annotomy {

namespace {

bool isOneMosaic(const SeriesEntry& entry)
{
    constexpr int mostAcross = 256;
    const auto count = static_cast<std::size_t>(entry.geometry.size[2]);
    const auto isTile = [&](int tile) { return tile >= 0 && tile < entry.mosaic * entry.mosaic; };
    const auto isSame = [&](const std::string& file) { return file == entry.files.front(); };
    return isPlausible(entry.geometry) && entry.mosaic > 0 && entry.mosaic <= mostAcross &&
           entry.frames.size() == count && entry.files.size() == count &&
           std::all_of(entry.frames.begin(), entry.frames.end(), isTile) &&
           std::all_of(entry.files.begin(), entry.files.end(), isSame);
}

// The image with all tiles, as one slice.
SeriesEntry wholeImage(const SeriesEntry& entry)
{
    SeriesEntry whole = entry;
    whole.geometry.size = {entry.geometry.size[0] * entry.mosaic, entry.geometry.size[1] * entry.mosaic, 1};
    whole.files = {entry.files.front()};
    whole.frames.clear();
    whole.mosaic = 0;
    return whole;
}

// What the whole image has for each of its voxels.
struct WholeImage {
    const VolumeGeometry& grid;
    std::span<const std::byte> bytes;

    std::size_t voxelBytes() const { return bytes.size() / grid.voxelCount(); }
};

void cutTile(const WholeImage& whole, int tile, const VolumeGeometry& grid, int across, std::span<std::byte> out)
{
    const std::size_t voxel = whole.voxelBytes();
    const std::size_t row = static_cast<std::size_t>(grid.size[0]) * voxel;
    const int column = tile % across * grid.size[0], top = tile / across * grid.size[1];
    for (int j = 0; j < grid.size[1]; ++j) {
        const std::size_t from = whole.grid.offset({column, top + j, 0}) * voxel;
        std::memcpy(out.data() + static_cast<std::size_t>(j) * row, whole.bytes.data() + from, row);
    }
}

// The tiles one after the other.
Result<VoxelBuffer> unfolded(const WholeImage& whole, const SeriesEntry& entry)
{
    const std::size_t slice = whole.voxelBytes() * static_cast<std::size_t>(entry.geometry.size[0]) *
                              static_cast<std::size_t>(entry.geometry.size[1]);
    auto buffer = VoxelBuffer::allocate(slice * entry.frames.size(), entry.files.front());
    if (!buffer)
        return buffer;
    for (std::size_t k = 0; k < entry.frames.size(); ++k)
        cutTile(whole, entry.frames[k], entry.geometry, entry.mosaic, buffer->bytes().subspan(k * slice, slice));
    return buffer;
}

} // namespace

Result<Volume> readMosaic(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    if (!isOneMosaic(entry))
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the mosaic does not hold the series' slices"};
    const auto whole = readDicomSeries(wholeImage(entry), std::move(stop), report);
    if (!whole)
        return whole;
    auto voxels = unfolded({whole->geometry(), whole->bytes()}, entry);
    if (!voxels)
        return voxels.error();
    Volume volume = Volume::fromBytes(entry.geometry, whole->type(), voxels->owner(), voxels->bytes(),
                                      whole->rescale(), whole->unit());
    volume.setPadding(whole->padding());
    if (!whole->hasColours())
        return volume;
    auto rgb = unfolded({whole->geometry(), whole->colours().rgb}, entry);
    if (!rgb)
        return rgb.error();
    volume.setColours({rgb->owner(), rgb->bytes(), whole->colours().step});
    return volume;
}

} // namespace annotomy
