// Segmentations, structure sets and reports: written, checked by dciodvfy, and read back equal.
#include "core/io/dicom/dicom_writer.h"
#include "core/io/masks/dicom_report.h"
#include "core/io/masks/mask_file.h"
#include "core/io/series.h"
#include "core/objects/report_writer.h"
#include "core/objects/segmentation_writer.h"
#include "core/objects/structure_set_writer.h"
#include "tests/support/label_samples.h"
#include "tests/support/shared_data.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace annotomy;
using namespace annotomy::test;

namespace {

// A source without files: what a NIfTI image gives.
DicomSource bareSource(const VolumeGeometry& grid)
{
    SeriesEntry entry;
    entry.format = "nifti";
    entry.files = {"/nowhere/brain.nii.gz"};
    entry.contentKey = entry.files.front();
    entry.geometry = grid;
    entry.info.modality = "MR";
    return *dicomSourceOf(entry);
}

// Lines of dciodvfy that begin with "Error"; "" where it is not installed.
QString faultsOf(const std::string& path)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("dciodvfy", {QString::fromStdString(path)});
    if (!process.waitForFinished(60000))
        return process.error() == QProcess::FailedToStart ? QString()
                                                          : QStringLiteral("dciodvfy did not end");
    QStringList faults;
    for (const QString& line : QString::fromLocal8Bit(process.readAll()).split('\n'))
        if (line.startsWith("Error"))
            faults << line;
    return faults.join('\n');
}

struct Shape {
    bool sheared = false, flipped = false;
};

} // namespace

class TestRoundTrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void grids_data();
    void grids();
    void sourceSeriesIsTakenOver();
    void emptyMasks();
    void oneVoxel();
    void twoHundredSegments();
    void masksWithoutSegmentsAreRefused();
    void reportSaysWhatWasMeasured();
    void segmentDetailsAreKept();
    void publishedMasksGoOutAgain_data();
    void publishedMasksGoOutAgain();

private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    void check(const LabelMap& labels, const DicomSource& source);
    QTemporaryDir m_folder;
};

void TestRoundTrip::check(const LabelMap& labels, const DicomSource& source)
{
    const ObjectContent content{labels, source, "Ärztin^Ada"};
    for (const bool asContours : {false, true}) {
        const std::string file = path(asContours ? "rt.dcm" : "seg.dcm");
        const auto written = asContours ? writeStructureSet(file, content) : writeSegmentation(file, content);
        QVERIFY2(written, written ? "" : written.error().detail.c_str());
        const auto readBack = readMaskFile(file, labels.geometry());
        QVERIFY2(readBack, readBack ? "" : readBack.error().detail.c_str());
        QVERIFY2(sameVoxels(labels, *readBack), file.c_str());
        const auto &before = labels.segments().segments(), &after = readBack->segments().segments();
        for (std::size_t n = 0; n < before.size(); ++n) {
            QCOMPARE(after[n].name, before[n].name);
            QVERIFY(after[n].colour == before[n].colour);
        }
        QCOMPARE(faultsOf(file), QString());
    }
}

void TestRoundTrip::grids_data()
{
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<int>("layers");
    QTest::newRow("oblique") << Shape{} << 1;
    QTest::newRow("tilted") << Shape{true, false} << 1;
    QTest::newRow("flipped, overlapping") << Shape{false, true} << 3;
}

void TestRoundTrip::grids()
{
    QFETCH(Shape, shape);
    QFETCH(int, layers);
    std::mt19937 random(17);
    const VolumeGeometry grid =
        randomGrid(random, {37, 23, 9}, {shape.sheared, shape.flipped}); // frames within bytes
    const LabelMap labels = randomMask(random, grid, 5, layers);
    check(labels, bareSource(grid));
}

void TestRoundTrip::sourceSeriesIsTakenOver()
{
    std::mt19937 random(19);
    const VolumeGeometry grid = randomGrid(random, {20, 18, 6});
    ImageInfo info;
    info.modality = "CT";
    info.patientName = "Müller^Jürgen";
    info.patientId = "4711";
    info.studyUid = "2.25.100";
    info.seriesUid = "2.25.200";
    info.frameOfReferenceUid = "2.25.300";
    const auto files = writeDicomSeries(path("series"), randomVolume<std::int16_t>(random, grid), info);
    QVERIFY(files);
    const auto scan = scanPaths(*files);
    QVERIFY(scan && scan->series.size() == 1);
    const auto source = dicomSourceOf(scan->series.front());
    QVERIFY(source);
    QVERIFY(source->notes.empty());
    QCOMPARE(source->slices.size(), std::size_t{6});
    check(randomMask(random, scan->series.front().geometry, 3, 2), *source);

    const auto masks = scanPaths({path("series"), path("seg.dcm"), path("rt.dcm")});
    QVERIFY(masks);
    QCOMPARE(masks->masks.size(), std::size_t{2});
    for (const MaskFile& mask : masks->masks)
        QCOMPARE(mask.referencedSeriesUid, info.seriesUid);
    QProcess dump;
    dump.start("dcmdump", {"+P", "0010,0010", "+P", "0020,000d", "+P", "0020,0052",
                           QString::fromStdString(path("seg.dcm"))});
    if (dump.waitForFinished()) {
        const QString text = QString::fromUtf8(dump.readAll());
        QVERIFY2(text.contains("Müller^Jürgen") && text.contains("[2.25.100]") && text.contains("[2.25.300]"),
                 qPrintable(text));
    }
}

