// Overlay planes of imported images: segments of their case, as masks that came along.
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/core/io/overlay_text.h"

#include <QTest>

#include <algorithm>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr int side = 8, slices = 4;

DicomFileText slice(int number)
{
    DicomFileText text = imageText("CT", "1.2.3", number, side, side, std::vector<std::int16_t>(side * side, 5));
    place(text, {0, 0, 2.0 * number}, {1, 0, 0}, {0, 1, 0}, 1, 1);
    return text;
}

std::string warningOf(const std::vector<Warning>& warnings)
{
    const auto it =
        std::find_if(warnings.begin(), warnings.end(), [](const Warning& warning) { return warning.code == "overlay"; });
    return it == warnings.end() ? std::string() : it->text;
}

const std::string carries = "The image carries overlay planes (drawings or text over it), which are ";

} // namespace

class TestOverlays : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_bench.reset(), m_files.reset(); }

    void becomeSegmentsOfTheirCase();
    void standBesideTheMaskThatCame();
    void blankOnesAreNoMask();
    void damagedOnesAreTold();
    void areAttachedByHand();

private:
    void makeSeries(const std::function<void(DicomFileText&)>& draw);
    ImportedCase imported(const ImportOptions& options = {});
    Workspace& workspace() { return m_bench->workspace(); }

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<DicomFolder> m_images;
    std::unique_ptr<Workbench> m_bench;
};

void TestOverlays::init()
{
    m_files = std::make_unique<WorkbenchFixture>();
    m_images = std::make_unique<DicomFolder>();
    auto opened = Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::realPrograms());
    QVERIFY2(opened, opened ? "" : opened.error().detail.c_str());
    m_bench = *std::move(opened);
}

// `draw` is shown the third slice.
void TestOverlays::makeSeries(const std::function<void(DicomFileText&)>& draw)
{
    for (int number = 0; number < slices; ++number) {
        DicomFileText text = slice(number);
        if (number == 2)
            draw(text);
        m_images->add(text);
    }
}

ImportedCase TestOverlays::imported(const ImportOptions& options)
{
    const auto report = m_bench->importPaths({m_images->path()}, options);
    return report && report->cases.size() == 1 ? report->cases.front() : ImportedCase();
}

void TestOverlays::becomeSegmentsOfTheirCase()
{
    makeSeries([](DicomFileText& text) {
        overlay(text, 0, {"##"}, 2, 3);
        text.set(element(0, 0x1500), "LO", "Arrow");
        overlay(text, 1, {"#"}, 2, 3);
    });
    const ImportedCase first = imported();
    QVERIFY(first.isNew && first.revision);
    QCOMPARE(warningOf(first.warnings), carries + "kept as segments.");
    const auto record = workspace().caseById(first.id);
    QVERIFY(record);
    QCOMPARE(record->head, first.revision);
    QCOMPARE(record->state, CaseState::InWork); // as with any mask that came along
    QCOMPARE(warningOf(record->series.info.warnings), carries + "kept as segments.");
    const auto revision = workspace().revision(first.revision);
    QVERIFY(revision && revision->authorKind == AuthorKind::Import && revision->approvedBy.empty());
    QCOMPARE(revision->author, std::string("f2.dcm"));
    const auto labels = workspace().loadMask(first.revision);
    QVERIFY(labels);
    QCOMPARE(labels->segments().segments().size(), std::size_t{2});
    const Segment *arrow = labels->segments().findByName("Arrow"), *second = labels->segments().findByName("Overlay 2");
    QVERIFY(arrow && second && arrow->visible && arrow->layer != second->layer);
    QCOMPARE(labels->labelAt(arrow->layer, {3, 1, 2}), arrow->number);
    QCOMPARE(labels->labelAt(second->layer, {2, 1, 2}), second->number);
    const auto counts = voxelCounts(*labels);
    QCOMPARE(counts[arrow->number], 2);
    QCOMPARE(counts[second->number], 1);

    const ImportedCase again = imported();
    QVERIFY(again.id == first.id && !again.isNew);
    QCOMPARE(warningOf(again.warnings), carries + "kept as segments.");
    QCOMPARE(workspace().revisions(first.id)->size(), std::size_t{1});
}

