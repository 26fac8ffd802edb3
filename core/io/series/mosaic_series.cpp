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

void cutTile(const Volume& whole, int tile, const VolumeGeometry& grid, int across, std::span<std::byte> out)
{
    const std::size_t voxel = voxelSize(whole.type());
    const std::size_t row = static_cast<std::size_t>(grid.size[0]) * voxel;
    const int column = tile % across * grid.size[0], top = tile / across * grid.size[1];
    for (int j = 0; j < grid.size[1]; ++j) {
        const std::size_t from = whole.geometry().offset({column, top + j, 0}) * voxel;
        std::memcpy(out.data() + static_cast<std::size_t>(j) * row, whole.bytes().data() + from, row);
    }
}

} // namespace

Result<Volume> readMosaic(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    if (!isOneMosaic(entry))
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the mosaic does not hold the series' slices"};
    const auto whole = readDicomSeries(wholeImage(entry), std::move(stop), report);
    if (!whole)
        return whole;
    const VolumeGeometry& grid = entry.geometry;
    auto buffer = VoxelBuffer::allocate(grid.voxelCount() * voxelSize(whole->type()), entry.files.front());
    if (!buffer)
        return buffer.error();
    const std::size_t slice = buffer->bytes().size() / static_cast<std::size_t>(grid.size[2]);
    for (std::size_t k = 0; k < entry.frames.size(); ++k)
        cutTile(*whole, entry.frames[k], grid, entry.mosaic, buffer->bytes().subspan(k * slice, slice));
    Volume volume =
        Volume::fromBytes(grid, whole->type(), buffer->owner(), buffer->bytes(), whole->rescale(), whole->unit());
    volume.setPadding(whole->padding());
    return volume;
}

} // namespace annotomy
