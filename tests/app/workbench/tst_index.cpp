// Importing into a workspace again and again: what is new, what has grown, moved or arrives in the inbox.
#include "app/workbench/inbox.h"
#include "app/workbench/reader_client.h"
#include "app/workbench/settled_files.h"
#include "core/io/dicom/dicom_writer.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

class TestIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void importingAgainFindsNothingNew();
    void aSeriesThatGrewWithoutWorkGrows();
    void workStaysOnItsGridWhenTheSeriesGrows();
    void timePointsAreNoCopiesOfOneAnother();
    void aPartOfASeriesIsKnown();
    void movedFoldersAreFoundAgain();
    void movedChannelsAreFoundAgain();
    void movedSequencesAndRegularisedSeriesAreFoundAgain_data();
    void movedSequencesAndRegularisedSeriesAreFoundAgain();
    void aMovedStudyIsLinkedByImportingIt();
    void whatCannotBeDecodedIsLeftOutEachTime();
    void copiesAreCompared();
    void filesSettle();
    void inboxTakesWhatHasSettled();
    void inboxWatches();
    void killedImportIsCompletedByTheNext();
    void everyFileOfAMixedFolderIsAccountedFor();

private:
    std::vector<std::string> writeSeries(const std::string& folder, int n, int slices);
    ImportReport imported(const std::string& folder, const ImportOptions& options = {});
    Workspace& workspace() { return m_bench->workspace(); }
    std::string path(const std::string& name) const { return m_files->path(name); }

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
};

namespace {

ProgramPaths programs()
{
    return {ANNOTOMY_READER, ANNOTOMY_READER};
}

} // namespace

void TestIndex::init()
{
    m_bench.reset();
    m_files = std::make_unique<WorkbenchFixture>();
    auto opened = Workbench::open(m_files->workspaceFolder(), programs());
    QVERIFY(opened.has_value());
    m_bench = *std::move(opened);
}

std::vector<std::string> TestIndex::writeSeries(const std::string& folder, int n, int slices)
{
    std::mt19937 random(static_cast<unsigned>(n));
    VolumeGeometry grid = WorkbenchFixture::grid(0);
    grid.size[2] = slices;
    ImageInfo info;
    info.modality = "MR";
    info.patientId = "P" + std::to_string(n);
    info.patientName = "Name^" + std::to_string(n);
    info.studyUid = "1.2.3." + std::to_string(n);
    info.seriesUid = "1.2.3.4." + std::to_string(n);
    info.frameOfReferenceUid = "1.2.3.5." + std::to_string(n);
    fs::create_directories(path(folder));
    const auto files = writeDicomSeries(path(folder), randomVolume<std::int16_t>(random, grid), info);
    return files ? *files : std::vector<std::string>();
}

ImportReport TestIndex::imported(const std::string& folder, const ImportOptions& options)
{
    auto report = m_bench->importPaths({path(folder)}, options);
    if (!report)
        qWarning("%s: %s", report.error().subject.c_str(), report.error().detail.c_str());
    return report ? *report : ImportReport();
}

void TestIndex::importingAgainFindsNothingNew()
{
    for (int n = 0; n < 3; ++n)
        QCOMPARE(writeSeries("in/" + std::to_string(n), n, 4).size(), std::size_t{4});
    const ImportReport first = imported("in");
    QCOMPARE(first.newCases, 3);
    QCOMPARE(first.filesInSeries, 12);
    QCOMPARE(writeSeries("in/later", 7, 4).size(), std::size_t{4});
    QCOMPARE(imported("in").newCases, 1);
    const ImportReport third = imported("in");
    QCOMPARE(third.newCases + third.grownCases, 0);
    QCOMPARE(third.cases.size(), std::size_t{4});
    QCOMPARE(*workspace().countCases({}), 4);
    fs::create_directories(path("copy"));
    fs::copy(path("in"), path("copy"), fs::copy_options::recursive);
    QCOMPARE(imported("copy").newCases, 0); // the same instances elsewhere are the same
}

