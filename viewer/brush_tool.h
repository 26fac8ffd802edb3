#pragma once

#include "viewer/tool.h"

namespace annotomy {

// Paints or erases while the button is held: a disc in the slice or a ball, swept between mouse samples.
// Ctrl inverts paint and erase for one stroke.
class BrushTool : public Tool {
public:
    BrushTool(EditSink& sink, const VolumeGeometry& geometry, EditAction action);

    void setOptions(const BrushOptions& options) { m_options = options; }
    void press(const SlicePoint& point) override;
    void move(const SlicePoint& point) override;
    void release(const SlicePoint& point) override;
    void cancel() override;
    double cursorDiameterMm() const override { return m_options.diameterMm; }

private:
    bool sweep(const SlicePoint& from, const SlicePoint& to);

    EditSink& m_sink;
    VolumeGeometry m_geometry;
    EditAction m_action;
    BrushOptions m_options;
    bool m_active = false;
    SlicePoint m_last;
};

} // namespace annotomy
