// Data sets in and out through the reader itself, on small images made by code.
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/mask_attachment.h"
#include "core/io/dicom/dicom_writer.h"
#include "core/io/plain/nifti.h"

#include <QImage>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;
namespace fs = std::filesystem;

class TestDatasets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(), m_files.reset(); }

    void exportAndImportAgain_data();
    void exportAndImportAgain();
    void severalChannelsShareOneGrid();
    void overlapsAreRefusedOrFlattened();
    void cocoKeepsOverlaps();
    void cocoShowsColours();
    void partsOfADatasetAreReserved();
    void regionsComeInAsLayers();
    void aRefusedExportLeavesNothing();
    void cancelLeavesNothing();
    void lidc();

private:
    Workspace& workspace() { return m_bench->workspace(); }
    std::vector<CaseId> importAndApprove(int count);
    std::string out(const std::string& name) const { return m_files->path(name); }
    std::unique_ptr<Workbench> other(const std::string& name) const
    {
        return std::move(*Workbench::open(m_files->path(name), WorkbenchFixture::realPrograms()));
    }

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
};

void TestDatasets::init()
{
    m_files = std::make_unique<WorkbenchFixture>();
    auto opened = Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::realPrograms());
    QVERIFY(opened.has_value());
    m_bench = *std::move(opened);
}

// Cases 1 to count; the last two patients are kept for validation and test.
std::vector<CaseId> TestDatasets::importAndApprove(int count)
{
    for (int n = 1; n <= count; ++n)
        m_files->writeImage(n);
    ImportOptions options;
    options.masksFolder = m_files->path("masks");
    const auto report = m_bench->importPaths({m_files->path("images")}, options);
    std::vector<CaseId> ids;
    for (const ImportedCase& one : report->cases) {
        const auto record = workspace().caseById(one.id);
        const Pool pool = static_cast<int>(ids.size()) == count - 1 ? Pool::Test
                          : static_cast<int>(ids.size()) == count - 2 ? Pool::Validation
                                                                      : Pool::Train;
        if (!workspace().reservePool(record->patientKey, pool) || !m_bench->approve(one.id, {}, "Tester"))
            return {};
        ids.push_back(one.id);
    }
    return ids;
}

void TestDatasets::exportAndImportAgain_data()
{
    QTest::addColumn<QString>("layout");
    QTest::newRow("nnunet") << "nnunet";
    QTest::newRow("msd") << "msd";
    QTest::newRow("bids") << "bids";
}

void TestDatasets::exportAndImportAgain()
{
    QFETCH(QString, layout);
    const auto ids = importAndApprove(4);
    QCOMPARE(ids.size(), std::size_t{4});
    DatasetExportOptions options;
    options.layout = layout.toStdString();
    options.suffix = layout == "bids" ? "T1w" : "";
    const auto written = m_bench->exportDataset(out("Dataset007_Balls"), options);
    QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
    QCOMPARE(written->cases.size(), std::size_t{4});
    QCOMPARE(written->cases[3].pool, Pool::Test);
    QVERIFY(fs::exists(out("Dataset007_Balls/manifest.json")));
    QVERIFY(!fs::exists(out("Dataset007_Balls.part")));

    const auto again = other("again");
    const auto report = again->importDataset(out("Dataset007_Balls"), {options.layout, false});
    QVERIFY2(report.has_value(), report ? "" : report.error().detail.c_str());
    QCOMPARE(report->report.cases.size(), std::size_t{4});
    QVERIFY(report->report.skipped.empty());
    QCOMPARE(report->reserved.at(Pool::Test), 1);
    QCOMPARE(report->reserved.at(Pool::Validation), 1);
    for (std::size_t n = 0; n < ids.size(); ++n) {
        const auto before = m_bench->newestRevision(ids[n]), after = again->newestRevision(report->report.cases[n].id);
        QVERIFY(before && after);
        const auto own = workspace().loadMask(before->id), theirs = again->workspace().loadMask(after->id);
        QVERIFY(sameGrid(own->geometry(), theirs->geometry()));
        QVERIFY(std::ranges::equal(own->layer(0), theirs->layer(0)));
        const auto image = m_bench->image(ids[n]), same = again->image(report->report.cases[n].id);
        QVERIFY(image && same);
        QVERIFY(std::ranges::equal(image->bytes(), same->bytes()));
    }
    QCOMPARE(again->approve(report->report.cases[3].id, {}, "Again")->pool, Pool::Test);
    const auto twice = again->importDataset(out("Dataset007_Balls"), {options.layout, false});
    QVERIFY(twice && !twice->report.cases[0].isNew);
    QCOMPARE(again->workspace().revisions(twice->report.cases[0].id)->size(), std::size_t{1});
}

