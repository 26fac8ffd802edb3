#pragma once

#include "viewer/slice_pane.h"

#include <QWidget>

#include <array>

class QGridLayout;

namespace annotomy {

class SurfacePane;

// The four views of a case: a large axial pane, beside it coronal, sagittal and 3-D. One of them may fill the
// room.
class PaneGrid : public QWidget {
    Q_OBJECT

public:
    enum class Show { All, Axial, Coronal, Sagittal, ThreeD };

    PaneGrid(ViewState* view, QWidget* parent = nullptr);

    const std::array<SlicePane*, 3>& slicePanes() const { return m_panes; }
    SurfacePane* surfacePane() const { return m_surface; }
    SlicePane* activePane() const { return m_active; } // the one last pointed at, at first the axial one

    Show shown() const { return m_show; }
    void setShown(Show what);
    void toggle(Show what); // all again when it fills the room already
    void fitAll();
    // While something is laid over the window, the 3-D pane's native surface would shine through it.
    void coverSurface(bool covered);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void arrange();

    QGridLayout* m_layout;
    std::array<SlicePane*, 3> m_panes;
    SurfacePane* m_surface;
    SlicePane* m_active;
    Show m_show = Show::All;
    bool m_covered = false;
};

} // namespace annotomy
