#include "tests/storage/samples.h"

using namespace annotomy;
using namespace annotomy::samples;

class TestLearningRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void metricsSurviveAndReplaceTheirPair();
    void runsAndEpochsSurvive();
    void aRunIsResumed();
    void runsOfThisProcessAreNotInterrupted();
    void modelsSurvive();
    void promotionRetiresTheFormerModel();
    void aProvisionalModelMayBeCurrent();
    void badModelsAreRefused();
    void decisionsUsersAndSettings();
};

namespace {

MetricRecord someMetric(RevisionId reference, RevisionId mask, std::int64_t segment)
{
    MetricRecord record{reference, mask, "proposal", {}};
    record.metrics.value = segment;
    record.metrics.overlap = {10,   12,           8,   4,   2,    1000, 8.0 / 12, 0.8, 0.1 + 0.2, 0.73, 0.57,
                              0.99, std::nullopt, 0.0, 1.5, 1.75, 0.25};
    record.metrics.surface = {12.5, 3.25, std::nullopt, 0.5};
    return record;
}

bool same(const MetricRecord& a, const MetricRecord& b)
{
    return a.reference == b.reference && a.mask == b.mask && a.purpose == b.purpose &&
           a.metrics.value == b.metrics.value && a.metrics.overlap == b.metrics.overlap &&
           a.metrics.surface == b.metrics.surface;
}

ModelRecord someModel(CaseId id)
{
    ModelRecord model;
    model.name = "Lunge 'Süd'";
    model.file = "models/a.pt";
    model.hash = std::string(64, 'f');
    model.card = card();
    model.trainedOn = {id};
    model.gateJson = R"({"gated":false})";
    model.timeMs = 1234;
    return model;
}

DecisionRecord decision(const std::string& kind)
{
    DecisionRecord record;
    record.kind = kind;
    record.who = "Ann";
    record.detailsJson = R"({"why":"better"})";
    return record;
}

} // namespace

void TestLearningRecords::metricsSurviveAndReplaceTheirPair()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const CaseId id = fixture.addCase();
    const RevisionId a = fixture.addRevision(id, emptyMask()), b = fixture.addRevision(id, emptyMask());
    QVERIFY(w.storeMetrics(id, {someMetric(a, b, 1), someMetric(a, b, 2)}));
    MetricRecord again = someMetric(a, b, 2);
    again.metrics.overlap.dice = std::nullopt;
    MetricRecord reference = someMetric({}, b, 1);
    reference.purpose = "reference";
    QVERIFY(w.storeMetrics(id, {again}));
    QVERIFY(w.storeMetrics(id, {reference}));
    QVERIFY(w.storeMetrics(id, {reference}));
    const auto metrics = w.metrics(id);
    QVERIFY2(metrics, why(metrics));
    QCOMPARE(metrics->size(), std::size_t{2});
    QVERIFY(same((*metrics)[0], again) && same((*metrics)[1], reference));
    again.metrics.overlap.tp = -1;
    QVERIFY(failsWith(w.storeMetrics(id, {again}), ErrorCode::InvalidArgument));
    QCOMPARE(w.metrics(id)->size(), std::size_t{2}); // all or nothing
}

