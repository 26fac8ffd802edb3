#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/segment_layers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace annotomy {

namespace {

constexpr double tolerance = 0.05; // voxels

// How the voxels of one frame are those of the grid: column i, row j is at first + i * perColumn + j *
// perRow.
struct Placing {
    Index3 first{}, perColumn{}, perRow{};
    Index3 at(int i, int j) const
    {
        Index3 index{};
        for (std::size_t a = 0; a < 3; ++a)
            index[a] = first[a] + i * perColumn[a] + j * perRow[a];
        return index;
    }
};

std::optional<Index3> whole(const Vec3& v)
{
    Index3 rounded{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (!(std::abs(v[a]) < 1e6))
            return std::nullopt;
        rounded[a] = static_cast<int>(std::lround(v[a]));
    }
    return rounded;
}

bool isNear(const Vec3& exact, const Index3& index)
{
    for (std::size_t a = 0; a < 3; ++a)
        if (!(std::abs(exact[a] - index[a]) <= tolerance))
            return false;
    return true;
}

// Nothing when the frame's voxels are not the grid's: the four corners decide, since the map is affine.
std::optional<Placing> placingOf(const SegmentationFrame& frame, const DicomSegmentation& s,
                                 const VolumeGeometry& grid)
{
    const Vec3 first = grid.indexFromPatient(frame.position);
    const Vec3 perColumn = grid.indexFromPatient(frame.position + frame.rowStep) - first;
    const Vec3 perRow = grid.indexFromPatient(frame.position + frame.columnStep) - first;
    const auto firstIndex = whole(first), columnIndex = whole(perColumn), rowIndex = whole(perRow);
    if (!firstIndex || !columnIndex || !rowIndex)
        return std::nullopt;
    const Placing placing{*firstIndex, *columnIndex, *rowIndex};
    const auto isUnit = [](const Index3& v) { return std::abs(v[0]) + std::abs(v[1]) + std::abs(v[2]) == 1; };
    if ((s.columns > 1 && !isUnit(placing.perColumn)) || (s.rows > 1 && !isUnit(placing.perRow)))
        return std::nullopt;
    for (const int i : {0, s.columns - 1})
        for (const int j : {0, s.rows - 1})
            if (!isNear(first + static_cast<double>(i) * perColumn + static_cast<double>(j) * perRow,
                        placing.at(i, j)))
                return std::nullopt;
    return placing;
}

std::ptrdiff_t strideOf(const Index3& step, const VolumeGeometry& grid)
{
    const std::ptrdiff_t ni = grid.size[0], nj = grid.size[1];
    return step[0] + ni * (step[1] + nj * step[2]);
}

using RunsBySegment = std::vector<std::vector<VoxelRun>>;

// Puts the frames of a segmentation onto one grid.
class Placer {
public:
    Placer(const DicomSegmentation& segmentation, SegmentationFrames frames, const VolumeGeometry& grid,
           const std::string& path)
        : m_segmentation(segmentation), m_frames(std::move(frames)), m_grid(grid), m_path(path),
          m_slotOf(65536, -1), m_runs(segmentation.segments.size())
    {
        for (std::size_t n = 0; n < segmentation.segments.size(); ++n)
            m_slotOf[static_cast<std::size_t>(segmentation.segments[n].fileValue)] = static_cast<int>(n);
    }

    Result<void> take(int frame)
    {
        if (auto decoded = m_frames.decode(frame, m_values); !decoded)
            return decoded;
        const SegmentationFrame& where = m_segmentation.frames[static_cast<std::size_t>(frame)];
        toSlots(where);
        if (m_unknown != 0)
            return Error{ErrorCode::Malformed, m_path,
                         "voxels of segment " + std::to_string(m_unknown) + ", which is not listed"};
        const auto placing = placingOf(where, m_segmentation, m_grid);
        if (!placing)
            return m_anyLabel ? offGrid(frame) : Result<void>();
        return collect(*placing, frame);
    }

    int slotOf(int frame) const
    {
        return m_slotOf[static_cast<std::size_t>(
            m_segmentation.frames[static_cast<std::size_t>(frame)].segment)];
    }

