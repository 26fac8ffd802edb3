#pragma once

#include "viewer/surface_mesher.h"

#include <QCoreApplication>
#include <QString>

#include <memory>

class vtkRenderWindow;

namespace annotomy {

// The segments' surfaces, the camera and a small cube with the patient's letters. No widget and no window of its own:
// a native window or an off-screen context shows it.
class SurfaceScene {
    Q_DECLARE_TR_FUNCTIONS(annotomy::SurfaceScene)

public:
    SurfaceScene();
    ~SurfaceScene();

    void attachTo(vtkRenderWindow& window);
    void detachFrom(vtkRenderWindow& window);

    void setSurface(const SegmentSurface& surface);
    bool hasSurface(SegmentNumber number) const;
    void setSegments(const SegmentTable& table); // colours and visibility; forgets removed ones
    void clear();

    int shownCount() const;                // visible segments that have voxels
    std::int64_t shownVoxels() const;
    QString caption(double voxelMm3) const; // "8 segments · 64.2 ml"

    void resetCamera(); // the whole scene, seen from the front, a little from above and the left
    void rotate(double right, double up); // degrees
    void pan(double right, double up);    // fractions of the view's height
    void zoom(double factor);
    void beforeRender();                  // letters' camera and clipping range follow

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace annotomy
