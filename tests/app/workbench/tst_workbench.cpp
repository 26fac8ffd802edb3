// The use-cases of the workbench on tiny synthetic images, with stand-ins for the helper programs.
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/core/io/dicom_text.h"

#include "app/workbench/case_session.h"
#include "app/workbench/explanation.h"
#include "app/workbench/mask_export.h"
#include "app/workbench/reader_client.h"
#include "app/workbench/worker_client.h"
#include "core/base/sha256.h"
#include "core/io/dicom/dicom_writer.h"
#include "core/io/volume_file.h"

#include <QTest>

#include <chrono>
#include <cmath>
#include <thread>

using namespace annotomy;
using namespace annotomy::test;

class TestWorkbench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(), m_files.reset(); }

    void importsWithMasksByFileName();
    void importsImagesAndMasksOfOneFolder();
    void aSingleMaskNeedsNoName();
    void importingAgainAddsNothing();
    void copiesImages_data();
    void copiesImages();
    void emptyFolderAndMissingPath();
    void deadlyFileIsLeftOutOfAScan();
    void readerThatDiesNamesTheFile();
    void imageIsDecodedAgainWhenItsFileChanges();
    void coloursAreDecodedThoughTheVoxelsWereKept();
    void damagedSliceStaysWithTheCase_data();
    void damagedSliceStaysWithTheCase();
    void unreadableImageIsToldAtTheImport_data();
    void unreadableImageIsToldAtTheImport();
    void movedStudyIsRelinked();
    void maskOfAnotherGridIsRefused();
    void attachKeepsUnsavedEdits();
    void attachToAnOpenCaseIsRefused();
    void exportRoundTrip_data();
    void exportRoundTrip();
    void approvalNeedsAName();
    void approvalSignsWhatIsInWork();
    void nothingIsApprovedOnlyWhenConfirmed();
    void aPatientMayNotBeUnique();
    void proposalIsASibling();
    void firstModelIsProvisional();
    void gateComparesWithTheCurrentModel();
    void interruptedTrainingIsResumed();
    void cancelEndsAHangingWorker();
    void mapsOfACaseLeaveNoTrace();
    void damagedModelFileIsRefused();
    void leftoversOfKilledProgramsAreRemoved();
    void trainingNeedsApprovedCases();

private:
    ImportReport importAll(const std::string& masks = "masks");
    void approveAll(const ImportReport& report, int validation);
    TrainOptions seeded(std::uint64_t seed);
    Workspace& workspace() { return m_bench->workspace(); }

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
};

void TestWorkbench::init()
{
    m_files = std::make_unique<WorkbenchFixture>();
    auto opened = Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::fakePrograms());
    QVERIFY2(opened, opened ? "" : opened.error().detail.c_str());
    m_bench = *std::move(opened);
}

ImportReport TestWorkbench::importAll(const std::string& masks)
{
    ImportOptions options;
    options.masksFolder = masks.empty() ? "" : m_files->path(masks);
    auto report = m_bench->importPaths({m_files->path("images")}, options);
    return report ? *std::move(report) : ImportReport{};
}

void TestWorkbench::approveAll(const ImportReport& report, int validation)
{
    for (std::size_t n = 0; n < report.cases.size(); ++n) {
        const bool validates = static_cast<int>(n) < validation;
        QVERIFY(workspace().reservePool(workspace().caseById(report.cases[n].id)->patientKey,
                                        validates ? Pool::Validation : Pool::Train));
        QVERIFY(m_bench->approve(report.cases[n].id, {}, "Dr Test"));
    }
}

TrainOptions TestWorkbench::seeded(std::uint64_t seed)
{
    TrainOptions options;
    options.seed = seed;
    options.minutes = 1;
    return options;
}

