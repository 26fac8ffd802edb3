#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <memory>

namespace annotomy::bench {

// The peer: the same three slices drawn by VTK's image slice mappers (grey and labels, two layers each) in one window,
// on the same software or hardware OpenGL.
class VtkSlices {
public:
    enum class Target {
        Memory, // a surfaceless EGL context: nothing is shown
        Screen, // VTK's own X11 window
    };
    // Null when there is no EGL. Voxels are shared, not copied; `labels` stays alive.
    static std::unique_ptr<VtkSlices> create(const Volume& volume, const LabelMap& labels, int width, int height,
                                             Target target);
    ~VtkSlices();

    void setSlices(const Index3& cursor);
    void labelsChanged();
    void render(); // waits until drawn

private:
    struct Impl;
    explicit VtkSlices(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy::bench
