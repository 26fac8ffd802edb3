#include "ml/internal/model.h"

#include "core/io/bytes/atomic_file.h"
#include "ml/internal/network_image.h"
#include "ml/internal/torch_module.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace annotomy;

namespace {

ModelCard cardOf(int classes, int width = 4, int levels = 3, NetworkKind kind = NetworkKind::UNet)
{
    ModelCard card;
    card.name = "test";
    card.network = "unet3d";
    card.channels = {{"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1}};
    for (int n = 1; n <= classes; ++n)
        card.classes.push_back({n, "class " + std::to_string(n), static_cast<SegmentNumber>(n), {}, {}, {}});
    card.recipe.baseWidth = width;
    card.recipe.levels = levels;
    card.recipe.network = kind;
    card.recipe.poolings.fill(levels - 1);
    card.divisor = patchMultiple(card.recipe);
    card.patch = {16, 24, 8};
    card.recipe.patch = card.patch;
    return card;
}

std::vector<float> probabilitiesOf(const Model& model)
{
    const Index3 tile = model.card().patch;
    std::vector<float> input(voxelCountOf(tile)),
        output(input.size() * static_cast<std::size_t>(model.outputs()));
    for (std::size_t n = 0; n < input.size(); ++n)
        input[n] = std::sin(0.1F * static_cast<float>(n * n % 977));
    return model.predictor(tile)(input, output) ? output : std::vector<float>{};
}

} // namespace

class TestModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesProbabilities_data();
    void givesProbabilities();
    void thickSlicesStayApartAtTheFinestLevels();
    void isTheSameAfterSaving();
    void isDrawnFromTheSeed();
    void keepsRowsOfKnownClasses();
    void refusesBadFiles();
    void refusesOutputsBeyondTheClasses();

private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

void TestModel::givesProbabilities_data()
{
    QTest::addColumn<int>("classes");
    QTest::addColumn<int>("levels");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, int classes, int levels, NetworkKind kind) {
        QTest::newRow(name) << classes << levels << static_cast<int>(kind);
    };
    row("one class", 1, 3, NetworkKind::UNet);
    row("five classes, residual", 5, 4, NetworkKind::ResidualUNet);
    row("two levels", 2, 2, NetworkKind::UNet);
    row("light", 2, 3, NetworkKind::Light);
    row("meshnet", 2, 2, NetworkKind::MeshNet);
}

void TestModel::givesProbabilities()
{
    QFETCH(int, classes);
    QFETCH(int, levels);
    QFETCH(int, kind);
    const auto model = Model::create(cardOf(classes, 4, levels, static_cast<NetworkKind>(kind)), 1);
    QVERIFY(model.has_value());
    QVERIFY(model->trainable());
    const std::vector<float> p = probabilitiesOf(*model);
    const std::size_t voxels = voxelCountOf(model->card().patch);
    QCOMPARE(p.size(), voxels * static_cast<std::size_t>(classes + 1));
    for (std::size_t n = 0; n < voxels; n += 37) {
        float sum = 0;
        for (std::size_t c = 0; c <= static_cast<std::size_t>(classes); ++c)
            sum += p[c * voxels + n];
        QVERIFY(std::abs(sum - 1) < 1e-5F);
    }
}

// An axis that is never halved may have any length, and the finest levels do not look along it.
void TestModel::thickSlicesStayApartAtTheFinestLevels()
{
    ModelCard card = cardOf(1, 4, 4);
    card.recipe.poolings = {3, 3, 0};
    card.divisor = patchMultiple(card.recipe);
    QCOMPARE(card.divisor, (Index3{8, 8, 1}));
    card.patch = card.recipe.patch = {16, 24, 5};
    const auto model = Model::create(card, 1);
    QVERIFY(model.has_value());
    QCOMPARE(probabilitiesOf(*model).size(), 2 * voxelCountOf(card.patch));
    for (const auto& named : model->torchModule().module.named_parameters())
        if (named.name == "encoder0.weight1" || named.name == "decoder0.weight1")
            QCOMPARE(named.value.size(2), std::int64_t{1});
    card.recipe.poolings = {3, 3, 4};
    QVERIFY(!Model::create(card, 1));
}

void TestModel::isTheSameAfterSaving()
{
    const auto model = Model::create(cardOf(2), 1);
    QVERIFY(model.has_value());
    QVERIFY(model->save(path("model.pt")).has_value());
    const auto loaded = Model::load(path("model.pt"));
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().detail.c_str());
    QCOMPARE(loaded->card(), model->card());
    QCOMPARE(loaded->parameterCount(), model->parameterCount());
    QCOMPARE(probabilitiesOf(*loaded), probabilitiesOf(*model));
    const auto copy = loaded->copy();
    QVERIFY(copy.has_value());
    QCOMPARE(probabilitiesOf(*copy), probabilitiesOf(*model));
}

