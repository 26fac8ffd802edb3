// Published segmentations: equal to their publishers' voxels; damaged ones are refused.
#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/mask_file.h"
#include "core/io/plain/nrrd.h"
#include "core/io/series.h"
#include "tests/support/label_samples.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

using namespace annotomy;
using namespace annotomy::test;

namespace {

std::vector<char> bytesOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeBytes(const std::string& path, const std::vector<char>& bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Whether segment `name` of `labels` holds exactly the voxels that have `value` in the mask file `truth`.
void compare(const LabelMap& labels, const std::string& name, const std::string& truth, int value)
{
    const auto expected = readMaskFile(truth, labels.geometry());
    QVERIFY2(expected, expected ? "" : expected.error().detail.c_str());
    const Segment* segment = labels.segments().findByName(name);
    QVERIFY2(segment, name.c_str());
    std::int64_t differing = 0, voxels = 0;
    for (std::size_t v = 0; v < labels.geometry().voxelCount(); ++v) {
        const bool here = labels.layer(segment->layer)[v] == segment->number,
                   there = expected->layer(0)[v] == value;
        differing += here != there;
        voxels += there;
    }
    QCOMPARE(differing, std::int64_t{0});
    QVERIFY(voxels > 0);
}

} // namespace

class TestDicomSeg : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dcmqisSegmentations();
    void frameThatIsNoWholeBytes();
    void labelMaps();
    void everyTransferSyntax_data();
    void everyTransferSyntax();
    void fractionalOnOneOfThreeTimes();
    void placedWhateverTheOrderOfAxes();
    void otherGridsAreRefused();
    void damagedFilesNeverCrash();
};

void TestDicomSeg::dcmqisSegmentations()
{
    const auto data = sharedData("D01_dcmqi");
    if (!data)
        QSKIP("the published data is not there");
    const std::string folder = *data + "/segmentations/";
    const auto scan = scanPaths({folder + "ct-3slice"});
    QVERIFY(scan && scan->series.size() == 1);
    const VolumeGeometry grid = scan->series.front().geometry;
    const auto liver = readMaskFile(folder + "liver.dcm", grid);
    QVERIFY2(liver, liver ? "" : liver.error().detail.c_str());
    compare(*liver, "Liver", folder + "liver_seg.nrrd", 1);
    QCOMPARE(liver->segments().segments().front().type.meaning, std::string("Liver"));
    QCOMPARE(liver->segments().segments().front().algorithmType, std::string("SEMIAUTOMATIC"));
    const auto own = readMaskFile(folder + "liver.dcm");
    QVERIFY(own && sameVoxels(*own, *liver));

    const auto overlaps = readMaskFile(folder + "partial_overlaps.dcm", grid);
    QVERIFY(overlaps);
    QCOMPARE(overlaps->segments().segments().size(), std::size_t{5});
    QVERIFY(overlaps->layerCount() > 1);
    const auto first = folder + "partial_overlaps-1.nrrd", second = folder + "partial_overlaps-2.nrrd",
               third = folder + "partial_overlaps-3.nrrd";
    for (const auto& [name, file, value] : {std::tuple("GREEN", first, 1),
                                            {"ORANGE", second, 2},
                                            {"PURPLE", third, 3},
                                            {"LIGHT_BLUE", first, 4},
                                            {"DARK_BLUE", first, 5}})
        compare(*overlaps, name, file, value);

    const auto report = scanPaths({folder});
    QVERIFY(report);
    QVERIFY(std::any_of(report->masks.begin(), report->masks.end(), [&](const MaskFile& mask) {
        return mask.format == "dicom-seg" && mask.path.ends_with("/liver.dcm") &&
               mask.referencedSeriesUid == scan->series.front().info.seriesUid;
    }));
}