void TestLearningRecords::runsAndEpochsSurvive()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    RunRecord run;
    run.recipe.seed = 0xFFFFFFFFFFFFFFFFU;
    run.recipe.minutes = 0.5;
    run.jobJson = R"({"type":"train"})";
    run.folder = "jobs/1";
    run.cases = {fixture.addCase("P2", 2), fixture.addCase("P1", 1)};
    const auto id = w.beginRun(run);
    QVERIFY2(id, why(id));
    EpochRecord epoch{1, 25, 3.5, 1e-3, 0.9, 0.25, {{"lung", 0.25}}, 7};
    QVERIFY(w.appendEpoch(*id, epoch));
    epoch.trainLoss = 0.8;
    QVERIFY(w.appendEpoch(*id, epoch));
    EpochRecord second = epoch;
    second.epoch = 2;
    second.validationDice.reset();
    QVERIFY(w.appendEpoch(*id, second));
    const auto epochs = w.epochs(*id);
    QVERIFY(epochs && epochs->size() == 2 && (*epochs)[0] == epoch && (*epochs)[1] == second);
    const auto read = w.run(*id);
    QVERIFY(read && read->recipe == run.recipe && read->cases == run.cases && read->jobJson == run.jobJson);
    QVERIFY(read->status == RunStatus::Running && read->startedMs > 0 && read->endedMs == 0);
    QVERIFY(w.endRun(*id, RunStatus::Failed, "out of memory"));
    const auto runs = w.runs();
    QVERIFY(runs->size() == 1 && runs->front().message == "out of memory" && runs->front().endedMs > 0);
    QVERIFY(failsWith(w.run(RunId{9}), ErrorCode::NotFound));
    QVERIFY(failsWith(w.endRun(RunId{9}, RunStatus::Failed, ""), ErrorCode::NotFound));
    QVERIFY(failsWith(w.endRun(*id, RunStatus::Running, ""), ErrorCode::InvalidArgument));
    QVERIFY(failsWith(w.appendEpoch(RunId{9}, epoch), ErrorCode::InvalidArgument));
    epoch.trainLoss = std::nan("");
    QVERIFY(failsWith(w.appendEpoch(*id, epoch), ErrorCode::InvalidArgument));
}

void TestLearningRecords::aRunIsResumed()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    RunRecord run;
    run.folder = "jobs/1";
    const auto id = w.beginRun(run);
    QVERIFY(w.endRun(*id, RunStatus::Interrupted, "power"));
    run.id = *id;
    run.jobJson = "{}";
    const auto again = w.beginRun(run);
    QVERIFY(again && *again == *id);
    const auto read = w.run(*id);
    QVERIFY(read->status == RunStatus::Running && read->endedMs == 0 && read->message.empty());
    run.id = RunId{77};
    QVERIFY(failsWith(w.beginRun(run), ErrorCode::NotFound));
}

void TestLearningRecords::runsOfThisProcessAreNotInterrupted()
{
    TemporaryWorkspace fixture;
    const auto id = fixture.workspace->beginRun({});
    const auto none = fixture.workspace->interruptedRuns();
    QVERIFY2(none && none->empty(), why(none));
    QVERIFY(fixture.workspace->endRun(*id, RunStatus::Interrupted, ""));
    QCOMPARE(fixture.workspace->interruptedRuns()->size(), std::size_t{1});
}

void TestLearningRecords::modelsSurvive()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const CaseId id = fixture.addCase();
    ModelRecord model = someModel(id);
    const auto run = w.beginRun({});
    model.run = *run;
    const auto added = w.addModel(model);
    QVERIFY2(added, why(added));
    ModelRecord child = someModel(id);
    child.parent = added->id;
    child.name.clear();
    const auto second = w.addModel(child);
    QVERIFY(second && second->name == "model-2" && second->parent == added->id);
    const auto models = w.models();
    QVERIFY(models && models->size() == 2);
    const ModelRecord& read = models->front();
    QVERIFY(read.name == model.name && read.file == model.file && read.hash == model.hash &&
            read.card == model.card);
    QVERIFY(read.run == *run && read.trainedOn == model.trainedOn && read.gateJson == model.gateJson);
    QVERIFY(read.timeMs == 1234 && read.status == ModelStatus::Candidate);
    QVERIFY(failsWith(w.model(ModelId{9}), ErrorCode::NotFound));
    QVERIFY(!w.currentModel()->has_value());
}

