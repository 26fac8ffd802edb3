#include "viewer/heat_colours.h"

#include "tests/viewer/viewer_phantom.h"
#include "viewer/slice_pane.h"

#include <QSignalSpy>
#include <QTest>

using namespace annotomy;
using namespace annotomy::testing;

namespace {

// CIE lightness, from 0 to 100.
double lightness(QRgb colour)
{
    const auto linear = [](int level) {
        const double v = level / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    const double y = 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
    return 116 * std::cbrt(y) - 16;
}

// 1 about the anterior marker, a half about the left one, else 0.
HeatMap markerHeat(const VolumeGeometry& g)
{
    std::vector<float> values(g.voxelCount(), 0);
    for (std::size_t n = 0; n < values.size(); ++n) {
        const Index3 i = g.indexAt(n);
        const Vec3 at = g.patientFromIndex({double(i[0]), double(i[1]), double(i[2])}) - gridCentre(g);
        values[n] = length(at - anteriorMarker) < markerRadius ? 2.0F : length(at - leftMarker) < markerRadius ? 1.0F : 0.0F;
    }
    return {Volume::fromVoxels(g, std::move(values)), 0, 2};
}

} // namespace

class TestHeatLayer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lightnessRisesEvenly();
    void theMapLiesOverTheSlice_data();
    void theMapLiesOverTheSlice();
    void paintedSlicesAreTold();
};

void TestHeatLayer::lightnessRisesEvenly()
{
    for (int n = 0; n < 16; ++n) {
        const double step = lightness(heatColour((n + 1) / 16.0)) - lightness(heatColour(n / 16.0));
        QVERIFY2(step > 1.5 && step < 7, qPrintable(QString::number(n) + QLatin1Char(' ') + QString::number(step)));
    }
    QCOMPARE(heatColour(-1), heatColour(0));
    QCOMPARE(heatColour(2), heatColour(1));
}

void TestHeatLayer::theMapLiesOverTheSlice_data()
{
    QTest::addColumn<int>("grid");
    const char* names[] = {"plain", "anisotropic", "flipped", "sagittal slices", "oblique", "tilted"};
    for (int n = 0; n < 6; ++n)
        QTest::newRow(names[n]) << n;
}

void TestHeatLayer::theMapLiesOverTheSlice()
{
    QFETCH(int, grid);
    const VolumeGeometry grids[] = {plainGrid(), anisotropicGrid(), flippedGrid(), permutedGrid(), obliqueGrid(), tiltedGrid()};
    const VolumeGeometry& g = grids[grid];
    ViewState state;
    state.setImage(Volume::fromVoxels(g, std::vector<std::int16_t>(g.voxelCount(), 0)), {});
    state.setWindow({0, 100, {}});
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        SlicePane pane(plane, &state);
        pane.resize(420, 400);
        const SliceLayout layout = sliceLayout(g, plane);
        const auto colourAt = [&](const Vec3& marker) {
            Index3 beside = nearestIndex(g, gridCentre(g) + marker);
            const Vec3 at{double(beside[0]), double(beside[1]), double(beside[2])};
            beside[std::size_t(layout.hAxis)] = beside[std::size_t(layout.vAxis)] = 1;
            state.setCursor(beside);
            return pane.grab().toImage().pixelColor(pane.screenFromIndex(at).toPoint());
        };
        state.setHeatMap({});
        const QColor plain = colourAt(anteriorMarker);
        QCOMPARE(plain.red(), plain.blue());
        state.setHeatMap(markerHeat(g));
        const QColor most = colourAt(anteriorMarker), half = colourAt(leftMarker), none = colourAt(superiorMarker);
        QVERIFY(most.red() > most.blue() + 80 && most.green() > most.blue() + 60);
        QVERIFY(half.red() > half.green() + 15 && half.red() < most.red());
        QCOMPARE(none, plain);
        state.setOverlayVisible(false);
        QCOMPARE(colourAt(anteriorMarker), plain);
        state.setOverlayVisible(true);
    }
}

void TestHeatLayer::paintedSlicesAreTold()
{
    const VolumeGeometry g = anisotropicGrid();
    ViewState state;
    state.setImage(markerVolume(g), {});
    SlicePane pane(Plane::Axial, &state);
    QSignalSpy told(&pane, &SlicePane::slicePainted);
    pane.resize(200, 200);
    pane.grab();
    QCOMPARE(told.count(), 1);
    QCOMPARE(told[0], (QVariantList{2, 10}));
    pane.grab();
    QCOMPARE(told.count(), 1);
    pane.stepSlice(3); // not painted yet
    pane.stepSlice(1);
    pane.grab();
    QCOMPARE(told.count(), 2);
    QCOMPARE(told[1], (QVariantList{2, 14}));
    state.setHeatMap(markerHeat(g));
    pane.grab();
    QCOMPARE(told.count(), 3);
}

QTEST_MAIN(TestHeatLayer)
#include "tst_heat_layer.moc"
