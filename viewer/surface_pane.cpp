#include "viewer/surface_pane.h"

#include "viewer/colours.h"
#include "viewer/scene_window.h"
#include "viewer/surface_builder.h"
#include "viewer/surface_scene.h"

#include <QLabel>
#include <QShowEvent>
#include <QTimer>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int restMs = 600;    // without a change before full detail is built
constexpr int previewMs = 150; // between half-resolution previews while painting

QLabel* caption(const QColor& colour, QWidget* parent)
{
    auto* label = new QLabel(parent);
    QFont font = parent->font();
    font.setPixelSize(11);
    font.setBold(colour == colours::title);
    label->setFont(font);
    label->setStyleSheet(QStringLiteral("color: %1;").arg(colour.name())); // a palette yields to the program's sheet
    label->setContentsMargins(13, 8, 13, 8);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return label;
}

} // namespace

struct SurfacePane::Impl {
    Impl(SurfacePane& owner, ViewState& shared) : pane(owner), state(shared) {}

    SurfacePane& pane;
    ViewState& state;
    std::shared_ptr<SurfaceScene> scene = std::make_shared<SurfaceScene>();
    SceneWindow* window = nullptr; // owned by `container`
    QWidget* container = nullptr;
    QLabel* title = nullptr;
    QLabel* sentence = nullptr;
    QLabel* facts = nullptr;
    SurfaceBuilder builder;
    QTimer restTimer, previewTimer;

    std::map<SegmentNumber, IndexBox> known;
    IndexBox changed;       // since the last full build
    bool started = false;   // shown once, so GL is known to work or not
    bool fresh = true;      // the camera has not yet seen this case
    bool wanted = false;    // a full build is due

    void makeWidgets();
    void connectState();
    void startGraphics();
    void forget();
    void requestFull(int delayMs);
    void buildFull();
    void buildPreview();
    void accept(const SurfaceResult& result);
    void labelsChanged(const IndexBox& box);
    void segmentsChanged();
    void refresh();
    std::vector<SegmentNumber> visibleSegments() const;
};

SurfacePane::SurfacePane(ViewState* state, QWidget* parent)
    : QWidget(parent), m_impl(std::make_unique<Impl>(*this, *state))
{
    setMinimumSize(64, 64);
    QPalette dark = palette();
    dark.setColor(QPalette::Window, colours::scene);
    setPalette(dark);
    setAutoFillBackground(true);
    m_impl->makeWidgets();
    m_impl->connectState();
    m_impl->refresh();
}

SurfacePane::~SurfacePane()
{
    m_impl->builder.disconnect();
    delete m_impl->container; // and the window in it, while the scene is alive
}