void TestDatasets::severalChannelsShareOneGrid()
{
    const auto ids = importAndApprove(3);
    VolumeGeometry coarse = WorkbenchFixture::grid(1);
    coarse.size = {6, 5, 4};
    coarse.spacing = {3, 2.5, 6};
    for (const CaseId id : ids) {
        const std::string path = m_files->path("flair_" + std::to_string(id.value) + ".nii");
        QVERIFY(writeNifti(path, WorkbenchFixture::image(coarse)));
        const auto record = workspace().caseById(id);
        SeriesEntry channel = *scanNifti(path);
        channel.info.patientId = record->patientKey;
        if (id != ids.back())
            QVERIFY(workspace().addChannel(id, "FLAIR", channel));
        else
            QCOMPARE(m_bench->exportDataset(out("early"), {"nnunet", {}, {}, {}, "axial", {}, false}).error().code,
                     ErrorCode::Conflict); // one case lacks the channel
        if (id == ids.back())
            QVERIFY(workspace().addChannel(id, "FLAIR", channel));
    }
    for (const std::string layout : {"nnunet", "msd"}) {
        DatasetExportOptions options;
        options.layout = layout;
        const auto written = m_bench->exportDataset(out("Dataset002_" + layout), options);
        QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
        QVERIFY(std::ranges::any_of(written->notes, [](const auto& note) { return note.find("resampled") != std::string::npos; }));
        const auto again = other("again_" + layout);
        const auto report = again->importDataset(out("Dataset002_" + layout), {layout, true});
        QVERIFY2(report.has_value(), report ? "" : report.error().detail.c_str());
        const CaseId first = report->report.cases.front().id;
        const auto channels = again->workspace().channels(first);
        QCOMPARE(channels->size(), std::size_t{1});
        QCOMPARE(channels->front().name, std::string("FLAIR"));
        const auto record = again->workspace().caseById(first);
        QVERIFY(sameGrid(channels->front().series.geometry, record->series.geometry));
        QVERIFY(record->copied && record->series.files.front().starts_with(m_files->path("again_" + layout)));
    }
}

void TestDatasets::overlapsAreRefusedOrFlattened()
{
    const auto ids = importAndApprove(3);
    LabelMap labels = *workspace().loadMask(m_bench->newestRevision(ids[0])->id);
    const SegmentNumber number = labels.segments().add("edge", 1);
    std::vector<std::uint8_t> layer(labels.geometry().voxelCount(), number);
    labels.setLayer(1, layer);
    QVERIFY(attachLabels(workspace(), {ids[0], "test", AuthorKind::Person, {}}, labels));
    QVERIFY(m_bench->approve(ids[0], {}, "Tester"));
    DatasetExportOptions options;
    options.layout = "nnunet";
    const auto refused = m_bench->exportDataset(out("Dataset001_A"), options);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(refused.error().detail.find("\"edge\" and \"Segment 1\"") != std::string::npos);
    QVERIFY(!fs::exists(out("Dataset001_A")) && !fs::exists(out("Dataset001_A.part")));
    options.flatten = true;
    const auto written = m_bench->exportDataset(out("Dataset001_A"), options);
    QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
    QVERIFY(written->notes.front().find("overlap") != std::string::npos);
    const auto mask = readNifti(out("Dataset001_A/labelsTr/" + written->cases[0].name + ".nii.gz"));
    QCOMPARE(mask->valueAt({0, 0, 0}), 3.0);
}