void TestWorkbench::importsWithMasksByFileName()
{
    for (int n = 0; n < 3; ++n)
        QVERIFY(!m_files->writeImage(n, n != 1).empty());
    QVERIFY(writeNifti(m_files->path("masks/nobody.nii.gz"), WorkbenchFixture::mask(WorkbenchFixture::grid(0))));
    const ImportReport report = importAll();
    QCOMPARE(report.cases.size(), std::size_t{3});
    QVERIFY(report.cases[0].revision && !report.cases[1].revision && report.cases[2].revision);
    QCOMPARE(report.skipped.size(), std::size_t{1});
    QVERIFY(report.skipped.front().path.ends_with("nobody.nii.gz"));
    const auto labels = workspace().loadMask(report.cases[0].revision);
    QVERIFY(labels);
    QCOMPARE(labels->segments().segments().size(), std::size_t{2});
    const auto record = workspace().caseById(report.cases[0].id);
    QCOMPARE(record->patientName, std::string("patient_000"));
    QVERIFY(!record->thumbnailPng.empty());
}

void TestWorkbench::importsImagesAndMasksOfOneFolder()
{
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeNifti(m_files->path("images/a_image.nii"), WorkbenchFixture::image(grid)));
    QVERIFY(writeNifti(m_files->path("images/a_mask.nii"), WorkbenchFixture::mask(grid)));
    const ImportReport unnamed = importAll("");
    QCOMPARE(unnamed.cases.size(), std::size_t{1});
    QVERIFY(!unnamed.cases.front().revision);
    QVERIFY(unnamed.skipped.front().path.ends_with("a_mask.nii"));
    const ImportReport named = importAll("images");
    QCOMPARE(named.cases.size(), std::size_t{1});
    QVERIFY(named.cases.front().revision && named.skipped.empty());
}

void TestWorkbench::aSingleMaskNeedsNoName()
{
    QVERIFY(!m_files->writeImage(0).empty());
    std::filesystem::rename(m_files->path("masks/patient_000.nii.gz"), m_files->path("masks/truth.nii.gz"));
    QVERIFY(importAll().cases.front().revision);
}

void TestWorkbench::importingAgainAddsNothing()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const ImportReport first = importAll();
    const ImportReport second = importAll();
    QVERIFY(!second.cases.front().isNew);
    QCOMPARE(second.cases.front().id, first.cases.front().id);
    QCOMPARE(second.cases.front().revision, first.cases.front().revision);
    QCOMPARE(workspace().revisions(first.cases.front().id)->size(), std::size_t{1});
}

void TestWorkbench::copiesImages_data()
{
    QTest::addColumn<bool>("known");
    QTest::newRow("new") << false;
    QTest::newRow("imported before without a copy") << true;
}

void TestWorkbench::copiesImages()
{
    QFETCH(bool, known);
    QVERIFY(!m_files->writeImage(0).empty());
    if (known)
        QVERIFY(!workspace().caseById(importAll("").cases.front().id)->copied);
    ImportOptions options;
    options.copy = true;
    const auto report = m_bench->importPaths({m_files->path("images")}, options);
    QVERIFY(report);
    QVERIFY(workspace().caseById(report->cases.front().id)->copied);
    std::filesystem::remove_all(m_files->path("images"));
    std::filesystem::remove_all(m_files->workspaceFolder() + "/cache");
    QVERIFY(m_bench->image(report->cases.front().id));
}

void TestWorkbench::emptyFolderAndMissingPath()
{
    const auto empty = m_bench->importPaths({m_files->path("images")}, {});
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::EmptyFolder);
    const auto missing = m_bench->importPaths({m_files->path("nowhere")}, {});
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
}

void TestWorkbench::deadlyFileIsLeftOutOfAScan()
{
    for (int n = 0; n < 4; ++n)
        QVERIFY(!m_files->writeImage(n).empty());
    WorkbenchFixture::writeText(m_files->path("images/deadly_1.dcm"), "x");
    WorkbenchFixture::writeText(m_files->path("images/deadly_2.dcm"), "x");
    const ImportReport report = importAll();
    QCOMPARE(report.cases.size(), std::size_t{4});
    const auto died = std::count_if(report.skipped.begin(), report.skipped.end(), [](const SkippedFile& file) {
        return file.code == ErrorCode::ReaderDied && file.path.find("deadly") != std::string::npos;
    });
    QCOMPARE(died, 2);
}

