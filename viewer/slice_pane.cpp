#include "viewer/slice_pane.h"

#include "viewer/colours.h"
#include "viewer/heat_layer.h"
#include "viewer/preview_layer.h"
#include "viewer/slice_canvas.h"
#include "viewer/slice_furniture.h"
#include "viewer/slice_viewport.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <optional>

namespace annotomy {

namespace {

enum class Drag { None, Tool, Crosshair, Pan, Window };

constexpr int wheelNotch = 120;    // eighths of a degree
constexpr double zoomPerNotch = 1.15;
constexpr double windowDoubling = 180; // pixels of drag to the right that double the width

// Windows of many grey values are set in whole ones, as readers quote them.
double rounded(double value, double width)
{
    return width >= 20 ? std::round(value) : value;
}

Index3 nearestVoxel(const Vec3& index)
{
    const auto nearest = [](double x) { return static_cast<int>(std::lround(std::clamp(x, -1e6, 1e6))); };
    return {nearest(index[0]), nearest(index[1]), nearest(index[2])};
}

} // namespace

struct SlicePane::Impl {
    Impl(SlicePane& owner, ViewState& shared) : pane(owner), state(shared), font(tabularFont(owner.font())) {}

    SlicePane& pane;
    ViewState& state;
    SliceViewport viewport;
    SliceCanvas canvas;
    HeatLayer heat;
    PreviewLayer preview;
    QFont font;
    Tool* tool = nullptr;

    Drag drag = Drag::None;
    Qt::MouseButton dragButton = Qt::NoButton;
    QPointF last, pressed;
    DisplayWindow pressedWindow;
    std::optional<QPointF> pointer;
    bool spaceHeld = false;
    int wheelRest = 0;

    int shownSlice = -1;
    int toldSlice = -1; // by slicePainted
    QRegion shownCrosshair;
    QRect shownBrush;

    std::size_t normalAxis() const { return static_cast<std::size_t>(viewport.layout().nAxis); }

    SliceFurniture furniture() const
    {
        SliceFurniture result(state, viewport, pane.plane(), font);
        result.pointer = pointerVoxel();
        return result;
    }

    Vec3 indexAt(const QPointF& screen) const
    {
        const QPointF pixel = viewport.pixelFromScreen(screen);
        return viewport.layout().indexFromPixel(viewport.geometry(), pixel.x(), pixel.y(),
                                                state.cursor()[normalAxis()]);
    }

    std::optional<Index3> pointerVoxel() const
    {
        if (!pointer || viewport.isNull())
            return std::nullopt;
        const Index3 index = nearestVoxel(indexAt(*pointer));
        return viewport.geometry().contains(index) ? std::optional(index) : std::nullopt;
    }

    SlicePoint slicePoint(const QPointF& screen, Qt::KeyboardModifiers modifiers) const
    {
        const Vec3 index = indexAt(screen);
        return {pane.plane(), viewport.layout(), viewport.geometry().patientFromIndex(index), index,
                viewport.normal(), modifiers};
    }

    void connectState();
    void imageChanged();
    void sliceChanged();
    void viewChanged();
    void previewChanged();
    void heatMapChanged();
    void tellSlice();
    void labelsChanged(const IndexBox& box);
    void cursorMoved();
    void updateFacts() { pane.update(furniture().factsRegion()); }

    void beginDrag(QMouseEvent* event);
    void continueDrag(QMouseEvent* event);
    void endDrag(const SlicePoint* point); // null: given up
    void dragWindow(const QPointF& screen);
    void movePointer(std::optional<QPointF> position);

    QRectF brushCircle() const;
    QRect brushRect() const;
    void updateBrush();
    void paintBrush(QPainter& painter);
};

SlicePane::SlicePane(Plane plane, ViewState* state, QWidget* parent)
    : QWidget(parent), m_plane(plane), m_impl(new Impl(*this, *state))
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setMinimumSize(64, 64);
    m_impl->connectState();
    m_impl->imageChanged();
}

SlicePane::~SlicePane() = default;

