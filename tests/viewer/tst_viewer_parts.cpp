#include "tests/support/random_grid.h"
#include "tests/viewer/viewer_phantom.h"
#include "viewer/brush_tool.h"
#include "viewer/slice_canvas.h"
#include "viewer/slice_contours.h"
#include "viewer/slice_furniture.h"
#include "viewer/snapshot.h"
#include "viewer/surface_mesher.h"
#include "viewer/view_state.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <vtkDataArray.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

using namespace annotomy;
using namespace annotomy::testing;

namespace {

struct Sink : EditSink {
    std::vector<std::string> events;
    std::vector<VoxelSelection> selections;
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
    void endStroke() override { events.emplace_back("end"); }
    void cancelStroke() override { events.emplace_back("cancel"); }
    bool apply(const VoxelSelection& selection, const char* tool, EditAction a) override
    {
        events.push_back(std::string("apply ") + tool);
        selections.push_back(selection);
        action = a;
        return accepts;
    }
};

SlicePoint pointAt(const VolumeGeometry& g, const Vec3& index, Qt::KeyboardModifiers modifiers = {})
{
    return {Plane::Axial, sliceLayout(g, Plane::Axial), g.patientFromIndex(index), index, {0, 0, 1}, modifiers};
}

ContourStyle whiteOutlines()
{
    ContourStyle style;
    style.colours[1] = 0xFFFFFFFFU;
    return style;
}

} // namespace

class TestViewerParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void stateStartsInTheMiddleWithTheHeadersWindow();
    void stateShowsMonochrome1Inverted();
    void stateShowsColoursAsStored();
    void stateChoosesAWindow();
    void stateClampsAndIsQuietWithoutChange();
    void brushSweepsBetweenSamples();
    void brushInvertsAndIsRefused();
    void contoursRunInsideTheLabel();
    void differencesAreToldApart();
    void aProposalShowsOverAnEmptyMask();
    void surfacesLieInThePatient_data();
    void surfacesLieInThePatient();
    void boxesOfAllSegments();
    void fontHasTabularFigures();
    void snapshotShowsLeftOnTheRight();
    void snapshotRefusesNonsense();
    void snapshotIn3D();
};

void TestViewerParts::stateStartsInTheMiddleWithTheHeadersWindow()
{
    ViewState state;
    ImageInfo info;
    info.windows = {{50, 350, "ABDOMEN"}, {-600, 1500, "LUNG"}};
    QSignalSpy images(&state, &ViewState::imageChanged);
    state.setImage(markerVolume(plainGrid()), info);
    QCOMPARE(images.count(), 1);
    QCOMPARE(state.cursor(), (Index3{32, 30, 24}));
    QCOMPARE(state.window().width, 350.0);
    state.setWindow({1, 2, {}});
    state.resetWindow();
    QCOMPARE(state.window().centre, 50.0);
}

void TestViewerParts::stateShowsMonochrome1Inverted()
{
    ViewState state;
    ImageInfo info;
    info.warnings = {{"monochrome1", "", {}}};
    state.setImage(markerVolume(plainGrid()), info);
    QVERIFY(state.style().invert);
    state.setImage(markerVolume(plainGrid()), {});
    QVERIFY(!state.style().invert);
}

void TestViewerParts::stateShowsColoursAsStored()
{
    ViewState state;
    ImageInfo info;
    info.windows = {{40, 400, "of no use to colours"}};
    std::mt19937 random(2);
    state.setImage(test::coloured(random, markerVolume(plainGrid())), info);
    QCOMPARE(state.initialWindowSource(), ViewState::WindowSource::Colours);
    QCOMPARE(state.window().centre, 128.0);
    QCOMPARE(state.window().width, 256.0);
}