void TestWorkbench::readerThatDiesNamesTheFile()
{
    WorkbenchFixture::writeText(m_files->path("deadly.nii"), "x");
    ReaderClient reader(ANNOTOMY_FAKE_READER);
    const auto scan = reader.scan({m_files->path("deadly.nii")});
    QVERIFY(!scan);
    QCOMPARE(scan.error().code, ErrorCode::ReaderDied);
    QCOMPARE(scan.error().subject, m_files->path("deadly.nii"));
    QVERIFY(!m_files->writeImage(0).empty());
    QVERIFY(reader.scan({m_files->path("images")})); // a new reader was started
    ReaderClient missing(m_files->path("no-such-program"));
    QCOMPARE(missing.scan({m_files->path("images")}).error().code, ErrorCode::NotFound);
}

void TestWorkbench::imageIsDecodedAgainWhenItsFileChanges()
{
    const std::string file = m_files->writeImage(0);
    const CaseId id = importAll().cases.front().id;
    QCOMPARE(m_bench->image(id)->valueAt({0, 0, 0}), 0.0);
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    QVERIFY(writeNifti(file, Volume::fromVoxels(grid, std::vector<std::int16_t>(grid.voxelCount(), 42))));
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
    QCOMPARE(m_bench->image(id)->valueAt({0, 0, 0}), 42.0);
}

// As a version that kept the luminance alone has left it.
void TestWorkbench::coloursAreDecodedThoughTheVoxelsWereKept()
{
    QVERIFY(!m_files->writeColourImage(0).empty());
    const CaseId id = importAll().cases.front().id;
    const auto image = m_bench->image(id);
    QVERIFY(image && image->hasColours());
    const auto series = workspace().caseById(id)->series;
    const std::string kept = m_files->workspaceFolder() + "/cache/" +
                             sha256Hex(std::as_bytes(std::span(series.contentKey))).substr(0, 32) + ".avol";
    QVERIFY(std::filesystem::exists(kept));
    QVERIFY(writeVolumeFile(kept, Volume::fromVoxels(image->geometry(), std::vector<std::uint8_t>(image->bytes().size()))));
    QVERIFY(!m_bench->image(id)->hasColours()); // kept by this version: as it is
    std::string stamp;
    for (const std::string& file : series.files) {
        const auto time = std::filesystem::last_write_time(file).time_since_epoch().count();
        stamp += file + '\n' + std::to_string(std::filesystem::file_size(file)) + '\n' + std::to_string(time) + '\n';
    }
    WorkbenchFixture::writeText(kept + ".stamp", sha256Hex(std::as_bytes(std::span(stamp))));
    const auto again = m_bench->image(id);
    QVERIFY(again && again->hasColours());
    QCOMPARE(std::to_integer<int>(again->colours().rgb[0]), 200);
}

void TestWorkbench::damagedSliceStaysWithTheCase_data()
{
    QTest::addColumn<bool>("isLarge"); // decoded when it is first opened, not at the import
    QTest::newRow("decoded at the import") << false;
    QTest::newRow("decoded when opened") << true;
}