void SlicePane::Impl::connectState()
{
    const auto wholeSlice = [this] { sliceChanged(); };
    QObject::connect(&state, &ViewState::imageChanged, &pane, [this] { imageChanged(); });
    QObject::connect(&state, &ViewState::shownImageChanged, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::labelsReplaced, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::segmentsChanged, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::comparisonChanged, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::previewChanged, &pane, [this] { previewChanged(); });
    QObject::connect(&state, &ViewState::heatMapChanged, &pane, [this] { heatMapChanged(); });
    QObject::connect(&state, &ViewState::windowChanged, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::styleChanged, &pane, wholeSlice);
    QObject::connect(&state, &ViewState::labelsChanged, &pane, [this](const IndexBox& box) { labelsChanged(box); });
    QObject::connect(&state, &ViewState::cursorChanged, &pane, [this] { cursorMoved(); });
    QObject::connect(&state, &ViewState::activeSegmentChanged, &pane, [this] {
        updateBrush();
        previewChanged();
    });
    QObject::connect(&state, &ViewState::fitRequested, &pane, [this] { pane.fit(); });
}

void SlicePane::Impl::imageChanged()
{
    if (drag != Drag::None)
        endDrag(nullptr);
    viewport = state.volume().isNull() ? SliceViewport() : SliceViewport(state.volume().geometry(), pane.plane());
    viewport.setSize(pane.size());
    sliceChanged();
    viewChanged();
}

void SlicePane::Impl::sliceChanged()
{
    canvas.invalidateSlice();
    heat.invalidateSlice();
    preview.invalidate();
    shownSlice = viewport.isNull() ? -1 : state.cursor()[normalAxis()];
    pane.update();
}

void SlicePane::Impl::viewChanged()
{
    canvas.invalidateView();
    heat.invalidateView();
    preview.invalidate();
    shownCrosshair = furniture().crosshairRegion();
    pane.update();
}

void SlicePane::Impl::previewChanged()
{
    preview.invalidate();
    pane.update();
}

void SlicePane::Impl::heatMapChanged()
{
    heat.invalidateSlice();
    toldSlice = -1;
    pane.update();
}

void SlicePane::Impl::tellSlice()
{
    if (shownSlice == toldSlice)
        return;
    toldSlice = shownSlice;
    if (shownSlice >= 0)
        Q_EMIT pane.slicePainted(viewport.layout().nAxis, shownSlice);
}

void SlicePane::Impl::labelsChanged(const IndexBox& box)
{
    if (state.preview())
        previewChanged();
    const QRect changed = canvas.refreshLabels(state, viewport, box);
    if (changed.isEmpty())
        return;
    pane.update(changed);
    updateFacts();
}

void SlicePane::Impl::cursorMoved()
{
    if (viewport.isNull())
        return;
    if (state.cursor()[normalAxis()] != shownSlice)
        sliceChanged();
    const QRegion crosshair = furniture().crosshairRegion();
    pane.update(shownCrosshair);
    pane.update(crosshair);
    shownCrosshair = crosshair;
    updateFacts();
}

void SlicePane::setTool(Tool* tool)
{
    if (tool == m_impl->tool)
        return;
    if (m_impl->drag == Drag::Tool)
        m_impl->endDrag(nullptr);
    m_impl->tool = tool;
    m_impl->updateBrush();
}

void SlicePane::fit()
{
    m_impl->viewport.fit();
    m_impl->viewChanged();
}

void SlicePane::stepSlice(int delta)
{
    if (m_impl->viewport.isNull())
        return;
    Index3 cursor = m_impl->state.cursor();
    cursor[m_impl->normalAxis()] += delta;
    m_impl->state.setCursor(cursor);
}

double SlicePane::zoom() const
{
    return m_impl->viewport.zoom();
}

QPointF SlicePane::screenFromIndex(const Vec3& index) const
{
    const SliceViewport& viewport = m_impl->viewport;
    if (viewport.isNull())
        return {};
    const Vec3 pixel = viewport.layout().pixelFromIndex(viewport.geometry(), index);
    return viewport.screenFromPixel({pixel[0], pixel[1]});
}