void TestIndex::aSeriesThatGrewWithoutWorkGrows()
{
    const auto files = writeSeries("in", 1, 8);
    for (int n = 5; n < 8; ++n)
        fs::rename(files[static_cast<std::size_t>(n)], path("later" + std::to_string(n)));
    const CaseId id = imported("in").cases.at(0).id;
    for (int n = 5; n < 8; ++n)
        fs::rename(path("later" + std::to_string(n)), files[static_cast<std::size_t>(n)]);
    const ImportReport report = imported("in");
    QCOMPARE(report.grownCases, 1);
    QCOMPARE(report.newCases, 0);
    QCOMPARE(report.cases.at(0).id, id);
    QCOMPARE(workspace().caseById(id)->series.geometry.size[2], 8);
    QCOMPARE(m_bench->image(id)->geometry().size[2], 8);
    QCOMPARE(imported("in").grownCases, 0);
}

void TestIndex::workStaysOnItsGridWhenTheSeriesGrows()
{
    const auto files = writeSeries("in", 1, 8);
    fs::rename(files[7], path("later"));
    const CaseId id = imported("in").cases.at(0).id;
    LabelMap labels(workspace().caseById(id)->series.geometry);
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.author = "Dr Test";
    revision.labels = &labels;
    QVERIFY(workspace().addRevision(revision));
    const SeriesEntry before = workspace().caseById(id)->series;
    fs::rename(path("later"), files[7]);
    const ImportReport report = imported("in");
    QCOMPARE(report.newCases, 1);
    QCOMPARE(report.grownCases, 0);
    const auto former = workspace().caseById(id), whole = workspace().caseById(report.cases.at(0).id);
    QCOMPARE(former->series.geometry, before.geometry);
    QCOMPARE(former->series.files, before.files);
    QVERIFY(hasWarning(former->series.info, "grownSince"));
    QCOMPARE(whole->series.geometry.size[2], 8);
    QVERIFY(hasWarning(whole->series.info, "seriesGrew"));
    QCOMPARE(imported("in").newCases, 0);
}

// The same names, sizes, grid and series in two folders, and other voxels: two occasions, none of them a copy.
void TestIndex::timePointsAreNoCopiesOfOneAnother()
{
    const auto first = writeSeries("in/1", 1, 4);
    QCOMPARE(imported("in/1").newCases, 1);
    std::mt19937 random(99);
    VolumeGeometry grid = WorkbenchFixture::grid(0);
    grid.size[2] = 6;
    ImageInfo info = workspace().caseById({1})->series.info;
    info.warnings.clear();
    fs::create_directories(path("in/2"));
    QVERIFY(writeDicomSeries(path("in/2"), randomVolume<std::int16_t>(random, grid), info));
    QCOMPARE(imported("in/2").newCases, 1);
    QCOMPARE(workspace().caseById({1})->series.files, first);
}

void TestIndex::aPartOfASeriesIsKnown()
{
    const auto files = writeSeries("in", 1, 8);
    const CaseId id = imported("in").cases.at(0).id;
    const auto report = m_bench->importPaths({files[2], files[3]}, {});
    QVERIFY(report.has_value());
    QCOMPARE(report->newCases, 0);
    QCOMPARE(report->cases.at(0).id, id);
}