void TestWorkbench::damagedSliceStaysWithTheCase()
{
    QFETCH(bool, isLarge);
    VolumeGeometry grid;
    grid.size = {isLarge ? 900 : 20, isLarge ? 900 : 20, 12};
    const Volume image = Volume::fromVoxels(grid, std::vector<std::int16_t>(grid.voxelCount(), 7));
    ImageInfo info;
    info.modality = "CT";
    info.patientId = "P1";
    info.studyUid = "1.2.8";
    info.seriesUid = "1.2.9";
    const auto files = writeDicomSeries(m_files->path("images"), image, info);
    QVERIFY(files);
    const std::string& file = files->at(5);
    const auto size = std::filesystem::file_size(file);
    const auto damaged = [&](CaseId id) { return hasWarning(workspace().caseById(id)->series.info, damagedSliceCode); };
    const auto cut = [&](std::uintmax_t bytes) {
        std::filesystem::resize_file(file, bytes);
        std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(bytes % 7));
    };

    // Cut before the import: told with the report, too.
    cut(size - 100);
    const ImportReport report = importAll("");
    QCOMPARE(report.cases.size(), std::size_t{1});
    const CaseId id = report.cases[0].id;
    QVERIFY(damaged(id));
    QCOMPARE(report.cases[0].warnings.size(), std::size_t{1});
    QVERIFY(m_bench->image(id));
    // What the cache holds is told again.
    QVERIFY(workspace().replaceWarning(workspace().caseById(id)->series.contentKey, std::string(damagedSliceCode), {}));
    QVERIFY(m_bench->image(id) && damaged(id));
    // Mended (the bytes at the end are others, but there): decoded anew, and no word of it.
    cut(size);
    QVERIFY(m_bench->image(id) && !damaged(id));
    // Cut after the import.
    cut(size - 200);
    QVERIFY(m_bench->image(id) && damaged(id));
    // Most of them cut: refused, by the first.
    for (const std::size_t k : {0U, 1U, 2U, 3U})
        std::filesystem::resize_file(files->at(k), size - 100);
    const auto refused = m_bench->image(id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Truncated);
    QCOMPARE(refused.error().subject, files->at(0));
}

void TestWorkbench::unreadableImageIsToldAtTheImport_data()
{
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("slices");
    QTest::addColumn<int>("sound"); // slices among them: the first ones
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("small stack") << 10 << 10 << 0 << true;
    QTest::newRow("large slice") << 3000 << 1 << 0 << true;
    QTest::newRow("large stack") << 1000 << 10 << 0 << true;
    QTest::newRow("large stack, its middle damaged") << 1000 << 10 << 1 << false; // which is told when it is opened
}

void TestWorkbench::unreadableImageIsToldAtTheImport()
{
    QFETCH(int, side);
    QFETCH(int, slices);
    QFETCH(int, sound);
    QFETCH(bool, isRefused);
    for (int k = 0; k < slices; ++k) {
        const std::vector<std::int16_t> voxels(k < sound ? static_cast<std::size_t>(side * side) : 0);
        DicomFileText text = imageText("CT", "1.2.3", k, side, side, voxels);
        place(text, {0, 0, 2.0 * k}, {1, 0, 0}, {0, 1, 0}, 1, 1);
        WorkbenchFixture::writeText(m_files->path("images/" + std::to_string(k) + ".dcm"),
                                    k < sound ? text.file() : brokenCode(text));
    }
    const auto report = m_bench->importPaths({m_files->path("images")}, {});
    QCOMPARE(report.has_value(), !isRefused);
    if (isRefused)
        QCOMPARE(report.error().code, ErrorCode::Malformed);
    QCOMPARE(workspace().cases()->size(), isRefused ? std::size_t{0} : std::size_t{1});
}

void TestWorkbench::movedStudyIsRelinked()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll().cases.front().id;
    std::filesystem::rename(m_files->path("images"), m_files->path("moved"));
    std::filesystem::remove_all(m_files->workspaceFolder() + "/cache");
    const auto lost = m_bench->image(id);
    QVERIFY(!lost);
    QCOMPARE(lost.error().code, ErrorCode::NotFound);
    const auto relinked = m_bench->relink(id, m_files->path("moved"));
    QVERIFY2(relinked, relinked ? "" : relinked.error().detail.c_str());
    QVERIFY(m_bench->image(id));
}

void TestWorkbench::maskOfAnotherGridIsRefused()
{
    QVERIFY(!m_files->writeImage(0).empty());
    QVERIFY(!m_files->writeImage(1).empty());
    const CaseId id = importAll("").cases.front().id;
    const auto attached = m_bench->attach(id, m_files->path("masks/patient_001.nii.gz"), {}, "Dr Test");
    QVERIFY(!attached);
    QCOMPARE(attached.error().code, ErrorCode::GeometryMismatch);
    QVERIFY(workspace().revisions(id)->empty());
}

