#include "viewer/slice_pane.h"

#include "tests/viewer/viewer_phantom.h"
#include "viewer/brush_tool.h"

#include <QApplication>
#include <QPainter>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace annotomy;
using namespace annotomy::testing;

namespace {

constexpr QSize paneSize{420, 400};

struct RecordingTool : Tool {
    std::vector<SlicePoint> presses, moves, releases;
    int cancels = 0;
    double diameter = 0;
    void press(const SlicePoint& point) override { presses.push_back(point); }
    void move(const SlicePoint& point) override { moves.push_back(point); }
    void release(const SlicePoint& point) override { releases.push_back(point); }
    void cancel() override { ++cancels; }
    double cursorDiameterMm() const override { return diameter; }
};

struct Scene {
    ViewState state;
    LabelMap labels;
    ImageInfo primary;
    SlicePane axial{Plane::Axial, &state}, coronal{Plane::Coronal, &state}, sagittal{Plane::Sagittal, &state};

    explicit Scene(const VolumeGeometry& geometry, bool withLabels = false)
    {
        ImageInfo info;
        info.modality = "CT";
        info.windows = {{500, 1000, {}}};
        state.setImage(markerVolume(geometry), info);
        primary = info;
        if (withLabels) {
            labels = markerLabels(geometry);
            state.setLabels(&labels);
        }
        for (SlicePane* pane : panes()) {
            pane->resize(paneSize);
            pane->show();
        }
    }

    std::array<SlicePane*, 3> panes() { return {&axial, &coronal, &sagittal}; }

    Vec3 marker(const Vec3& offset) const
    {
        const VolumeGeometry& g = state.volume().geometry();
        return g.indexFromPatient(gridCentre(g) + offset);
    }

    // The grey that a pane shows of a marker when the crosshair's slice goes through it, but not its lines.
    int greyAt(SlicePane& pane, const Vec3& offset)
    {
        const VolumeGeometry& g = state.volume().geometry();
        const Index3 at = nearestIndex(g, gridCentre(g) + offset);
        Index3 beside = at;
        const SliceLayout layout = sliceLayout(g, pane.plane());
        beside[std::size_t(layout.hAxis)] = 1;
        beside[std::size_t(layout.vAxis)] = 1;
        state.setCursor(beside);
        const QPointF screen = pane.screenFromIndex({double(at[0]), double(at[1]), double(at[2])});
        return qGray(pane.grab().toImage().pixel(screen.toPoint()));
    }
};

Scene* makeScene(const VolumeGeometry& geometry, bool withLabels = false)
{
    return new Scene(geometry, withLabels);
}

void wheel(QWidget& pane, const QPointF& at, int turn, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWheelEvent event(at, pane.mapToGlobal(at), {}, {0, turn}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&pane, &event);
}

double distance(const QPointF& a, const QPointF& b)
{
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

} // namespace

class TestSlicePane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void radiologicalConvention_data();
    void radiologicalConvention();
    void trueProportions_data() { radiologicalConvention_data(); }
    void trueProportions();
    void brushPaintsInTheShownSlice_data() { radiologicalConvention_data(); }
    void brushPaintsInTheShownSlice();
    void leftClickMovesTheLinkedCrosshair();
    void wheelAndKeysStepSlices();
    void controlWheelZoomsAtThePointer();
    void shiftWheelStepsTheBrush();
    void middleDragPans();
    void rightDragWindows();
    void draggingStretchesTheWindowsCurve();
    void escapeCancelsTheStroke();
    void releaseElsewhereEndsTheStroke();
    void incrementalRepaintEqualsWhole_data();
    void incrementalRepaintEqualsWhole();
    void anotherGridShowsTheSamePatient_data() { radiologicalConvention_data(); }
    void anotherGridShowsTheSamePatient();
    void repaintOfAnotherGridEqualsWhole_data() { incrementalRepaintEqualsWhole_data(); }
    void repaintOfAnotherGridEqualsWhole();
    void aChannelKeepsCursorMaskAndItsWindow();
    void thresholdIsPreviewed_data() { radiologicalConvention_data(); }
    void thresholdIsPreviewed();
    void previewLeavesOutWhatIsProtected();
    void pointerIsTold();
    void doubleClickOnTheTitleMaximises();
    void emptyStateIsBlack();
    void smallPanesPaint();
};

