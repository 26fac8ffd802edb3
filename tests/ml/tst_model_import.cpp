// Models that were not made here: their cards, their weights, how they are called, and files that are refused.
#include "ml/worker_jobs.h"

#include "core/io/bytes/atomic_file.h"
#include "ml/internal/foreign_card.h"
#include "ml/internal/model.h"
#include "ml/internal/network_call.h"
#include "ml/internal/network_image.h"
#include "ml/internal/network_parts.h"
#include "ml/internal/torch_module.h"
#include "tests/support/tensor_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr Index3 tile{8, 12, 16};
const std::string cardOfOneClass =
    R"({"channels":[{"name":"image","normalisation":"none"}],"classes":["Lesion"],"patch":[8,12,16]})";
const std::string architecture = R"({"bnorm":true,"gelu":true,"layers":[{"kernel_size":3,"padding":2,"dilation":2},{"kernel_size":1,"dilation":1}]})";

std::string bytesOf(const std::string& source, const std::unordered_map<std::string, std::string>& extra = {})
{
    torch::jit::Module module = moduleNamed("Foreign");
    module.register_parameter("scale", at::ones({1}).requires_grad_(), false);
    module.define(source);
    std::ostringstream stream;
    module.save(stream, extra);
    return std::move(stream).str();
}

// Two outputs: what is `found`, and its negative as the background.
std::string twoOutputs(const std::string& found)
{
    return "def forward(self, x):\n    y = " + found + " * self.scale\n    return torch.cat([-y, y], 1)\n";
}

at::Tensor someTile()
{
    return at::sin(at::arange(tile[0] * tile[1] * tile[2], at::kFloat).square().remainder(977) * 0.1)
        .view({1, 1, tile[2], tile[1], tile[0]});
}

at::Tensor randomKernel(const std::vector<std::int64_t>& shape, std::uint64_t seed)
{
    return at::normal(0, 0.3, shape, at::make_generator<at::CPUGeneratorImpl>(seed));
}

std::string rawBytes(const at::Tensor& tensor)
{
    return {static_cast<const char*>(tensor.contiguous().data_ptr()), static_cast<std::size_t>(tensor.numel()) * sizeof(float)};
}

std::string layeredWeights(const at::Tensor& first, const at::Tensor& last, const at::Tensor& bias)
{
    return torchWeights(pickledDictionary({{"a.weight", pickledTensor("0", 0, first.sizes().vec(), first.strides().vec())},
                                           {"b.weight", pickledTensor("1", 0, last.sizes().vec(), last.strides().vec())},
                                           {"b.bias", pickledTensor("2", 0, bias.sizes().vec(), bias.strides().vec())}}),
                        {{"0", rawBytes(first)}, {"1", rawBytes(last)}, {"2", rawBytes(bias)}});
}

} // namespace

class TestModelImport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesWhatTheCardSays();
    void asksForWhatIsUnknown();
    void weightsBecomeTheDescribedNetwork_data();
    void weightsBecomeTheDescribedNetwork();
    void tensorsRunAsTheCardSays();
    void classesOnTheirOwnHaveABackground();
    void readsMonaiBundles();
    void refuses_data();
    void refuses();
    void refusesNewerFiles();
    void comesBackTrainable();

private:
    Result<WorkerResult> importOf(const std::string& bytes, const std::string& card)
    {
        if (const auto written = writeFileAtomically(path("in"), std::as_bytes(std::span(bytes))); !written)
            return written.error();
        return importModel({path("in"), card, path("out.pt")});
    }
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