void TestDatasets::cocoKeepsOverlaps()
{
    const auto ids = importAndApprove(3);
    LabelMap labels = *workspace().loadMask(m_bench->newestRevision(ids[0])->id);
    const SegmentNumber number = labels.segments().add("edge", 1);
    labels.setLayer(1, std::vector<std::uint8_t>(labels.geometry().voxelCount(), number));
    QVERIFY(attachLabels(workspace(), {ids[0], "test", AuthorKind::Person, {}}, labels));
    QVERIFY(m_bench->approve(ids[0], {}, "Tester"));
    DatasetExportOptions options;
    options.layout = "coco";
    options.plane = "coronal";
    const auto written = m_bench->exportDataset(out("coco"), options);
    QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
    QVERIFY(fs::exists(out("coco/annotations/instances_train.json")));
    QVERIFY(fs::exists(out("coco/annotations/instances_val.json")));
    QVERIFY(fs::exists(out("coco/images/test/" + written->cases[2].name + "_0000.png")));
    QCOMPARE(written->labels.size(), std::size_t{3});
}

void TestDatasets::cocoShowsColours()
{
    QVERIFY(!m_files->writeColourImage(1).empty() && !m_files->writeImage(2).empty());
    ImportOptions importing;
    importing.masksFolder = m_files->path("masks");
    const auto report = m_bench->importPaths({m_files->path("images")}, importing);
    QVERIFY(report && report->cases.size() == 2);
    for (const ImportedCase& one : report->cases)
        QVERIFY(m_bench->approve(one.id, {}, "Tester"));
    DatasetExportOptions options;
    options.layout = "coco";
    const auto written = m_bench->exportDataset(out("coco"), options);
    QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
    int colourPictures = 0, greyPictures = 0;
    for (const auto& entry : fs::recursive_directory_iterator(out("coco/images")))
        if (const QImage image(QString::fromStdString(entry.path().string())); !image.isNull()) {
            ++(image.isGrayscale() ? greyPictures : colourPictures);
            if (!image.isGrayscale())
                QVERIFY(qRed(image.pixel(3, 3)) == 200 && qBlue(image.pixel(3, 3)) == 7);
        }
    QCOMPARE(colourPictures, WorkbenchFixture::grid(1).size[2]);
    QCOMPARE(greyPictures, WorkbenchFixture::grid(2).size[2]);
}

void TestDatasets::partsOfADatasetAreReserved()
{
    m_files->writeImage(1);
    m_files->writeImage(2);
    const std::string set = out("set");
    for (const auto& [from, to] : {std::pair("images/patient_001", "imagesTr/patient_001_0000"),
                                   std::pair("masks/patient_001", "labelsTr/patient_001"),
                                   std::pair("images/patient_002", "imagesTs/patient_002_0000")}) {
        fs::create_directories(fs::path(set + "/" + to).parent_path());
        fs::copy_file(m_files->path(from) + ".nii.gz", set + "/" + to + ".nii.gz");
    }
    WorkbenchFixture::writeText(set + "/dataset.json",
                                R"({"channel_names": {"0": "CT"}, "labels": {"background": 0, "ball": 1, "shell": 2}})");
    const auto report = m_bench->importDataset(set, {"nnunet", false});
    QVERIFY2(report.has_value(), report ? "" : report.error().detail.c_str());
    QCOMPARE(report->report.cases.size(), std::size_t{2});
    QCOMPARE(report->report.cases[0].modality, std::string("CT"));
    QVERIFY(report->report.cases[0].revision && !report->report.cases[1].revision);
    const auto labels = workspace().loadMask(report->report.cases[0].revision);
    QVERIFY(labels->segments().findByName("ball")->number == 1 && labels->segments().findByName("shell")->number == 2);
    QCOMPARE(m_bench->approve(report->report.cases[1].id, {}, "Tester", NoMask::Confirm)->pool, Pool::Test);
    const auto again = m_bench->importDataset(set, {"nnunet", false});
    QVERIFY(again && again->notes.empty()); // the pool is already what the data set says
}