void TestIndex::movedFoldersAreFoundAgain()
{
    for (int n = 0; n < 3; ++n)
        QVERIFY(!writeSeries("in/" + std::to_string(n), n, 4).empty());
    QVERIFY(writeNifti(path("in/0/plain.nii"), WorkbenchFixture::image(WorkbenchFixture::grid(1))));
    QCOMPARE(imported("in").newCases, 4);
    QVERIFY(m_bench->relinkMissing(path("in"))->relinked.empty()); // nothing is missing
    fs::create_directories(path("archive"));
    fs::rename(path("in/0"), path("archive/moved"));
    fs::rename(path("in/1"), path("archive/elsewhere"));
    fs::rename(path("archive/elsewhere/slice_0001.dcm"), path("archive/elsewhere/renamed")); // known by what it holds
    fs::remove_all(path("in/2"));
    const auto report = m_bench->relinkMissing(path("archive"));
    QVERIFY(report.has_value());
    QCOMPARE(report->relinked.size(), std::size_t{3});
    QCOMPARE(report->missing.size(), std::size_t{1});
    fs::remove_all(m_files->workspaceFolder() + "/cache");
    for (const CaseId id : report->relinked)
        QVERIFY(m_bench->image(id));
}

void TestIndex::movedChannelsAreFoundAgain()
{
    QVERIFY(!writeSeries("in/1", 1, 4).empty());
    const CaseId id = imported("in/1").cases.at(0).id;
    ImageInfo info = workspace().caseById(id)->series.info;
    info.seriesUid += ".2";
    fs::create_directories(path("in/2"));
    QVERIFY(writeDicomSeries(path("in/2"), WorkbenchFixture::image(WorkbenchFixture::grid(1)), info));
    ImportOptions options;
    options.channel = "T2";
    QCOMPARE(imported("in/2", options).newCases, 0);
    fs::rename(path("in"), path("archive"));
    fs::remove_all(m_files->workspaceFolder() + "/cache");
    QVERIFY(!m_bench->channelImage(id, "T2"));
    QCOMPARE(m_bench->relinkMissing(path("archive/1"))->missing.size(), std::size_t{1}); // its channel is still missing
    QVERIFY(m_bench->image(id));
    QCOMPARE(m_bench->relinkMissing(path("archive"))->relinked.size(), std::size_t{1});
    QVERIFY(m_bench->channelImage(id, "T2"));
}

void TestIndex::movedSequencesAndRegularisedSeriesAreFoundAgain_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("channel");
    QTest::newRow("the stretches of a stack that was regularised") << "B01_ge_ct_tilt" << "";
    QTest::newRow("the times of a sequence") << "A07_ucsf_br06" << "time 3";
}

void TestIndex::movedSequencesAndRegularisedSeriesAreFoundAgain()
{
    QFETCH(QString, set);
    QFETCH(QString, channel);
    const auto data = unpackedData(set.toStdString());
    if (!data)
        QSKIP("the published series are not here");
    fs::copy(*data, path("in"), fs::copy_options::recursive);
    ImportOptions options;
    options.regularise = true;
    const ImportReport first = imported("in", options);
    QCOMPARE(first.cases.size(), std::size_t{1});
    fs::rename(path("in"), path("archive"));
    const auto report = m_bench->relinkMissing(path("archive"));
    QVERIFY(report.has_value());
    QCOMPARE(report->relinked, std::vector<CaseId>{first.cases[0].id});
    QVERIFY(report->missing.empty());
    fs::remove_all(m_files->workspaceFolder() + "/cache");
    const auto image = m_bench->channelImage(first.cases[0].id, channel.toStdString());
    QVERIFY2(image, image ? "" : image.error().detail.c_str());
    // One that is opened again is linked in the same way.
    fs::rename(path("archive"), path("elsewhere"));
    QVERIFY(m_bench->relink(first.cases[0].id, path("elsewhere")));
    fs::remove_all(m_files->workspaceFolder() + "/cache");
    QVERIFY(m_bench->channelImage(first.cases[0].id, channel.toStdString()));
}