void TestModelImport::takesWhatTheCardSays()
{
    const auto result = importOf(bytesOf(twoOutputs("x")), cardOfOneClass);
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(result->card->network, std::string(foreignNetwork));
    QCOMPARE(result->card->name, std::string("in"));
    QCOMPARE(result->card->classes.size(), std::size_t{1});
    QCOMPARE(result->card->classes[0].name, std::string("Lesion"));
    QCOMPARE(result->card->divisor, tile); // nothing else is known to run

    // Its card is in the file now; another name is all that is added.
    const auto bytes = readWholeFile(path("out.pt"), 1 << 24);
    QVERIFY(bytes.has_value());
    const auto again = importOf({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, R"({"name":"b"})");
    QVERIFY2(again.has_value(), again ? "" : again.error().detail.c_str());
    ModelCard expected = *result->card;
    expected.name = "b";
    QCOMPARE(*again->card, expected);
}

void TestModelImport::asksForWhatIsUnknown()
{
    const auto silent = importOf(bytesOf(twoOutputs("x")), "");
    QVERIFY(!silent.has_value());
    QCOMPARE(silent.error().code, ErrorCode::Unsupported);
    for (const char* word : {"channels", "classes", "patch"})
        QVERIFY(silent.error().detail.find(word) != std::string::npos);
}

void TestModelImport::weightsBecomeTheDescribedNetwork_data()
{
    QTest::addColumn<std::string>("axes");
    QTest::addColumn<std::vector<std::int64_t>>("order"); // of the axes of [k, j, i] in the network's own tensor
    QTest::addColumn<std::vector<std::int64_t>>("reversed");
    using Axes = std::vector<std::int64_t>;
    QTest::newRow("as here") << std::string("SPL") << Axes{0, 1, 2, 3, 4} << Axes{};
    QTest::newRow("FreeSurfer") << std::string("LIA") << Axes{0, 1, 4, 2, 3} << Axes{3, 4};
    QTest::newRow("NIfTI") << std::string("RAS") << Axes{0, 1, 4, 3, 2} << Axes{2, 3};
}

void TestModelImport::weightsBecomeTheDescribedNetwork()
{
    QFETCH(std::string, axes);
    QFETCH(std::vector<std::int64_t>, order);
    QFETCH(std::vector<std::int64_t>, reversed);
    const at::Tensor first = randomKernel({4, 1, 3, 3, 3}, 1), last = randomKernel({2, 4, 1, 1, 1}, 2), bias = randomKernel({2}, 3);
    const std::string card = R"({"classes":["Brain"],"architecture":{"axes":")" + axes + "\"," + architecture.substr(1) + "}";
    const auto result = importOf(layeredWeights(first, last, bias), card);
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(result->card->channels[0].normalisation, Normalisation::Quantiles);
    const auto model = Model::load(path("out.pt"));
    QVERIFY(model.has_value());

    const at::Tensor x = someTile();
    at::Tensor y = at::conv3d(x.permute(order).flip(reversed), first, {}, 1, 2, 2);
    const std::vector<std::int64_t> space{2, 3, 4};
    y = (y - y.mean(space, true)) / (y.var(space, false, true) + 1e-5).sqrt();
    y = at::conv3d(at::gelu(y), last, bias);
    std::vector<std::int64_t> back(order.size());
    for (std::size_t axis = 0; axis < order.size(); ++axis)
        back[static_cast<std::size_t>(order[axis])] = static_cast<std::int64_t>(axis);
    y = y.flip(reversed).permute(back);
    const at::Tensor found = networkLogits(model->torchModule(), model->card(), x);
    QVERIFY((found - y).abs().max().item<float>() < 1e-5F);
}

// A network that adds up along its first axis starts at the patient's left when that runs towards the right.
void TestModelImport::tensorsRunAsTheCardSays()
{
    ModelCard card;
    card.network = foreignNetwork;
    torch::jit::Module module = moduleNamed("Sums");
    module.define("def forward(self, x):\n    return torch.cumsum(x, 2)\n");
    const TorchModule torch{module};
    const at::Tensor x = someTile();
    card.axisOrder = AxisOrder::Kji;
    QVERIFY(at::equal(networkLogits(torch, card, x), x.cumsum(2)));
    card.axisOrder = AxisOrder::Ijk;
    QVERIFY(at::equal(networkLogits(torch, card, x), x.flip(4).cumsum(4).flip(4)));
}