void SlicePane::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const qreal ratio = devicePixelRatioF();
    const QImage& picture = m_impl->canvas.picture(m_impl->state, m_impl->viewport, ratio);
    for (const QRect& rect : event->region())
        painter.drawImage(QRectF(rect), picture,
                          QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio));
    m_impl->heat.paint(painter, event->region(), m_impl->state, m_impl->viewport, ratio);
    m_impl->preview.paint(painter, event->region(), m_impl->state, m_impl->viewport, ratio);
    m_impl->furniture().paint(painter, event->region());
    m_impl->paintBrush(painter);
    painter.end();
    m_impl->tellSlice();
}

void SlicePane::resizeEvent(QResizeEvent*)
{
    m_impl->viewport.setSize(size());
    m_impl->viewChanged();
}

void SlicePane::mousePressEvent(QMouseEvent* event)
{
    if (m_impl->viewport.isNull() || m_impl->drag != Drag::None)
        return;
    m_impl->beginDrag(event);
}

void SlicePane::Impl::beginDrag(QMouseEvent* event)
{
    const bool left = event->button() == Qt::LeftButton;
    pressed = last = event->position();
    dragButton = event->button();
    if (event->button() == Qt::MiddleButton || (left && spaceHeld)) {
        drag = Drag::Pan;
    } else if (event->button() == Qt::RightButton) {
        drag = Drag::Window;
        pressedWindow = state.window();
    } else if (left && tool && !(event->modifiers() & Qt::ShiftModifier)) {
        drag = Drag::Tool;
        tool->press(slicePoint(event->position(), event->modifiers()));
    } else if (left) {
        drag = Drag::Crosshair;
        state.setCursor(nearestVoxel(indexAt(event->position())));
    }
}

void SlicePane::mouseMoveEvent(QMouseEvent* event)
{
    if (m_impl->viewport.isNull())
        return;
    // The release went elsewhere (a dialog took the mouse): the gesture ends where it was last seen.
    if (m_impl->drag != Drag::None && !(event->buttons() & m_impl->dragButton)) {
        const SlicePoint point = m_impl->slicePoint(m_impl->last, event->modifiers());
        m_impl->endDrag(&point);
    }
    m_impl->continueDrag(event);
    m_impl->movePointer(event->position());
    m_impl->last = event->position();
}

void SlicePane::Impl::continueDrag(QMouseEvent* event)
{
    switch (drag) {
    case Drag::None: break;
    case Drag::Tool: tool->move(slicePoint(event->position(), event->modifiers())); break;
    case Drag::Crosshair: state.setCursor(nearestVoxel(indexAt(event->position()))); break;
    case Drag::Window: dragWindow(event->position()); break;
    case Drag::Pan:
        viewport.pan(event->position() - last);
        viewChanged();
        break;
    }
}

// Right widens, up brightens; the steps follow the window's width, so CT, MR and PET feel alike.
void SlicePane::Impl::dragWindow(const QPointF& screen)
{
    const QPointF delta = screen - pressed;
    const double smallest = pressedWindow.width >= 20 ? 1.0 : 1e-3 * pressedWindow.width;
    DisplayWindow window = pressedWindow;
    window.width = pressedWindow.width * std::exp2(delta.x() / windowDoubling);
    window.width = std::max(smallest, rounded(window.width, pressedWindow.width));
    window.centre = rounded(pressedWindow.centre + pressedWindow.width * delta.y() / 400, pressedWindow.width);
    window.explanation.clear();
    state.setWindow(window);
}

void SlicePane::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_impl->drag == Drag::None || event->button() != m_impl->dragButton)
        return;
    const SlicePoint point = m_impl->slicePoint(event->position(), event->modifiers());
    m_impl->endDrag(&point);
}

void SlicePane::Impl::endDrag(const SlicePoint* point)
{
    const Drag ended = std::exchange(drag, Drag::None);
    dragButton = Qt::NoButton;
    if (ended != Drag::Tool || !tool)
        return;
    if (point)
        tool->release(*point);
    else
        tool->cancel();
}

void SlicePane::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QRect title(0, 0, width() / 2, 32);
    if (event->button() == Qt::LeftButton && (title.contains(event->pos()) || !m_impl->tool))
        Q_EMIT maximiseRequested();
    else
        mousePressEvent(event); // a quick second dab
}

