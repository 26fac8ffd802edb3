#include "ml/internal/unet_executor.h"

#include "ml/internal/blocked_passes.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/torch_module.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace annotomy;

namespace {

struct Case {
    const char* name;
    NetworkKind kind;
    int width, levels;
    Index3 poolings, tile; // (i, j, k)
    int inputs, classes;
};

const std::vector<Case>& cases()
{
    using enum NetworkKind;
    static const std::vector<Case> all{
        {"plain, width 8", UNet, 8, 3, {2, 2, 2}, {16, 24, 8}, 1, 1},
        {"plain, width 16", UNet, 16, 3, {2, 2, 2}, {8, 16, 24}, 1, 2},
        {"plain, an odd width", UNet, 5, 4, {3, 3, 3}, {24, 16, 16}, 1, 1},
        {"plain, a width beyond a block", UNet, 19, 3, {2, 2, 2}, {12, 8, 20}, 1, 1},
        {"plain, thick slices", UNet, 8, 4, {3, 3, 1}, {24, 16, 6}, 1, 1},
        {"plain, slices never halved", UNet, 16, 3, {2, 2, 0}, {12, 20, 5}, 1, 1},
        {"plain, a level without halving", UNet, 8, 4, {2, 2, 2}, {12, 20, 8}, 1, 1},
        {"plain, as wide as it gets", UNet, 200, 2, {1, 1, 1}, {6, 4, 8}, 1, 1},
        {"plain, many classes", UNet, 8, 2, {1, 1, 1}, {14, 10, 6}, 1, 19},
        {"plain, two channels", UNet, 8, 3, {2, 2, 2}, {16, 8, 12}, 2, 1},
        {"plain, five channels", UNet, 16, 2, {1, 1, 1}, {10, 6, 8}, 5, 2},
        {"light, width 8", Light, 8, 3, {2, 2, 2}, {20, 16, 12}, 1, 3},
        {"light, an odd width", Light, 11, 4, {3, 2, 1}, {24, 12, 10}, 1, 1},
        {"residual, width 8", ResidualUNet, 8, 3, {2, 2, 2}, {16, 12, 20}, 1, 1},
        {"residual, width 16", ResidualUNet, 16, 3, {2, 2, 1}, {12, 16, 6}, 1, 2},
        {"residual, an odd width", ResidualUNet, 7, 3, {2, 2, 2}, {8, 12, 16}, 4, 1},
    };
    return all;
}

ModelCard cardOf(const Case& c)
{
    ModelCard card;
    card.name = "test";
    card.network = "unet3d";
    for (int n = 0; n < c.inputs; ++n)
        card.channels.push_back({"image " + std::to_string(n), "MR", Normalisation::BodyZScore, 0, 0, 0, 1});
    for (int n = 1; n <= c.classes; ++n)
        card.classes.push_back({n, "class " + std::to_string(n), static_cast<SegmentNumber>(n), {}, {}, {}});
    card.recipe.network = c.kind;
    card.recipe.baseWidth = c.width;
    card.recipe.levels = c.levels;
    card.recipe.poolings = c.poolings;
    card.patch = card.recipe.patch = c.tile;
    card.divisor = patchMultiple(card.recipe);
    return card;
}

NetworkShape shapeOf(const Case& c)
{
    return {c.kind, c.inputs, c.classes + 1, c.width, c.levels, c.poolings};
}

// As after a training: norms that do something, and channels that differ.
Model modelOf(const Case& c)
{
    Model model = *Model::create(cardOf(c), 7);
    const torch::NoGradGuard noGrad;
    at::Tensor step = at::linspace(0, 1, 1000);
    for (const auto& named : model.torchModule().module.named_parameters())
        if (named.value.dim() == 1)
            named.value.add_(at::sin(step.slice(0, 0, named.value.size(0)) * 1500) * 0.4);
    return model;
}

std::vector<float> imageOf(const Case& c, int seed = 0)
{
    std::vector<float> values(voxelCountOf(c.tile) * static_cast<std::size_t>(c.inputs));
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = 5 + std::sin(0.1F * static_cast<float>((n + static_cast<std::size_t>(seed)) * n % 977));
    return values;
}

std::vector<float> byLibTorch(const Model& model, const Case& c, const std::vector<float>& image, double temperature = 1)
{
    const c10::InferenceMode inference;
    const at::Tensor x = at::from_blob(const_cast<float*>(image.data()), {1, c.inputs, c.tile[2], c.tile[1], c.tile[0]});
    const at::Tensor p = at::softmax(model.torchModule().module.forward({x}).toTensor() / temperature, 1).contiguous();
    return {p.data_ptr<float>(), p.data_ptr<float>() + p.numel()};
}

NetworkParameters parametersOf(const Model& model)
{
    NetworkParameters parameters;
    for (const auto& named : model.torchModule().module.named_parameters())
        parameters[named.name] = {named.value.data_ptr<float>(), static_cast<std::size_t>(named.value.numel())};
    return parameters;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() && !a.empty() ? 0 : 1;
    for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n)
        largest = std::isfinite(a[n]) ? std::max<double>(largest, std::abs(a[n] - b[n])) : 1;
    return largest;
}

