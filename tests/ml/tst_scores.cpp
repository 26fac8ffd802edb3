#include "ml/worker_jobs.h"

#include "ml/internal/mirroring.h"
#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "ml/internal/probability_scores.h"
#include "tests/ml/training_folder.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace annotomy;
using namespace annotomy::test;

namespace {

std::vector<ModelClass> twoClasses()
{
    return {{1, "front", 1, {}, {}, {}}, {2, "back", 2, {}, {}, {}}};
}

ModelCard cardOf(const std::vector<ModelClass>& classes, const Index3& mirrorAxes = {0, 0, 0})
{
    ModelCard card;
    card.name = "test";
    card.network = "unet3d";
    card.channels = {{"image", "MR", Normalisation::BodyZScore, 0, 0, 0, 1}};
    card.classes = classes;
    card.recipe.baseWidth = 4;
    card.recipe.levels = 3;
    card.recipe.poolings = {2, 2, 2};
    card.recipe.mirrorAxes = mirrorAxes;
    card.divisor = patchMultiple(card.recipe);
    card.patch = card.recipe.patch = {16, 16, 16};
    return card;
}

struct Scored {
    std::vector<CaseScores> scores;
    std::vector<std::string> failed;
    std::vector<double> fractions;
    std::stop_source stop;
    std::size_t stopAfter = 0; // reports of progress
};

WorkerEventSink into(Scored& scored)
{
    return [&scored](const WorkerEvent& event) {
        if (const auto* one = std::get_if<CaseScores>(&event))
            scored.scores.push_back(*one);
        if (const auto* failed = std::get_if<ItemFailed>(&event))
            scored.failed.push_back(failed->key);
        if (const auto* progress = std::get_if<WorkerProgress>(&event))
            scored.fractions.push_back(progress->fraction);
        if (scored.stopAfter > 0 && scored.fractions.size() == scored.stopAfter)
            scored.stop.request_stop();
    };
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-4;
}

} // namespace

class TestScores : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void gathersUncertaintyOfTheForeground();
    void tellsWhetherAClassIsThereAtAll();
    void mirrorImagesComeBackInPlace();
    void scoresWithOneModel();
    void modelsAndMirrorImagesDisagree();
    void leavesOutWhatCannotBeRead();
    void refusesModelsOfOtherClasses();
    void stopsBetweenTiles();

private:
    std::string savedModel(const char* name, const ModelCard& card, std::uint64_t seed)
    {
        const auto model = Model::create(card, seed);
        return model && model->save(m_folder.path(name)) ? m_folder.path(name) : std::string();
    }
    ScoreJob job(std::vector<std::string> models) const
    {
        ScoreJob made;
        made.modelPaths = std::move(models);
        for (const TrainingCase& one : m_cases)
            made.items.push_back({one.key, one.imagePath, one.modality});
        made.device = "cpu";
        made.threads = 1;
        return made;
    }

    TrainingFolder m_folder;
    std::vector<TrainingCase> m_cases;
};

void TestScores::initTestCase()
{
    m_cases = m_folder.addSeveral("case", 2);
    QVERIFY(m_folder.good());
}

void TestScores::gathersUncertaintyOfTheForeground()
{
    const VolumeGeometry grid = plainGrid({2, 2, 2}, {10, 10, 5}); // 0.5 ml a voxel
    ProbabilityScores gathered(grid, cardOf(twoClasses()));
    gathered.addPlane(std::vector<float>{1, 0.2F, 0, 0, /**/ 0, 0.8F, 0.5F, 0, /**/ 0, 0, 0.5F, 1}); // the first of equals
    gathered.addPlane(std::vector<float>{1, 1, 1, 0.6F, /**/ 0, 0, 0, 0.4F, /**/ 0, 0, 0, 0});
    const CaseScores scores = gathered.scores();
    const double unsure = -0.8 * std::log(0.8) - 0.2 * std::log(0.2), even = std::log(2);
    QCOMPARE(scores.classes.size(), std::size_t{2});
    QCOMPARE(scores.classes[0].name, std::string("front"));
    QVERIFY(near(scores.classes[0].volumeMl, 1) && near(scores.classes[1].volumeMl, 0.5));
    QVERIFY(near(scores.classes[0].entropy, (unsure + even) / 2) && near(scores.classes[1].entropy, 0));
    QVERIFY(near(scores.entropy, (unsure + even) / 3));
    QVERIFY(near(scores.margin, (0.4 + 1 + 0) / 3)); // 1 - 0.6, 1 - 0, 1 - 1
    const std::vector<double> moments = gathered.moments();
    QCOMPARE(moments.size(), std::size_t{6});
    QVERIFY(near(moments[2], 1.5 / 8) && near(moments[5], std::sqrt(1.25 / 8 - 1.5 * 1.5 / 64)));
}

