#include "ml/internal/loss.h"
#include "ml/internal/signed_distance.h"

#include <ATen/ATen.h>

#include <QTest>

#include <cmath>

using namespace annotomy;

namespace {

constexpr int edge = 16;

// Two outputs of which the second holds the first `count` voxels, and logits that give it `probability` everywhere.
struct Example {
    Example(int count, double probability)
        : logits(at::zeros({1, 2, edge, edge, edge})), target(at::zeros({1, edge, edge, edge}, at::kLong)),
          annotated(at::ones({1, 2}, at::kBool))
    {
        logits.select(1, 1).fill_(std::log(probability / (1 - probability)));
        target.view({-1}).slice(0, 0, count).fill_(1);
    }

    // Without the Dice term.
    double crossEntropy(double probability, double leastShare) const
    {
        const double voxels = edge * edge * edge, count = target.eq(1).sum().item<double>();
        const double dice = 2 * probability * count / (probability * voxels + count);
        return lossOf({}, leastShare) - (1 - dice);
    }

    double lossOf(const LossTerms& terms, double leastShare = 0, const Vec3& spacing = {1, 1, 1}) const
    {
        return segmentationLoss(logits, {target, annotated, spacing}, terms, leastShare).item<double>();
    }

    at::Tensor logits, target, annotated;
};

} // namespace

class TestLoss : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void commonClassesWeighOne();
    void rareClassesWeighMore();
    void unknownVoxelsDoNotCount();
    void focalCrossEntropy();
    void tverskyWeighsBothErrors();
    void boundaryIsTheMeanSignedDistance();
    void distancesAreExactOnAnisotropicGrids();
    void coarseLogitsMayHaveOtherStepsByAxis();
};

void TestLoss::commonClassesWeighOne()
{
    const double p = 0.25, share = 1024.0 / (edge * edge * edge);
    const double expected = -share * std::log(p) - (1 - share) * std::log(1 - p);
    QVERIFY(std::abs(Example(1024, p).crossEntropy(p, 0) - expected) < 1e-4);
    QVERIFY(std::abs(Example(1024, p).crossEntropy(p, 0.01) - expected) < 1e-4);
}

void TestLoss::rareClassesWeighMore()
{
    const double p = 0.25, voxels = edge * edge * edge;
    const double ofOthers = -(voxels - 8) / voxels * std::log(1 - p);
    // Eight voxels count as a hundredth of all; a single one weighs 32 times as much as others at most.
    QVERIFY(std::abs(Example(8, p).crossEntropy(p, 0.01) - (ofOthers - 0.01 * std::log(p))) < 1e-4);
    const double ofOne = -(voxels - 1) / voxels * std::log(1 - p) - 32 / voxels * std::log(p);
    QVERIFY(std::abs(Example(1, p).crossEntropy(p, 0.01) - ofOne) < 1e-4);
}

void TestLoss::unknownVoxelsDoNotCount()
{
    Example known(8, 0.25), partly(8, 0.25);
    partly.target.view({-1}).slice(0, 2048).fill_(255);
    partly.logits.view({2, -1}).slice(1, 2048).fill_(50);
    known.target = known.target.view({-1}).slice(0, 0, 2048).view({1, 8, edge, edge}).contiguous();
    known.logits = known.logits.slice(2, 0, 8).contiguous();
    const double a = known.lossOf({}, 0.01);
    const double b = partly.lossOf({}, 0.01);
    QVERIFY(std::abs(a - b) < 1e-5);
}

LossTerms only(double LossTerms::* term)
{
    LossTerms terms;
    terms.crossEntropy = terms.dice = 0;
    terms.*term = 1;
    return terms;
}