void TestSlicePane::radiologicalConvention_data()
{
    QTest::addColumn<VolumeGeometry>("grid");
    QTest::newRow("plain") << plainGrid();
    QTest::newRow("anisotropic") << anisotropicGrid();
    QTest::newRow("flipped") << flippedGrid();
    QTest::newRow("permuted") << permutedGrid();
    QTest::newRow("oblique") << obliqueGrid();
    QTest::newRow("tilted") << tiltedGrid();
}

void TestSlicePane::radiologicalConvention()
{
    QFETCH(VolumeGeometry, grid);
    const std::unique_ptr<Scene> scene(makeScene(grid));
    const QPointF middle(0.5 * paneSize.width(), 0.5 * paneSize.height());
    const auto at = [&](SlicePane& pane, const Vec3& offset) { return pane.screenFromIndex(scene->marker(offset)); };

    QVERIFY(at(scene->axial, leftMarker).x() > middle.x() + 20);
    QVERIFY(at(scene->coronal, leftMarker).x() > middle.x() + 20);
    QVERIFY(at(scene->axial, anteriorMarker).y() < middle.y() - 20);
    QVERIFY(at(scene->sagittal, anteriorMarker).x() < middle.x() - 20);
    QVERIFY(at(scene->coronal, superiorMarker).y() < middle.y() - 20);
    QVERIFY(at(scene->sagittal, superiorMarker).y() < middle.y() - 20);

    const int left = scene->greyAt(scene->axial, leftMarker);
    QVERIFY2(left >= 250, qPrintable(QString::number(left)));
    QVERIFY(std::abs(scene->greyAt(scene->coronal, leftMarker) - left) <= 2);
    QVERIFY(std::abs(scene->greyAt(scene->axial, anteriorMarker) - 179) <= 3);
    QVERIFY(std::abs(scene->greyAt(scene->sagittal, anteriorMarker) - 179) <= 3);
    QVERIFY(std::abs(scene->greyAt(scene->coronal, superiorMarker) - 102) <= 3);
    QVERIFY(std::abs(scene->greyAt(scene->sagittal, superiorMarker) - 102) <= 3);
}

// A mm is a mm in every direction of every pane.
void TestSlicePane::trueProportions()
{
    QFETCH(VolumeGeometry, grid);
    const std::unique_ptr<Scene> scene(makeScene(grid));
    for (SlicePane* pane : scene->panes()) {
        const SliceLayout layout = sliceLayout(grid, pane->plane());
        Vec3 a{3, 5, 7};
        for (const auto& [dh, dv] : {std::pair(9.0, 0.0), std::pair(0.0, 8.0), std::pair(6.0, 5.0), std::pair(-6.0, 5.0)}) {
            Vec3 b = a;
            b[std::size_t(layout.hAxis)] += dh;
            b[std::size_t(layout.vAxis)] += dv;
            const double mm = length(grid.patientFromIndex(a) - grid.patientFromIndex(b));
            const double pixels = distance(pane->screenFromIndex(a), pane->screenFromIndex(b));
            QVERIFY(std::abs(pixels - mm * pane->zoom()) < 1e-3 * pixels);
        }
    }
}

namespace {

struct RecordingSink : EditSink {
    std::vector<VoxelSelection> selections;
    std::vector<std::string> events;
    EditAction action{};
    bool accepts = true;
    bool beginStroke(const char* tool, EditAction a) override
    {
        events.push_back(std::string("begin ") + tool);
        action = a;
        return accepts;
    }
    bool continueStroke(const VoxelSelection& selection) override
    {
        selections.push_back(selection);
        return accepts;
    }
    void endStroke() override { events.push_back("end"); }
    void cancelStroke() override { events.push_back("cancel"); }
    bool apply(const VoxelSelection&, const char*, EditAction) override { return accepts; }
};

} // namespace

