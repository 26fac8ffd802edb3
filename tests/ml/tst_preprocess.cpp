#include "ml/internal/preprocess.h"

#include "tests/ml/test_grids.h"

#include <QTest>

#include <numeric>

using namespace annotomy;
using namespace annotomy::test;

namespace {

const ModelChannel mrChannel{"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1};
const ModelChannel ctChannel{"image", "CT", Normalisation::CtClipZScore, -200, 300, 50, 100};

double pattern(const Vec3& lps)
{
    return 300 + 40 * std::sin(0.3 * lps[0]) + 30 * std::cos(0.2 * lps[1]) + 2 * lps[2];
}

} // namespace

class TestPreprocess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reorderedCopiesShareOneGrid_data();
    void reorderedCopiesShareOneGrid();
    void bodyIsZScored();
    void ctIsClippedAndCropped();
    void croppingChangesNothingInside();
    void foreignNormalisations_data();
    void foreignNormalisations();
    void quantilesCountTheFieldOfView();
    void classesFollowNamesThenNumbers();
};

void TestPreprocess::reorderedCopiesShareOneGrid_data()
{
    QTest::addColumn<double>("rotation");
    QTest::newRow("straight") << 0.0;
    QTest::newRow("oblique") << 20.0;
}

void TestPreprocess::reorderedCopiesShareOneGrid()
{
    QFETCH(double, rotation);
    const VolumeGeometry grid = rotated(plainGrid({20, 24, 9}, {1, 0.8, 2.5}), rotation);
    const auto reference = networkImage(volumeOf(grid, pattern), mrChannel, {1.2, 1.2, 2});
    QVERIFY(reference.has_value());
    for (const Index3& order : {Index3{0, 1, 2}, Index3{2, 0, 1}, Index3{1, 0, 2}})
        for (const bool flip : {false, true}) {
            const VolumeGeometry other = reordered(grid, order, {flip, !flip, flip});
            const auto image = networkImage(volumeOf(other, pattern), mrChannel, {1.2, 1.2, 2});
            QVERIFY(image.has_value());
            QVERIFY(sameGrid(image->grid, reference->grid));
            for (std::size_t n = 0; n < image->values.size(); ++n)
                QVERIFY(std::abs(image->values[n] - reference->values[n]) < 2e-3F);
        }
}

void TestPreprocess::bodyIsZScored()
{
    const VolumeGeometry grid = plainGrid({40, 40, 40}, {1, 1, 1});
    const Ball body{grid.patientFromIndex({20, 20, 20}), 15};
    const auto image =
        networkImage(volumeOf(grid, [&](const Vec3& p) { return body.holds(p) ? pattern(p) : 2.0; }),
                     mrChannel, {1, 1, 1});
    QVERIFY(image.has_value());
    double sum = 0, squares = 0, count = 0;
    const LabelMap inside = labelsOf(image->grid, body);
    for (std::size_t n = 0; n < image->values.size(); ++n)
        if (inside.layer(0)[n]) {
            sum += image->values[n];
            squares += double(image->values[n]) * image->values[n];
            ++count;
        }
    QVERIFY(std::abs(sum / count) < 0.05);
    QVERIFY(std::abs(std::sqrt(squares / count) - 1) < 0.05);
}

void TestPreprocess::ctIsClippedAndCropped()
{
    const VolumeGeometry grid = plainGrid({40, 40, 40}, {1, 1, 1});
    const Ball body{grid.patientFromIndex({20, 20, 20}), 10};
    const auto image =
        networkImage(volumeOf(grid, [&](const Vec3& p) { return body.holds(p) ? 1000.0 : -1000.0; }),
                     ctChannel, {1, 1, 1});
    QVERIFY(image.has_value());
    QCOMPARE(image->grid.size, (Index3{27, 27, 27}));
    QCOMPARE(*std::max_element(image->values.begin(), image->values.end()), 2.5F);
    QCOMPARE(*std::min_element(image->values.begin(), image->values.end()), -2.5F);
    QCOMPARE(paddingValue(ctChannel), -2.5F);
}

void TestPreprocess::croppingChangesNothingInside()
{
    const VolumeGeometry small = plainGrid({22, 23, 24}, {1, 1, 1});
    const VolumeGeometry large = croppedGrid(small, {{-9, -7, -5}, {33, 30, 40}});
    const Ball body{small.patientFromIndex({11, 11, 12}), 7};
    const auto ct = [&](const Vec3& p) { return body.holds(p) ? pattern(p) - 300 : -1000; };
    const auto a = networkImage(volumeOf(small, ct), ctChannel, {1, 1, 1});
    const auto b = networkImage(volumeOf(large, ct), ctChannel, {1, 1, 1});
    QVERIFY(a.has_value() && b.has_value());
    QVERIFY(sameGrid(a->grid, b->grid));
    QCOMPARE(a->values.size(), b->values.size());
    for (std::size_t n = 0; n < a->values.size(); ++n)
        QVERIFY(std::abs(a->values[n] - b->values[n]) < 1e-4F);
}

