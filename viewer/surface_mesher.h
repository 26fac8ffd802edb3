#pragma once

#include "core/image/label_map.h"
#include "viewer/segment_boxes.h"

#include <vtkSmartPointer.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

class vtkPolyData;

namespace annotomy {

enum class SurfaceDetail { Half, Full };

// One segment cut out of its label map: what a worker thread needs to build its surface.
struct SegmentCrop {
    SegmentNumber number = 0;
    VolumeGeometry geometry;         // of the whole grid
    Index3 lo{}, size{};             // where the crop lies; one empty voxel around the segment on every side
    int step = 1;                    // voxels per sample along each axis
    std::vector<std::uint8_t> voxels; // 0 or 1, i fastest
    std::int64_t labelled = 0;        // voxels of the segment at full detail
};

// Cuts a segment out of `box`. At half detail 2x2x2 voxels become one.
SegmentCrop cropSegment(const LabelMap& labels, SegmentNumber number, const IndexBox& box, SurfaceDetail detail);

// The segment's closed, smoothed surface in patient space (LPS mm), with outward point normals. Null when `stop` was requested.
vtkSmartPointer<vtkPolyData> surfaceOf(const SegmentCrop& crop, std::stop_token stop = {});

// What the 3-D view shows of one segment.
struct SegmentSurface {
    SegmentNumber number = 0;
    vtkSmartPointer<vtkPolyData> mesh; // null: no voxels
    std::int64_t voxels = 0;
};

} // namespace annotomy
