#pragma once

#include "viewer/tool.h"

namespace annotomy {

struct FillOptions {
    double tolerance = 50; // real values either side of the clicked voxel's, >= 0
    bool wholeVolume = false; // else within the slice
    bool operator==(const FillOptions&) const = default;
};

// A click fills what is connected to the clicked voxel and similar to it. Ctrl erases instead.
class FillTool : public Tool {
public:
    FillTool(EditSink& sink, const Volume& volume) : m_sink(sink), m_volume(volume) {}

    void setOptions(const FillOptions& options) { m_options = options; }
    void press(const SlicePoint& point) override;
    void move(const SlicePoint&) override {}
    void release(const SlicePoint&) override {}

private:
    EditSink& m_sink;
    Volume m_volume;
    FillOptions m_options;
};

} // namespace annotomy