void TestRoundTrip::emptyMasks()
{
    std::mt19937 random(23);
    const VolumeGeometry grid = randomGrid(random, {12, 11, 4});
    LabelMap labels(grid);
    labels.segments().add("nothing");
    labels.segments().add("nothing either");
    check(labels, bareSource(grid));
    labels.ensureLayers(1);
    labels.writableLayer(0)[grid.offset({3, 3, 1})] = 2;
    check(labels, bareSource(grid));
}

void TestRoundTrip::oneVoxel()
{
    std::mt19937 random(29);
    const VolumeGeometry grid = randomGrid(random, {3, 5, 1});
    for (const Index3& index : {Index3{0, 0, 0}, Index3{2, 4, 0}, Index3{1, 2, 0}}) {
        LabelMap labels(grid);
        labels.ensureLayers(1);
        labels.writableLayer(0)[grid.offset(index)] = labels.segments().add("a point");
        check(labels, bareSource(grid));
    }
}

void TestRoundTrip::twoHundredSegments()
{
    std::mt19937 random(31);
    const VolumeGeometry grid = randomGrid(random, {64, 60, 30});
    LabelMap labels(grid);
    labels.ensureLayers(2);
    for (int n = 0; n < 200; ++n) {
        const SegmentNumber number = labels.segments().add("Segment " + std::to_string(n), n % 2);
        const auto voxels = labels.writableLayer(n % 2);
        for (std::size_t v = static_cast<std::size_t>(n); v < voxels.size(); v += 211)
            voxels[v] = number;
    }
    QElapsedTimer timer;
    timer.start();
    const auto written = writeSegmentation(path("many.dcm"), {labels, bareSource(grid)});
    QVERIFY(written);
    const auto writing = timer.restart();
    const auto readBack = readMaskFile(path("many.dcm"), grid);
    QVERIFY(readBack);
    qInfo("200 segments, %d frames: written in %lld ms, read in %lld ms", 200 * 30,
          static_cast<long long>(writing), static_cast<long long>(timer.elapsed()));
    QVERIFY(sameVoxels(labels, *readBack));
}

