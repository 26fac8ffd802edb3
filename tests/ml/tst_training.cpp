#include "ml/worker_jobs.h"

#include "ml/internal/model.h"
#include "ml/internal/network_image.h"
#include "tests/ml/training_folder.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace annotomy;
using namespace annotomy::test;

namespace {

struct Recorder {
    std::vector<EpochRecord> epochs;
    std::vector<std::string> notes;
    std::stop_source stop;
    int stopAtEpoch = 0;

    WorkerEventSink sink()
    {
        return [this](const WorkerEvent& event) {
            if (const auto* note = std::get_if<WorkerNote>(&event))
                notes.push_back(note->text);
            const auto* epoch = std::get_if<EpochRecord>(&event);
            if (!epoch)
                return;
            epochs.push_back(*epoch);
            if (epoch->epoch == stopAtEpoch)
                stop.request_stop();
        };
    }
};

std::vector<float> output(const std::string& path)
{
    const auto model = Model::load(path);
    if (!model)
        return {};
    const Index3 tile = model->card().patch;
    std::vector<float> input(voxelCountOf(tile)), result(2 * input.size());
    for (std::size_t n = 0; n < input.size(); ++n)
        input[n] = std::sin(0.2F * static_cast<float>(n));
    return model->predictor(tile)(input, result) ? result : std::vector<float>{};
}

double diceOf(const LabelMap& a, const LabelMap& b)
{
    std::int64_t common = 0, sum = 0;
    for (std::size_t n = 0; n < a.layer(0).size(); ++n) {
        common += a.layer(0)[n] && b.layer(0)[n];
        sum += (a.layer(0)[n] != 0) + (b.layer(0)[n] != 0);
    }
    return sum > 0 ? 2.0 * static_cast<double>(common) / static_cast<double>(sum) : 0;
}

} // namespace

class TestTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void learnsTheBalls();
    void proposesOnEveryGrid_data();
    void proposesOnEveryGrid();
    void oneBadItemDoesNotEndTheOthers();
    void evaluatesModels();
    void fineTunesWithANewClass();
    void resumesBitByBit();
    void refusesCasesWithoutVoxels();
    void leavesUnlabelledCasesOut();

private:
    TrainingFolder m_folder; // holds the model that the first test trains
};

void TestTraining::learnsTheBalls()
{
    TrainJob job = m_folder.job(160);
    job.recipe.stepsPerEpoch = 20;
    job.recipe.mirrorAxes = {1, 1, 1};
    job.validation = m_folder.addSeveral("validation", 3);
    QVERIFY(m_folder.good());
    Recorder recorder;
    const auto result = runTraining(job, recorder.sink(), {});
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QVERIFY(recorder.epochs.back().validationDice.has_value());
    QVERIFY2(*recorder.epochs.back().validationDice > 0.8,
             qPrintable(QString::number(*recorder.epochs.back().validationDice)));
    QVERIFY(recorder.epochs.back().trainLoss < recorder.epochs.front().trainLoss / 2);
    QCOMPARE(result->card->caseHashes.size(), std::size_t{4});
    QCOMPARE(inspectModel({job.outPath})->card, result->card);
    const QByteArray figures(result->card->figuresJson.c_str());
    QVERIFY(figures.contains("calibrationErrorBefore") && result->card->temperature != 1);
}

void TestTraining::proposesOnEveryGrid_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("as trained") << 0;
    QTest::newRow("flipped") << 1;
    QTest::newRow("sagittal slices") << 2;
    QTest::newRow("anisotropic") << 3;
    QTest::newRow("oblique, finer") << 4;
}