void TestDicomSeg::frameThatIsNoWholeBytes()
{
    const auto data = sharedData("D01_dcmqi"), phantom = sharedData("D07_seg_bitpacking");
    if (!data || !phantom)
        QSKIP("the published data is not there");
    for (const char* size : {"23x38x3", "24x38x3"}) {
        const std::string folder = *data + "/segmentations/" + size;
        const auto labels = readMaskFile(folder + "/seg/label.seg");
        QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
        compare(*labels, "Liver", folder + "/nrrd/label.nrrd", 1);
    }
    const auto labels = readMaskFile(*phantom + "/data_5/mask/mask.dcm");
    QVERIFY(labels);
    compare(*labels, "Liver", *data + "/segmentations/23x38x3/nrrd/label.nrrd", 1);
    for (int k = 0; k < 3; ++k)
        for (const int i : {0, 22})
            for (const int j : {0, 37})
                QCOMPARE(labels->labelAt(0, {i, j, k}), 1);
}

// The slices of the label maps that have no frame are background; dcmqi's truth fills one with its padding
// value.
void TestDicomSeg::labelMaps()
{
    const auto data = sharedData("D01_dcmqi");
    if (!data)
        QSKIP("the published data is not there");
    const std::string folder = *data + "/segmentations/";
    for (const std::string name : {"noppv", "ppv5"}) {
        const auto truth = readNrrd(folder + "sparse_labelmap_" + name + "_seg.nrrd");
        QVERIFY(truth);
        const auto labels = readMaskFile(folder + "sparse-labelmap-" + name + ".dcm", truth->geometry());
        QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
        QCOMPARE(labels->segments().segments().size(), std::size_t{1});
        compare(*labels, "Liver", folder + "sparse_labelmap_" + name + "_seg.nrrd", 1);
    }
}

void TestDicomSeg::everyTransferSyntax_data()
{
    QTest::addColumn<QString>("file");
    for (const char* file :
         {"liver", "liver_expb", "liver_rle", "liver_deflate", "liver_j2k", "liver_nonbyte_aligned",
          "liver_nonbyte_aligned_rle", "liver_nonbyte_aligned_deflate", "liver_nonbyte_aligned_j2k"})
        QTest::newRow(file) << QString::fromLatin1(file);
}

void TestDicomSeg::everyTransferSyntax()
{
    QFETCH(QString, file);
    const auto data = sharedData("C02_pydicom_data"), truth = sharedData("D01_dcmqi");
    if (!data || !truth)
        QSKIP("the published data is not there");
    const auto labels = readMaskFile(*data + "/" + file.toStdString() + ".dcm");
    QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
    QCOMPARE(voxelCounts(*labels)[1], std::int64_t{107098}); // as pydicom counts them in those it reads
    if (file.contains("nonbyte")) {
        const auto whole = readMaskFile(*data + "/liver_nonbyte_aligned.dcm");
        QVERIFY(whole && sameVoxels(*whole, *labels));
    } else {
        compare(*labels, "Liver", *truth + "/segmentations/liver_seg.nrrd", 1);
    }
}

void TestDicomSeg::fractionalOnOneOfThreeTimes()
{
    const auto data = unpackedData("A07_ucsf_br06");
    if (!data)
        QSKIP("the published data is not there");
    std::string mask;
    for (const auto& file : fs::recursive_directory_iterator(*data))
        if (file.path().filename() == "1-1.dcm" && file.path().parent_path().filename() == "mask")
            mask = file.path().string();
    const auto scan = scanPaths({*data});
    QVERIFY(scan && !scan->series.empty());
    QCOMPARE(scan->masks.size(), std::size_t{1}); // it names no series: its place tells whose it is
    const MaskFile& told = scan->masks.front();
    QVERIFY(told.referencedSeriesUid.empty() && told.firstPlane);
    QCOMPARE(told.patientId, scan->series.front().info.patientId);
    const Vec3 at = scan->series.front().geometry.indexFromPatient(told.firstPlane->origin);
    QVERIFY(std::abs(at[2] - std::round(at[2])) < 1e-3 && length(Vec3{at[0], at[1], 0}) < 1e-3);
    const auto labels = readMaskFile(mask, scan->series.front().geometry);
    QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
    QCOMPARE(voxelCounts(*labels)[1], std::int64_t{82527});
    QCOMPARE(labels->segments().segments().front().name, std::string("Breast"));
    const auto own = readMaskFile(mask);
    QVERIFY2(own, own ? "" : own.error().detail.c_str());
    QCOMPARE(own->geometry().size[2], 42);
    QCOMPARE(voxelCounts(*own)[1], std::int64_t{82527});
}