void TestWorkbench::attachKeepsUnsavedEdits()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll("").cases.front().id;
    {
        auto session = CaseSession::open(*m_bench, id, {}, "Dr Test");
        QVERIFY(session);
        const auto number = (*session)->addSegment("mine");
        QVERIFY(number);
        EditContext context;
        context.segment = *number;
        QVERIFY((*session)->apply({{{0, 3}}, {{0, 0, 0}, {3, 1, 1}}}, context));
        QVERIFY((*session)->flush());
    }
    const auto attached = m_bench->attach(id, m_files->path("masks/patient_000.nii.gz"), {{1, "core"}}, "Dr Test");
    QVERIFY2(attached, attached ? "" : attached.error().detail.c_str());
    QVERIFY(workspace().loadMask(attached->id)->segments().findByName("core"));
    auto session = CaseSession::open(*m_bench, id, {}, "Dr Test");
    QVERIFY(session);
    QVERIFY((*session)->undo()); // takes the attached mask back
    QVERIFY((*session)->document().labels().segments().findByName("mine"));
    QVERIFY((*session)->document().labels().labelAt(0, {1, 0, 0}) != 0);
}

void TestWorkbench::attachToAnOpenCaseIsRefused()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll("").cases.front().id;
    auto session = CaseSession::open(*m_bench, id, {}, "Dr Test");
    QVERIFY(session && !(*session)->readOnly());
    const auto attached = m_bench->attach(id, m_files->path("masks/patient_000.nii.gz"), {}, "Dr Test");
    QVERIFY(!attached);
    QCOMPARE(attached.error().code, ErrorCode::CaseInUse);
    auto second = CaseSession::open(*m_bench, id, {}, "Dr Other");
    QVERIFY(second && (*second)->readOnly());
    QVERIFY(!(*second)->addSegment("x"));
}

void TestWorkbench::exportRoundTrip_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("outer");
    QTest::newRow("nifti") << "nifti" << "out.nii.gz" << 2;
    QTest::newRow("nrrd") << "nrrd" << "out.nrrd" << 2;
    QTest::newRow("large file values") << "nifti" << "out.nii" << 1200;
}

void TestWorkbench::exportRoundTrip()
{
    QFETCH(QString, format);
    QFETCH(QString, file);
    QFETCH(int, outer);
    QVERIFY(!m_files->writeImage(0, false).empty());
    const VolumeGeometry grid = WorkbenchFixture::grid(0);
    const Volume mask = WorkbenchFixture::mask(grid, 1, outer);
    QVERIFY(writeNifti(m_files->path("mask.nii.gz"), mask));
    const CaseId id = importAll("").cases.front().id;
    QVERIFY(m_bench->attach(id, m_files->path("mask.nii.gz"), {}, ""));
    const std::string out = m_files->path(file.toStdString());
    const auto exported = m_bench->exportMask(id, {}, format.toStdString(), out);
    QVERIFY2(exported, exported ? "" : exported.error().detail.c_str());
    const auto scan = scanPaths({out});
    QVERIFY(scan && scan->series.size() == 1);
    const auto volume = readSeries(scan->series.front());
    QVERIFY(volume && sameGrid(volume->geometry(), grid));
    for (std::size_t n = 0; n < grid.voxelCount(); ++n)
        QCOMPARE(volume->valueAt(grid.indexAt(n)), mask.valueAt(grid.indexAt(n)));
    QCOMPARE(m_bench->exportMask(id, {}, format.toStdString(), m_files->path("a.txt")).error().code,
             ErrorCode::InvalidArgument);
    QCOMPARE(m_bench->exportMask(id, {}, "tiff", out).error().code, ErrorCode::InvalidArgument);
}

void TestWorkbench::approvalNeedsAName()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll().cases.front().id;
    QVERIFY(!m_bench->approve(id, {}, ""));
    QVERIFY(m_bench->approve(id, {}, "Dr Test"));
    QCOMPARE(workspace().caseById(id)->state, CaseState::Approved);
    QVERIFY(m_bench->newestRevision(id)->approved);
}