void TestTraining::proposesOnEveryGrid()
{
    QFETCH(int, kind);
    const VolumeGeometry plain = plainGrid({30, 28, 26}, {1, 1, 1});
    const VolumeGeometry grids[] = {plain, reordered(plain, {0, 1, 2}, {true, true, false}),
                                    reordered(plain, {1, 2, 0}, {false, true, true}),
                                    plainGrid({30, 28, 13}, {1, 1, 2}),
                                    rotated(plainGrid({44, 40, 36}, {0.7, 0.7, 0.75}), 30)};
    const VolumeGeometry& grid = grids[kind];
    const Ball ball{grid.patientFromIndex({0.45 * grid.size[0], 0.4 * grid.size[1], 0.5 * grid.size[2]}), 6};
    const TrainingCase files = m_folder.add("grid" + std::to_string(kind), grid, ball, 5);
    ProposeJob job;
    job.modelPaths = {m_folder.path("model.pt")};
    job.items = {{"a", files.imagePath, "MR", m_folder.path("proposal"), m_folder.path("p.avol"), m_folder.path("u.avol")}};
    job.options.mirror = true;
    job.device = "cpu";
    job.threads = 1;
    std::vector<ProposeDone> done;
    const auto result = runProposals(job,
                                     [&](const WorkerEvent& event) {
                                         if (const auto* one = std::get_if<ProposeDone>(&event))
                                             done.push_back(*one);
                                     },
                                     {});
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(done.size(), std::size_t{1});
    QVERIFY(done[0].meanEntropy >= 0 && done[0].meanEntropy <= std::log(2.0));
    const auto proposal = readLabelFile(done[0].outPath);
    QVERIFY(proposal.has_value());
    QCOMPARE(proposal->geometry(), grid);
    QCOMPARE(proposal->segments().segments().front().name, std::string("Lesion"));
    const double dice = diceOf(*proposal, labelsOf(grid, ball));
    QVERIFY2(dice > 0.75, qPrintable(QString::number(dice)));
    const auto probabilities = mapVolumeFile(m_folder.path("p.avol")), uncertainty = mapVolumeFile(m_folder.path("u.avol"));
    QVERIFY(probabilities.has_value() && uncertainty.has_value());
    QCOMPARE(probabilities->geometry(), grid);
    // Voxel by voxel the maps belong to this mask, and to each other.
    for (std::size_t n = 0; n < grid.voxelCount(); ++n) {
        const double p = probabilities->voxels<float>()[n], nats = uncertainty->voxels<float>()[n];
        QVERIFY((proposal->layer(0)[n] != 0) == (p > 0.5) || std::abs(p - 0.5) < 1e-4);
        const auto term = [](double share) { return share > 1e-9 ? -share * std::log(share) : 0.0; };
        QVERIFY(std::abs(nats - term(p) - term(1 - p)) < 1e-4);
    }
}

void TestTraining::oneBadItemDoesNotEndTheOthers()
{
    ProposeJob job;
    job.modelPaths = {m_folder.path("model.pt")};
    const TrainingCase good = m_folder.addSeveral("good", 1).front();
    job.items = {{"missing", m_folder.path("nowhere.avol"), "MR", m_folder.path("a")},
                 {"good", good.imagePath, "MR", m_folder.path("b")}};
    job.threads = 1;
    std::vector<std::string> failed, done;
    const auto result = runProposals(job,
                                     [&](const WorkerEvent& event) {
                                         if (const auto* one = std::get_if<ProposeDone>(&event))
                                             done.push_back(one->key);
                                         if (const auto* one = std::get_if<ItemFailed>(&event))
                                             failed.push_back(one->key);
                                     },
                                     {});
    QVERIFY(result.has_value());
    QCOMPARE(failed, std::vector<std::string>{"missing"});
    QCOMPARE(done, std::vector<std::string>{"good"});
}

void TestTraining::evaluatesModels()
{
    EvaluateJob job;
    job.modelPaths = {m_folder.path("model.pt")};
    job.cases = m_folder.addSeveral("unseen", 2);
    job.threads = 1;
    const auto result = runEvaluation(job, [](const WorkerEvent&) {}, {});
    QVERIFY(result.has_value());
    QCOMPARE(result->figures.size(), std::size_t{1});
    QCOMPARE(result->figures[0].cases.size(), std::size_t{2});
    for (const CaseFigures& figures : result->figures[0].cases)
        QVERIFY(figures.dice.at("Lesion").value_or(0) > 0.7);
}

