// Models that come from other programs and go to them, with a stand-in for the worker.
#include "app/workbench/model_transfer.h"
#include "app/workbench/training_job.h"
#include "tests/app/workbench/workbench_fixture.h"

#include <QTest>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

class TestModelTransfer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<WorkbenchFixture>();
        auto opened = Workbench::open(m_fixture->workspaceFolder(), WorkbenchFixture::fakePrograms());
        QVERIFY(opened.has_value());
        m_workbench = std::move(*opened);
    }
    void anImportedModelIsACandidate();
    void whatIsThereIsNotImportedAgain();
    void failuresLeaveNothing_data();
    void failuresLeaveNothing();
    void descriptionsAreJson();
    void exportsWhatWasStored();
    void itIsTrainedOnItsOwnClasses();

private:
    std::string fileWith(const std::string& name, const std::string& content)
    {
        std::ofstream(m_fixture->path(name)) << content;
        return m_fixture->path(name);
    }
    ModelImportFiles foreign(const std::string& content)
    {
        ModelImportFiles files;
        files.model = fileWith("foreign.pt", content);
        files.person = "Ada";
        return files;
    }
    std::size_t modelCount() { return m_workbench->workspace().models()->size(); }
    // What imports leave beside the database and the models.
    bool runsAreEmpty() const
    {
        const fs::path runs = m_fixture->workspaceFolder() + "/runs";
        return !fs::exists(runs) || fs::is_empty(runs);
    }

    std::unique_ptr<WorkbenchFixture> m_fixture;
    std::unique_ptr<Workbench> m_workbench;
};

void TestModelTransfer::anImportedModelIsACandidate()
{
    const auto model = importModelFile(*m_workbench, foreign("7"));
    QVERIFY2(model.has_value(), model ? "" : model.error().detail.c_str());
    QCOMPARE(model->name, std::string("foreign 7"));
    QCOMPARE(model->status, ModelStatus::Candidate);
    QCOMPARE(model->file, "models/" + model->hash + ".pt");
    QCOMPARE(*sha256OfFile(m_fixture->workspaceFolder() + "/" + model->file), model->hash);
    const auto current = m_workbench->workspace().currentModel();
    QVERIFY(current.has_value() && !current->has_value());
    const auto decisions = m_workbench->workspace().decisions();
    QVERIFY(decisions && decisions->size() == 1);
    QCOMPARE(decisions->front().kind, std::string("import-model"));
    QCOMPARE(decisions->front().who, std::string("Ada"));
    QCOMPARE(decisions->front().model, model->id);
    QVERIFY(runsAreEmpty());
}

void TestModelTransfer::whatIsThereIsNotImportedAgain()
{
    QVERIFY(importModelFile(*m_workbench, foreign("7")).has_value());
    QCOMPARE(importModelFile(*m_workbench, foreign("7")).error().code, ErrorCode::Duplicate);
    ModelImportFiles other = foreign("8");
    other.card = fileWith("card.json", "{}");
    QVERIFY(importModelFile(*m_workbench, other).has_value()); // an empty card says nothing
    QCOMPARE(modelCount(), std::size_t{2});
}

void TestModelTransfer::failuresLeaveNothing_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<int>("code");
    QTest::newRow("refused") << QString() << static_cast<int>(ErrorCode::Truncated);
    QTest::newRow("the worker dies") << QStringLiteral("13") << static_cast<int>(ErrorCode::WorkerDied);
}

void TestModelTransfer::failuresLeaveNothing()
{
    QFETCH(QString, content);
    QFETCH(int, code);
    const auto model = importModelFile(*m_workbench, foreign(content.toStdString()));
    QVERIFY(!model.has_value());
    QCOMPARE(static_cast<int>(model.error().code), code);
    QCOMPARE(modelCount(), std::size_t{0});
    QVERIFY(m_workbench->workspace().decisions()->empty());
    QVERIFY(runsAreEmpty());
}

void TestModelTransfer::descriptionsAreJson()
{
    ModelImportFiles files = foreign("7");
    files.architecture = fileWith("text.json", "no JSON");
    const auto model = importModelFile(*m_workbench, files);
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::Malformed);
    QCOMPARE(model.error().subject, files.architecture);
    files.architecture = fileWith("text.json", R"({"layers":[]})");
    const auto described = importModelFile(*m_workbench, files);
    QVERIFY(described.has_value());
    QCOMPARE(described->name, std::string("foreign 7 with a card"));
}

void TestModelTransfer::exportsWhatWasStored()
{
    const auto model = importModelFile(*m_workbench, foreign("7"));
    QVERIFY(model.has_value());
    const std::string out = m_fixture->path("out.pt");
    QVERIFY(exportModelFile(*m_workbench, model->id, out).has_value());
    QCOMPARE(*sha256OfFile(out), model->hash);
    std::ofstream(m_fixture->workspaceFolder() + "/" + model->file) << "changed";
    QCOMPARE(exportModelFile(*m_workbench, model->id, m_fixture->path("again.pt")).error().code, ErrorCode::HashMismatch);
    QVERIFY(!fs::exists(m_fixture->path("again.pt")));
    QCOMPARE(exportModelFile(*m_workbench, ModelId{99}, out).error().code, ErrorCode::NotFound);
}

void TestModelTransfer::itIsTrainedOnItsOwnClasses()
{
    ModelCard card;
    card.network = foreignNetwork;
    card.classes = {{1, "Lesion", 4, {}, {}, {}}, {2, "Cyst", 5, {}, {}, {}}};
    Workspace& workspace = m_workbench->workspace();
    QCOMPARE(classesToLearn(workspace, {}, &card).error().code, ErrorCode::Conflict);
    SeriesEntry series;
    series.contentKey = "1.2.3";
    series.geometry = WorkbenchFixture::grid(0);
    series.files = {"/nowhere.dcm"};
    const auto record = workspace.addCase(series, "image", false);
    QVERIFY(record.has_value());
    LabelMap labels(series.geometry);
    labels.segments().add("Vessel");
    labels.segments().add("Cyst");
    labels.ensureLayers(1);
    labels.writableLayer(0)[3] = 1;
    Workspace::NewRevision revision;
    revision.caseId = record->id;
    revision.labels = &labels;
    const auto added = workspace.addRevision(revision);
    QVERIFY(added.has_value());
    const auto stored = workspace.caseById(record->id);
    QVERIFY(stored.has_value());
    const ApprovedMask mask{*stored, *added};
    const auto classes = classesToLearn(workspace, {mask}, &card);
    QVERIFY(classes.has_value());
    QCOMPARE(*classes, card.classes);
}

QTEST_GUILESS_MAIN(TestModelTransfer)
#include "tst_model_transfer.moc"
