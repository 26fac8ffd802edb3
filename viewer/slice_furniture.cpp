#include "viewer/slice_furniture.h"

#include "viewer/colours.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr int margin = 8;       // from the pane's edge to a plate
constexpr int padding = 5;      // from a plate's edge to its text
constexpr int letterBox = 22;   // side of the square that holds an orientation letter
constexpr int crosshairGap = 14; // half of the break around the centre
// Smaller panes tell only where they are: a plate there would cover what it is about. The axial one is first to speak.
constexpr QSizeF roomyAxial{260, 280}, roomyOther{480, 360};

bool hasTabularFigures(const QFont& font)
{
    const QFontMetricsF metrics(font);
    const double zero = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char figure = '1'; figure <= '9'; ++figure)
        if (std::abs(metrics.horizontalAdvance(QLatin1Char(figure)) - zero) > 0.01)
            return false;
    return true;
}

QString number(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    if (text.startsWith(QLatin1Char('-'))) {
        text.remove(0, 1);
        if (text.toDouble() != 0)
            text.prepend(QChar(0x2212));
    }
    return text;
}

// Enough figures to tell neighbouring grey values apart.
int decimalsFor(double width)
{
    return std::clamp(static_cast<int>(std::ceil(1.7 - std::log10(std::max(width, 1e-6)))), 0, 6);
}

bool isWhole(const Volume& volume)
{
    const Rescale& r = volume.rescale();
    return volume.type() != VoxelType::Float32 && r.slope == std::floor(r.slope) &&
           r.intercept == std::floor(r.intercept);
}