void TestOverlays::standBesideTheMaskThatCame()
{
    makeSeries([](DicomFileText& text) { overlay(text, 0, {"####"}, 4, 1); });
    const auto scan = scanPaths({m_images->path()});
    QVERIFY(scan && scan->series.size() == 1);
    std::filesystem::create_directories(m_files->path("masks"));
    const VolumeGeometry grid = scan->series.front().geometry;
    std::vector<std::uint8_t> voxels(grid.voxelCount(), 1); // everywhere: also below the drawing
    QVERIFY(writeNifti(m_files->path("masks/truth.nii.gz"), Volume::fromVoxels(grid, std::move(voxels))));
    ImportOptions options;
    options.masksFolder = m_files->path("masks");
    const ImportedCase one = imported(options);
    const auto revisions = workspace().revisions(one.id);
    QVERIFY(revisions);
    QCOMPARE(revisions->size(), std::size_t{2});
    const auto labels = workspace().loadMask(one.revision);
    QVERIFY(labels);
    QCOMPARE(labels->segments().segments().size(), std::size_t{2});
    QCOMPARE(labels->segments().segments().front().name, std::string("Segment 1"));
    const Segment* drawn = labels->segments().findByName("Overlay 1");
    QVERIFY(drawn && drawn->number == 2);
    const auto counts = voxelCounts(*labels);
    QCOMPARE(counts[1], static_cast<std::int64_t>(grid.voxelCount())); // none is hidden
    QCOMPARE(counts[2], 4);
}

void TestOverlays::blankOnesAreNoMask()
{
    makeSeries([](DicomFileText& text) { overlay(text, 0, Picture(side, std::string(side, '.'))); });
    const ImportedCase one = imported();
    QVERIFY(one.isNew && !one.revision);
    QCOMPARE(warningOf(one.warnings), carries + "blank.");
    QCOMPARE(warningOf(workspace().caseById(one.id)->series.info.warnings), carries + "blank.");
}

void TestOverlays::damagedOnesAreTold()
{
    makeSeries([](DicomFileText& text) {
        overlay(text, 0, {"##"});
        text.number(element(0, 0x10), 65535);
    });
    const ImportedCase one = imported();
    QVERIFY(one.isNew && !one.revision);
    QCOMPARE(warningOf(one.warnings),
             carries + "not shown: the overlay's data is smaller than its rows and columns.");
}

void TestOverlays::areAttachedByHand()
{
    makeSeries([](DicomFileText&) {});
    const ImportedCase one = imported();
    QVERIFY(one.isNew && !one.revision);
    DicomFolder drawings; // the same place, from elsewhere
    for (const int number : {0, 3, 4}) {
        DicomFileText text = slice(number);
        overlay(text, 0, {"#"}, 1, 1);
        drawings.add(text);
    }
    const auto file = m_bench->attach(one.id, drawings.path() + "/f1.dcm", {{1, "Mark"}}, {});
    QVERIFY2(file, file ? "" : file.error().detail.c_str());
    const auto ofFile = workspace().loadMask(file->id);
    QVERIFY(ofFile);
    QCOMPARE(ofFile->labelAt(0, {0, 0, 3}), ofFile->segments().findByName("Mark")->number);
    QCOMPARE(voxelCounts(*ofFile)[1], 1);

    const auto folder = m_bench->attach(one.id, drawings.path(), {}, {});
    QVERIFY2(folder, folder ? "" : folder.error().detail.c_str());
    QVERIFY2(folder->note.ends_with("overlays of 1 image off the image's grid were left out"), folder->note.c_str());
    const auto plain = m_bench->attach(one.id, m_images->path() + "/f0.dcm", {}, {});
    QCOMPARE(plain.error().code, ErrorCode::Unrecognised);
}

QTEST_GUILESS_MAIN(TestOverlays)
#include "tst_overlays.moc"
