#pragma once

#include "core/image/segment_table.h"
#include "core/image/volume_geometry.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace annotomy {

// The mask of a case: one or more layers of uint8 labels on one grid (i fastest), and the segments they name.
// A voxel of layer n holds 0 or the number of a segment whose layer is n. Copies are cheap: layers are shared
// until one of the copies is written (copy on write), so a snapshot for another thread is a plain copy.
class LabelMap {
public:
    LabelMap() = default;
    explicit LabelMap(const VolumeGeometry& geometry) : m_geometry(geometry) {} // no layers, no segments

    const VolumeGeometry& geometry() const { return m_geometry; }
    const SegmentTable& segments() const { return m_segments; }
    SegmentTable& segments() { return m_segments; }

    int layerCount() const { return static_cast<int>(m_layers.size()); }
    void ensureLayers(int count);                        // appends empty layers up to `count`
    std::span<const std::uint8_t> layer(int index) const; // requires 0 <= index < layerCount()
    std::span<std::uint8_t> writableLayer(int index);     // detaches from other copies first
    void setLayer(int index, std::vector<std::uint8_t> labels); // requires labels.size() == voxelCount

    // The label in layer `layer` at a voxel; 0 beyond the layers.
    std::uint8_t labelAt(int layer, const Index3& index) const;
    // The label of the last visible layer that has one at this voxel; 0 when there is none.
    std::uint8_t topLabelAt(const Index3& index) const;

    // Grid, segments and every voxel; a layer that is not there equals an empty one.
    bool operator==(const LabelMap& other) const;

private:
    VolumeGeometry m_geometry;
    SegmentTable m_segments;
    std::vector<std::shared_ptr<std::vector<std::uint8_t>>> m_layers;
};

// Voxels of each label 1..255 over all layers (index = segment number; [0] is unused and 0).
std::vector<std::int64_t> voxelCounts(const LabelMap& labels);

// Smallest box that holds every voxel of a segment; empty when there is none.
IndexBox boundingBox(const LabelMap& labels, SegmentNumber number);

} // namespace annotomy
