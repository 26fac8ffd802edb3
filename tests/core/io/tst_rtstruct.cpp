#include "core/io/masks/mask_file.h"
#include "core/io/masks/rtstruct.h"
#include "core/io/plain/nifti.h"
#include "core/io/series.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

using namespace annotomy;
using namespace annotomy::test;

namespace {

// A closed polygon on slice k, given in index coordinates.
RtContour contourOn(const VolumeGeometry& grid, double k, const std::vector<std::array<double, 2>>& points)
{
    RtContour contour;
    for (const auto& p : points)
        contour.points.push_back(grid.patientFromIndex({p[0], p[1], k}));
    return contour;
}

RtStructureSet oneRoi(std::vector<RtContour> contours)
{
    RtStructureSet structures;
    RtRoi roi;
    roi.number = 7;
    roi.name = "target";
    roi.contours = std::move(contours);
    structures.rois.push_back(std::move(roi));
    return structures;
}

double dice(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b)
{
    std::int64_t both = 0, sum = 0;
    for (std::size_t v = 0; v < a.size(); ++v) {
        both += (a[v] != 0) && (b[v] != 0);
        sum += (a[v] != 0) + (b[v] != 0);
    }
    return sum == 0 ? 0 : 2.0 * static_cast<double>(both) / static_cast<double>(sum);
}

// The publisher's rasterisation of the contours, as labels.
std::optional<LabelMap> publishedMask(const fs::path& folder, const std::string& modality)
{
    for (const auto& file : fs::directory_iterator(folder)) {
        const std::string name = file.path().filename().string();
        if (name.find(modality) != std::string::npos && name.find("mask") != std::string::npos)
            if (auto labels = readMaskFile(file.path().string()))
                return *labels;
    }
    return std::nullopt;
}

} // namespace

class TestRtstruct : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rectangleHoldsTheCentresInside_data();
    void rectangleHoldsTheCentresInside();
    void holesAreLeftOut();
    void overlappingRoisTakeFurtherLayers();
    void contoursOffTheGridAreRefused();
    void contoursOfThinnerSlicesCutNoHoles();
    void planesMidwayBetweenSlicesKeepTheirOrder();
    void roiDrawnElsewhereIsListedEmptyOrClipped();
    void publishedContoursMatchPublishedMasks_data();
    void publishedContoursMatchPublishedMasks();
    void damagedFilesNeverCrash();
};

void TestRtstruct::rectangleHoldsTheCentresInside_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("flipped");
    QTest::newRow("oblique") << false << false;
    QTest::newRow("tilted") << true << false;
    QTest::newRow("flipped") << false << true;
}

void TestRtstruct::rectangleHoldsTheCentresInside()
{
    QFETCH(bool, sheared);
    QFETCH(bool, flipped);
    std::mt19937 random(11);
    const VolumeGeometry grid = randomGrid(random, {12, 10, 5}, {sheared, flipped});
    const auto labels =
        rasterised(oneRoi({contourOn(grid, 2, {{2.5, 3.5}, {7.5, 3.5}, {7.5, 6.5}, {2.5, 6.5}})}), grid);
    QVERIFY(labels.has_value());
    QCOMPARE(voxelCounts(*labels)[1], 15);
    QCOMPARE(boundingBox(*labels, 1), (IndexBox{{3, 4, 2}, {8, 7, 3}}));
    QCOMPARE(labels->segments().find(1)->name, std::string("target"));
}

void TestRtstruct::holesAreLeftOut()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 3};
    const auto labels =
        rasterised(oneRoi({contourOn(grid, 1, {{0.5, 0.5}, {8.5, 0.5}, {8.5, 8.5}, {0.5, 8.5}}),
                           contourOn(grid, 1, {{2.5, 2.5}, {5.5, 2.5}, {5.5, 5.5}, {2.5, 5.5}})}),
                   grid);
    QVERIFY(labels.has_value());
    QCOMPARE(voxelCounts(*labels)[1], 64 - 9);
    QCOMPARE(labels->labelAt(0, {4, 4, 1}), 0);
}