void TestViewerParts::stateChoosesAWindow()
{
    ViewState state;
    ImageInfo info;
    info.modality = "CT";
    info.windows = {{0, 0, "broken"}};
    state.setImage(markerVolume(plainGrid()), info);
    QCOMPARE(state.window().centre, 40.0);
    QCOMPARE(state.window().width, 400.0);

    std::vector<float> ramp(1000);
    for (std::size_t n = 0; n < ramp.size(); ++n)
        ramp[n] = float(n);
    info.modality = "MR";
    state.setImage(Volume::fromVoxels<float>({{10, 10, 10}, {1, 1, 1}, {}, identityMatrix}, ramp), info);
    QVERIFY(std::abs(state.window().centre - 499.5) < 2);
    QVERIFY(std::abs(state.window().width - 990) < 4);

    info.windows = {{4, 8, {}}}; // of no use here, though a header says so
    state.setImage(Volume::fromVoxels<float>({{10, 10, 10}, {1, 1, 1}, {}, identityMatrix}, ramp), info);
    QVERIFY(state.window().width > 900);
    QCOMPARE(state.initialWindowSource(), ViewState::WindowSource::Percentiles);
    info.windows = {{2400, 4800, {}}}; // nearly black
    state.setImage(Volume::fromVoxels<float>({{10, 10, 10}, {1, 1, 1}, {}, identityMatrix}, ramp), info);
    QVERIFY(state.window().width < 1000);
    info.modality = "PT"; // few hot voxels are what it is about
    state.setImage(Volume::fromVoxels<float>({{10, 10, 10}, {1, 1, 1}, {}, identityMatrix}, ramp), info);
    QCOMPARE(state.window().width, 4800.0);
    info.modality = "MR";
    info.windows = {{300, 200, {}}};
    state.setImage(Volume::fromVoxels<float>({{10, 10, 10}, {1, 1, 1}, {}, identityMatrix}, ramp), info);
    QCOMPARE(state.window().width, 200.0);
    info.windows.clear();

    state.setImage(Volume::fromVoxels<float>({{2, 1, 1}, {1, 1, 1}, {}, identityMatrix}, {7, 7}), info);
    QVERIFY(state.window().width > 0);
}

void TestViewerParts::stateClampsAndIsQuietWithoutChange()
{
    ViewState state;
    state.setCursor({5, 5, 5}); // no image yet
    state.setImage(markerVolume(plainGrid()), {});
    QSignalSpy cursor(&state, &ViewState::cursorChanged), window(&state, &ViewState::windowChanged);
    state.setCursor({-5, 1000, 3});
    QCOMPARE(state.cursor(), (Index3{0, 59, 3}));
    state.setCursor({-9, 59, 3});
    QCOMPARE(cursor.count(), 1);
    state.setWindow({10, 0, {}});
    state.setWindow({10, std::nan(""), {}});
    QCOMPARE(window.count(), 0);
    QSignalSpy labels(&state, &ViewState::labelsChanged);
    state.notifyLabelsChanged({});
    QCOMPARE(labels.count(), 0);
}

void TestViewerParts::brushSweepsBetweenSamples()
{
    Sink sink;
    const VolumeGeometry g = plainGrid();
    BrushTool brush(sink, g, EditAction::Paint);
    brush.setOptions({BrushShape::Disc, 6});
    QCOMPARE(brush.cursorDiameterMm(), 6.0);
    brush.press(pointAt(g, {10, 20, 24}));
    brush.move(pointAt(g, {50, 20, 24}));
    brush.release(pointAt(g, {50, 20, 24}));
    QCOMPARE(sink.events, (std::vector<std::string>{"begin brush", "end"}));
    QCOMPARE(sink.selections.size(), std::size_t(2));
    // No gap between two samples far apart, and only one slice.
    QVERIFY(sink.selections[1].voxelCount() >= 40 * 5);
    QCOMPARE(sink.selections[1].box.hi[2] - sink.selections[1].box.lo[2], 1);

    brush.setOptions({BrushShape::Ball, 6});
    brush.press(pointAt(g, {30, 30, 24}));
    QVERIFY(sink.selections.back().box.hi[2] - sink.selections.back().box.lo[2] > 4);
    brush.cancel();
    QCOMPARE(sink.events.back(), "cancel");
    brush.move(pointAt(g, {31, 30, 24}));
    QCOMPARE(sink.selections.size(), std::size_t(3));
}

