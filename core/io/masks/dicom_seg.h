#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/io/dicom/dicom_data_set.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

enum class SegmentationType { Binary, Fractional, LabelMap };

// One frame: where its first voxel lies, and what it holds.
struct SegmentationFrame {
    int segment = 0;              // the file's segment number; 0 in a label map
    Vec3 position{};              // centre of the first voxel, LPS mm
    Vec3 rowStep{}, columnStep{}; // LPS mm to the next column, to the next row
};

// A DICOM Segmentation (PS3.3 A.51) or Label Map Segmentation (A.102) without its voxels: frames are decoded
// one at a time, when they are placed.
struct DicomSegmentation {
    DicomFile file;
    SegmentationType type = SegmentationType::Binary;
    int columns = 0, rows = 0;
    int bitsAllocated = 1;
    int maximumFractionalValue = 255;
    int paddingValue = 0;          // label maps: this one and 0 stand for no segment
    double thickness = 0;          // mm; 0 when not given
    std::vector<Segment> segments; // `fileValue` is the file's number, `number` that of the label map
    std::vector<SegmentationFrame> frames;
    std::string referencedSeriesUid, frameOfReferenceUid;
};

// Errors: Unrecognised when it is none; Malformed, Truncated, Unsupported; TooManySegments beyond 255.
Result<DicomSegmentation> readSegmentation(const std::string& path);

// Decodes a segmentation's frames, one at a time.
class SegmentationFrames {
public:
    // Requires that `segmentation` outlives the object. Errors: Truncated, Malformed, Unsupported.
    static Result<SegmentationFrames> open(const DicomSegmentation& segmentation, const std::string& path);
    SegmentationFrames(SegmentationFrames&&) noexcept;
    ~SegmentationFrames();

    // The values of one frame, rows * columns: 0 or 1 (binary), the fraction (fractional), or the segment's
    // number.
    Result<void> decode(int frame, std::vector<std::uint16_t>& values);

private:
    struct State;
    explicit SegmentationFrames(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// Places the frames on `grid` by their positions and orientations alone, in whatever order and direction they
// run: every voxel of a frame must be one of the grid's (to 1/20 of a voxel), though frames may be missing,
// and frames or parts of frames without any labelled voxel may lie outside. A fraction of at least half of
// the maximum is inside. Segments that overlap go to further layers. Errors: GeometryMismatch with the frame;
// those of decoding; Cancelled.
Result<LabelMap> placed(const DicomSegmentation& segmentation, const VolumeGeometry& grid,
                        const std::string& path, std::stop_token stop = {},
                        const ProgressReport& report = {});

// The smallest even grid that holds all frames. Errors: GeometryMismatch when the frames lie on no common
// one.
Result<VolumeGeometry> gridOf(const DicomSegmentation& segmentation, const std::string& path);

// The series that a segmentation was made on; empty when it does not say.
std::string segmentedSeriesUid(const DicomDataSet& segmentation);

// Where a segmentation's first frame lies, as a grid of one slice; nothing when it does not say.
std::optional<VolumeGeometry> firstPlaneOf(const DicomDataSet& segmentation);

} // namespace annotomy