void TestRtstruct::overlappingRoisTakeFurtherLayers()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 3};
    RtStructureSet structures =
        oneRoi({contourOn(grid, 1, {{0.5, 0.5}, {4.5, 0.5}, {4.5, 4.5}, {0.5, 4.5}})});
    for (const double shift : {2.0, 6.0}) {
        RtRoi roi;
        roi.number = 10 + static_cast<int>(shift);
        roi.contours = {contourOn(
            grid, 1, {{0.5 + shift, 0.5}, {4.5 + shift, 0.5}, {4.5 + shift, 4.5}, {0.5 + shift, 4.5}})};
        structures.rois.push_back(roi);
    }
    const auto labels = rasterised(structures, grid);
    QVERIFY(labels.has_value());
    QCOMPARE(labels->segments().layerOf(1), 0);
    QCOMPARE(labels->segments().layerOf(2), 1);
    QCOMPARE(labels->segments().layerOf(3), 0);
    const auto counts = voxelCounts(*labels);
    QCOMPARE(counts[1], 16);
    QCOMPARE(counts[2], 16);
    QCOMPARE(counts[3], 16);
}

void TestRtstruct::contoursOffTheGridAreRefused()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 3};
    const auto off = rasterised(oneRoi({contourOn(grid, 2.8, {{1, 1}, {5, 1}, {5, 5}})}), grid);
    QVERIFY(!off);
    QCOMPARE(off.error().code, ErrorCode::GeometryMismatch);
    const auto beside = oneRoi({contourOn(grid, 1, {{21, 1}, {25, 1}, {25, 5}})}); // of another patient, perhaps
    QVERIFY(!rasterised(beside, grid));
    QCOMPARE(rasterised(beside, grid).error().code, ErrorCode::GeometryMismatch);
    QVERIFY(rasterised(oneRoi({contourOn(grid, 1, {{2.1, 2.1}, {2.3, 2.1}, {2.3, 2.3}})}), grid)); // between voxel centres
    RtContour steep = contourOn(grid, 0, {{1, 1}, {5, 1}, {5, 5}});
    steep.points[0][2] += 2;
    QCOMPARE(rasterised(oneRoi({steep}), grid).error().code, ErrorCode::GeometryMismatch);
}

void TestRtstruct::contoursOfThinnerSlicesCutNoHoles()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 3};
    std::vector<RtContour> contours; // a cone: three planes to a slice, the middle one at its centre
    for (int n = -1; n <= 7; ++n) {
        const double plane = n / 3.0, edge = 8.5 - 0.5 * n;
        contours.push_back(contourOn(grid, plane, {{0.5, 0.5}, {edge, 0.5}, {edge, 4.5}, {0.5, 4.5}}));
    }
    const auto labels = rasterised(oneRoi(contours), grid);
    QVERIFY(labels.has_value());
    QCOMPARE(voxelCounts(*labels)[1], 4 * (8 + 6 + 5)); // edges 8.5, 7 and 5.5
    QCOMPARE(labels->labelAt(0, {2, 2, 1}), 1);
}

void TestRtstruct::planesMidwayBetweenSlicesKeepTheirOrder()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 4};
    const double noise = 1e-6;
    std::vector<RtContour> contours;
    for (const double plane : {0.5 - noise, 1.5 + noise, 2.5 - noise})
        contours.push_back(contourOn(grid, plane, {{0.5, 0.5}, {4.5, 0.5}, {4.5, 4.5}, {0.5, 4.5}}));
    const auto labels = rasterised(oneRoi(contours), grid);
    QVERIFY(labels.has_value());
    QCOMPARE(boundingBox(*labels, 1), (IndexBox{{1, 1, 1}, {5, 5, 4}}));
}