void TestIndex::whatCannotBeDecodedIsLeftOutEachTime()
{
    const auto data = sharedData("C01_pydicom_files");
    if (!data)
        QSKIP("the published files are not here");
    const std::string name = "JPEG2000-embedded-sequence-delimiter.dcm";
    QVERIFY(!writeSeries("in", 1, 4).empty());
    fs::copy(*data + "/test_files/" + name, path("in/" + name));
    for (int n = 0; n < 2; ++n) {
        const ImportReport report = imported("in");
        QCOMPARE(report.cases.size(), std::size_t{1});
        QCOMPARE(report.filesInSeries, 4);
        QCOMPARE(report.filesSkipped, 1);
        QCOMPARE(report.skipped.at(0).path, path("in/" + name));
    }
    const auto alone = m_bench->importPaths({path("in/" + name)}, {});
    QVERIFY(!alone && alone.error().subject == path("in/" + name)); // nothing came of it
}

void TestIndex::aMovedStudyIsLinkedByImportingIt()
{
    QVERIFY(!writeSeries("in", 1, 4).empty());
    const CaseId id = imported("in").cases.at(0).id;
    fs::rename(path("in"), path("moved"));
    QCOMPARE(imported("moved").newCases, 0);
    QVERIFY(workspace().caseById(id)->series.files.front().starts_with(path("moved")));
}

void TestIndex::copiesAreCompared()
{
    QVERIFY(!writeSeries("in", 1, 4).empty());
    ImportOptions options;
    options.copy = true;
    const CaseId id = imported("in", options).cases.at(0).id;
    const auto record = workspace().caseById(id);
    QVERIFY(record->copied);
    fs::resize_file(record->series.files[1], 100); // half a copy is none
    QVERIFY(imported("in", options).newCases == 0);
    fs::remove_all(path("in"));
    fs::remove_all(m_files->workspaceFolder() + "/cache");
    QVERIFY(m_bench->image(id));
}

void TestIndex::filesSettle()
{
    using std::chrono::seconds;
    fs::create_directories(path("inbox"));
    WorkbenchFixture::writeText(path("inbox/a"), "a");
    WorkbenchFixture::writeText(path("inbox/b.part"), "b");
    SettledFiles files{seconds(10)};
    const auto start = SettledFiles::Clock::now();
    QVERIFY(files.look(path("inbox"), start).waiting);
    QVERIFY(!files.isSettled(path("inbox/a")));
    WorkbenchFixture::writeText(path("inbox/a"), "more");
    QVERIFY(!files.look(path("inbox"), start + seconds(9)).anythingNew);
    QVERIFY(!files.look(path("inbox"), start + seconds(18)).anythingNew);
    const auto settled = files.look(path("inbox"), start + seconds(19));
    QVERIFY(settled.anythingNew && !settled.waiting);
    QVERIFY(files.isSettled(path("inbox/a")) && !files.isSettled(path("inbox/b.part")));
    QVERIFY(!files.look(path("inbox"), start + seconds(30)).anythingNew);
    SettledFiles later{std::chrono::milliseconds(1)}; // after a restart: what has lain there long enough counts at once
    QTest::qSleep(5);
    QVERIFY(later.look(path("inbox")).anythingNew);
}

void TestIndex::inboxTakesWhatHasSettled()
{
    QVERIFY(!writeSeries("inbox/a", 1, 4).empty());
    const InboxSetting setting{path("inbox"), true, 1};
    QVERIFY(setInboxSetting(workspace(), setting));
    QCOMPARE(*inboxSetting(workspace()), setting);
    InboxImport inbox(setting);
    const auto early = inbox.run(*m_bench);
    QVERIFY(early && early->waiting && !early->report);
    const auto report = inbox.runUntilQuiet(*m_bench);
    QVERIFY(report.has_value());
    QCOMPARE(report->newCases, 1);
    QVERIFY(workspace().caseById(report->cases.at(0).id)->copied);
    QVERIFY(!inbox.run(*m_bench)->report);
    InboxImport restarted(setting);
    QCOMPARE(restarted.runUntilQuiet(*m_bench)->newCases, 0);
    QVERIFY(!writeSeries("inbox/b", 2, 4).empty());
    InboxImport again(setting);
    const auto second = again.runUntilQuiet(*m_bench);
    QCOMPARE(second->newCases, 1);
    QCOMPARE(second->cases.size(), std::size_t{2}); // each once, however often it was looked
    QCOMPARE(restarted.runUntilQuiet(*m_bench)->newCases, 0);
    fs::rename(path("inbox"), path("away"));
    QCOMPARE(inbox.run(*m_bench).error().code, ErrorCode::NotFound);
}

