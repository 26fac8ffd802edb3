#include "ml/internal/back_projection.h"

#include "ml/internal/preprocess.h"
#include "tests/ml/test_grids.h"

#include "core/image/resample.h"

#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

namespace {

// Probabilities on the network's grid that depend on the place in the patient, through the projection.
std::vector<std::uint8_t> projected(const VolumeGeometry& image, const VolumeGeometry& network,
                                    const Ball& ball)
{
    BackProjection projection(image, network, ClassRule(2), 2);
    const auto plane = static_cast<std::size_t>(network.size[0]) * static_cast<std::size_t>(network.size[1]);
    for (int k = 0; k < network.size[2]; ++k) {
        std::vector<float> probabilities(2 * plane);
        for (std::size_t n = 0; n < plane; ++n) {
            const Index3 index = network.indexAt(static_cast<std::size_t>(k) * plane + n);
            const double distance =
                length(network.patientFromIndex({static_cast<double>(index[0]), static_cast<double>(index[1]),
                                                 static_cast<double>(index[2])}) -
                       ball.centre);
            const double inside = 1 / (1 + std::exp(2 * (distance - ball.radius)));
            probabilities[n] = static_cast<float>(1 - inside);
            probabilities[plane + n] = static_cast<float>(inside);
        }
        projection.addPlane(k, probabilities);
    }
    return projection.takeClasses();
}

double diceWithBall(const VolumeGeometry& image, const std::vector<std::uint8_t>& classes, const Ball& ball)
{
    const LabelMap truth = labelsOf(image, ball);
    std::int64_t common = 0, sum = 0;
    for (std::size_t n = 0; n < classes.size(); ++n) {
        common += classes[n] && truth.layer(0)[n];
        sum += (classes[n] != 0) + (truth.layer(0)[n] != 0);
    }
    return sum > 0 ? 2.0 * static_cast<double>(common) / static_cast<double>(sum) : 0;
}

} // namespace

class TestBackProjection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBallComesBackInPlace_data();
    void theBallComesBackInPlace();
    void croppedAwayIsBackground();
    void entropyIsThatOfTheForeground();
};

void TestBackProjection::theBallComesBackInPlace_data()
{
    QTest::addColumn<int>("grid");
    QTest::newRow("as the network") << 0;
    QTest::newRow("anisotropic") << 1;
    QTest::newRow("flipped") << 2;
    QTest::newRow("sagittal slices, flipped") << 3;
    QTest::newRow("oblique") << 4;
    QTest::newRow("tilted gantry") << 5;
}

static VolumeGeometry gridNumber(int n)
{
    const VolumeGeometry thick = plainGrid({44, 40, 14}, {0.9, 1.1, 2.8});
    switch (n) {
    case 0:
        return plainGrid({40, 42, 38}, {1, 1, 1});
    case 1:
        return thick;
    case 2:
        return reordered(thick, {0, 1, 2}, {true, true, false});
    case 3:
        return reordered(thick, {1, 2, 0}, {false, true, true});
    case 4:
        return rotated(thick, 25);
    default:
        break;
    }
    VolumeGeometry tilted = thick;
    tilted.direction = fromColumns({1, 0, 0}, {0, 1, 0}, normalised({0, 0.3, 1}));
    return tilted;
}

void TestBackProjection::theBallComesBackInPlace()
{
    QFETCH(int, grid);
    const VolumeGeometry image = gridNumber(grid);
    const Ball ball{image.patientFromIndex({0.5 * image.size[0], 0.45 * image.size[1], 0.55 * image.size[2]}),
                    8};
    const VolumeGeometry network = gridWithSpacing(canonicalGrid(image), {1.3, 1.2, 1.7});
    QVERIFY(diceWithBall(image, projected(image, network, ball), ball) > 0.97);
}

void TestBackProjection::croppedAwayIsBackground()
{
    const VolumeGeometry image = gridNumber(0);
    const VolumeGeometry network = croppedGrid(image, {{10, 10, 10}, {20, 20, 20}});
    const Ball everywhere{network.patientFromIndex({5, 5, 5}), 1000};
    const std::vector<std::uint8_t> classes = projected(image, network, everywhere);
    QCOMPARE(int(classes[image.offset({15, 15, 15})]), 1);
    QCOMPARE(int(classes[image.offset({9, 15, 15})]), 1);
    QCOMPARE(int(classes[image.offset({7, 15, 15})]), 0);
    QCOMPARE(int(classes[image.offset({15, 15, 25})]), 0);
}

void TestBackProjection::entropyIsThatOfTheForeground()
{
    const VolumeGeometry grid = plainGrid({2, 1, 1}, {1, 1, 1});
    BackProjection projection(grid, grid, ClassRule(2), 2);
    projection.addPlane(0, std::vector<float>{0.9F, 0.25F, 0.1F, 0.75F});
    QVERIFY(std::abs(projection.meanForegroundEntropy() - (-0.25 * std::log(0.25) - 0.75 * std::log(0.75))) <
            1e-5);
}

QTEST_APPLESS_MAIN(TestBackProjection)
#include "tst_back_projection.moc"