void TestLearningRecords::promotionRetiresTheFormerModel()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const CaseId id = fixture.addCase();
    const ModelId a = w.addModel(someModel(id))->id, b = w.addModel(someModel(id))->id;
    QVERIFY(w.promote(a, ModelStatus::Current, decision("promote")));
    QVERIFY(w.promote(b, ModelStatus::Current, decision("promote")));
    QVERIFY((*w.currentModel())->id == b);
    QVERIFY(w.model(a)->status == ModelStatus::Retired && w.model(b)->status == ModelStatus::Current);
    QVERIFY(w.promote(b, ModelStatus::Current, decision("promote"))); // again: no change
    QVERIFY((*w.currentModel())->id == b);
    QVERIFY(w.setModelStatus(a, ModelStatus::Rejected, decision("reject-model")));
    const auto decisions = w.decisions();
    QVERIFY(decisions && decisions->size() == 4 && decisions->back().model == a);
    QVERIFY(failsWith(w.promote(ModelId{9}, ModelStatus::Current, decision("promote")), ErrorCode::NotFound));
    QVERIFY((*w.currentModel())->id == b); // the failed promotion retired nothing
    QVERIFY(failsWith(w.promote(a, ModelStatus::Rejected, decision("x")), ErrorCode::InvalidArgument));
    QVERIFY(failsWith(w.setModelStatus(a, ModelStatus::Current, decision("x")), ErrorCode::InvalidArgument));
    QVERIFY(w.setModelStatus(b, ModelStatus::Retired, decision("retire")));
    QVERIFY(!w.currentModel()->has_value());
}

void TestLearningRecords::aProvisionalModelMayBeCurrent()
{
    TemporaryWorkspace fixture;
    const ModelId id = fixture.workspace->addModel(someModel(fixture.addCase()))->id;
    QVERIFY(fixture.workspace->promote(id, ModelStatus::Provisional, decision("promote")));
    const auto current = fixture.workspace->currentModel();
    QVERIFY(current && *current && (*current)->id == id && (*current)->status == ModelStatus::Provisional);
}

void TestLearningRecords::badModelsAreRefused()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const ModelRecord good = someModel(fixture.addCase());
    for (const char* file : {"", "/etc/passwd", "../x.pt", "models/../../x.pt", ".."}) {
        ModelRecord model = good;
        model.file = file;
        QVERIFY(failsWith(w.addModel(model), ErrorCode::InvalidArgument));
    }
    ModelRecord model = good;
    model.card = {};
    QVERIFY(failsWith(w.addModel(model), ErrorCode::InvalidArgument));
    model = good;
    model.gateJson = "no";
    QVERIFY(failsWith(w.addModel(model), ErrorCode::InvalidArgument));
    model = good;
    model.status = ModelStatus::Current;
    QVERIFY(failsWith(w.addModel(model), ErrorCode::InvalidArgument));
    model = good;
    model.trainedOn = {CaseId{99}};
    QVERIFY(failsWith(w.addModel(model), ErrorCode::InvalidArgument));
    QVERIFY(w.models()->empty());
}

void TestLearningRecords::decisionsUsersAndSettings()
{
    TemporaryWorkspace fixture;
    Workspace& w = *fixture.workspace;
    const CaseId a = fixture.addCase("P1", 1), b = fixture.addCase("P2", 2);
    DecisionRecord record = decision("reject-proposal");
    record.caseId = a;
    record.timeMs = 5;
    QVERIFY(w.addDecision(record));
    record.caseId = b;
    QVERIFY(w.addDecision(record));
    QCOMPARE(w.decisions()->size(), std::size_t{2});
    const auto ofA = w.decisions(a);
    QVERIFY(ofA->size() == 1 && ofA->front().timeMs == 5 && ofA->front().detailsJson == record.detailsJson);
    record.detailsJson = "[";
    QVERIFY(failsWith(w.addDecision(record), ErrorCode::InvalidArgument));
    QVERIFY(w.addUser("Bea") && w.addUser("Ann") && w.addUser("Bea"));
    QVERIFY((*w.users() == std::vector<std::string>{"Bea", "Ann"}));
    QVERIFY(failsWith(w.addUser(""), ErrorCode::InvalidArgument));
    QVERIFY(w.setting("theme")->empty());
    QVERIFY(w.setSetting("theme", "dark") && w.setSetting("theme", "light"));
    QVERIFY(*w.setting("theme") == "light");
}

QTEST_GUILESS_MAIN(TestLearningRecords)
#include "tst_learning_records.moc"