void TestWorkbench::approvalSignsWhatIsInWork()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll("").cases.front().id;
    {
        auto session = CaseSession::open(*m_bench, id, {}, "Dr Test");
        EditContext context;
        context.segment = *(*session)->addSegment("mine");
        QVERIFY((*session)->apply({{{0, 3}}, {{0, 0, 0}, {3, 1, 1}}}, context));
    } // painted, never saved
    const auto approved = m_bench->approve(id, {}, "Dr Test");
    QVERIFY2(approved, approved ? "" : approved.error().detail.c_str());
    QCOMPARE(approved->revision, workspace().caseById(id)->head);
    QCOMPARE(voxelCounts(*workspace().loadMask(approved->revision))[1], std::int64_t{3});
    QVERIFY(!m_bench->approve(id, {}, "Dr Test", NoMask::Confirm)); // it is not empty
}

void TestWorkbench::nothingIsApprovedOnlyWhenConfirmed()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const CaseId id = importAll("").cases.front().id;
    const auto refused = m_bench->approve(id, {}, "Dr Test");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    const auto approved = m_bench->approve(id, {}, "Dr Test", NoMask::Confirm);
    QVERIFY(approved && workspace().revision(approved->revision)->approved);
    const auto again = m_bench->approve(id, {}, "Dr Test", NoMask::Confirm);
    QVERIFY(again && again->revision == approved->revision);
}

void TestWorkbench::aPatientMayNotBeUnique()
{
    for (const char* folder : {"images/a", "images/b"}) {
        std::filesystem::create_directories(m_files->path(folder));
        const VolumeGeometry grid = WorkbenchFixture::grid(0);
        QVERIFY(writeNifti(m_files->path(std::string(folder) + "/same.nii"), WorkbenchFixture::image(grid)));
    }
    QCOMPARE(importAll("").cases.size(), std::size_t{2});
    const auto found = m_bench->findCase("same");
    QVERIFY(!found);
    QVERIFY2(found.error().detail.ends_with("1, 2"), found.error().detail.c_str());
    QVERIFY(m_bench->findCase("2"));
}

void TestWorkbench::proposalIsASibling()
{
    for (int n = 0; n < 4; ++n)
        QVERIFY(!m_files->writeImage(n, n != 3).empty());
    const ImportReport report = importAll();
    for (std::size_t n = 0; n < 3; ++n) {
        const CaseId id = report.cases[n].id;
        QVERIFY(workspace().reservePool(workspace().caseById(id)->patientKey, Pool::Train));
        QVERIFY(m_bench->approve(id, {}, "Dr Test"));
    }
    QVERIFY(m_bench->train(seeded(1)));
    const CaseId approved = report.cases[0].id, fresh = report.cases[3].id;
    const RevisionId head = workspace().caseById(approved)->head;
    const auto proposals = m_bench->propose({approved, fresh, approved}, {}); // named twice: proposed once
    QVERIFY2(proposals, proposals ? "" : proposals.error().detail.c_str());
    QCOMPARE(proposals->size(), std::size_t{2});
    QCOMPARE(workspace().caseById(approved)->head, head);
    QCOMPARE(workspace().caseById(approved)->state, CaseState::Approved);
    QCOMPARE(workspace().caseById(fresh)->state, CaseState::Proposed);
    const auto revision = workspace().revision(proposals->front().revision);
    QCOMPARE(revision->authorKind, AuthorKind::Model);
    // The model calls its only segment "Segment 2", which is number 2 of this case.
    const auto labels = workspace().loadMask(proposals->front().revision);
    QCOMPARE(int(labels->segments().findByName("Segment 2")->number), 2);
    // Approved against its proposal: the figures are stored.
    QVERIFY(m_bench->approve(approved, head, "Dr Test"));
    QVERIFY(!workspace().metrics(approved)->empty());
}