void TestRtstruct::roiDrawnElsewhereIsListedEmptyOrClipped()
{
    VolumeGeometry grid;
    grid.size = {12, 10, 3};
    RtStructureSet structures = oneRoi({contourOn(grid, 40, {{1, 1}, {5, 1}, {5, 5}})});
    RtRoi here;
    here.number = 8;
    here.name = "here";
    here.contours = {contourOn(grid, 1, {{0.5, 0.5}, {4.5, 0.5}, {4.5, 4.5}, {0.5, 4.5}})};
    structures.rois.push_back(here);
    const auto labels = rasterised(structures, grid);
    QVERIFY(labels.has_value());
    QCOMPARE(labels->segments().find(1)->name, std::string("target"));
    QCOMPARE(voxelCounts(*labels)[1], 0);
    QCOMPARE(voxelCounts(*labels)[2], 16);
    structures.rois[1].contours.push_back(contourOn(grid, 40, {{1, 1}, {5, 1}, {5, 5}}));
    structures.rois[1].contours.push_back(contourOn(grid, 2, {{-3, 0.5}, {1.5, 0.5}, {1.5, 4.5}, {-3, 4.5}}));
    std::vector<std::string> notes;
    const auto clipped = rasterised(structures, grid, {}, {}, &notes);
    QVERIFY(clipped.has_value());
    QCOMPARE(voxelCounts(*clipped)[2], 16 + 8);
    QCOMPARE(notes.size(), std::size_t{3});
    QVERIFY(notes[0].find("\"target\": drawn wholly outside") != std::string::npos);
    QVERIFY(notes[1].find("\"here\": 1 contour of 3 outside") != std::string::npos);
    QVERIFY(notes[2].find("\"here\": 1 contour clipped") != std::string::npos);
}

void TestRtstruct::publishedContoursMatchPublishedMasks_data()
{
    QTest::addColumn<QString>("patient");
    QTest::addColumn<QString>("modality");
    for (const char* patient : {"STS_008", "STS_019", "STS_024", "STS_025", "STS_041", "STS_042"})
        for (const char* modality : {"CT", "MR_T1"})
            QTest::addRow("%s %s", patient, modality) << patient << modality;
}

void TestRtstruct::publishedContoursMatchPublishedMasks()
{
    QFETCH(QString, patient);
    QFETCH(QString, modality);
    const auto packed = sharedData("A03_ibsi_sts"), unpacked = unpackedData("A03_ibsi_sts");
    if (!packed || !unpacked)
        QSKIP("A03_ibsi_sts is not here");
    const fs::path series = fs::path(*unpacked) / patient.toStdString() / modality.toStdString();
    const auto reference =
        publishedMask(fs::path(*packed) / "nifti" / patient.toStdString(), modality.toStdString());
    if (!reference)
        QSKIP("no published mask of this modality");
    const auto scan = scanPaths({series.string()});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{1});
    QCOMPARE(scan->masks.size(), std::size_t{1});
    QCOMPARE(scan->masks[0].referencedSeriesUid, scan->series[0].info.seriesUid);
    // The published grid has its rows the other way round: bring the contours onto it directly.
    const auto labels = readMaskFile(scan->masks[0].path, reference->geometry());
    QVERIFY2(labels.has_value(), labels ? "" : labels.error().detail.c_str());
    const Segment* mass = labels->segments().findByName("GTV_Mass_" + modality.toStdString());
    QVERIFY(mass);
    QVERIFY(dice(labels->layer(mass->layer), reference->layer(0)) >= 0.995);
    const auto onSeries = readMaskFile(scan->masks[0].path, scan->series[0].geometry);
    QVERIFY(onSeries.has_value());
    QCOMPARE(voxelCounts(*onSeries)[mass->number], voxelCounts(*labels)[mass->number]);
}

void TestRtstruct::damagedFilesNeverCrash()
{
    const auto unpacked = unpackedData("A03_ibsi_sts");
    if (!unpacked)
        QSKIP("A03_ibsi_sts is not here");
    std::ifstream file(*unpacked + "/STS_008/CT/mask/RS.dcm", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    QVERIFY(bytes.size() > 1000);
    const QTemporaryDir folder;
    const std::string path = folder.filePath("damaged.dcm").toStdString();
    std::mt19937 random(12);
    VolumeGeometry grid;
    grid.size = {20, 20, 20};
    for (int n = 0; n < 300; ++n) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 4; ++flips)
            damaged[random() % (n % 2 ? damaged.size() : 4096)] = static_cast<char>(random());
        if (n % 5 == 0)
            damaged.resize(random() % damaged.size());
        fs::remove(path);
        std::ofstream(path, std::ios::binary) << damaged;
        const auto structures = readRtStructureSet(path);
        if (structures) {
            const auto labels = rasterised(*structures, grid);
            QVERIFY(labels || !labels.error().detail.empty());
        }
    }
}

QTEST_APPLESS_MAIN(TestRtstruct)
#include "tst_rtstruct.moc"