void TestSlicePane::brushPaintsInTheShownSlice()
{
    QFETCH(VolumeGeometry, grid);
    const std::unique_ptr<Scene> scene(makeScene(grid));
    for (SlicePane* pane : scene->panes()) {
        RecordingSink sink;
        BrushTool brush(sink, grid, EditAction::Paint);
        brush.setOptions({BrushShape::Disc, 12});
        pane->setTool(&brush);
        const Index3 cursor = scene->state.cursor();
        const QPointF target = pane->screenFromIndex({double(cursor[0]), double(cursor[1]), double(cursor[2])});
        QTest::mousePress(pane, Qt::LeftButton, {}, target.toPoint());
        QTest::mouseMove(pane, target.toPoint() + QPoint(20, 6));
        QTest::mouseRelease(pane, Qt::LeftButton, {}, target.toPoint() + QPoint(20, 6));
        pane->setTool(nullptr);
        QCOMPARE(sink.events, (std::vector<std::string>{"begin brush", "end"}));
        QVERIFY(!sink.selections.empty());
        const auto n = std::size_t(sliceLayout(grid, pane->plane()).nAxis);
        IndexBox box;
        for (const VoxelSelection& selection : sink.selections)
            box = unionOf(box, selection.box);
        QCOMPARE(box.lo[n], cursor[n]);
        QCOMPARE(box.hi[n], cursor[n] + 1);
        QVERIFY(box.contains(cursor));
    }
}

void TestSlicePane::leftClickMovesTheLinkedCrosshair()
{
    Scene scene(anisotropicGrid());
    const Index3 target{20, 30, scene.state.cursor()[2]};
    const QPointF at = scene.axial.screenFromIndex({20, 30, double(target[2])});
    QTest::mouseClick(&scene.axial, Qt::LeftButton, {}, at.toPoint());
    QCOMPARE(scene.state.cursor(), target);

    // With a tool, Shift still moves the crosshair.
    RecordingTool tool;
    scene.axial.setTool(&tool);
    const QPointF other = scene.axial.screenFromIndex({40, 12, double(target[2])});
    QTest::mouseClick(&scene.axial, Qt::LeftButton, Qt::ShiftModifier, other.toPoint());
    QCOMPARE(scene.state.cursor(), (Index3{40, 12, target[2]}));
    QVERIFY(tool.presses.empty());
    QTest::mouseClick(&scene.axial, Qt::LeftButton, {}, at.toPoint());
    QCOMPARE(tool.presses.size(), std::size_t(1));
    QVERIFY(std::abs(tool.presses.front().index[0] - 20) < 0.5);
    scene.axial.setTool(nullptr);

    // Far outside: clamped to the grid.
    QTest::mouseClick(&scene.axial, Qt::LeftButton, {}, QPoint(1, 1));
    QVERIFY(scene.state.volume().geometry().contains(scene.state.cursor()));
}

void TestSlicePane::wheelAndKeysStepSlices()
{
    Scene scene(plainGrid());
    const int k = scene.state.cursor()[2];
    wheel(scene.axial, {200, 200}, 120);
    QCOMPARE(scene.state.cursor()[2], k + 1);
    wheel(scene.axial, {200, 200}, -240);
    QCOMPARE(scene.state.cursor()[2], k - 1);
    for (int part = 0; part < 8; ++part) // a touch pad's small steps add up
        wheel(scene.axial, {200, 200}, 15);
    QCOMPARE(scene.state.cursor()[2], k);
    QTest::keyClick(&scene.axial, Qt::Key_Up);
    QCOMPARE(scene.state.cursor()[2], k + 1);
    QTest::keyClick(&scene.axial, Qt::Key_PageDown);
    QCOMPARE(scene.state.cursor()[2], k - 9);
    QTest::keyClick(&scene.axial, Qt::Key_Home);
    QCOMPARE(scene.state.cursor()[2], 0);
    QTest::keyClick(&scene.axial, Qt::Key_Down);
    QCOMPARE(scene.state.cursor()[2], 0);
    QTest::keyClick(&scene.axial, Qt::Key_End);
    QCOMPARE(scene.state.cursor()[2], 47);
}