void TestModelImport::classesOnTheirOwnHaveABackground()
{
    const std::string card = R"({"outputKind":"sigmoid","axisOrder":"ijk","classes":["A","B"],"patch":[8,12,16],)"
                             R"("channels":[{"name":"image","normalisation":"none"}]})";
    const auto result = importOf(bytesOf("def forward(self, x):\n    return torch.cat([x, 2 * x * self.scale], 1)\n"), card);
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    const auto model = Model::load(path("out.pt"));
    QVERIFY(model.has_value());
    const at::Tensor x = someTile();
    std::vector<float> found(3 * voxelCountOf(tile));
    QVERIFY(model->predictor(tile)(std::span(x.data_ptr<float>(), voxelCountOf(tile)), found).has_value());
    const at::Tensor p = at::from_blob(found.data(), {3, tile[2], tile[1], tile[0]}), a = at::sigmoid(x[0][0]), b = at::sigmoid(2 * x[0][0]);
    QVERIFY(at::allclose(p[1], a) && at::allclose(p[2], b) && at::allclose(p[0], 1 - at::maximum(a, b)));
    // One class alone is trained with the probabilities that it is run with.
    ModelCard one = model->card();
    one.classes.pop_back();
    torch::jit::Module same = moduleNamed("Same");
    same.define("def forward(self, x):\n    return x\n");
    const std::vector<at::Tensor> logits = trainingLogits(TorchModule{same}, one, x);
    QCOMPARE(logits.size(), std::size_t{1});
    QVERIFY(at::allclose(at::softmax(logits[0], 1)[0][1], at::sigmoid(x[0][0])));
}

void TestModelImport::readsMonaiBundles()
{
    const std::string metadata = R"({"name":"Spleen","network_data_format":{"inputs":{"image":{"modality":"CT","spatial_shape":[96,96,96]}},
        "outputs":{"pred":{"num_channels":2,"channel_def":{"0":"background","1":"spleen"}}}}})";
    const std::string inference = R"({"preprocessing":{"transforms":[{"_target_":"Orientationd","axcodes":"RAS"},
        {"_target_":"Spacingd","pixdim":[1.5,1.5,2.0]},{"_target_":"ScaleIntensityRanged","a_min":-57,"a_max":164,"b_min":0,"b_max":1,"clip":true}]},
        "inferer":{"_target_":"SlidingWindowInferer","roi_size":[8,12,16]}})";
    const auto result = importOf(bytesOf(twoOutputs("x"), {{"metadata.json", metadata}, {"inference", inference}}), "");
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(result->card->name, std::string("Spleen"));
    QCOMPARE(result->card->axisOrder, AxisOrder::Ijk);
    QCOMPARE(result->card->patch, tile);
    QCOMPARE(result->card->spacing, (Vec3{1.5, 1.5, 2}));
    QCOMPARE(result->card->classes[0].name, std::string("spleen"));
    QCOMPARE(result->card->channels[0].normalisation, Normalisation::Range);
    QCOMPARE(result->card->channels[0].clipHigh, 164.0);

    // To [-1, 1]; and an orientation that a card cannot hold.
    std::string other = inference;
    other.replace(other.find("\"b_min\":0"), 9, "\"b_min\":-1");
    const auto card = foreignCard({{}, metadata, other, {}});
    QVERIFY(card.has_value());
    const ModelChannel& channel = card->channels[0];
    QCOMPARE((channel.clipLow - channel.mean) / channel.sd, -1.0);
    QCOMPARE((channel.clipHigh - channel.mean) / channel.sd, 1.0);
    other.replace(other.find("RAS"), 3, "PLS");
    QVERIFY(!foreignCard({{}, metadata, other, {}}));
}

