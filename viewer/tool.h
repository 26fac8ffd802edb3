#pragma once

#include "core/edit/document.h"
#include "core/edit/voxel_selection.h"
#include "core/image/slice_sampler.h"

#include <Qt>

#include <memory>

namespace annotomy {

// Where the pointer is, in the patient and on the grid.
struct SlicePoint {
    Plane plane = Plane::Axial;
    SliceLayout layout;
    Vec3 patient{}; // LPS mm, on the slice's plane
    Vec3 index{};   // fractional voxel index
    Vec3 normal{};  // unit normal of the slice, LPS
    Qt::KeyboardModifiers modifiers;
};

// Where a tool's selections go: the desktop connects it to the case session. A false return means refused (the
// sink has told the user why); the tool then drops its gesture.
class EditSink {
public:
    virtual ~EditSink() = default;
    virtual bool beginStroke(const char* tool, EditAction action) = 0;
    virtual bool continueStroke(const VoxelSelection& selection) = 0;
    virtual void endStroke() = 0;
    virtual void cancelStroke() = 0;
    virtual bool apply(const VoxelSelection& selection, const char* tool, EditAction action) = 0;
};

enum class BrushShape { Disc, Ball };

struct BrushOptions {
    BrushShape shape = BrushShape::Disc;
    double diameterMm = 10;
    bool operator==(const BrushOptions&) const = default;
};

// What the left mouse button does in a slice pane. Gets points, sends selections; knows no widget.
class Tool {
public:
    virtual ~Tool() = default;
    virtual void press(const SlicePoint& point) = 0;
    virtual void move(const SlicePoint& point) = 0; // while pressed
    virtual void release(const SlicePoint& point) = 0;
    virtual void cancel() {} // Escape, or the pane lost the mouse
    virtual double cursorDiameterMm() const { return 0; } // circle drawn at the pointer; 0: none
};

} // namespace annotomy