void TestDatasets::regionsComeInAsLayers()
{
    m_files->writeImage(1);
    const std::string set = out("brats");
    fs::create_directories(set + "/imagesTr");
    fs::create_directories(set + "/labelsTr");
    fs::copy_file(m_files->path("images/patient_001.nii.gz"), set + "/imagesTr/a_0000.nii.gz");
    fs::copy_file(m_files->path("masks/patient_001.nii.gz"), set + "/labelsTr/a.nii.gz");
    WorkbenchFixture::writeText(set + "/dataset.json", R"({"channel_names": {"0": "T1"}, "regions_class_order": [1, 2],
        "labels": {"background": 0, "whole": [1, 2], "core": [1]}})");
    const auto report = m_bench->importDataset(set, {"nnunet", false});
    QVERIFY2(report.has_value(), report ? "" : report.error().detail.c_str());
    const auto labels = workspace().loadMask(report->report.cases[0].revision);
    const auto counts = voxelCounts(*labels);
    const Segment* whole = labels->segments().findByName("whole");
    const Segment* core = labels->segments().findByName("core");
    QVERIFY(whole && core && whole->layer != core->layer);
    QVERIFY(counts[core->number] > 0 && counts[whole->number] > counts[core->number]);
}

void TestDatasets::aRefusedExportLeavesNothing()
{
    DatasetExportOptions options;
    options.layout = "nnunet";
    QCOMPARE(m_bench->exportDataset(out("a"), options).error().code, ErrorCode::Conflict); // nothing is approved
    QVERIFY(!fs::exists(out("a")) && !fs::exists(out("a.part")));
    QCOMPARE(importAndApprove(3).size(), std::size_t{3});
    QCOMPARE(m_bench->exportDataset(out("no/such/folder"), options).error().code, ErrorCode::NotFound);
    fs::create_directories(out("full"));
    WorkbenchFixture::writeText(out("full/precious.txt"), "x");
    QCOMPARE(m_bench->exportDataset(out("full"), options).error().code, ErrorCode::Conflict);
    QVERIFY(fs::exists(out("full/precious.txt")));
    fs::create_directories(out("b.part")); // somebody's own
    QCOMPARE(m_bench->exportDataset(out("b"), options).error().code, ErrorCode::Conflict);
    QVERIFY(fs::exists(out("b.part")));
    WorkbenchFixture::writeText(out("b.part/.annotomy-export"), ""); // of an export that was killed
    QVERIFY(m_bench->exportDataset(out("b"), options).has_value());
    options.layout = "other";
    QCOMPARE(m_bench->exportDataset(out("c"), options).error().code, ErrorCode::InvalidArgument);
    options.layout = "bids"; // the images do not tell what they show
    QCOMPARE(m_bench->exportDataset(out("c"), options).error().code, ErrorCode::InvalidArgument);
    QVERIFY(!fs::exists(out("c")) && !fs::exists(out("c.part")));
    options.suffix = "../T1w";
    QCOMPARE(m_bench->exportDataset(out("c"), options).error().code, ErrorCode::InvalidArgument);
}

void TestDatasets::cancelLeavesNothing()
{
    QCOMPARE(importAndApprove(4).size(), std::size_t{4});
    for (const std::string layout : {"nnunet", "coco"}) {
        std::stop_source stop;
        DatasetExportOptions options;
        options.layout = layout;
        const auto report = m_bench->exportDataset(out("a"), options, stop.get_token(), [&](const JobUpdate& update) {
            if (update.fraction > 0.2)
                stop.request_stop();
        });
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY(!fs::exists(out("a")) && !fs::exists(out("a.part")));
    }
}

