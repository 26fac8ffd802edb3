#include "ml/internal/loss.h"

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
        return segmentationLoss(logits, target, annotated, leastShare).item<double>() - (1 - dice);
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
    const double a = segmentationLoss(known.logits, known.target, known.annotated, 0.01).item<double>();
    const double b = segmentationLoss(partly.logits, partly.target, partly.annotated, 0.01).item<double>();
    QVERIFY(std::abs(a - b) < 1e-5);
}

QTEST_APPLESS_MAIN(TestLoss)
#include "tst_loss.moc"