void TestModelImport::refuses_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("card");
    QTest::addColumn<std::string>("words"); // of its sentence
    const auto row = [](const char* name, const std::string& bytes, const std::string& card, const char* words) {
        QTest::newRow(name) << bytes << card << std::string(words);
    };
    const at::Tensor first = randomKernel({4, 1, 3, 3, 3}, 1), last = randomKernel({2, 4, 1, 1, 1}, 2), bias = randomKernel({2}, 3);
    const std::string weights = layeredWeights(first, last, bias), script = bytesOf(twoOutputs("x"));
    const std::string described = R"({"classes":["Brain"],"architecture":)" + architecture + "}";
    row("text", "this is no model", cardOfOneClass, "weights only"); // or no model at all: no description was given
    row("text with a description", "this is no model", described, "no model");
    row("cut", script.substr(0, script.size() / 2), cardOfOneClass, "cut short");
    row("cut weights", weights.substr(0, weights.size() - 30), described, "cut short");
    row("undescribed weights", weights, cardOfOneClass, "architecture");
    row("other layers", weights, R"({"classes":["Brain"],"architecture":{"layers":[{"kernel_size":1,"dilation":1}]}})", "2 convolutions");
    row("wider kernel", weights, R"({"classes":["Brain"],"architecture":{"layers":[{"kernel_size":5,"dilation":1},{"kernel_size":1,"dilation":1}]}})", "does not fit layer 1");
    row("strides", weights, R"({"classes":["Brain"],"architecture":{"layers":[{"kernel_size":3,"dilation":1,"stride":2}]}})", "changes the image's size");
    row("outputs", script, R"({"channels":[{"name":"image","normalisation":"none"}],"classes":["A","B"],"patch":[8,12,16]})", "2 outputs, its card describes 3");
    row("halved", bytesOf(twoOutputs("torch.avg_pool3d(x, [2, 2, 2])")), cardOfOneClass, "another size");
    row("flat", bytesOf("def forward(self, x):\n    return x.sum() * self.scale\n"), cardOfOneClass, "three-dimensional");
    row("two inputs", bytesOf("def forward(self, x, y):\n    return x + y\n"), cardOfOneClass, "does not run");
    row("fails", bytesOf(twoOutputs("x.view([3, 5])")), cardOfOneClass, "does not run");
    row("writes", bytesOf(twoOutputs("torch.from_file(\"written\", True, 4)[0] * x")), cardOfOneClass, "read or write files");
    row("no card", script, R"({"channels":3,"classes":["A"],"patch":[8,12,16]})", "channels");
    row("two channels", script, R"({"channels":[{"name":"a","normalisation":"none"},{"name":"b","normalisation":"none"}],"classes":["A"],"patch":[8,8,8]})", "one image channel");
}

void TestModelImport::refuses()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, card);
    QFETCH(std::string, words);
    const auto result = importOf(bytes, card);
    QVERIFY(!result.has_value());
    const Error& error = result.error();
    QVERIFY2(error.detail.find(words) != std::string::npos, error.detail.c_str());
    QVERIFY(error.detail.find('\n') == std::string::npos);
    QCOMPARE(error.subject, path("in"));
}

void TestModelImport::refusesNewerFiles()
{
    // The records of a file are stored one after another; the last of them says the version.
    std::string bytes = storedZip({{"m/data.pkl", "x"}, {"m/constants.pkl", "x"}, {"m/version", "99\n"}});
    const auto result = importOf(bytes, cardOfOneClass);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().code, ErrorCode::Unsupported);
    QVERIFY2(result.error().detail.find("newer version") != std::string::npos, result.error().detail.c_str());
}

void TestModelImport::comesBackTrainable()
{
    QVERIFY(importOf(bytesOf(twoOutputs("x")), cardOfOneClass).has_value());
    const auto model = Model::load(path("out.pt"));
    QVERIFY(model && model->trainable());
    ModelCard same = model->card();
    same.recipe.baseWidth = 3; // what is asked of the training, not of the network
    const auto adapted = model->adaptedTo(same, 1);
    QVERIFY(adapted.has_value());
    for (at::Tensor weight : adapted->torchModule().parameters())
        weight.requires_grad_(true); // as the trainer does
    const at::Tensor loss = trainingLogits(adapted->torchModule(), same, someTile())[0].square().sum();
    loss.backward();
    QVERIFY(adapted->torchModule().parameters()[0].grad().abs().item<float>() > 0);
    ModelCard other = same;
    other.classes[0].name = "Another";
    QCOMPARE(model->adaptedTo(other, 1).error().code, ErrorCode::Conflict);
}

QTEST_APPLESS_MAIN(TestModelImport)
#include "tst_model_import.moc"