void TestWorkbench::firstModelIsProvisional()
{
    for (int n = 0; n < 3; ++n)
        QVERIFY(!m_files->writeImage(n).empty());
    approveAll(importAll(), 2);
    std::vector<EpochRecord> epochs;
    const auto outcome = m_bench->train(seeded(1), {}, [&](const JobUpdate& update) {
        if (update.epoch)
            epochs.push_back(*update.epoch);
    });
    QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());
    QVERIFY(!outcome->gate.gated && outcome->gate.promoted);
    QCOMPARE(outcome->gate.validationPatients, 2);
    const auto model = workspace().model(outcome->model);
    QCOMPARE(model->status, ModelStatus::Provisional);
    QVERIFY(model->file == "models/" + model->hash + ".pt");
    QCOMPARE(epochs.size(), std::size_t{2});
    QCOMPARE(workspace().epochs(outcome->run)->size(), std::size_t{2});
    const auto second = m_bench->train(seeded(2));
    QVERIFY(second && !second->gate.promoted);
    QCOMPARE((*workspace().currentModel())->id, outcome->model);
}

void TestWorkbench::gateComparesWithTheCurrentModel()
{
    for (int n = 0; n < 5; ++n)
        QVERIFY(!m_files->writeImage(n).empty());
    approveAll(importAll(), 3);
    const auto good = m_bench->train(seeded(1));
    QVERIFY(good && good->gate.gated && good->gate.promoted);
    const auto bad = m_bench->train(seeded(15));
    QVERIFY(bad && bad->gate.gated && !bad->gate.promoted);
    QCOMPARE(workspace().model(bad->model)->status, ModelStatus::Rejected);
    QVERIFY(std::abs(bad->gate.classDifference.at("1") + 0.4) < 1e-9);
    QCOMPARE((*workspace().currentModel())->id, good->model);
    QVERIFY(m_bench->promote(bad->model, "Dr Test", "a test"));
    QCOMPARE((*workspace().currentModel())->id, bad->model);
    const auto decisions = workspace().decisions();
    QVERIFY(std::any_of(decisions->begin(), decisions->end(), [](const DecisionRecord& d) {
        return d.kind == "promote" && d.who == "Dr Test" && d.detailsJson.find("a test") != std::string::npos;
    }));
}

void TestWorkbench::interruptedTrainingIsResumed()
{
    QVERIFY(!m_files->writeImage(0).empty());
    approveAll(importAll(), 0);
    const auto died = m_bench->train(seeded(13));
    QVERIFY(!died);
    QCOMPARE(died.error().code, ErrorCode::WorkerDied);
    const auto runs = workspace().runs();
    QCOMPARE(runs->size(), std::size_t{1});
    QCOMPARE(runs->front().status, RunStatus::Interrupted);
    TrainOptions options;
    options.resume = runs->front().id;
    const auto resumed = m_bench->train(options);
    QVERIFY2(resumed, resumed ? "" : resumed.error().detail.c_str());
    QCOMPARE(resumed->run, runs->front().id);
    QCOMPARE(workspace().epochs(resumed->run)->size(), std::size_t{3});
    QCOMPARE(workspace().run(resumed->run)->status, RunStatus::Finished);
    QVERIFY(!m_bench->train(options)); // it is finished now
}

void TestWorkbench::cancelEndsAHangingWorker()
{
    QVERIFY(!m_files->writeImage(0).empty());
    approveAll(importAll(), 0);
    std::stop_source stop;
    const auto outcome = m_bench->train(seeded(14), stop.get_token(), [&](const JobUpdate& update) {
        if (update.epoch)
            stop.request_stop();
    });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    QCOMPARE(workspace().runs()->front().status, RunStatus::Cancelled);
    QVERIFY(workspace().models()->empty());
}