void TestSlicePane::controlWheelZoomsAtThePointer()
{
    Scene scene(obliqueGrid());
    const double before = scene.axial.zoom();
    const Vec3 anchor{50, 20, double(scene.state.cursor()[2])};
    const QPointF at = scene.axial.screenFromIndex(anchor);
    wheel(scene.axial, at, 360, Qt::ControlModifier);
    QVERIFY(scene.axial.zoom() > 1.4 * before);
    QVERIFY(distance(scene.axial.screenFromIndex(anchor), at) < 0.01);
    QTest::keyClick(&scene.axial, Qt::Key_F);
    QCOMPARE(scene.axial.zoom(), before);
    Q_EMIT scene.state.fitRequested();
    QCOMPARE(scene.coronal.zoom(), scene.coronal.zoom());
}

void TestSlicePane::shiftWheelStepsTheBrush()
{
    Scene scene(plainGrid());
    QSignalSpy spy(&scene.axial, &SlicePane::brushSizeStep);
    const Index3 before = scene.state.cursor();
    wheel(scene.axial, {200, 200}, -240, Qt::ShiftModifier);
    QCOMPARE(spy.count(), 1);
    QCOMPARE(spy.first().first().toInt(), -2);
    QCOMPARE(scene.state.cursor(), before);
}

void TestSlicePane::middleDragPans()
{
    Scene scene(plainGrid());
    const Vec3 voxel{20, 20, 24};
    const QPointF before = scene.axial.screenFromIndex(voxel);
    QTest::mousePress(&scene.axial, Qt::MiddleButton, {}, {200, 200});
    QTest::mouseMove(&scene.axial, {230, 180});
    QTest::mouseRelease(&scene.axial, Qt::MiddleButton, {}, {230, 180});
    QVERIFY(distance(scene.axial.screenFromIndex(voxel), before + QPointF(30, -20)) < 0.01);

    QTest::keyPress(&scene.axial, Qt::Key_Space);
    QTest::mousePress(&scene.axial, Qt::LeftButton, {}, {200, 200});
    QTest::mouseMove(&scene.axial, {170, 220});
    QTest::mouseRelease(&scene.axial, Qt::LeftButton, {}, {170, 220});
    QTest::keyRelease(&scene.axial, Qt::Key_Space);
    QVERIFY(distance(scene.axial.screenFromIndex(voxel), before) < 0.01);
}

void TestSlicePane::rightDragWindows()
{
    Scene scene(plainGrid());
    QTest::mousePress(&scene.axial, Qt::RightButton, {}, {100, 200});
    QTest::mouseMove(&scene.axial, {280, 160});
    QTest::mouseRelease(&scene.axial, Qt::RightButton, {}, {280, 160});
    QCOMPARE(scene.state.window().width, 2000.0);
    QCOMPARE(scene.state.window().centre, 400.0);
    QTest::keyClick(&scene.coronal, Qt::Key_R);
    QCOMPARE(scene.state.window().width, 1000.0);
    QCOMPARE(scene.state.window().centre, 500.0);
}

void TestSlicePane::draggingStretchesTheWindowsCurve()
{
    Scene scene(plainGrid());
    const DisplayWindow table{500, 1000, "header", VoiFunction::Table, {0, 9, 255}};
    scene.state.setWindow(table);
    QTest::mousePress(&scene.axial, Qt::RightButton, {}, {100, 200});
    QTest::mouseMove(&scene.axial, {280, 160});
    QTest::mouseRelease(&scene.axial, Qt::RightButton, {}, {280, 160});
    QCOMPARE(scene.state.window(), (DisplayWindow{400, 2000, {}, VoiFunction::Table, table.curve}));
}

void TestSlicePane::escapeCancelsTheStroke()
{
    Scene scene(plainGrid());
    RecordingTool tool;
    scene.axial.setTool(&tool);
    QTest::mousePress(&scene.axial, Qt::LeftButton, {}, {200, 200});
    QTest::keyClick(&scene.axial, Qt::Key_Escape);
    QTest::mouseMove(&scene.axial, {220, 200});
    QTest::mouseRelease(&scene.axial, Qt::LeftButton, {}, {220, 200});
    QCOMPARE(tool.cancels, 1);
    QVERIFY(tool.moves.empty() && tool.releases.empty());

    QTest::mousePress(&scene.axial, Qt::LeftButton, {}, {200, 200});
    scene.axial.setTool(nullptr); // another tool was chosen meanwhile
    QCOMPARE(tool.cancels, 2);
    QTest::mouseRelease(&scene.axial, Qt::LeftButton, {}, {200, 200});
}

