#pragma once

#include "core/image/image_info.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <cstdint>
#include <span>

namespace annotomy {

enum class Plane { Axial, Coronal, Sagittal };

// How the grid slices of one plane lie on the screen, in radiological convention: axial and coronal show the
// patient's left on the right, axial has anterior on top, coronal and sagittal superior on top, sagittal anterior on
// the left. Each pane shows the grid's own slices (no interpolation) whose normal is nearest to the plane's;
// the three panes always take three different grid axes.
struct SliceLayout {
    int hAxis = 0, vAxis = 1, nAxis = 2; // grid axes along the screen's right, down and depth
    bool hFlip = false, vFlip = false;   // pixel 0 is the last index

    bool operator==(const SliceLayout&) const = default;
    int width(const VolumeGeometry& g) const { return g.size[static_cast<std::size_t>(hAxis)]; }
    int height(const VolumeGeometry& g) const { return g.size[static_cast<std::size_t>(vAxis)]; }
    int sliceCount(const VolumeGeometry& g) const { return g.size[static_cast<std::size_t>(nAxis)]; }
    // Index of the voxel at pixel (x, y) of slice n; fractional pixels give fractional indices.
    Vec3 indexFromPixel(const VolumeGeometry& g, double x, double y, double slice) const;
    Vec3 pixelFromIndex(const VolumeGeometry& g, const Vec3& index) const; // (x, y, slice)
};

SliceLayout sliceLayout(const VolumeGeometry& geometry, Plane plane);

// The letters of a direction in the patient: "L", or "LP" for an oblique one. One letter of R/L, A/P and I/S for each
// component of at least 0.26 of the length (15 degrees off the plane), the largest first. Empty for a null vector.
std::string orientationLetters(const Vec3& directionLps);

struct PixelRect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const PixelRect&) const = default;
};

// What a slice looks like. Colours are 0xAARRGGBB.
struct SliceStyle {
    DisplayWindow window;       // VOI window with its function (slice_pixels.h)
    bool invert = false;        // MONOCHROME1
    double fillOpacity = 0.25;  // of segment interiors, 0 to 1
    double outlineOpacity = 1;  // of the voxels of a segment that touch another label in the slice, 0 to 1
};

// Colours take the window channel by channel; this one shows them as stored. Requires volume.hasColours().
DisplayWindow colourWindow(const Volume& volume);

// Paints `rect` of slice `slice` (pixels are voxels; rect is clipped to the slice) into `image`, a row-major buffer
// of layout.width x layout.height 0xFFRRGGBB pixels. Visible segments of all layers are blended in order. `labels`
// may be null, and must have the volume's size. Uses all cores for large rectangles. An outline is right at the
// rectangle's border, too; after an edit repaint its box grown by one voxel, since outlines beside it may change.
void paintSlice(const Volume& volume, const LabelMap* labels, const SliceStyle& style, const SliceLayout& layout,
                int slice, PixelRect rect, std::span<std::uint32_t> image);

// A plane anywhere in the patient: pixel (x, y) has its centre at origin + x * right + y * down (LPS mm).
struct ObliquePlane {
    Vec3 origin{}, right{}, down{};
    int width = 0, height = 0;
};

// Trilinear image, nearest label; black outside the grid (beyond half a voxel from the outer centres). Outlines are
// pixels whose 4-neighbours in the plane show another label. The labels may lie on another grid than the volume.
// `image` is row-major, width x height.
void paintOblique(const Volume& volume, const LabelMap* labels, const SliceStyle& style, const ObliquePlane& plane,
                  std::span<std::uint32_t> image);

} // namespace annotomy
