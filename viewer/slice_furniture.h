#pragma once

#include "viewer/slice_viewport.h"
#include "viewer/view_state.h"

#include <QCoreApplication>
#include <QFont>
#include <QRegion>
#include <QString>
#include <QStringList>

#include <optional>

class QPainter;

namespace annotomy {

// The font of `base` when all its figures are equally wide, else a family whose are.
QFont tabularFont(const QFont& base);

// What stands over a slice: crosshair, orientation letters, scale bar and texts. Knows no widget, so that panes and
// snapshots look alike. Coordinates are logical pixels of the pane.
class SliceFurniture {
    Q_DECLARE_TR_FUNCTIONS(annotomy::SliceFurniture)

public:
    SliceFurniture(const ViewState& state, const SliceViewport& viewport, Plane plane, const QFont& font);

    std::optional<Index3> pointer; // whose value is told; else that of the crosshair

    void paint(QPainter& painter, const QRegion& region) const; // may leave out what lies outside of `region`

    QRegion crosshairRegion() const;
    QRegion factsRegion() const; // the plates whose text changes with cursor, pointer, window and zoom

    static QString planeName(Plane plane);
    // A title plate on the top left and one line on the bottom left, for what is not a slice.
    static void paintCaptions(QPainter& painter, const QRect& area, const QFont& font, const QString& title,
                              const QString& line);

private:
    struct Line {
        QString text;
        bool title = false;
        bool mark = false;
    };
    enum class Corner { TopLeft, TopRight, BottomLeft };

    bool roomy() const; // for plates of several lines
    std::vector<Line> titleLines() const;
    std::vector<Line> windowLines() const;
    std::vector<Line> positionLines() const;
    QString positionText() const;
    QString valueText() const;

    QRect zone(Corner corner, int lines) const;
    void paintPlate(QPainter& painter, Corner corner, const std::vector<Line>& lines) const;
    void paintCrosshair(QPainter& painter) const;
    void paintLetters(QPainter& painter) const;
    void paintScaleBar(QPainter& painter) const;

    const ViewState& m_state;
    const SliceViewport& m_viewport;
    Plane m_plane;
    QFont m_font, m_boldFont;
};

} // namespace annotomy