void TestSlicePane::releaseElsewhereEndsTheStroke()
{
    Scene scene(plainGrid());
    RecordingTool tool;
    scene.axial.setTool(&tool);
    QMouseEvent press(QEvent::MouseButtonPress, QPointF(100, 100), QPointF(100, 100), Qt::LeftButton, Qt::LeftButton, {});
    QMouseEvent hover(QEvent::MouseMove, QPointF(150, 100), QPointF(150, 100), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(&scene.axial, &press);
    QApplication::sendEvent(&scene.axial, &hover);
    QCOMPARE(tool.releases.size(), std::size_t(1));
    QVERIFY(tool.moves.empty());
    scene.axial.setTool(nullptr);
}

void TestSlicePane::incrementalRepaintEqualsWhole_data()
{
    QTest::addColumn<VolumeGeometry>("grid");
    QTest::addColumn<int>("zoomSteps");
    QTest::newRow("plain") << plainGrid() << 0;
    QTest::newRow("anisotropic, zoomed in") << anisotropicGrid() << 5;
    QTest::newRow("flipped") << flippedGrid() << 1;
    QTest::newRow("oblique, zoomed out") << obliqueGrid() << -3;
    QTest::newRow("tilted") << tiltedGrid() << 2;
}

// A dab repaints only its surroundings; the pane must look as if everything had been painted anew.
void TestSlicePane::incrementalRepaintEqualsWhole()
{
    QFETCH(VolumeGeometry, grid);
    QFETCH(int, zoomSteps);
    Scene scene(grid, true);
    for (SlicePane* pane : scene.panes()) {
        wheel(*pane, {180, 170}, 120 * zoomSteps, Qt::ControlModifier);
        pane->grab();
        const Index3 c = scene.state.cursor();
        IndexBox box{{c[0] - 3, c[1] - 2, c[2] - 1}, {c[0] + 4, c[1] + 3, c[2] + 2}};
        const auto label = static_cast<std::uint8_t>(2 - int(pane->plane()));
        const auto voxels = scene.labels.writableLayer(0);
        for (int k = box.lo[2]; k < box.hi[2]; ++k)
            for (int j = box.lo[1]; j < box.hi[1]; ++j)
                for (int i = box.lo[0]; i < box.hi[0]; ++i)
                    voxels[grid.offset({i, j, k})] = label;
        const QImage before = pane->grab().toImage();
        scene.state.notifyLabelsChanged(box);
        const QImage incremental = pane->grab().toImage();
        QVERIFY(incremental != before);
        scene.state.notifySegmentsChanged(); // everything anew
        QCOMPARE(pane->grab().toImage(), incremental);
    }
}

// A channel on its own grid is sampled in the patient: every marker stands where the primary image shows it.
void TestSlicePane::anotherGridShowsTheSamePatient()
{
    QFETCH(VolumeGeometry, grid);
    for (const VolumeGeometry& other : {flippedGrid(), permutedGrid(), obliqueGrid(), anisotropicGrid()}) {
        Scene scene(grid);
        const Vec3 centre = gridCentre(grid);
        scene.state.showImage(markerVolume(elsewhere(other, centre), centre), scene.primary, std::nullopt);
        QCOMPARE(scene.state.shownOnGrid(), sameGrid(scene.state.shown().geometry(), grid));
        QCOMPARE(scene.state.values().isNull(), !scene.state.shownOnGrid());
        QVERIFY(std::abs(scene.greyAt(scene.axial, leftMarker) - 255) <= 6);
        QVERIFY(std::abs(scene.greyAt(scene.coronal, leftMarker) - 255) <= 6);
        QVERIFY(std::abs(scene.greyAt(scene.sagittal, anteriorMarker) - 179) <= 6);
        QVERIFY(std::abs(scene.greyAt(scene.coronal, superiorMarker) - 102) <= 6);
    }
}

void TestSlicePane::repaintOfAnotherGridEqualsWhole()
{
    QFETCH(VolumeGeometry, grid);
    QFETCH(int, zoomSteps);
    Scene scene(grid, true);
    const Vec3 centre = gridCentre(grid);
    scene.state.showImage(markerVolume(elsewhere(permutedGrid(), centre), centre), scene.primary, std::nullopt);
    for (SlicePane* pane : scene.panes()) {
        wheel(*pane, {180, 170}, 120 * zoomSteps, Qt::ControlModifier);
        pane->grab();
        const Index3 c = scene.state.cursor();
        IndexBox box{{c[0] - 3, c[1] - 2, c[2] - 1}, {c[0] + 4, c[1] + 3, c[2] + 2}};
        const auto label = static_cast<std::uint8_t>(2 - int(pane->plane()));
        const auto voxels = scene.labels.writableLayer(0);
        for (int k = box.lo[2]; k < box.hi[2]; ++k)
            for (int j = box.lo[1]; j < box.hi[1]; ++j)
                for (int i = box.lo[0]; i < box.hi[0]; ++i)
                    voxels[grid.offset({i, j, k})] = label;
        const QImage before = pane->grab().toImage();
        scene.state.notifyLabelsChanged(box);
        const QImage incremental = pane->grab().toImage();
        QVERIFY(incremental != before);
        scene.state.notifySegmentsChanged(); // everything anew
        QCOMPARE(pane->grab().toImage(), incremental);
    }
}

void TestSlicePane::aChannelKeepsCursorMaskAndItsWindow()
{
    Scene scene(plainGrid(), true);
    scene.state.setCursor({10, 20, 30});
    scene.state.setWindow({300, 200, {}});
    QSignalSpy values(&scene.state, &ViewState::valuesChanged);
    scene.state.showImage(markerVolume(plainGrid()), scene.primary, DisplayWindow{700, 50, {}});
    QVERIFY(scene.state.shownOnGrid());
    QVERIFY(!scene.state.values().isNull());
    QCOMPARE(values.count(), 1);
    QCOMPARE(scene.state.cursor(), (Index3{10, 20, 30}));
    QCOMPARE(scene.state.labels(), &scene.labels);
    QCOMPARE(scene.state.window().centre, 700.0);
    scene.state.resetWindow(); // the channel's own
    QCOMPARE(scene.state.window().centre, 500.0);
}

// How much colour the pane shows round a voxel; greys have none.
int colourAt(SlicePane& pane, const Vec3& index)
{
    const QImage image = pane.grab().toImage();
    const QPoint at = pane.screenFromIndex(index).toPoint();
    int most = 0;
    for (int x = -3; x <= 3; ++x) {
        const QColor colour = image.pixelColor(at + QPoint(x, 0));
        most = std::max(most, std::abs(colour.red() - colour.blue()));
    }
    return most;
}

void TestSlicePane::thresholdIsPreviewed()
{
    QFETCH(VolumeGeometry, grid);
    Scene scene(grid, true);
    scene.state.setActiveSegment(1);
    scene.state.setFillOpacity(0);
    const Index3 side = nearestIndex(grid, gridCentre(grid) + superiorMarker);
    scene.state.setCursor({side[0], side[1], side[2]});
    const Vec3 superior{double(side[0]), double(side[1]), double(side[2])};
    const Vec3 aside = superior + grid.indexFromPatient(gridCentre(grid) + Vec3{2.5, 2.5, 2.5}) -
                       grid.indexFromPatient(gridCentre(grid)); // within the marker, off the crosshair
    const QPointF before = scene.coronal.screenFromIndex(aside);
    QVERIFY(scene.coronal.rect().contains(before.toPoint()));
    QVERIFY(colourAt(scene.coronal, aside) < 40);
    scene.state.setPreview(ThresholdPreview{{superiorValue - 1, superiorValue + 1}, grid.bounds()});
    QVERIFY(colourAt(scene.coronal, aside) > 40);
    scene.state.setPreview(ThresholdPreview{{superiorValue + 10, superiorValue + 20}, grid.bounds()});
    QVERIFY(colourAt(scene.coronal, aside) < 40);
    scene.state.setPreview({});
    QVERIFY(colourAt(scene.coronal, aside) < 40);
}

void TestSlicePane::previewLeavesOutWhatIsProtected()
{
    const VolumeGeometry grid = plainGrid();
    Scene scene(grid, true);
    scene.state.setFillOpacity(0);
    scene.state.setActiveSegment(1);
    const Index3 left = nearestIndex(grid, gridCentre(grid) + leftMarker); // segment 2 lies there
    scene.state.setCursor({5, 5, left[2]});
    const Vec3 inside{double(left[0]) + 1, double(left[1]) + 1, double(left[2])};
    const ThresholdPreview preview{{leftValue - 1, leftValue + 1}, grid.bounds()};
    scene.state.setPreview(preview);
    QVERIFY(colourAt(scene.axial, inside) > 40);
    ThresholdPreview empty = preview;
    empty.paintOver = PaintOver::Empty;
    scene.state.setPreview(empty);
    QVERIFY(colourAt(scene.axial, inside) < 40);
    scene.state.setPreview(preview);
    Segment locked = *scene.labels.segments().find(2);
    locked.locked = true;
    scene.labels.segments().update(locked);
    scene.state.notifySegmentsChanged();
    QVERIFY(colourAt(scene.axial, inside) < 40);
    ThresholdPreview otherSlice = preview;
    otherSlice.box.hi[2] = left[2];
    scene.state.setPreview(otherSlice);
    QVERIFY(colourAt(scene.axial, inside) < 40);
}

void TestSlicePane::pointerIsTold()
{
    Scene scene(plainGrid(), true);
    QSignalSpy moved(&scene.axial, &SlicePane::pointerMoved), left(&scene.axial, &SlicePane::pointerLeft);
    const QPointF at = scene.axial.screenFromIndex({30, 12, double(scene.state.cursor()[2])});
    QMouseEvent hover(QEvent::MouseMove, at, scene.axial.mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(&scene.axial, &hover);
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved.first().first().value<Index3>(), (Index3{30, 12, scene.state.cursor()[2]}));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&scene.axial, &leave);
    QCOMPARE(left.count(), 1);
}

