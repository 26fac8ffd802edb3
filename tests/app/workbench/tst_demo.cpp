// The demonstration with stand-ins for the helper programs: who is what, who is asked, and what is never learnt from.
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/demo.h"
#include "app/workbench/demo_cohort.h"

#include <QTest>

#include <map>
#include <set>

using namespace annotomy;
using namespace annotomy::test;

namespace {

std::map<std::string, std::string> filesBelow(const std::string& folder)
{
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        contents[std::filesystem::relative(entry.path(), folder)] = {std::istreambuf_iterator<char>(file), {}};
    }
    return contents;
}

DemoRow rowWith(bool heldOut, std::optional<double> before, std::optional<double> after)
{
    DemoRow row;
    row.heldOut = heldOut;
    row.segments = {{"Lung", {before, after}}, {"Nodule", {0.2, {}}}};
    return row;
}

} // namespace

class TestDemo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameSeedSameCohort();
    void means();
    void poolsAreRespected();
    void wantsAnEmptyWorkspace();
};

void TestDemo::sameSeedSameCohort()
{
    QTemporaryDir folder;
    const std::string at = folder.path().toStdString();
    const auto a = writeDemoCohort(at + "/a", 1), b = writeDemoCohort(at + "/b", 1);
    QVERIFY(a && b);
    QCOMPARE(a->size(), std::size_t{14});
    const auto files = filesBelow(at + "/a");
    QVERIFY(files.size() > 14 * 40);
    QVERIFY(files == filesBelow(at + "/b"));
    for (std::size_t n = 0; n < a->size(); ++n) {
        QVERIFY((*a)[n].truth == (*b)[n].truth);
        QVERIFY(n == 0 || (*a)[n].truth != (*a)[n - 1].truth);
        QCOMPARE((*a)[n].truth.segments().segments().size(), std::size_t{3});
    }
}

void TestDemo::means()
{
    DemoResult result;
    result.rows = {rowWith(false, 0.9, 0.9), rowWith(true, 0.5, 0.8), rowWith(true, 0.7, {})};
    QCOMPARE(*result.rows[1].mean().before, 0.35);
    QCOMPARE(*result.rows[1].mean().after, 0.8); // the absent nodule counts for nothing
    const DemoRow mean = result.heldOutMean();
    QCOMPARE(mean.segments.size(), std::size_t{2});
    QCOMPARE(*mean.segments[0].dice.before, 0.6);
    QCOMPARE(*mean.segments[0].dice.after, 0.8);
    QVERIFY(!mean.segments[1].dice.after);
    QVERIFY(!DemoResult{}.heldOutMean().mean().before);
}

void TestDemo::poolsAreRespected()
{
    QTemporaryDir folder;
    DemoOptions options{folder.path().toStdString(), WorkbenchFixture::fakePrograms()};
    double fraction = 0;
    bool forward = true;
    const auto result = runDemo(options, {}, [&](const JobUpdate& update) {
        forward = forward && update.fraction >= fraction;
        fraction = update.fraction;
    });
    QVERIFY2(result, result ? "" : result.error().detail.c_str());
    QVERIFY(forward);
    QCOMPARE(result->rows.size(), std::size_t{8});

    auto bench = Workbench::open(options.workspaceFolder, options.programs);
    QVERIFY(bench);
    Workspace& workspace = (*bench)->workspace();
    std::map<CaseId, CaseRecord> records;
    std::map<Pool, int> pools;
    const auto cases = workspace.cases();
    QVERIFY(cases);
    for (const CaseRecord& record : *cases) {
        records[record.id] = record;
        ++pools[record.pool];
        QCOMPARE(record.state == CaseState::Approved, record.pool != Pool::Test);
        const auto revisions = workspace.revisions(record.id);
        QVERIFY(revisions);
        for (const RevisionRecord& revision : *revisions)
            QVERIFY(revision.approved ? revision.approvedBy == "Demo reader" && record.pool != Pool::Test : true);
    }
    QCOMPARE(pools[Pool::Train], 7);
    QCOMPARE(pools[Pool::Validation], 3);
    QCOMPARE(pools[Pool::Test], 4);
    const auto first = workspace.model(result->first.model), second = workspace.model(result->second.model);
    QVERIFY(first && second);
    QCOMPARE(first->trainedOn.size(), std::size_t{3});
    QCOMPARE(second->trainedOn.size(), std::size_t{7});
    QVERIFY(second->parent == first->id);
    for (const CaseId id : second->trainedOn)
        QVERIFY(records.at(id).pool == Pool::Train);
    for (const DemoRow& row : result->rows) {
        QCOMPARE(row.heldOut, records.at(row.caseId).pool == Pool::Test);
        QCOMPARE(row.correctedVoxels > 0, !row.heldOut);
        QVERIFY(row.mean().before && row.mean().after);
    }
    QVERIFY(result->second.gate.gated && !result->second.gate.reason.empty());
}

void TestDemo::wantsAnEmptyWorkspace()
{
    WorkbenchFixture files;
    auto bench = Workbench::open(files.workspaceFolder(), WorkbenchFixture::fakePrograms());
    QVERIFY(bench);
    QVERIFY((*bench)->importPaths({files.writeImage(1, false)}, {}));
    bench->reset();
    const auto result = runDemo({files.workspaceFolder(), WorkbenchFixture::fakePrograms()});
    QVERIFY(!result && result.error().code == ErrorCode::Conflict);
}

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