void drawPlate(QPainter& painter, const QRectF& rect)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours::plate);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(rect, 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

// The shown image's own voxel at a voxel of the mask's grid; nothing outside of it and where it has no value.
std::optional<double> valueUnder(const ViewState& state, const Index3& index)
{
    const Volume& shown = state.shown();
    Index3 at = index;
    if (!state.shownOnGrid()) {
        const Vec3 there = shown.geometry().indexFromPatient(
            state.volume().geometry().patientFromIndex({double(index[0]), double(index[1]), double(index[2])}));
        for (std::size_t axis = 0; axis < 3; ++axis)
            at[axis] = static_cast<int>(std::lround(std::clamp(there[axis], -1e6, 1e6)));
    }
    if (!shown.geometry().contains(at))
        return std::nullopt;
    const double value = shown.valueAt(at);
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// The largest of 1, 2, 5 times a power of ten not above `mm`.
double roundLength(double mm)
{
    const double power = std::pow(10.0, std::floor(std::log10(mm)));
    for (const double step : {5.0, 2.0})
        if (step * power <= mm)
            return step * power;
    return power;
}

} // namespace

QFont tabularFont(const QFont& base)
{
    if (hasTabularFigures(base))
        return base;
    for (const char* family : {"Noto Sans", "DejaVu Sans", "Liberation Sans"}) {
        QFont font = base;
        font.setFamilies({QString::fromLatin1(family), base.family()});
        if (hasTabularFigures(font))
            return font;
    }
    return base;
}

SliceFurniture::SliceFurniture(const ViewState& state, const SliceViewport& viewport, Plane plane, const QFont& font)
    : m_state(state), m_viewport(viewport), m_plane(plane), m_font(font), m_boldFont(font)
{
    m_font.setPixelSize(11);
    m_boldFont.setPixelSize(11);
    m_boldFont.setBold(true);
}

QString SliceFurniture::planeName(Plane plane)
{
    switch (plane) {
    case Plane::Axial: return tr("AXIAL");
    case Plane::Coronal: return tr("CORONAL");
    case Plane::Sagittal: break;
    }
    return tr("SAGITTAL");
}

void SliceFurniture::paint(QPainter& painter, const QRegion& region) const
{
    if (m_viewport.isNull()) {
        paintPlate(painter, Corner::TopLeft, {{planeName(m_plane), true}});
        return;
    }
    painter.save();
    painter.setFont(m_font);
    if (region.intersects(crosshairRegion()))
        paintCrosshair(painter);
    paintLetters(painter);
    paintScaleBar(painter);
    const auto plate = [&](Corner corner, const std::vector<Line>& lines) {
        if (region.intersects(zone(corner, static_cast<int>(lines.size()))))
            paintPlate(painter, corner, lines);
    };
    plate(Corner::TopLeft, titleLines());
    if (roomy())
        plate(Corner::TopRight, windowLines());
    plate(Corner::BottomLeft, positionLines());
    painter.restore();
}

void SliceFurniture::paintCaptions(QPainter& painter, const QRect& area, const QFont& font, const QString& title,
                                   const QString& line)
{
    QFont bold = font;
    bold.setBold(true);
    const auto caption = [&](const QFont& face, const QColor& colour, const QString& text, bool top) {
        QFont small = face;
        small.setPixelSize(11);
        const QFontMetricsF metrics(small);
        const double height = std::ceil(metrics.height()) + 2 * padding;
        const double width = std::min(metrics.horizontalAdvance(text) + 2 * padding, area.width() - 2.0 * margin);
        const QRectF plate(area.left() + margin, top ? area.top() + margin : area.bottom() + 1 - margin - height, width,
                           height);
        painter.setFont(small);
        painter.setPen(colour);
        painter.drawText(plate, Qt::AlignCenter, metrics.elidedText(text, Qt::ElideRight, width));
    };
    caption(bold, colours::title, title, true);
    caption(font, colours::text, line, false);
}

QRegion SliceFurniture::crosshairRegion() const
{
    if (m_viewport.isNull())
        return {};
    const Index3 cursor = m_state.cursor();
    const Vec3 pixel = m_viewport.layout().pixelFromIndex(m_viewport.geometry(),
                                                          {double(cursor[0]), double(cursor[1]), double(cursor[2])});
    const QPointF centre = m_viewport.screenFromPixel({pixel[0], pixel[1]});
    const int x = static_cast<int>(std::floor(centre.x())), y = static_cast<int>(std::floor(centre.y()));
    const int w = static_cast<int>(m_viewport.size().width()), h = static_cast<int>(m_viewport.size().height());
    QRegion region(0, y, x - crosshairGap, 1);
    region += QRect(x + crosshairGap + 1, y, w - x - crosshairGap - 1, 1);
    region += QRect(x, 0, 1, y - crosshairGap);
    region += QRect(x, y + crosshairGap + 1, 1, h - y - crosshairGap - 1);
    return region & QRect(0, 0, w, h);
}

void SliceFurniture::paintCrosshair(QPainter& painter) const
{
    for (const QRect& bar : crosshairRegion())
        painter.fillRect(bar, colours::crosshair);
}

QRegion SliceFurniture::factsRegion() const
{
    return QRegion(zone(Corner::TopRight, 2)) + zone(Corner::BottomLeft, 2);
}

// Plates keep clear of the letters in the middle of the edges and of one another.
QRect SliceFurniture::zone(Corner corner, int lines) const
{
    const int w = static_cast<int>(m_viewport.size().width()), h = static_cast<int>(m_viewport.size().height());
    const int lineHeight = static_cast<int>(std::ceil(QFontMetricsF(m_font).height()));
    const int height = lines * lineHeight + 2 * padding;
    const int half = w / 2 - margin - letterBox / 2 - 4;
    switch (corner) {
    case Corner::TopLeft: return {margin, margin, half, height};
    case Corner::TopRight: return {w - margin - half, margin, half, height};
    case Corner::BottomLeft: break;
    }
    return {margin, h - margin - height, half, height};
}

void SliceFurniture::paintPlate(QPainter& painter, Corner corner, const std::vector<Line>& lines) const
{
    const QRect area = zone(corner, static_cast<int>(lines.size()));
    if (lines.empty() || area.width() < 3 * padding)
        return;
    double widest = 0;
    std::vector<QString> shown;
    for (const Line& line : lines) {
        const QFontMetricsF metrics(line.title ? m_boldFont : m_font);
        shown.push_back(metrics.elidedText(line.text, Qt::ElideRight, area.width() - 2 * padding));
        widest = std::max(widest, metrics.horizontalAdvance(shown.back()));
    }
    QRectF plate = area;
    plate.setWidth(std::min(std::ceil(widest) + 2 * padding, double(area.width())));
    if (corner == Corner::TopRight)
        plate.moveRight(area.right() + 1);
    drawPlate(painter, plate);
    const double lineHeight = (plate.height() - 2 * padding) / static_cast<double>(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        painter.setFont(lines[i].title ? m_boldFont : m_font);
        painter.setPen(lines[i].mark ? colours::letter : lines[i].title ? colours::title : i == 0 ? colours::text : colours::secondaryText);
        const QRectF row(plate.left() + padding, plate.top() + padding + lineHeight * static_cast<double>(i),
                         plate.width() - padding, lineHeight);
        const QRectF right = row.adjusted(-padding, 0, -padding, 0);
        painter.drawText(corner == Corner::TopRight ? right : row,
                         (corner == Corner::TopRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, shown[i]);
    }
}

bool SliceFurniture::roomy() const
{
    const QSizeF& least = m_plane == Plane::Axial ? roomyAxial : roomyOther;
    return m_viewport.size().width() >= least.width() && m_viewport.size().height() >= least.height();
}

std::vector<SliceFurniture::Line> SliceFurniture::titleLines() const
{
    std::vector<Line> lines{{planeName(m_plane), true}};
    if (!roomy())
        return lines;
    const OverlayText& text = m_state.overlayText;
    for (const QString& line : {text.patient, text.series, text.channel, text.date})
        if (!line.isEmpty())
            lines.push_back({line});
    if (!text.mark.isEmpty())
        lines.push_back({text.mark, false, true});
    return lines;
}

std::vector<SliceFurniture::Line> SliceFurniture::windowLines() const
{
    const DisplayWindow window = m_state.window();
    const int decimals = decimalsFor(window.width);
    return {{tr("C %1 W %2").arg(number(window.centre, decimals), number(window.width, decimals))},
            {tr("×%1").arg(number(m_viewport.pixelsPerVoxel(), 1))}};
}

std::vector<SliceFurniture::Line> SliceFurniture::positionLines() const
{
    const SliceLayout& layout = m_viewport.layout();
    const int slice = m_state.cursor()[static_cast<std::size_t>(layout.nAxis)] + 1;
    const int count = layout.sliceCount(m_viewport.geometry());
    const QFontMetricsF metrics(m_font);
    const auto fitsIn = [&](const QString& text) {
        return metrics.horizontalAdvance(text) + 2 * padding < zone(Corner::BottomLeft, 2).width();
    };
    const QString counted = QStringLiteral("%1 / %2").arg(slice).arg(count);
    const QString placed = QStringLiteral("%1 · %2").arg(counted, positionText());
    const QString shortLine = fitsIn(placed) ? placed : counted;
    const QString value = valueText();
    if (!roomy())
        return pointer ? std::vector<Line>{{shortLine}, {value}} : std::vector<Line>{{shortLine}};
    const QString line = tr("slice %1").arg(shortLine);
    const bool fits = fitsIn(line);
    return {{fits ? line : shortLine}, {fits && !value.isEmpty() ? tr("value %1").arg(value) : value}};
}

// The crosshair's coordinate along the plane's patient axis, counted towards superior, anterior or left.
QString SliceFurniture::positionText() const
{
    const Index3 c = m_state.cursor();
    const Vec3 lps = m_viewport.geometry().patientFromIndex({double(c[0]), double(c[1]), double(c[2])});
    switch (m_plane) {
    case Plane::Axial: return tr("S %1 mm").arg(number(lps[2], 1));
    case Plane::Coronal: return tr("A %1 mm").arg(number(-lps[1], 1));
    case Plane::Sagittal: break;
    }
    return tr("L %1 mm").arg(number(lps[0], 1));
}

QString SliceFurniture::valueText() const
{
    const Index3 index = pointer.value_or(m_state.cursor());
    const Volume& volume = m_state.shown();
    if (volume.isNull() || !m_state.volume().geometry().contains(index))
        return {};
    const std::optional<double> value = valueUnder(m_state, index);
    QString text = value ? number(*value, isWhole(volume) ? 0 : decimalsFor(m_state.window().width))
                         : QStringLiteral("–");
    if (!volume.unit().empty())
        text += QLatin1Char(' ') + QString::fromStdString(volume.unit());
    const LabelMap* labels = m_state.labels();
    if (const SegmentNumber top = labels ? labels->topLabelAt(index) : background)
        if (const Segment* segment = labels->segments().find(top))
            text += QStringLiteral(" · ") + QString::fromStdString(segment->name);
    return text;
}

void SliceFurniture::paintLetters(QPainter& painter) const
{
    const double w = m_viewport.size().width(), h = m_viewport.size().height();
    const Vec3 right = m_viewport.right(), down = m_viewport.down();
    struct Place {
        Vec3 direction;
        QPointF centre;
    };
    const double inset = margin + 0.5 * letterBox;
    const std::array<Place, 4> places{Place{-1 * right, {inset, 0.5 * h}}, Place{right, {w - inset, 0.5 * h}},
                                      Place{-1 * down, {0.5 * w, inset}}, Place{down, {0.5 * w, h - inset}}};
    QFont font = m_boldFont;
    font.setPixelSize(13);
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    for (const auto& [direction, centre] : places) {
        const QString letters = QString::fromStdString(orientationLetters(direction));
        const double width = std::max(20.0, metrics.horizontalAdvance(letters) + 8);
        QRectF box(centre.x() - 0.5 * width, centre.y() - 10, width, 20);
        box.moveLeft(std::clamp(box.left(), double(margin), std::max(double(margin), w - margin - width)));
        drawPlate(painter, box);
        painter.setPen(colours::letter);
        painter.drawText(box, Qt::AlignCenter, letters);
    }
    painter.setFont(m_font);
}

void SliceFurniture::paintScaleBar(QPainter& painter) const
{
    const double w = m_viewport.size().width(), h = m_viewport.size().height();
    const double room = std::min(0.3 * h, 0.5 * h - 2 * margin - 2.5 * letterBox);
    if (room < 24 || w < 120)
        return;
    const double mm = roundLength(room / m_viewport.zoom());
    const int length = static_cast<int>(std::lround(mm * m_viewport.zoom()));
    const int x = static_cast<int>(w) - margin - 3, bottom = static_cast<int>(h) - margin - letterBox - 4;
    const QString text = tr("%1 mm").arg(number(mm, mm < 1 ? 2 : 0));
    const double width = QFontMetricsF(m_font).horizontalAdvance(text) + 2 * padding;
    const QRectF label(w - margin - width, bottom + 6, width, letterBox - 2);
    const std::array<QRect, 3> bars{QRect(x, bottom - length, 2, length), QRect(x - 4, bottom - length, 6, 2),
                                    QRect(x - 4, bottom - 2, 6, 2)};
    for (const QRect& bar : bars)
        painter.fillRect(bar.adjusted(-1, -1, 1, 1), colours::pane);
    for (const QRect& bar : bars)
        painter.fillRect(bar, colours::scaleBar);
    drawPlate(painter, label);
    painter.setPen(colours::text);
    painter.drawText(label, Qt::AlignCenter, text);
}

} // namespace annotomy