void TestSlicePane::doubleClickOnTheTitleMaximises()
{
    Scene scene(plainGrid());
    RecordingTool tool;
    scene.axial.setTool(&tool);
    QSignalSpy spy(&scene.axial, &SlicePane::maximiseRequested);
    QTest::mouseDClick(&scene.axial, Qt::LeftButton, {}, {20, 15});
    QCOMPARE(spy.count(), 1);
    QTest::mouseDClick(&scene.axial, Qt::LeftButton, {}, {200, 200});
    QCOMPARE(spy.count(), 1);
    scene.axial.setTool(nullptr);
}

void TestSlicePane::emptyStateIsBlack()
{
    ViewState state;
    SlicePane pane(Plane::Axial, &state);
    pane.resize(paneSize);
    QCOMPARE(pane.grab().toImage().pixelColor(200, 200), QColor(Qt::black));
    QTest::mouseClick(&pane, Qt::LeftButton, {}, {100, 100});
    QTest::keyClick(&pane, Qt::Key_End);
    wheel(pane, {100, 100}, 120, Qt::ControlModifier);
    wheel(pane, {100, 100}, 120);
    state.setImage(markerVolume(plainGrid()), {});
    state.setWindow({100, 200, {}});
    QVERIFY(pane.grab().toImage().pixelColor(200, 260) != QColor(Qt::black));
    state.clear();
    QCOMPARE(pane.grab().toImage().pixelColor(200, 200), QColor(Qt::black));
}

void TestSlicePane::smallPanesPaint()
{
    Scene scene(obliqueGrid(), true);
    scene.state.overlayText = {QStringLiteral("A very long patient identifier that fits nowhere"),
                               QStringLiteral("T1 MPRAGE sagittal isotropic"), QStringLiteral("2026-03-14")};
    for (const QSize size : {QSize(64, 64), QSize(120, 300), QSize(300, 80), QSize(251, 201)}) {
        scene.sagittal.resize(size);
        QCOMPARE(scene.sagittal.grab().size(), size);
    }
}

QTEST_MAIN(TestSlicePane)
#include "tst_slice_pane.moc"