void TestViewerParts::brushInvertsAndIsRefused()
{
    Sink sink;
    const VolumeGeometry g = plainGrid();
    BrushTool eraser(sink, g, EditAction::Erase);
    eraser.press(pointAt(g, {10, 20, 24}));
    QCOMPARE(sink.action, EditAction::Erase);
    eraser.release(pointAt(g, {10, 20, 24}));
    eraser.press(pointAt(g, {10, 20, 24}, Qt::ControlModifier));
    QCOMPARE(sink.action, EditAction::Paint);
    eraser.release(pointAt(g, {10, 20, 24}));

    sink = {};
    sink.accepts = false;
    eraser.press(pointAt(g, {10, 20, 24}));
    eraser.move(pointAt(g, {15, 20, 24}));
    eraser.release(pointAt(g, {15, 20, 24}));
    QCOMPARE(sink.events, (std::vector<std::string>{"begin erase"}));
    QVERIFY(sink.selections.empty());
}

// A 2 x 2 block at 10 device pixels a voxel: a closed frame, two pixels wide, inside the block and nowhere else.
void TestViewerParts::contoursRunInsideTheLabel()
{
    LabelSlice slice;
    slice.resize(6, 5);
    for (const int y : {2, 3})
        for (const int x : {1, 2})
            slice.row(y)[x] = 1;
    QImage image(60, 50, QImage::Format_RGB32);
    image.fill(Qt::black);
    paintContours(image, image.rect(), slice, whiteOutlines(), QTransform::fromScale(10, 10));
    const QRect block(10, 20, 20, 20), inner = block.adjusted(2, 2, -2, -2);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            QCOMPARE(qGray(image.pixel(x, y)) > 0, block.contains(x, y) && !inner.contains(x, y));

    // In parts it looks the same.
    QImage parts(60, 50, QImage::Format_RGB32);
    parts.fill(Qt::black);
    for (int top = 0; top < 50; top += 7)
        paintContours(parts, QRect(0, top, 60, 7).intersected(parts.rect()), slice, whiteOutlines(),
                      QTransform::fromScale(10, 10));
    QCOMPARE(parts, image);
}

void TestViewerParts::differencesAreToldApart()
{
    LabelSlice ours, theirs, difference;
    ours.resize(5, 1);
    theirs.resize(5, 1);
    ours.labels = {0, 1, 1, 0, 2};
    theirs.labels = {0, 1, 0, 3, 4};
    compareLabels(ours, theirs, {0, 0, 5, 1}, difference);
    QCOMPARE(difference.labels, (std::vector<std::uint8_t>{0, 0, 2, 1, 1}));
}

// A mask that was never painted has no layer to compare with.
void TestViewerParts::aProposalShowsOverAnEmptyMask()
{
    const LabelMap proposal = markerLabels(plainGrid()), empty(plainGrid());
    ViewState state;
    state.setImage(markerVolume(plainGrid()), {});
    state.setLabels(&empty);
    SliceViewport viewport(plainGrid(), Plane::Axial);
    viewport.setSize(QSize(300, 300));
    SliceCanvas canvas;
    const QImage without = canvas.picture(state, viewport, 1).copy();
    state.setComparison(&proposal);
    canvas.invalidateSlice();
    QVERIFY(canvas.picture(state, viewport, 1) != without);
    state.setComparison(nullptr);
    canvas.invalidateSlice();
    QVERIFY(canvas.picture(state, viewport, 1) == without);
}

void TestViewerParts::surfacesLieInThePatient_data()
{
    QTest::addColumn<VolumeGeometry>("grid");
    QTest::newRow("plain") << plainGrid();
    QTest::newRow("flipped") << flippedGrid();
    QTest::newRow("permuted") << permutedGrid();
    QTest::newRow("oblique") << obliqueGrid();
    QTest::newRow("tilted") << tiltedGrid();
}