std::vector<float> predicted(const Model& model, const Case& c, const std::vector<float>& image)
{
    std::vector<float> out(voxelCountOf(c.tile) * static_cast<std::size_t>(model.outputs()));
    return model.predictor(c.tile)(image, out) ? out : std::vector<float>{};
}

// Whether a processor can run blocks of so many channels.
bool canRun(int lanes)
{
    static const auto probe = [](int wanted) {
        const Case& c = cases().front();
        const Model model = modelOf(c);
        return UNetExecutor::createWithLanes(wanted, shapeOf(c), parametersOf(model), c.tile, 1, 1) != nullptr;
    };
    return probe(lanes);
}

} // namespace

class TestUNetExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsLibTorch_data();
    void equalsLibTorch();
    void sumsOfOneValueAreExact();
    void leavesNothingBehind();
    void dividesByTheTemperature();
    void isWhatAModelPredictsWith();
    void seesWeightsOfItsCreationOnly();
    void leavesTheRestToLibTorch();
    void asksTheModuleRatherThanItsCard();
};

void TestUNetExecutor::equalsLibTorch_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("lanes");
    for (const int lanes : {8, 16})
        for (std::size_t n = 0; n < cases().size(); ++n)
            QTest::addRow("%s, blocks of %d", cases()[n].name, lanes) << static_cast<int>(n) << lanes;
}

void TestUNetExecutor::equalsLibTorch()
{
    QFETCH(int, number);
    QFETCH(int, lanes);
    if (!canRun(lanes))
        QSKIP("this processor has no such blocks");
    const Case& c = cases()[static_cast<std::size_t>(number)];
    const Model model = modelOf(c);
    for (const int threads : {1, 3}) {
        const auto executor =
            UNetExecutor::createWithLanes(lanes, shapeOf(c), parametersOf(model), c.tile, 1, threads);
        QVERIFY(executor != nullptr);
        const std::vector<float> image = imageOf(c);
        std::vector<float> out(voxelCountOf(c.tile) * static_cast<std::size_t>(model.outputs()), -1);
        executor->run(image, out);
        const std::vector<float> expected = byLibTorch(model, c, image);
        QVERIFY(std::set<float>(expected.begin(), expected.end()).size() > expected.size() / 4); // no constant answer
        const double difference = largestDifference(out, expected);
        QVERIFY2(difference < 1e-4, std::to_string(difference).c_str());
    }
}

// As over the air around a body: a rounding error each time would spoil the variance of what lies in it.
void TestUNetExecutor::sumsOfOneValueAreExact()
{
    constexpr std::size_t voxels = 4096;
    for (const int lanes : {8, 16}) {
        const auto count = static_cast<std::size_t>(lanes);
        const std::vector<float> x(voxels * count, 10.1F), shift(count, 0);
        std::vector<double> sums(count), squares(count);
        shiftedSums(lanes, x.data(), voxels, shift.data(), sums.data(), squares.data());
        const double value = 10.1F;
        for (std::size_t lane = 0; lane < count; ++lane) {
            QVERIFY(std::abs(sums[lane] / (voxels * value) - 1) < 2e-6);
            QVERIFY(std::abs(squares[lane] / (voxels * value * value) - 1) < 2e-6);
        }
    }
}

// Buffers share memory, so a tile must not depend on the one before.
void TestUNetExecutor::leavesNothingBehind()
{
    for (const std::size_t number : {2, 3, 15}) {
        const Case& c = cases()[number];
        const Model model = modelOf(c);
        const auto executor = UNetExecutor::create(shapeOf(c), parametersOf(model), c.tile, 1, 2);
        if (!executor)
            QSKIP("this processor has no executor");
        std::vector<float> first(voxelCountOf(c.tile) * static_cast<std::size_t>(model.outputs())), other(first), again(first);
        executor->run(imageOf(c), first);
        executor->run(imageOf(c, 5), other);
        executor->run(imageOf(c), again);
        QCOMPARE(again, first);
        QVERIFY(other != first);
    }
}

