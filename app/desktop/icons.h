#pragma once

#include <QColor>
#include <QIcon>
#include <QRectF>

class QPainter;

namespace annotomy {

// The few pictograms of the window, drawn by code so that they are sharp at every pixel ratio.
enum class Glyph {
    Eye,
    EyeClosed,
    Lock,
    LockOpen,
    Plus,
    Minus,
    Bin,
    Close,
    SidePanelLeft,
    SidePanelRight,
    Folder
};

// Strokes the glyph into `rect` (square) in `colour`.
void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& rect, const QColor& colour);

QIcon glyphIcon(Glyph glyph, const QColor& colour, int size = 16);
QIcon applicationIcon();

} // namespace annotomy