void TestViewerParts::surfacesLieInThePatient()
{
    QFETCH(VolumeGeometry, grid);
    const LabelMap labels = markerLabels(grid);
    const auto boxes = segmentBoxes(labels);
    for (const SurfaceDetail detail : {SurfaceDetail::Full, SurfaceDetail::Half}) {
        const SegmentCrop crop = cropSegment(labels, 1, boxes[1], detail);
        QCOMPARE(crop.labelled, voxelCounts(labels)[1]);
        const auto mesh = surfaceOf(crop);
        QVERIFY(mesh && mesh->GetNumberOfPoints() > 50);
        Vec3 sum{};
        double outward = 0;
        const Vec3 centre = gridCentre(grid) + anteriorMarker;
        vtkDataArray* normals = mesh->GetPointData()->GetNormals();
        QVERIFY(normals);
        for (vtkIdType p = 0; p < mesh->GetNumberOfPoints(); ++p) {
            Vec3 at{}, normal{};
            mesh->GetPoint(p, at.data());
            normals->GetTuple(p, normal.data());
            QVERIFY(std::abs(length(at - centre) - 9) < (detail == SurfaceDetail::Full ? 2.2 : 3.5));
            outward += dot(normalised(at - centre), normal);
            sum = sum + at;
        }
        const double count = double(mesh->GetNumberOfPoints());
        QVERIFY(length((1 / count) * sum - centre) < 1.5);
        QVERIFY(outward / count > 0.8);
    }
    QCOMPARE(surfaceOf(cropSegment(labels, 200, {}, SurfaceDetail::Full))->GetNumberOfPoints(), 0);
}

void TestViewerParts::boxesOfAllSegments()
{
    const LabelMap labels = markerLabels(obliqueGrid());
    const auto boxes = segmentBoxes(labels);
    for (const SegmentNumber number : {1, 2, 3})
        QCOMPARE(boxes[number], boundingBox(labels, number));
}

void TestViewerParts::fontHasTabularFigures()
{
    const QFontMetricsF metrics(tabularFont(QFont(QStringLiteral("Inter"))));
    QVERIFY(std::abs(metrics.horizontalAdvance(QStringLiteral("1111")) - metrics.horizontalAdvance(QStringLiteral("8808"))) < 0.1);
}

void TestViewerParts::snapshotShowsLeftOnTheRight()
{
    ViewState state;
    ImageInfo info;
    info.windows = {{500, 1000, {}}};
    state.setImage(markerVolume(plainGrid()), info);
    const Result<QImage> image = renderSnapshot(state, SnapshotLayout::Axial, {640, 600});
    QVERIFY(image);
    QCOMPARE(image->size(), QSize(640, 600));
    // 24 mm to the patient's left of the middle, at 10 pixels a mm; 4 mm aside to miss the crosshair.
    QVERIFY(qGray(image->pixel(320 + 230, 300 + 40)) > 240);
    QVERIFY(qGray(image->pixel(320 - 230, 300 + 40)) < 60);
    QVERIFY(qGray(image->pixel(320 + 30, 300 - 190)) > 150);
}

void TestViewerParts::snapshotRefusesNonsense()
{
    ViewState state;
    QCOMPARE(renderSnapshot(state, SnapshotLayout::Axial, {100, 100}).error().code, ErrorCode::InvalidArgument);
    state.setImage(markerVolume(plainGrid()), {});
    QCOMPARE(renderSnapshot(state, SnapshotLayout::Mpr, {1, 1}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(renderSnapshot(state, SnapshotLayout::Mpr, {100000, 400}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(renderSnapshot(state, SnapshotLayout::Mpr, {300, 200}));
}

void TestViewerParts::snapshotIn3D()
{
    ViewState state;
    state.setImage(markerVolume(obliqueGrid()), {});
    const LabelMap labels = markerLabels(obliqueGrid());
    state.setLabels(&labels);
    const Result<QImage> image = renderSnapshot(state, SnapshotLayout::ThreeD, {300, 240});
    if (!image && image.error().code == ErrorCode::Unsupported)
        QSKIP("no EGL here");
    QVERIFY(image);
    // Seen from the front, "Side" on the patient's left stands right of "Front".
    std::array<double, 2> sum{}, count{};
    for (int y = 0; y < image->height(); ++y) {
        for (int x = 0; x < 240; ++x) {
            const QColor pixel = image->pixelColor(x, y);
            if (pixel.hsvSaturation() < 90 || pixel.value() < 60 || y < 25 || y > 215)
                continue;
            const std::size_t kind = pixel.hue() > 150 ? 1 : 0; // blue, else amber
            sum[kind] += x;
            ++count[kind];
        }
    }
    QVERIFY(count[0] > 300 && count[1] > 300);
    QVERIFY(sum[1] / count[1] > sum[0] / count[0] + 20);
}

QTEST_MAIN(TestViewerParts)
#include "tst_viewer_parts.moc"
