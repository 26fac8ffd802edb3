#pragma once

#include "core/io/dicom/dicom_slice.h"

#include <optional>
#include <vector>

namespace annotomy {

// One slice within its group, with its place along the group's normal. Internal to core/io.
struct DicomPlane {
    const DicomImageFile* image = nullptr;
    const DicomSlice* slice = nullptr;
    double along = 0; // mm
};
using DicomPlanes = std::vector<DicomPlane>;

inline constexpr double samePositionMm = 0.01;

// Whether `a` is the better of two images of one place: that whose voxels can be read, then that which lost less in
// compression. Of equals neither is.
bool isBetterCopy(const DicomPlane& a, const DicomPlane& b);

// Takes out copies of the same instance (same UID at the same place: some programs give every slice the same UID) but
// the best, of equals the first; their files are appended to `copies`.
DicomPlanes withoutCopies(const DicomPlanes& planes, std::vector<std::string>& copies);

// Whether a volume can do without so many of its slices: their neighbours stand in for up to a third of them.
inline bool mayStandIn(std::size_t damaged, std::size_t slices)
{
    return 3 * damaged <= slices;
}

// A stretch of planes that one regular grid describes.
struct PlaneRun {
    DicomPlanes planes;  // one per grid slice; where a slice is missing its lower neighbour stands in
    Vec3 step{};         // mm from slice to slice, LPS; zero when there is one slice only
    int missing = 0;     // slices that stand in
    bool uneven = false; // the real positions leave the regular grid
    bool isPart = false; // one of several stretches that follow one another
};

// Splits planes of one occasion, ascending, where their spacing changes for good or they are shifted aside.
std::vector<PlaneRun> runsOf(const DicomPlanes& sorted);

} // namespace annotomy