void TestModel::isDrawnFromTheSeed()
{
    const auto a = Model::create(cardOf(1), 3), b = Model::create(cardOf(1), 3),
               c = Model::create(cardOf(1), 4);
    QVERIFY(a && b && c);
    QCOMPARE(probabilitiesOf(*a), probabilitiesOf(*b));
    QVERIFY(probabilitiesOf(*a) != probabilitiesOf(*c));
}

void TestModel::keepsRowsOfKnownClasses()
{
    const auto two = Model::create(cardOf(2), 1);
    QVERIFY(two.has_value());
    ModelCard swapped = cardOf(3);
    std::swap(swapped.classes[0].name, swapped.classes[1].name);
    const auto three = two->adaptedTo(swapped, 9);
    QVERIFY(three.has_value());
    const std::vector<float> before = probabilitiesOf(*two), after = probabilitiesOf(*three);
    const std::size_t voxels = voxelCountOf(two->card().patch);
    for (std::size_t n = 0; n < voxels; n += 11) { // the ratios of known classes are those of the old model
        const float was = before[voxels + n] / before[n], is = after[2 * voxels + n] / after[n];
        QVERIFY(std::abs(was - is) < 1e-3F * (1 + was));
    }
}

void TestModel::refusesBadFiles()
{
    QCOMPARE(Model::load(path("absent.pt")).error().code, ErrorCode::NotFound);
    const auto model = Model::create(cardOf(1), 1);
    QVERIFY(model && model->save(path("whole.pt")));
    const auto bytes = readWholeFile(path("whole.pt"), 1 << 26);
    QVERIFY(bytes.has_value());
    for (const double part : {0.0, 0.01, 0.5, 0.999}) {
        const auto size = static_cast<std::size_t>(part * static_cast<double>(bytes->size()));
        QVERIFY(writeFileAtomically(path("cut.pt"), std::span(*bytes).first(size)).has_value());
        const auto loaded = Model::load(path("cut.pt"));
        QVERIFY(!loaded.has_value());
        QVERIFY(loaded.error().code == ErrorCode::Truncated || loaded.error().code == ErrorCode::Malformed);
        QVERIFY(loaded.error().detail.find('\n') == std::string::npos);
    }
    const std::string text = "this is no model";
    QVERIFY(writeFileAtomically(path("text.pt"), std::as_bytes(std::span(text))).has_value());
    QVERIFY(!Model::load(path("text.pt")).has_value());
}

void TestModel::refusesOutputsBeyondTheClasses()
{
    auto model = Model::create(cardOf(1), 1);
    QVERIFY(model.has_value());
    ModelCard card = model->card();
    card.classes[0].output = 200;
    model->setCard(card);
    QVERIFY(model->save(path("beyond.pt")).has_value());
    const auto loaded = Model::load(path("beyond.pt"));
    QVERIFY(!loaded.has_value());
    QCOMPARE(loaded.error().code, ErrorCode::Malformed);
}

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