void TestTraining::fineTunesWithANewClass()
{
    TrainJob job = m_folder.job(3);
    job.parentPath = m_folder.path("model.pt");
    job.outPath = m_folder.path("tuned.pt");
    job.checkpointPath.clear();
    job.recipe.learningRate = 1e-4;
    job.classes.push_back({2, "Cyst", 2, {0, 0, 255}, {}, {}});
    job.replay = m_folder.addSeveral("replay", 2);
    Recorder recorder;
    const auto result = runTraining(job, recorder.sink(), {});
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(result->card->classes.size(), std::size_t{2});
    QCOMPARE(recorder.notes.size(), std::size_t{1}); // no voxel of the new class
    EvaluateJob evaluation;
    evaluation.modelPaths = {job.outPath};
    evaluation.cases = m_folder.addSeveral("unseen", 1);
    const auto figures = runEvaluation(evaluation, [](const WorkerEvent&) {}, {});
    QVERIFY(figures.has_value());
    QVERIFY(figures->figures[0].cases[0].dice.at("Lesion").value_or(0) >
            0.6); // the old class is not forgotten
    QVERIFY(!figures->figures[0].cases[0].dice.at("Cyst").has_value());
}

void TestTraining::resumesBitByBit()
{
    const TrainingFolder whole, parts;
    const TrainJob straight = whole.job(16);
    TrainJob interrupted = parts.job(16);
    Recorder uninterrupted, first, second;
    QVERIFY(runTraining(straight, uninterrupted.sink(), {}).has_value());

    first.stopAtEpoch = 2;
    const auto stopped = runTraining(interrupted, first.sink(), first.stop.get_token());
    QVERIFY(!stopped.has_value());
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(!QFile::exists(QString::fromStdString(interrupted.outPath)));

    interrupted.resume = true;
    QVERIFY(runTraining(interrupted, second.sink(), {}).has_value());
    std::vector<EpochRecord> joined = first.epochs;
    joined.insert(joined.end(), second.epochs.begin(), second.epochs.end());
    QCOMPARE(joined.size(), uninterrupted.epochs.size());
    for (std::size_t n = 0; n < joined.size(); ++n) {
        QCOMPARE(joined[n].step, uninterrupted.epochs[n].step);
        QCOMPARE(joined[n].trainLoss, uninterrupted.epochs[n].trainLoss);
    }
    QVERIFY(!output(straight.outPath).empty());
    QCOMPARE(output(straight.outPath), output(interrupted.outPath));
}

void TestTraining::refusesCasesWithoutVoxels()
{
    TrainJob job = m_folder.job(4);
    job.checkpointPath.clear();
    job.train = {m_folder.add("nothing", plainGrid({20, 20, 20}, {1, 1, 1}), {{500, 500, 500}, 2}, 1)};
    const auto result = runTraining(job, [](const WorkerEvent&) {}, {});
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().code, ErrorCode::Conflict);
    job.train.clear();
    QCOMPARE(runTraining(job, [](const WorkerEvent&) {}, {}).error().code, ErrorCode::Conflict);
}

void TestTraining::leavesUnlabelledCasesOut()
{
    TrainJob job = m_folder.job(2);
    job.checkpointPath.clear();
    job.outPath = m_folder.path("other.pt");
    const VolumeGeometry grid = plainGrid({20, 20, 20}, {1, 1, 1});
    TrainingCase unlabelled = m_folder.add("unlabelled", grid, {{0, 0, 0}, 1}, 1);
    QVERIFY(writeLabelFile(unlabelled.labelPath, LabelMap(grid)).has_value());
    job.train.push_back(unlabelled);
    Recorder recorder;
    const auto result = runTraining(job, recorder.sink(), {});
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(recorder.notes.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_training.moc"
