#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/frame_placing.h"
#include "core/io/masks/segment_layers.h"

#include <algorithm>
#include <numeric>

namespace annotomy {

namespace {

using RunsBySegment = std::vector<std::vector<StridedRun>>;

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
        const auto placing = placingOf({where.position, where.rowStep, where.columnStep, m_segmentation.columns,
                                         m_segmentation.rows},
                                        m_grid);
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
            std::vector<StridedRun>().swap(m_runs[m_flushed]);
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

    Result<void> collect(const FramePlacing& placing, int frame)
    {
        const int columns = m_segmentation.columns, rows = m_segmentation.rows;
        const bool inside =
            m_grid.contains(placing.at(0, 0)) && m_grid.contains(placing.at(columns - 1, 0)) &&
            m_grid.contains(placing.at(0, rows - 1)) && m_grid.contains(placing.at(columns - 1, rows - 1));
        const std::ptrdiff_t stride = placing.strideOfRow(m_grid);
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