void SlicePane::wheelEvent(QWheelEvent* event)
{
    event->accept();
    // With Shift or Alt some systems turn the wheel sideways.
    const int turn = event->angleDelta().y() ? event->angleDelta().y() : event->angleDelta().x();
    if (m_impl->viewport.isNull() || turn == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier) {
        m_impl->viewport.zoomAt(event->position(), std::pow(zoomPerNotch, double(turn) / wheelNotch));
        m_impl->viewChanged();
        return;
    }
    m_impl->wheelRest += turn;
    const int steps = m_impl->wheelRest / wheelNotch;
    m_impl->wheelRest -= steps * wheelNotch;
    if (steps == 0)
        return;
    if (event->modifiers() & Qt::ShiftModifier) {
        Q_EMIT brushSizeStep(steps);
        m_impl->updateBrush();
    } else if (m_impl->drag != Drag::Tool) {
        stepSlice(steps);
    }
    m_impl->movePointer(event->position());
}

void SlicePane::leaveEvent(QEvent*)
{
    m_impl->movePointer(std::nullopt);
}

void SlicePane::keyPressEvent(QKeyEvent* event)
{
    const int last = m_impl->viewport.isNull() ? 0 : m_impl->viewport.layout().sliceCount(m_impl->viewport.geometry());
    const bool painting = m_impl->drag == Drag::Tool;
    switch (event->key()) {
    case Qt::Key_Up: return painting ? void() : stepSlice(1);
    case Qt::Key_Down: return painting ? void() : stepSlice(-1);
    case Qt::Key_PageUp: return painting ? void() : stepSlice(10);
    case Qt::Key_PageDown: return painting ? void() : stepSlice(-10);
    case Qt::Key_Home: return painting ? void() : stepSlice(-last);
    case Qt::Key_End: return painting ? void() : stepSlice(last);
    case Qt::Key_F: return fit();
    case Qt::Key_R: m_impl->state.resetWindow(); return fit();
    case Qt::Key_Space: m_impl->spaceHeld = true; return;
    case Qt::Key_Escape:
        if (painting)
            return m_impl->endDrag(nullptr);
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

void SlicePane::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Space)
        return QWidget::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        m_impl->spaceHeld = false;
}

void SlicePane::focusOutEvent(QFocusEvent* event)
{
    m_impl->spaceHeld = false;
    QWidget::focusOutEvent(event);
}

void SlicePane::Impl::movePointer(std::optional<QPointF> position)
{
    pointer = position;
    updateBrush();
    updateFacts();
    if (const std::optional<Index3> index = pointerVoxel())
        Q_EMIT pane.pointerMoved(*index);
    else
        Q_EMIT pane.pointerLeft();
}

QRectF SlicePane::Impl::brushCircle() const
{
    const double diameter = tool && pointer && !viewport.isNull() ? tool->cursorDiameterMm() * viewport.zoom() : 0;
    if (diameter <= 0)
        return {};
    return {pointer->x() - 0.5 * diameter, pointer->y() - 0.5 * diameter, diameter, diameter};
}

QRect SlicePane::Impl::brushRect() const
{
    const QRectF circle = brushCircle();
    return circle.isEmpty() ? QRect() : circle.adjusted(-3, -3, 3, 3).toAlignedRect();
}

void SlicePane::Impl::updateBrush()
{
    const QRect needed = brushRect();
    pane.update(shownBrush);
    pane.update(needed);
    shownBrush = needed;
}

// A dark ring under the coloured one keeps the brush visible on bright bone and on its own colour.
void SlicePane::Impl::paintBrush(QPainter& painter)
{
    shownBrush = shownBrush.united(brushRect()); // zoom and size change it without the pointer
    const QRectF circle = brushCircle();
    if (circle.isEmpty())
        return;
    const Segment* segment = state.labels() ? state.labels()->segments().find(state.activeSegment()) : nullptr;
    const QColor colour = segment ? QColor(segment->colour.r, segment->colour.g, segment->colour.b) : colours::text;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 140), 3));
    painter.drawEllipse(circle);
    painter.setPen(QPen(colour, 1.5));
    painter.drawEllipse(circle);
}

} // namespace annotomy