// Of the values 0 to 99 on any grid, whatever the order and directions of its axes.
void TestPreprocess::foreignNormalisations_data()
{
    QTest::addColumn<int>("normalisation");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<double>("offset"); // what becomes of v: (v - offset) / scale, clipped to [0, 1] where `clipped`
    QTest::addColumn<double>("scale");
    QTest::addColumn<bool>("clipped");
    const auto row = [](const char* name, Normalisation kind, double low, double high, double offset, double scale, bool clipped) {
        QTest::newRow(name) << static_cast<int>(kind) << low << high << offset << scale << clipped;
    };
    row("z-score", Normalisation::ImageZScore, 0, 0, 49.5, std::sqrt(833.25), false);
    row("range", Normalisation::Range, -10, 40, -10, 50, true);
    row("quantiles", Normalisation::Quantiles, 0.02, 0.98, 1.98, 95.04, true); // numpy.quantile(arange(100), [.02, .98])
    row("none", Normalisation::None, 0, 0, 0, 1, false);
}

void TestPreprocess::foreignNormalisations()
{
    QFETCH(int, normalisation);
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(double, offset);
    QFETCH(double, scale);
    QFETCH(bool, clipped);
    const ModelChannel channel{"image", "MR", static_cast<Normalisation>(normalisation), low, high, 0, 1};
    QCOMPARE(paddingValue(channel), 0.0F);
    const VolumeGeometry plain = plainGrid({4, 5, 5}, {1, 0.8, 2.5});
    const auto value = [&](const Vec3& lps) {
        const Vec3 at = plain.indexFromPatient(lps);
        return std::round(at[0]) + 4 * std::round(at[1]) + 20 * std::round(at[2]);
    };
    for (const VolumeGeometry& grid : {plain, reordered(plain, {2, 0, 1}, {true, false, true})}) {
        const auto image = networkImage(volumeOf(grid, value), channel, plain.spacing);
        QVERIFY(image.has_value());
        QVERIFY(sameGrid(image->grid, plain));
        for (std::size_t n = 0; n < image->values.size(); ++n) {
            const double wanted = (static_cast<double>(n) - offset) / scale;
            QVERIFY(std::abs(image->values[n] - (clipped ? std::clamp(wanted, 0.0, 1.0) : wanted)) < 1e-5);
        }
    }
    const VolumeGeometry oblique = rotated(plain, 20);
    const auto turned = networkImage(volumeOf(oblique, [&](const Vec3& lps) {
        const Vec3 at = oblique.indexFromPatient(lps);
        return std::round(at[0]) + 4 * std::round(at[1]) + 20 * std::round(at[2]);
    }), channel, plain.spacing);
    const auto straight = networkImage(volumeOf(plain, value), channel, plain.spacing);
    QVERIFY(turned && straight);
    for (std::size_t n = 0; n < turned->values.size(); ++n)
        QVERIFY(std::abs(turned->values[n] - straight->values[n]) < 1e-4F);
}

// An image of ones and twos that fills a quarter of what the network sees: the median is 0, and 1 becomes 0.5.
void TestPreprocess::quantilesCountTheFieldOfView()
{
    const ModelChannel channel{"image", "MR", Normalisation::Quantiles, 0.5, 1, 0, 1};
    const VolumeGeometry grid = plainGrid({4, 4, 4}, {1, 1, 1});
    const Volume volume = volumeOf(grid, [&](const Vec3& p) { return p[0] > grid.origin[0] + 1.5 ? 2.0 : 1.0; });
    const auto alone = networkImage(volume, channel, {1, 1, 1}), seen = networkImage(volume, channel, {1, 1, 1}, {}, {8, 8, 4});
    QVERIFY(alone && seen);
    QCOMPARE(seen->values.size(), alone->values.size());
    QCOMPARE(seen->values.front(), 0.5F);
    QVERIFY(alone->values.front() == 0.0F);
}

void TestPreprocess::classesFollowNamesThenNumbers()
{
    const std::vector<ModelClass> classes{{1, "Tumour", 1, {}, {}, {}}, {2, "Vessel", 2, {}, {}, {}}};
    SegmentTable table;
    table.add("Vessel");
    table.add("Something");
    QCOMPARE(segmentOfClass(table, classes[1], classes)->name, std::string("Vessel"));
    QVERIFY(segmentOfClass(table, classes[0], classes) == nullptr); // number 1 bears another class's name
    table.remove(1);
    QCOMPARE(segmentOfClass(table, classes[1], classes)->name, std::string("Something"));
}

QTEST_APPLESS_MAIN(TestPreprocess)
#include "tst_preprocess.moc"