void TestUNetExecutor::dividesByTheTemperature()
{
    for (const std::size_t number : {0, 8}) {
        const Case& c = cases()[number];
        Model model = modelOf(c);
        ModelCard card = model.card();
        card.temperature = 2.5;
        model.setCard(card);
        const std::vector<float> image = imageOf(c);
        QVERIFY(largestDifference(predicted(model, c, image), byLibTorch(model, c, image, 2.5)) < 1e-4);
        QVERIFY(largestDifference(predicted(model, c, image), byLibTorch(model, c, image)) > 1e-2);
    }
}

void TestUNetExecutor::isWhatAModelPredictsWith()
{
    if (!canRun(8))
        QSKIP("this processor has no executor");
    const Case& c = cases()[1];
    const Model model = modelOf(c);
    const std::vector<float> image = imageOf(c);
    const std::vector<float> p = predicted(model, c, image), expected = byLibTorch(model, c, image);
    QVERIFY(largestDifference(p, expected) < 1e-4);
    QVERIFY(p != expected); // it was not LibTorch
    QVERIFY(model.torchModule().runsQuickly.value_or(false));
}

void TestUNetExecutor::seesWeightsOfItsCreationOnly()
{
    const Case& c = cases()[0];
    Model model = modelOf(c);
    const std::vector<float> image = imageOf(c), before = predicted(model, c, image);
    {
        const torch::NoGradGuard noGrad;
        for (const auto& named : model.torchModule().module.named_parameters())
            named.value.mul_(1.3);
    }
    QVERIFY(largestDifference(predicted(model, c, image), before) > 1e-3);
    QVERIFY(largestDifference(predicted(model, c, image), byLibTorch(model, c, image)) < 1e-4);
}

void TestUNetExecutor::leavesTheRestToLibTorch()
{
    const Case meshNet{"meshnet", NetworkKind::MeshNet, 5, 2, {1, 1, 1}, {16, 16, 16}, 1, 1};
    const Model mesh = modelOf(meshNet);
    QVERIFY(!UNetExecutor::create(shapeOf(meshNet), parametersOf(mesh), meshNet.tile, 1, 1));
    const std::vector<float> image = imageOf(meshNet);
    QCOMPARE(predicted(mesh, meshNet, image), byLibTorch(mesh, meshNet, image));

    const Case& c = cases().front();
    const Model model = modelOf(c);
    NetworkParameters parameters = parametersOf(model);
    QVERIFY(!UNetExecutor::create(shapeOf(c), parameters, {16, 24, 10}, 1, 1)); // cannot be halved twice
    QVERIFY(!UNetExecutor::createWithLanes(4, shapeOf(c), parameters, c.tile, 1, 1));
    parameters["decoder0.gamma1"] = parameters["decoder0.gamma1"].first(3);
    QVERIFY(!UNetExecutor::create(shapeOf(c), parameters, c.tile, 1, 1));
    parameters.erase("decoder0.gamma1");
    QVERIFY(!UNetExecutor::create(shapeOf(c), parameters, c.tile, 1, 1));

    Model foreign = modelOf(c);
    ModelCard card = foreign.card();
    card.network = foreignNetwork;
    foreign.setCard(card);
    QCOMPARE(predicted(foreign, c, imageOf(c)), byLibTorch(foreign, c, imageOf(c)));
}

// A module that somebody gave another forward(), with the parameters and the card of one of ours.
void TestUNetExecutor::asksTheModuleRatherThanItsCard()
{
    const Case& c = cases().front();
    Model model = modelOf(c);
    const torch::jit::Module ours = model.torchModule().module;
    torch::jit::Module other("Other");
    for (const auto& child : ours.named_children())
        other.register_module(child.name, child.value);
    for (const auto& named : ours.named_parameters(false))
        other.register_parameter(named.name, named.value, false);
    other.define("def forward(self, x):\n    return torch.conv3d(self.encoder0.forward(x), self.head0, self.head_bias0)\n");
    model.torchModule().module = other;
    QVERIFY(UNetExecutor::create(shapeOf(c), parametersOf(model), c.tile, 1, 1) || !canRun(8));
    QCOMPARE(predicted(model, c, imageOf(c)), byLibTorch(model, c, imageOf(c)));
}

QTEST_APPLESS_MAIN(TestUNetExecutor)
#include "tst_unet_executor.moc"
