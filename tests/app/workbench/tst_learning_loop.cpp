// The loop with the real reader and worker: a model learns bright blobs from approved cases and proposes on a new one.
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/evaluation.h"
#include "app/workbench/ranking.h"
#include "core/metrics/mask_metrics.h"

#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

class TestLearningLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void learnsBlobs();

private:
    static VolumeGeometry grid()
    {
        VolumeGeometry g;
        g.size = {40, 36, 32};
        g.spacing = {1, 1, 1.5};
        return g;
    }
    static std::vector<std::int16_t> blob(int n, bool truth);
};

std::vector<std::int16_t> TestLearningLoop::blob(int n, bool truth)
{
    const VolumeGeometry g = grid();
    std::vector<std::int16_t> voxels(g.voxelCount());
    const Vec3 centre{14.0 + 3 * (n % 4), 14.0 + 2 * (n % 5), 18.0 + 4 * (n % 3)};
    for (std::size_t v = 0; v < voxels.size(); ++v) {
        const Index3 index = g.indexAt(v);
        const Vec3 at = g.patientFromIndex({double(index[0]), double(index[1]), double(index[2])});
        const bool inside = length(at - centre) < 8;
        const int noise = static_cast<int>((v * 2654435761u) >> 16 & 31);
        voxels[v] = static_cast<std::int16_t>(truth ? inside : (inside ? 200 : 80) + noise);
    }
    return voxels;
}

void TestLearningLoop::learnsBlobs()
{
    WorkbenchFixture files;
    std::filesystem::create_directories(files.path("masks"));
    for (int n = 0; n < 5; ++n) {
        const std::string name = "blob_" + std::to_string(n) + ".nii.gz";
        QVERIFY(writeNifti(files.path("images/" + name), Volume::fromVoxels(grid(), blob(n, false))));
        QVERIFY(n == 4 || writeNifti(files.path("masks/" + name), Volume::fromVoxels(grid(), blob(n, true))));
    }
    auto bench = Workbench::open(files.workspaceFolder(), WorkbenchFixture::realPrograms());
    QVERIFY(bench);
    ImportOptions options;
    options.masksFolder = files.path("masks");
    const auto report = (*bench)->importPaths({files.path("images")}, options);
    QVERIFY(report && report->cases.size() == 5);
    for (std::size_t n = 0; n < 4; ++n) {
        const CaseId id = report->cases[n].id;
        QVERIFY((*bench)->workspace().reservePool((*bench)->workspace().caseById(id)->patientKey, Pool::Train));
        QVERIFY((*bench)->approve(id, {}, "Dr Test"));
    }
    PlanOptions planning;
    planning.minutes = 20;
    const auto plan = (*bench)->plan(planning);
    QVERIFY2(plan, plan ? "" : plan.error().detail.c_str());
    QVERIFY2(plan->plan, plan->obstacle ? plan->obstacle->detail.c_str() : "");
    QCOMPARE(plan->data.cases.size(), std::size_t{4});
    QVERIFY(plan->data.multiplicationsPerSecond > 1e6 && plan->data.memoryFree > 0);
    QCOMPARE(plan->plan->medianSpacing, (Vec3{1, 1, 1.5}));
    QVERIFY(plan->plan->steps > 0 && plan->findings.empty());
    planning.bytes = 1'000'000;
    const auto cramped = (*bench)->plan(planning);
    QVERIFY(cramped && !cramped->plan && cramped->obstacle);
    QVERIFY(std::filesystem::is_empty(files.workspaceFolder() + "/runs")); // a plan leaves nothing
    TrainOptions training;
    training.recipe = "quick";
    training.minutes = 0.4;
    training.seed = 5;
    const auto outcome = (*bench)->train(training);
    QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());
    const auto evaluation = (*bench)->evaluate(Pool::Train, {});
    QVERIFY2(evaluation, evaluation ? "" : evaluation.error().detail.c_str());
    QCOMPARE(evaluation->cases.size(), std::size_t{4});
    QCOMPARE(figuresOfClass(*evaluation, evaluation->classes.front(), "dice").size(), std::size_t{4});
    QVERIFY(figuresOfClass(*evaluation, evaluation->classes.front(), "dice").front() > 0.6);
    const auto empty = (*bench)->evaluate(Pool::Test, {});
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::Conflict);
    RankOptions ranking;
    ranking.randomShare = 0;
    const auto ranked = rankCases(**bench, ranking);
    QVERIFY2(ranked, ranked ? "" : ranked.error().detail.c_str());
    QCOMPARE(ranked->cases.size(), std::size_t{1});
    QCOMPARE(ranked->cases.front().id, report->cases[4].id);
    QVERIFY2(ranked->cases.front().choice.score > 0, ranked->cases.front().choice.reason.c_str());
    QVERIFY(!ranked->cases.front().choice.className.empty());
    ProposeOptions proposing;
    proposing.models = {outcome->model, outcome->model};
    proposing.inference.rule = EnsembleRule::Staple;
    proposing.inference.mirror = true;
    proposing.probabilitiesPath = files.workspaceFolder() + "/p.nii.gz";
    proposing.uncertaintyPath = files.workspaceFolder() + "/u.nrrd";
    const auto proposals = (*bench)->propose({report->cases[4].id}, proposing);
    QVERIFY2(proposals, proposals ? "" : proposals.error().detail.c_str());
    const auto labels = (*bench)->workspace().loadMask(proposals->front().revision);
    QVERIFY(labels && labels->layerCount() > 0);
    const std::vector<std::int16_t> truth = blob(4, true);
    const std::vector<std::uint8_t> expected(truth.begin(), truth.end());
    const auto metrics = overlapMetrics({grid(), expected, 1}, {grid(), labels->layer(0), 1});
    QVERIFY2(metrics.dice.value_or(0) > 0.6, qPrintable(QString::number(metrics.dice.value_or(0))));
    QVERIFY(std::filesystem::exists(proposing.probabilitiesPath) && std::filesystem::exists(proposing.uncertaintyPath));
    proposing.probabilitiesPath = files.workspaceFolder() + "/nowhere/p.nii.gz";
    QVERIFY(!(*bench)->propose({report->cases[4].id}, proposing));
}

QTEST_GUILESS_MAIN(TestLearningLoop)
#include "tst_learning_loop.moc"
