#pragma once

#include "core/io/dicom/dicom_overlay.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/masks/frame_placing.h"
#include "core/io/masks/mask_file.h"
#include "core/io/masks/segment_layers.h"

#include <array>
#include <map>
#include <set>

namespace annotomy {

// A slice of a grid, and the part of a file's frame that is drawn over it.
struct OverlayTarget {
    int frame = 0;
    int left = 0, top = 0, columns = 0, rows = 0; // a mosaic's tile; else the whole frame
    std::optional<FramePlacing> placing;          // of that part; nothing: it does not lie on the grid
};

// Gathers what the overlays of one image file after the other hold into a mask. Internal to core/io.
class OverlayCollector {
public:
    explicit OverlayCollector(const VolumeGeometry& grid) : m_grid(grid) {}

    // The planes of one file. Errors: those of reading; GeometryMismatch when the image has not the targets' parts.
    Result<void> take(const std::string& path, const std::vector<OverlayTarget>& targets);

    // Required once, last. Errors: those of readOverlays (overlay_mask.h).
    Result<LabelMap> finish(const std::string& subject, MaskNotes* notes);

private:
    struct Fault {
        std::int64_t images = 0;
        std::string first; // the first file's name
    };
    // What is known of one of the sixteen overlays.
    struct Parts {
        std::string label, description;
        bool isRegion = false;
        std::vector<StridedRun> runs;
        bool isCut = false;
        std::map<std::string, Fault> faults; // by their clause
        std::string name(int index) const;
    };
    struct Image;

    Parts& parts(int index) { return m_parts[static_cast<std::size_t>(index)]; }
    Result<bool> takePlane(int index, const Image& image, const std::vector<OverlayTarget>& targets);
    static void addFault(Parts& parts, const std::string& clause, const std::string& path);
    bool add(Parts& parts, const OverlayDrawing& drawing, const OverlayTarget& target);
    Segment segmentOf(int index, std::set<std::string>& taken);
    std::string firstFault() const;
    void appendNotes(MaskNotes& notes) const;

    const VolumeGeometry m_grid;
    std::array<Parts, mostOverlays> m_parts;
    std::size_t m_runs = 0;      // of all overlays
    std::int64_t m_offGrid = 0;  // files in which something is drawn off the grid
    bool m_isThere = false, m_isAnySound = false;
};

} // namespace annotomy