// The same voxels, whichever way the grid runs.
void TestDicomSeg::placedWhateverTheOrderOfAxes()
{
    const auto data = sharedData("D01_dcmqi");
    if (!data)
        QSKIP("the published data is not there");
    const std::string path = *data + "/segmentations/23x38x3/seg/label.seg";
    const auto own = readMaskFile(path);
    QVERIFY(own);
    const VolumeGeometry& g = own->geometry();
    VolumeGeometry turned; // (i, j, k) of the new grid is (k, last - i, j) of the old one
    turned.size = {g.size[2], g.size[0], g.size[1]};
    turned.spacing = {g.spacing[2], g.spacing[0], g.spacing[1]};
    turned.origin = g.patientFromIndex({g.size[0] - 1.0, 0, 0});
    turned.direction = fromColumns(g.axis(2), -1.0 * g.axis(0), g.axis(1));
    const auto labels = readMaskFile(path, turned);
    QVERIFY2(labels, labels ? "" : labels.error().detail.c_str());
    for (std::size_t v = 0; v < g.voxelCount(); ++v) {
        const Index3 at = g.indexAt(v);
        QCOMPARE(labels->labelAt(0, {at[2], g.size[0] - 1 - at[0], at[1]}), own->labelAt(0, at));
    }
    VolumeGeometry larger = g; // more slices, rows and columns than there are frames
    larger.size = {g.size[0] + 2, g.size[1] + 1, g.size[2] + 3};
    larger.origin = g.patientFromIndex({-1, 0, -2});
    const auto within = readMaskFile(path, larger);
    QVERIFY(within);
    QCOMPARE(voxelCounts(*within), voxelCounts(*own));
    QCOMPARE(within->labelAt(0, {1, 0, 2}), 1); // a corner pixel of the phantom
}

void TestDicomSeg::otherGridsAreRefused()
{
    const auto data = sharedData("D01_dcmqi");
    if (!data)
        QSKIP("the published data is not there");
    const std::string path = *data + "/segmentations/liver.dcm";
    const VolumeGeometry own = readMaskFile(path)->geometry();
    VolumeGeometry coarser = own, shifted = own, fewer = own;
    coarser.spacing[0] *= 2;
    shifted.origin[1] += 0.3 * own.spacing[1];
    fewer.size[2] = 1;
    for (const VolumeGeometry& grid : {coarser, shifted, fewer}) {
        const auto labels = readMaskFile(path, grid);
        QVERIFY(!labels);
        QCOMPARE(labels.error().code, ErrorCode::GeometryMismatch);
        QVERIFY(labels.error().detail.find("frame ") != std::string::npos);
    }
}

void TestDicomSeg::damagedFilesNeverCrash()
{
    const auto data = sharedData("D01_dcmqi"), encoded = sharedData("C02_pydicom_data");
    if (!data || !encoded)
        QSKIP("the published data is not there");
    QTemporaryDir folder;
    const std::string path = folder.filePath("damaged.dcm").toStdString();
    std::mt19937 random(3);
    for (const std::string& whole :
         {*data + "/segmentations/23x38x3/seg/label.seg", *encoded + "/liver_rle.dcm",
          *encoded + "/liver_deflate.dcm", *data + "/segmentations/sparse-labelmap-ppv5.dcm"}) {
        const std::vector<char> bytes = bytesOf(whole);
        for (std::size_t n = 0; n < 40; ++n) {
            writeBytes(path,
                       {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * n / 40)});
            if (const auto labels = readMaskFile(path); !labels)
                QVERIFY(!labels.error().detail.empty());
        }
        for (int n = 0; n < 100; ++n) {
            std::vector<char> flipped = bytes;
            for (int f = 0; f < 4; ++f)
                flipped[random() % flipped.size()] = static_cast<char>(random());
            writeBytes(path, flipped);
            (void)readMaskFile(path);
        }
    }
}

QTEST_GUILESS_MAIN(TestDicomSeg)
#include "tst_dicom_seg.moc"