void SurfacePane::Impl::makeWidgets()
{
    auto* column = new QVBoxLayout(&pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    title = caption(colours::title, &pane);
    title->setText(tr("3-D"));
    sentence = caption(colours::secondaryText, &pane);
    sentence->setWordWrap(true);
    sentence->setAlignment(Qt::AlignCenter);
    sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
    facts = caption(colours::text, &pane);
    column->addWidget(title);
    column->addWidget(sentence, 1);
    column->addWidget(facts);
}

void SurfacePane::Impl::connectState()
{
    restTimer.setSingleShot(true);
    previewTimer.setSingleShot(true);
    QObject::connect(&restTimer, &QTimer::timeout, &pane, [this] { buildFull(); });
    QObject::connect(&previewTimer, &QTimer::timeout, &pane, [this] { buildPreview(); });
    QObject::connect(&builder, &SurfaceBuilder::built, &pane, [this](const SurfaceResult& result) { accept(result); });
    QObject::connect(&builder, &SurfaceBuilder::ended, &pane, [this] {
        if (wanted && !restTimer.isActive())
            buildFull();
    });
    QObject::connect(&state, &ViewState::imageChanged, &pane, [this] {
        fresh = true;
        forget();
    });
    QObject::connect(&state, &ViewState::labelsReplaced, &pane, [this] { forget(); });
    QObject::connect(&state, &ViewState::labelsChanged, &pane, [this](const IndexBox& box) { labelsChanged(box); });
    QObject::connect(&state, &ViewState::segmentsChanged, &pane, [this] { segmentsChanged(); });
}

// The window is made only when the pane is first seen, so that start-up does not wait for GL.
void SurfacePane::Impl::startGraphics()
{
    if (started)
        return;
    started = true;
    if (!SceneWindow::isSupported()) {
        sentence->setText(tr("The 3-D view needs OpenGL 3.2, which this display does not offer. "
                             "Slices and editing work without it."));
        return;
    }
    window = new SceneWindow(scene);
    container = QWidget::createWindowContainer(window, &pane);
    container->setFocusPolicy(Qt::NoFocus);
    sentence->hide();
    static_cast<QVBoxLayout*>(pane.layout())->insertWidget(1, container, 1);
    requestFull(0);
}

void SurfacePane::Impl::forget()
{
    builder.cancel();
    known.clear();
    changed = {};
    scene->clear();
    refresh();
    requestFull(0);
}

void SurfacePane::Impl::requestFull(int delayMs)
{
    wanted = true;
    if (window && pane.isVisible())
        restTimer.start(delayMs);
}

std::vector<SegmentNumber> SurfacePane::Impl::visibleSegments() const
{
    std::vector<SegmentNumber> numbers;
    if (state.labels())
        for (const Segment& segment : state.labels()->segments().segments())
            if (segment.visible)
                numbers.push_back(segment.number);
    return numbers;
}

void SurfacePane::Impl::buildFull()
{
    if (!window || !pane.isVisible() || builder.busy())
        return; // again on show, or when the present build has ended
    wanted = false;
    if (!state.labels()) {
        Q_EMIT pane.sceneReady();
        return;
    }
    builder.build({*state.labels(), visibleSegments(), known, std::exchange(changed, IndexBox{})});
}

// Only the segment being painted, cut out here: the mask itself stays unshared, so that no dab has to copy it.
void SurfacePane::Impl::buildPreview()
{
    if (!window || !pane.isVisible() || !state.labels())
        return;
    if (builder.busy()) {
        previewTimer.start(previewMs);
        return;
    }
    const SegmentNumber number = state.activeSegment();
    const Segment* segment = state.labels()->segments().find(number);
    const auto box = known.find(number);
    const IndexBox all = unionOf(changed, box == known.end() ? IndexBox{} : box->second);
    if (segment && segment->visible && !all.empty())
        builder.buildPreview(cropSegment(*state.labels(), number, all, SurfaceDetail::Half));
}

void SurfacePane::Impl::accept(const SurfaceResult& result)
{
    for (const SegmentSurface& surface : result.surfaces)
        scene->setSurface(surface);
    for (const auto& [number, box] : result.boxes)
        known[number] = box;
    if (fresh && scene->shownCount() > 0) {
        scene->resetCamera();
        fresh = false;
    }
    refresh();
    if (!wanted && result.detail == SurfaceDetail::Full)
        Q_EMIT pane.sceneReady();
}

void SurfacePane::Impl::labelsChanged(const IndexBox& box)
{
    changed = unionOf(changed, box);
    requestFull(restMs);
    if (window && !previewTimer.isActive())
        previewTimer.start(previewMs);
}

void SurfacePane::Impl::segmentsChanged()
{
    refresh();
    for (const SegmentNumber number : visibleSegments())
        if (!scene->hasSurface(number))
            return requestFull(previewMs);
}

void SurfacePane::Impl::refresh()
{
    if (state.labels())
        scene->setSegments(state.labels()->segments());
    facts->setText(scene->caption(state.volume().geometry().voxelVolumeMm3()));
    facts->setVisible(!state.volume().isNull() && (window || !started));
    if (window)
        window->update();
}

void SurfacePane::resetCamera()
{
    m_impl->scene->resetCamera();
    m_impl->refresh();
}

bool SurfacePane::busy() const
{
    return m_impl->builder.busy() || m_impl->restTimer.isActive();
}

QImage SurfacePane::grabScene()
{
    return m_impl->window ? m_impl->window->grabScene() : grab().toImage();
}

void SurfacePane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    QTimer::singleShot(0, this, [this] {
        m_impl->startGraphics();
        if (m_impl->wanted)
            m_impl->requestFull(0);
    });
}

} // namespace annotomy