    // Moves the segments before slot `end` into the label map, in the file's order, those without a voxel,
    // too.
    void flush(LabelMap& labels, std::size_t end)
    {
        for (; m_flushed < end; ++m_flushed) {
            addSegment(labels, m_segmentation.segments[m_flushed], m_runs[m_flushed]);
            std::vector<VoxelRun>().swap(m_runs[m_flushed]);
        }
    }

private:
    // Turns the decoded values into the number of a slot + 1; 0 where there is no segment.
    void toSlots(const SegmentationFrame& where)
    {
        m_anyLabel = false;
        const bool isMap = m_segmentation.type == SegmentationType::LabelMap;
        const auto own =
            static_cast<std::uint16_t>(isMap ? 0 : m_slotOf[static_cast<std::size_t>(where.segment)] + 1);
        const int half =
            m_segmentation.type == SegmentationType::Fractional ? m_segmentation.maximumFractionalValue : 1;
        for (std::uint16_t& value : m_values) {
            if (value == 0 || (isMap && value == m_segmentation.paddingValue)) {
                value = 0;
                continue;
            }
            if (isMap && m_slotOf[value] < 0)
                m_unknown = value;
            value = isMap               ? static_cast<std::uint16_t>(m_slotOf[value] + 1)
                    : 2 * value >= half ? own
                                        : std::uint16_t{0};
            m_anyLabel |= value != 0;
        }
    }

    Result<void> offGrid(int frame) const
    {
        return Error{ErrorCode::GeometryMismatch, m_path,
                     "frame " + std::to_string(frame + 1) +
                         " of the segmentation holds voxels that are none of the image's"};
    }

    Result<void> collect(const Placing& placing, int frame)
    {
        const int columns = m_segmentation.columns, rows = m_segmentation.rows;
        const bool inside =
            m_grid.contains(placing.at(0, 0)) && m_grid.contains(placing.at(columns - 1, 0)) &&
            m_grid.contains(placing.at(0, rows - 1)) && m_grid.contains(placing.at(columns - 1, rows - 1));
        const std::ptrdiff_t stride = strideOf(placing.perColumn, m_grid);
        for (int j = 0; j < rows; ++j) {
            const std::uint16_t* row =
                m_values.data() + static_cast<std::size_t>(j) * static_cast<std::size_t>(columns);
            for (int i = 0; i < columns;) {
                const std::uint16_t slot = row[i];
                int end = i + 1;
                while (end < columns && row[end] == slot)
                    ++end;
                if (slot != 0) {
                    if (!inside &&
                        !(m_grid.contains(placing.at(i, j)) && m_grid.contains(placing.at(end - 1, j))))
                        return offGrid(frame);
                    m_runs[slot - 1U].push_back(
                        {m_grid.offset(placing.at(i, j)), stride, static_cast<std::size_t>(end - i)});
                }
                i = end;
            }
        }
        return {};
    }

    const DicomSegmentation& m_segmentation;
    SegmentationFrames m_frames;
    const VolumeGeometry& m_grid;
    const std::string& m_path;
    std::vector<int> m_slotOf; // of each segment number of the file; -1 where there is none
    RunsBySegment m_runs;
    std::vector<std::uint16_t> m_values;
    std::uint16_t m_unknown = 0;
    bool m_anyLabel = false;
    std::size_t m_flushed = 0;
};

// One segment after the other, so that only one's voxels are held beside the label map; label maps hold all
// at once.
std::vector<int> framesBySlot(const DicomSegmentation& s, const Placer& placer)
{
    std::vector<int> order(s.frames.size());
    std::iota(order.begin(), order.end(), 0);
    if (s.type != SegmentationType::LabelMap)
        std::stable_sort(order.begin(), order.end(),
                         [&](int a, int b) { return placer.slotOf(a) < placer.slotOf(b); });
    return order;
}

} // namespace

Result<LabelMap> placed(const DicomSegmentation& segmentation, const VolumeGeometry& grid,
                        const std::string& path, std::stop_token stop, const ProgressReport& report)
{
    if (!isPlausible(grid))
        return Error{ErrorCode::InvalidArgument, path, "no usable grid"};
    auto frames = SegmentationFrames::open(segmentation, path);
    if (!frames)
        return frames.error();
    LabelMap labels(grid);
    labels.ensureLayers(1);
    Placer placer(segmentation, std::move(*frames), grid, path);
    const std::vector<int> order = framesBySlot(segmentation, placer);
    for (std::size_t n = 0; n < order.size(); ++n) {
        if (stop.stop_requested())
            return cancelledError();
        if (segmentation.type != SegmentationType::LabelMap)
            placer.flush(labels, static_cast<std::size_t>(placer.slotOf(order[n])));
        if (auto taken = placer.take(order[n]); !taken)
            return taken.error();
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(order.size()));
    }
    placer.flush(labels, segmentation.segments.size());
    return labels;
}

} // namespace annotomy