// A CT of five slices with two readers' outlines, as the LIDC publishes them.
void TestDatasets::lidc()
{
    VolumeGeometry grid;
    grid.size = {16, 16, 5};
    grid.spacing = {0.7, 0.7, 2.5};
    grid.origin = {-10, -20, -105};
    std::vector<std::int16_t> voxels(grid.voxelCount());
    ImageInfo info;
    info.modality = "CT";
    info.patientId = info.patientName = "LIDC-IDRI-0001";
    info.studyUid = "1.2.3";
    info.seriesUid = "1.2.3.4";
    info.frameOfReferenceUid = "1.2.3.9";
    const std::string set = out("LIDC-IDRI");
    fs::create_directories(set + "/dicom");
    QVERIFY(writeDicomSeries(set + "/dicom", Volume::fromVoxels(grid, std::move(voxels)), info));
    const auto square = [](double z, int from, int to) {
        const auto point = [](int x, int y) {
            return "<edgeMap><xCoord>" + std::to_string(x) + "</xCoord><yCoord>" + std::to_string(y) + "</yCoord></edgeMap>";
        };
        return "<roi><imageZposition>" + std::to_string(z) + "</imageZposition><inclusion>TRUE</inclusion>" +
               point(from, from) + point(to, from) + point(to, to) + point(from, to) + "</roi>";
    };
    const auto byImage = [](std::string roi, int slice) { // without the position
        const std::size_t end = roi.find("<inclusion>");
        return roi.replace(5, end - 5, "<imageSOP_UID>1.2.3.4." + std::to_string(slice + 1) + "</imageSOP_UID>");
    };
    const auto session = [](const std::string& rois) {
        return "<readingSession><unblindedReadNodule><noduleID>7</noduleID><characteristics><malignancy>3</malignancy>"
               "</characteristics>" + rois + "</unblindedReadNodule><nonNodule/></readingSession>";
    };
    WorkbenchFixture::writeText(set + "/069.xml",
                                "<LidcReadMessage xmlns=\"http://www.nih.gov\"><ResponseHeader><SeriesInstanceUid>1.2.3.4"
                                "</SeriesInstanceUid></ResponseHeader>" + session(square(-100, 3, 8)) +
                                    session(square(-100, 4, 9) + byImage(square(0, 5, 7), 3)) + "</LidcReadMessage>");
    const auto report = m_bench->importDataset(set, {"lidc", false});
    QVERIFY2(report.has_value(), report ? "" : report.error().detail.c_str());
    QCOMPARE(report->report.cases.size(), std::size_t{1});
    QVERIFY(report->report.skipped.empty());
    QCOMPARE(report->report.cases[0].patient, std::string("LIDC-IDRI-0001"));
    const auto labels = workspace().loadMask(report->report.cases[0].revision);
    const auto counts = voxelCounts(*labels);
    const Segment* first = labels->segments().findByName("Reader 1: 7");
    const Segment* second = labels->segments().findByName("Reader 2: 7");
    QVERIFY(first && second && first->layer == 0 && second->layer == 1);
    QCOMPARE(counts[first->number], std::int64_t{16});
    QCOMPARE(counts[second->number], std::int64_t{16 + 1});
    QCOMPARE(labels->labelAt(0, {4, 4, 2}), first->number);
    QCOMPARE(labels->labelAt(1, {6, 6, 3}), second->number);
    const auto revision = workspace().revision(report->report.cases[0].revision);
    QVERIFY(revision->note.find("2 non-nodules") != std::string::npos);
    // The same file attached by hand is the same mask.
    QVERIFY(m_bench->attach(report->report.cases[0].id, set + "/069.xml", {}, {}).has_value());
}

QTEST_GUILESS_MAIN(TestDatasets)
#include "tst_datasets.moc"