void TestLoss::focalCrossEntropy()
{
    const double p = 0.25, share = 1024.0 / (edge * edge * edge), gamma = 2;
    LossTerms terms = only(&LossTerms::crossEntropy);
    terms.focalGamma = gamma;
    const double expected =
        -share * std::pow(1 - p, gamma) * std::log(p) - (1 - share) * std::pow(p, gamma) * std::log(1 - p);
    QVERIFY(std::abs(Example(1024, p).lossOf(terms) - expected) < 1e-5);
    Example partly(1024, p); // what is unknown does not count
    partly.target.view({-1}).slice(0, 2048).fill_(255);
    const double known = -0.5 * std::pow(1 - p, gamma) * std::log(p) - 0.5 * std::pow(p, gamma) * std::log(1 - p);
    QVERIFY(std::abs(partly.lossOf(terms) - known) < 1e-5);
}

void TestLoss::tverskyWeighsBothErrors()
{
    const double p = 0.25, count = 1024, others = edge * edge * edge - count;
    LossTerms terms = only(&LossTerms::tversky);
    terms.tverskyFalsePositives = 0.2;
    terms.tverskyFalseNegatives = 0.9;
    const double index = p * count / (p * count + 0.2 * p * others + 0.9 * (1 - p) * count);
    QVERIFY(std::abs(Example(1024, p).lossOf(terms) - (1 - index)) < 1e-5);
    terms.tverskyFalsePositives = terms.tverskyFalseNegatives = 0.5; // Dice
    QVERIFY(std::abs(Example(1024, p).lossOf(terms) - Example(1024, p).lossOf(only(&LossTerms::dice))) < 1e-5);
}

// A slab k < 4 of the cube: distances along k alone.
void TestLoss::boundaryIsTheMeanSignedDistance()
{
    const double p = 0.25;
    double sum = 0;
    for (int k = 0; k < edge; ++k)
        sum += 2.5 * (k < 4 ? k - 4 : k - 3);
    const double expected = p * sum / edge / 10; // of all voxels, in cm
    QVERIFY(std::abs(Example(4 * edge * edge, p).lossOf(only(&LossTerms::boundary), 0, {0.5, 0.5, 2.5}) - expected) < 1e-4);
    QCOMPARE(Example(0, p).lossOf(only(&LossTerms::boundary)), 0.0); // nothing to be near to
}

void TestLoss::distancesAreExactOnAnisotropicGrids()
{
    const Vec3 spacing{0.7, 1.1, 2.5};
    at::Tensor truth = at::zeros({1, 1, 5, 7, 9});
    std::uint64_t state = 7;
    for (int n = 0; n < truth.numel(); ++n) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        truth.view({-1})[n] = (state >> 33) % 3 == 0 ? 1.0F : 0.0F;
    }
    const at::Tensor found = signedDistances(truth, spacing)[0][0];
    const at::Tensor map = truth[0][0];
    const auto is = map.accessor<float, 3>();
    const auto at = found.accessor<float, 3>();
    for (int k = 0; k < 5; ++k)
        for (int j = 0; j < 7; ++j)
            for (int i = 0; i < 9; ++i) {
                double least = 1e9;
                for (int c = 0; c < 5; ++c)
                    for (int b = 0; b < 7; ++b)
                        for (int a = 0; a < 9; ++a)
                            if (is[c][b][a] != is[k][j][i])
                                least = std::min(least, std::hypot((a - i) * spacing[0], (b - j) * spacing[1], (c - k) * spacing[2]));
                QVERIFY(std::abs(at[k][j][i] - (is[k][j][i] > 0 ? -least : least)) < 1e-5);
            }
}

void TestLoss::coarseLogitsMayHaveOtherStepsByAxis()
{
    const Example example(1024, 0.25);
    const LossTarget target{example.target, example.annotated, {1, 1, 1}};
    const std::vector<at::Tensor> logits{example.logits, example.logits.slice(3, 0, c10::nullopt, 2).slice(4, 0, c10::nullopt, 2)};
    const double both = deeplySupervisedLoss(logits, target, {}).item<double>();
    QVERIFY(std::abs(both - example.lossOf({})) < 1e-4); // the target is constant within the slices
}

QTEST_APPLESS_MAIN(TestLoss)
#include "tst_loss.moc"