void TestScores::tellsWhetherAClassIsThereAtAll()
{
    const VolumeGeometry grid = plainGrid({50, 60, 1}, {1, 1, 1}); // 3000 voxels: the largest three
    ProbabilityScores gathered(grid, cardOf({{1, "lesion", 1, {}, {}, {}}}));
    std::vector<float> plane(6000, 0);
    std::fill(plane.begin(), plane.begin() + 3000, 1.0F);
    const float found[] = {0.45F, 0.40F, 0.35F, 0.2F};
    for (std::size_t n = 0; n < 4; ++n) {
        plane[700 * n] = 1 - found[n];
        plane[3000 + 700 * n] = found[n];
    }
    gathered.addPlane(plane);
    const CaseScores scores = gathered.scores();
    QCOMPARE(scores.classes[0].volumeMl, 0.0);
    QCOMPARE(scores.entropy, 0.0);
    QVERIFY(std::abs(scores.classes[0].probability - 0.4) < 1e-3);
}

void TestScores::mirrorImagesComeBackInPlace()
{
    QCOMPARE(mirrorings({0, 0, 0}), (std::vector<Index3>{{0, 0, 0}}));
    QCOMPARE(mirrorings({1, 0, 1}), (std::vector<Index3>{{0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {1, 0, 1}}));
    QCOMPARE(mirrorings({1, 1, 1}).size(), std::size_t{8});
    const Index3 tile{3, 2, 2};
    std::vector<float> values(voxelCountOf(tile)), mirrored(values.size()), back(values.size());
    std::iota(values.begin(), values.end(), 0.0F);
    mirrorTile(values, tile, {1, 0, 0}, mirrored);
    QCOMPARE(mirrored, (std::vector<float>{2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9}));
    mirrorTile(values, tile, {0, 1, 1}, mirrored);
    QCOMPARE(mirrored, (std::vector<float>{9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2}));
    // Background is what the tile holds, the other output also where in the tile it was seen.
    const TilePredictor predict = [&](std::span<const float> seen, std::span<float> out) -> Result<void> {
        for (std::size_t n = 0; n < seen.size(); ++n) {
            out[n] = seen[n];
            out[seen.size() + n] = static_cast<float>(n);
        }
        return {};
    };
    const auto mirrors = mirrorings({1, 1, 1});
    std::vector<float> answers(mirrors.size() * 2 * values.size());
    QVERIFY(mirroredEach(predict, tile, {1, 1, 1})(values, answers));
    for (std::size_t m = 0; m < mirrors.size(); ++m) {
        const auto* answer = answers.data() + m * 2 * values.size();
        QVERIFY(std::equal(values.begin(), values.end(), answer));
        mirrorTile(values, tile, mirrors[m], mirrored);
        QVERIFY(std::equal(mirrored.begin(), mirrored.end(), answer + values.size()));
    }
}

void TestScores::scoresWithOneModel()
{
    const std::string model = savedModel("one.pt", cardOf(twoClasses()), 1);
    Scored scored;
    const auto done = scoreCases(job({model}), into(scored), {});
    QVERIFY2(done, done ? "" : done.error().detail.c_str());
    QCOMPARE(scored.scores.size(), std::size_t{2});
    const CaseScores& first = scored.scores.front();
    QCOMPARE(first.key, std::string("case0"));
    QCOMPARE(first.embedding.size(), std::size_t{16}); // channels at the third level
    QVERIFY(first.embedding != scored.scores.back().embedding);
    QVERIFY(first.classes.size() == 2 && first.seconds > 0);
    QVERIFY(first.entropy > 0 && first.entropy < std::log(3) && first.margin > 0 && first.margin < 1);
    QCOMPARE(first.disagreement, 0.0);
    QVERIFY(std::is_sorted(scored.fractions.begin(), scored.fractions.end()));
    QVERIFY(near(scored.fractions.back(), 1));
    ModelCard mesh = cardOf(twoClasses());
    mesh.recipe.network = NetworkKind::MeshNet;
    Scored other;
    QVERIFY(scoreCases(job({savedModel("mesh.pt", mesh, 1)}), into(other), {}));
    QCOMPARE(other.scores.front().embedding.size(), std::size_t{4});
}

void TestScores::modelsAndMirrorImagesDisagree()
{
    const std::string a = savedModel("a.pt", cardOf(twoClasses(), {1, 0, 1}), 1);
    ModelCard coarse = cardOf(twoClasses());
    coarse.spacing = {1.5, 1.5, 1.5}; // an ensemble's models need not see the same grid
    const std::string b = savedModel("b.pt", coarse, 2);
    Scored twins, two, mirrored, sided;
    QVERIFY(scoreCases(job({a, a}), into(twins), {}));
    QVERIFY(near(twins.scores.front().disagreement, 0));
    ModelCard swapped = cardOf(twoClasses());
    std::swap(swapped.classes[0].name, swapped.classes[1].name);
    const auto reordered = Model::load(a)->adaptedTo(swapped, 1); // the same model, its classes in another order
    QVERIFY(reordered && reordered->save(m_folder.path("swapped.pt")));
    Scored renamed;
    QVERIFY(scoreCases(job({a, m_folder.path("swapped.pt")}), into(renamed), {}));
    QVERIFY(near(renamed.scores.front().disagreement, 0));
    QVERIFY(near(renamed.scores.front().classes[0].volumeMl, twins.scores.front().classes[0].volumeMl));
    QVERIFY(scoreCases(job({a, b}), into(two), {}));
    QVERIFY(two.scores.front().disagreement > 0.05 && two.scores.front().disagreement <= 1);
    ScoreJob mirroring = job({a});
    mirroring.options.mirror = true;
    QVERIFY(scoreCases(mirroring, into(mirrored), {}));
    QVERIFY(mirrored.scores.front().disagreement > 0 && mirrored.scores.front().disagreement <= 1);
    mirroring.modelPaths = {b}; // knows no axis along which it may be mirrored
    QVERIFY(scoreCases(mirroring, into(sided), {}));
    QCOMPARE(sided.scores.front().disagreement, 0.0);
}

void TestScores::leavesOutWhatCannotBeRead()
{
    ScoreJob half = job({savedModel("one.pt", cardOf(twoClasses()), 1)});
    half.items.front().imagePath = m_folder.path("absent.avol");
    Scored scored;
    QVERIFY(scoreCases(half, into(scored), {}));
    QCOMPARE(scored.scores.size(), std::size_t{1});
    QCOMPARE(scored.scores.front().key, std::string("case1"));
    QCOMPARE(scored.failed, std::vector<std::string>{"case0"});
}

void TestScores::refusesModelsOfOtherClasses()
{
    const std::string two = savedModel("two.pt", cardOf(twoClasses()), 1);
    const std::string one = savedModel("single.pt", cardOf({{1, "front", 1, {}, {}, {}}}), 1);
    Scored scored;
    const auto done = scoreCases(job({two, one}), into(scored), {});
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Conflict);
}

void TestScores::stopsBetweenTiles()
{
    Scored scored;
    scored.stopAfter = 3;
    const auto done = scoreCases(job({savedModel("one.pt", cardOf(twoClasses()), 1)}), into(scored), scored.stop.get_token());
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Cancelled);
    QCOMPARE(scored.fractions.size(), std::size_t{3});
}

QTEST_APPLESS_MAIN(TestScores)
#include "tst_scores.moc"
