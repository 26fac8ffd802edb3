#include "core/image/slice_sampler.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace annotomy;

class TestSliceLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void screenFollowsThePatient_data();
    void screenFollowsThePatient();
    void threePanesTakeThreeAxes();
    void pixelsAndIndicesAgree();
    void letters_data();
    void letters();
};

void TestSliceLayout::screenFollowsThePatient_data()
{
    QTest::addColumn<int>("permutation");
    QTest::addColumn<int>("flips");
    QTest::addColumn<double>("degrees");
    for (int permutation = 0; permutation < 6; ++permutation)
        for (int flips = 0; flips < 8; ++flips)
            for (const double degrees : {0.0, 25.0})
                QTest::addRow("permutation %d flips %d by %g", permutation, flips, degrees)
                    << permutation << flips << degrees;
}

// Whatever the grid's order and signs: right on the screen is the patient's left (axial, coronal) or back (sagittal),
// down is the back (axial) or the feet.
void TestSliceLayout::screenFollowsThePatient()
{
    QFETCH(int, permutation);
    QFETCH(int, flips);
    QFETCH(double, degrees);
    std::array<int, 3> order{0, 1, 2};
    for (int n = 0; n < permutation; ++n)
        std::next_permutation(order.begin(), order.end());
    const double c = std::cos(degrees * 0.0174533), s = std::sin(degrees * 0.0174533);
    const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, c, s}, Vec3{0, -s, c}};
    std::array<Vec3, 3> columns;
    for (std::size_t a = 0; a < 3; ++a)
        columns[a] = ((flips >> a) & 1 ? -1.0 : 1.0) * axes[static_cast<std::size_t>(order[a])];
    VolumeGeometry g;
    g.size = {5, 7, 9};
    g.spacing = {0.5, 2, 3};
    g.direction = fromColumns(columns[0], columns[1], columns[2]);

    const std::array<Plane, 3> planes{Plane::Axial, Plane::Coronal, Plane::Sagittal};
    const std::array<Vec3, 3> right{Vec3{1, 0, 0}, Vec3{1, 0, 0}, Vec3{0, 1, 0}};
    const std::array<Vec3, 3> down{Vec3{0, 1, 0}, Vec3{0, 0, -1}, Vec3{0, 0, -1}};
    for (std::size_t p = 0; p < 3; ++p) {
        const SliceLayout layout = sliceLayout(g, planes[p]);
        const auto at = [&](double x, double y) { return g.patientFromIndex(layout.indexFromPixel(g, x, y, 1)); };
        QVERIFY(dot(normalised(at(1, 0) - at(0, 0)), right[p]) > 0.9);
        QVERIFY(dot(normalised(at(0, 1) - at(0, 0)), down[p]) > 0.9);
    }
}

void TestSliceLayout::threePanesTakeThreeAxes()
{
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (int n = 0; n < 500; ++n) {
        const Vec3 i = normalised({normal(random), normal(random), normal(random)});
        const Vec3 j = normalised(cross({normal(random), normal(random), normal(random)}, i));
        VolumeGeometry g;
        g.size = {4, 5, 6};
        g.direction = fromColumns(i, j, cross(i, j));
        int seen = 0;
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
            const SliceLayout layout = sliceLayout(g, plane);
            QCOMPARE(layout.hAxis + layout.vAxis + layout.nAxis, 3);
            QVERIFY(layout.hAxis != layout.vAxis && layout.vAxis != layout.nAxis);
            seen |= 1 << layout.nAxis;
        }
        QCOMPARE(seen, 7);
    }
}

void TestSliceLayout::pixelsAndIndicesAgree()
{
    VolumeGeometry g;
    g.size = {5, 7, 9};
    g.direction = fromColumns({-1, 0, 0}, {0, 0, -1}, {0, 1, 0});
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        const SliceLayout layout = sliceLayout(g, plane);
        const Vec3 pixel{1.5, 2.25, 3};
        const Vec3 index = layout.indexFromPixel(g, pixel[0], pixel[1], pixel[2]);
        QVERIFY(length(layout.pixelFromIndex(g, index) - pixel) < 1e-12);
    }
}

void TestSliceLayout::letters_data()
{
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("y");
    QTest::addColumn<double>("z");
    QTest::addColumn<QString>("letters");
    QTest::newRow("left") << 1.0 << 0.0 << 0.0 << "L";
    QTest::newRow("right") << -2.0 << 0.0 << 0.0 << "R";
    QTest::newRow("posterior") << 0.0 << 1.0 << 0.0 << "P";
    QTest::newRow("anterior") << 0.0 << -1.0 << 0.1 << "A";
    QTest::newRow("superior") << 0.2 << 0.0 << 1.0 << "S";
    QTest::newRow("inferior") << 0.0 << 0.0 << -1.0 << "I";
    QTest::newRow("left and a little back") << 0.9 << 0.4 << 0.0 << "LP";
    QTest::newRow("all three") << -0.5 << 0.6 << -0.7 << "IPR";
    QTest::newRow("exactly between") << 1.0 << 1.0 << 0.0 << "LP";
    QTest::newRow("none") << 0.0 << 0.0 << 0.0 << "";
}

void TestSliceLayout::letters()
{
    QFETCH(double, x);
    QFETCH(double, y);
    QFETCH(double, z);
    QFETCH(QString, letters);
    QCOMPARE(QString::fromStdString(orientationLetters({x, y, z})), letters);
}

QTEST_APPLESS_MAIN(TestSliceLayout)
#include "tst_slice_layout.moc"