void TestRoundTrip::masksWithoutSegmentsAreRefused()
{
    VolumeGeometry grid;
    grid.size = {4, 4, 2};
    const LabelMap labels(grid);
    const DicomSource source = bareSource(grid);
    QCOMPARE(writeSegmentation(path("none.dcm"), {labels, source}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(writeStructureSet(path("none.dcm"), {labels, source}).error().code, ErrorCode::InvalidArgument);
}

void TestRoundTrip::reportSaysWhatWasMeasured()
{
    std::mt19937 random(37);
    const VolumeGeometry grid = randomGrid(random, {16, 14, 5});
    ImageInfo info;
    info.modality = "CT";
    info.patientName = "Case^Report";
    info.studyUid = "2.25.101";
    info.seriesUid = "2.25.201";
    info.frameOfReferenceUid = "2.25.301";
    const Volume image = randomVolume<std::int16_t>(random, grid, {1, -1000});
    const auto files = writeDicomSeries(path("measured"), image, info);
    const auto scan = scanPaths(*files);
    const auto source = dicomSourceOf(scan->series.front());
    LabelMap labels(scan->series.front().geometry);
    labels.ensureLayers(1);
    const SegmentNumber liver = labels.segments().add("Leber (größer)");
    labels.segments().add("empty one");
    double sum = 0;
    for (std::size_t v = 5; v < 25; ++v) {
        labels.writableLayer(0)[v] = liver;
        sum += image.valueAt(grid.indexAt(v));
    }
    const ObjectContent content{labels, *source, "Reader One"};
    const auto segmentation = writeSegmentation(path("measured.seg.dcm"), content);
    QVERIFY(segmentation);
    const auto measures = segmentMeasures(labels, image);
    const auto written = writeReport(path("report.dcm"), content, *segmentation, measures, "HU");
    QVERIFY2(written, written ? "" : written.error().detail.c_str());
    QCOMPARE(faultsOf(path("report.dcm")), QString());
    const auto groups = readMeasurementReport(path("report.dcm"));
    QVERIFY(groups);
    QCOMPARE(groups->size(), std::size_t{2});
    const ReportedGroup& group = groups->front();
    QCOMPARE(group.trackingId, std::string("Leber (größer)"));
    QCOMPARE(group.segment, 1);
    QCOMPARE(group.segmentationUid, segmentation->sopInstanceUid);
    QCOMPARE(group.numbers.size(), std::size_t{6});
    QVERIFY(std::abs(group.numbers[0].value - 20 * grid.voxelVolumeMm3()) < 1e-6 * group.numbers[0].value);
    QCOMPARE(group.numbers[1].value, 20.0);
    QVERIFY(std::abs(group.numbers[2].value - sum / 20) < 1e-9);
    QCOMPARE(group.numbers[2].derivation.meaning, std::string("Mean"));
    QCOMPARE((*groups)[1].numbers.size(), std::size_t{2}); // no intensity of nothing
}

void TestRoundTrip::segmentDetailsAreKept()
{
    std::mt19937 random(41);
    const VolumeGeometry grid = randomGrid(random, {8, 8, 3});
    LabelMap labels = randomMask(random, grid, 1);
    Segment segment = labels.segments().segments().front();
    segment.category = {"49755003", "SCT", "Morphologically Altered Structure"};
    segment.type = {"108369006", "SCT", "Neoplasm"};
    segment.typeModifier = {"7771000", "SCT", "Left"};
    segment.region = {"39607008", "SCT", "Lung"};
    segment.regionModifier = {"24028007", "SCT", "Right"};
    segment.description = "größer als zuvor";
    segment.algorithmType = "AUTOMATIC";
    segment.algorithmName = "model-3";
    segment.trackingId = "Lésion 1";
    segment.trackingUid = "2.25.99";
    segment.colour = {12, 200, 77};
    labels.segments().update(segment);
    QVERIFY(writeSegmentation(path("details.dcm"), {labels, bareSource(grid)}));
    const auto readBack = readMaskFile(path("details.dcm")); // on its own grid
    QVERIFY2(readBack, readBack ? "" : readBack.error().detail.c_str());
    Segment read = readBack->segments().segments().front();
    read.fileValue = segment.fileValue;
    QVERIFY(read == segment);
    QCOMPARE(faultsOf(path("details.dcm")), QString());
}

void TestRoundTrip::publishedMasksGoOutAgain_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("images");
    QTest::addColumn<QString>("mask");
    QTest::newRow("D03") << "D03_rt_utils"
                         << "mock_data"
                         << "mock_data/rt.dcm";
    QTest::newRow("D04, many ROIs around one slice") << "D04_dicompyler"
                                                     << "."
                                                     << "rtss.dcm";
    QTest::newRow("A06") << "A06_ibsi1_digital_phantom"
                         << "dicom_mirp/image"
                         << "dicom_mirp/mask/mask.dcm";
    for (const QString patient : {"STS_008", "STS_019", "STS_024", "STS_025", "STS_041", "STS_042"})
        for (const QString kind : {"CT", "MR_T1", "PET"})
            QTest::addRow("A03 %s %s", qPrintable(patient), qPrintable(kind))
                << "A03_ibsi_sts" << patient + "/" + kind + "/image" << patient + "/" + kind + "/mask/RS.dcm";
}

// A mask that was drawn elsewhere comes back exactly from a structure set and from a segmentation of ours.
void TestRoundTrip::publishedMasksGoOutAgain()
{
    QFETCH(QString, set);
    QFETCH(QString, images);
    QFETCH(QString, mask);
    const auto folder =
        set.startsWith("A03") ? unpackedData(set.toStdString()) : sharedData(set.toStdString());
    if (!folder)
        QSKIP("the published data is not there");
    const auto scan = scanPaths({*folder + "/" + images.toStdString()});
    QVERIFY(scan && !scan->series.empty());
    const SeriesEntry& entry = scan->series.front();
    const auto labels = readMaskFile(*folder + "/" + mask.toStdString(), entry.geometry);
    QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
    const auto counts = voxelCounts(*labels);
    QVERIFY(std::any_of(counts.begin(), counts.end(), [](std::int64_t n) { return n > 0; }));
    const auto source = dicomSourceOf(entry);
    QVERIFY(source);
    check(*labels, *source);
}

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "tst_round_trip.moc"