void TestWorkbench::mapsOfACaseLeaveNoTrace()
{
    for (int n = 0; n < 3; ++n)
        QVERIFY(!m_files->writeImage(n).empty());
    const ImportReport report = importAll();
    const CaseId id = report.cases.front().id;
    ExplainOptions options;
    options.segment = "Segment 2";
    QCOMPARE(explainSegment(*m_bench, id, options).error().code, ErrorCode::Conflict); // no model yet
    for (const ImportedCase& one : report.cases) {
        QVERIFY(workspace().reservePool(workspace().caseById(one.id)->patientKey, Pool::Train));
        QVERIFY(m_bench->approve(one.id, {}, "Dr Test"));
    }
    QVERIFY(m_bench->train(seeded(1)));
    const std::size_t revisions = workspace().revisions(id)->size();
    double last = 0;
    const JobReport progress = [&](const JobUpdate& update) { last = update.fraction; };
    const auto explanation = explainSegment(*m_bench, id, options, {}, progress);
    QVERIFY2(explanation, explanation ? "" : explanation.error().detail.c_str());
    QCOMPARE(last, 0.5);
    QVERIFY(sameGrid(explanation->map.geometry(), WorkbenchFixture::grid(0)));
    QVERIFY(explanation->map.voxels<float>().back() > 0.4F); // its file is gone, its voxels are not
    options.segment = "Spleen";
    const auto unknown = explainSegment(*m_bench, id, options);
    QCOMPARE(unknown.error().code, ErrorCode::NotFound);
    QVERIFY2(unknown.error().detail.find("Segment 2") != std::string::npos, unknown.error().detail.c_str());

    const auto uncertainty = uncertaintyOf(*m_bench, id, {});
    QVERIFY2(uncertainty, uncertainty ? "" : uncertainty.error().detail.c_str());
    QVERIFY(sameGrid(uncertainty->entropy.geometry(), WorkbenchFixture::grid(0)));
    QVERIFY(std::abs(uncertainty->mostNats - std::log(3.0)) < 1e-9); // two segments and the background
    QCOMPARE(uncertainty->probability.geometry(), uncertainty->entropy.geometry());
    QCOMPARE(workspace().revisions(id)->size(), revisions);
    QCOMPARE(workspace().caseById(id)->state, CaseState::Approved);
}

void TestWorkbench::damagedModelFileIsRefused()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const ImportReport report = importAll();
    approveAll(report, 0);
    const auto outcome = m_bench->train(seeded(1234567));
    QVERIFY(outcome);
    const std::string file = m_files->workspaceFolder() + '/' + workspace().model(outcome->model)->file;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const auto proposals = m_bench->propose({report.cases.front().id}, {});
    QVERIFY(!proposals);
    QCOMPARE(proposals.error().code, ErrorCode::HashMismatch);
    QVERIFY(!m_bench->promote(outcome->model, "Dr Test", ""));
}

void TestWorkbench::leftoversOfKilledProgramsAreRemoved()
{
    const std::filesystem::path folder = m_files->workspaceFolder();
    const std::vector<std::filesystem::path> old{folder / "propose-aBcDeF", folder / "cache/a.avol.part-7-0",
                                                 folder / "cache/a.avol", folder / "models/propose-x"};
    for (const auto& path : old) {
        std::filesystem::create_directories(path);
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
    }
    std::filesystem::create_directories(folder / "propose-recent");
    QVERIFY(Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::fakePrograms()));
    QVERIFY(!std::filesystem::exists(old[0]) && !std::filesystem::exists(old[1]));
    QVERIFY(std::filesystem::exists(old[2]) && std::filesystem::exists(old[3]));
    QVERIFY(std::filesystem::exists(folder / "propose-recent"));
}

void TestWorkbench::trainingNeedsApprovedCases()
{
    QVERIFY(!m_files->writeImage(0).empty());
    const ImportReport report = importAll();
    const auto outcome = m_bench->train(seeded(1));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Conflict);
    QCOMPARE(m_bench->propose({report.cases.front().id}, {}).error().code, ErrorCode::Conflict);
    TrainOptions unknown = seeded(1);
    unknown.recipe = "no-such-recipe";
    QCOMPARE(m_bench->train(unknown).error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(TestWorkbench)
#include "tst_workbench.moc"