void TestIndex::inboxWatches()
{
    fs::create_directories(path("inbox"));
    Inbox inbox(m_files->workspaceFolder(), programs());
    inbox.setPollInterval(std::chrono::milliseconds(100));
    QSignalSpy spy(&inbox, &Inbox::imported), failures(&inbox, &Inbox::failed);
    inbox.watch({path("inbox"), false, 0});
    QVERIFY(!writeSeries("inbox/deep/er", 1, 4).empty());
    QTRY_COMPARE_WITH_TIMEOUT(spy.count(), 1, 30000);
    QCOMPARE(*workspace().countCases({}), 1);
    QCOMPARE(failures.count(), 0);
    inbox.watch({});
}

// The import runs in a program of its own, which is killed at moments that differ.
void TestIndex::killedImportIsCompletedByTheNext()
{
    constexpr int series = 12;
    for (int n = 0; n < series; ++n)
        QVERIFY(!writeSeries("in/" + std::to_string(n), n, 6).empty());
    m_bench.reset();
    for (const int ms : {5, 20, 40, 80, 120, 160, 200, 300}) {
        QProcess importer;
        importer.start(ANNOTOMY_IMPORTER, {QString::fromStdString(m_files->workspaceFolder()), QString::fromStdString(path("in")),
                                           QStringLiteral(ANNOTOMY_READER)});
        QVERIFY(importer.waitForStarted());
        importer.waitForFinished(ms);
        importer.kill();
        importer.waitForFinished();
    }
    auto opened = Workbench::open(m_files->workspaceFolder(), programs());
    QVERIFY(opened.has_value());
    m_bench = *std::move(opened);
    const auto cases = workspace().cases();
    QVERIFY(cases.has_value());
    for (const CaseRecord& record : *cases) {
        QCOMPARE(record.series.files.size(), std::size_t{6});
        for (const std::string& file : record.series.files)
            QVERIFY(fs::exists(file));
    }
    ImportOptions options;
    options.copy = true;
    const ImportReport report = imported("in", options);
    QCOMPARE(report.cases.size(), std::size_t(series));
    QCOMPARE(*workspace().countCases({}), series);
    for (const ImportedCase& one : report.cases)
        QVERIFY(m_bench->image(one.id));
}

void TestIndex::everyFileOfAMixedFolderIsAccountedFor()
{
    const auto data = sharedData("D01_dcmqi"), odd = sharedData("C01_pydicom_files");
    if (!data || !odd)
        QSKIP("the published files are not here");
    const auto report = m_bench->importPaths({*data, *odd}, {});
    QVERIFY(report.has_value());
    QCOMPARE(report->filesSeen, report->filesInSeries + report->filesInMasks + report->filesSkipped);
    std::int64_t counted = 0;
    for (const SkippedCount& reason : report->skippedCounts) {
        QVERIFY(!reason.detail.empty());
        counted += reason.count;
    }
    QCOMPARE(counted, report->filesSkipped);
    const auto codeOf = [&](const std::string& ending) {
        for (const SkippedFile& file : report->skipped)
            if (file.path.ends_with(ending))
                return file.code;
        return ErrorCode::IoFailure;
    };
    QCOMPARE(codeOf("/sr-example/seg.dcm"), ErrorCode::LooseMask); // its image is not among these
    QCOMPARE(codeOf("/rtplan.dcm"), ErrorCode::NoImage);
}

QTEST_GUILESS_MAIN(TestIndex)
#include "tst_index.moc"
