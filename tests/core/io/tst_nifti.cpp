#include "core/io/plain/nifti.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

std::string pathIn(const QTemporaryDir& folder, const char* name)
{
    return folder.filePath(name).toStdString();
}

std::string bytesOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeBytes(const std::string& path, const std::string& bytes)
{
    std::filesystem::remove(path); // rewriting in place would make some file systems flush
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace

class TestNifti : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTripKeepsGridAndVoxels_data();
    void roundTripKeepsGridAndVoxels();
    void longAxesAreWrittenAsNifti2();
    void hippocampusImageAndLabelShareTheirGrid();
    void refusals_data();
    void refusals();
    void timePointsAreVolumes();
    void coloursAreReadAsLuminance();
    void headerImagePairIsRead();
    void voxelSizesHaveNoSign();
    void compressedFilesAreKnownByTheirContent();
    void otherFilesAreNamed();
    void cutFilesAreTruncated();
    void flippedBytesNeverCrash();
    void cancelledWriteLeavesNoFile();
};

void TestNifti::roundTripKeepsGridAndVoxels_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("flipped");
    QTest::addColumn<QString>("name");
    for (const char* name : {"a.nii", "a.nii.gz"}) {
        QTest::addRow("oblique %s", name) << false << false << name;
        QTest::addRow("sheared %s", name) << true << false << name;
        QTest::addRow("flipped %s", name) << false << true << name;
        QTest::addRow("sheared and flipped %s", name) << true << true << name;
    }
}

void TestNifti::roundTripKeepsGridAndVoxels()
{
    QFETCH(bool, sheared);
    QFETCH(bool, flipped);
    QFETCH(QString, name);
    const QTemporaryDir folder;
    const std::string path = folder.filePath(name).toStdString();
    std::mt19937 random(3);
    const VolumeGeometry grid = randomGrid(random, {7, 5, 9}, {sheared, flipped});
    const auto check = [&](const Volume& volume) {
        QVERIFY(writeNifti(path, volume));
        const auto read = readNifti(path);
        QVERIFY(read.has_value());
        QVERIFY(sameGrid(read->geometry(), grid));
        QVERIFY(sameBytes(*read, volume));
        QCOMPARE(read->rescale().slope, volume.rescale().slope);
        QCOMPARE(read->rescale().intercept, volume.rescale().intercept);
    };
    check(randomVolume<std::int16_t>(random, grid, {2, -1024}));
    check(randomVolume<std::uint8_t>(random, grid));
    check(randomVolume<std::uint16_t>(random, grid));
    check(randomVolume<std::int32_t>(random, grid));
    check(randomVolume<float>(random, grid));
}

void TestNifti::longAxesAreWrittenAsNifti2()
{
    const QTemporaryDir folder;
    const std::string path = pathIn(folder, "long.nii.gz");
    std::mt19937 random(4);
    const VolumeGeometry grid = randomGrid(random, {40000, 2, 1});
    const Volume volume = randomVolume<std::int16_t>(random, grid);
    QVERIFY(writeNifti(path, volume));
    const auto read = readNifti(path);
    QVERIFY(read.has_value());
    QCOMPARE(read->geometry().size, grid.size);
    QVERIFY(sameBytes(*read, volume));
}

void TestNifti::hippocampusImageAndLabelShareTheirGrid()
{
    const auto data = sharedData("A01_msd_hippocampus");
    if (!data)
        QSKIP("A01_msd_hippocampus is not here");
    int pairs = 0;
    for (const auto& file : std::filesystem::directory_iterator(*data + "/labels")) {
        const std::string label = file.path().string();
        const std::string image = *data + "/images/" + file.path().filename().string();
        if (!label.ends_with(".nii.gz") || !std::filesystem::exists(image) || pairs == 20)
            continue;
        const auto a = scanNifti(image), b = scanNifti(label);
        QVERIFY(a && b);
        QVERIFY(sameGrid(a->geometry, b->geometry));
        QVERIFY(readNifti(image).has_value());
        ++pairs;
    }
    QCOMPARE(pairs, 20);
}

void TestNifti::refusals_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::newRow("complex") << "complex";
}

void TestNifti::refusals()
{
    QFETCH(QString, suffix);
    const auto data = sharedData("A11_niivue_flair_lesion");
    if (!data)
        QSKIP("A11_niivue_flair_lesion is not here");
    for (const auto& file : std::filesystem::directory_iterator(*data)) {
        if (!QString::fromStdString(file.path().filename().string()).contains(suffix))
            continue;
        const auto read = readNifti(file.path().string());
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY(!read.error().detail.empty());
        return;
    }
    QSKIP("no such file in A11_niivue_flair_lesion");
}

void TestNifti::timePointsAreVolumes()
{
    const QTemporaryDir folder;
    std::mt19937 random(6);
    const VolumeGeometry grid = randomGrid(random, {4, 3, 2});
    std::vector<Volume> volumes;
    for (int time = 0; time < 3; ++time)
        volumes.push_back(randomVolume<std::int16_t>(random, grid, {0.5, -3}));
    for (const char* name : {"four.nii", "four.nii.gz"}) {
        const std::string path = pathIn(folder, name);
        QVERIFY(writeNifti(path, std::span<const Volume>(volumes)));
        QCOMPARE(readNifti(path).error().code, ErrorCode::Unsupported);
        QCOMPARE(readNifti(path, 3).error().code, ErrorCode::NotFound);
        const auto scan = scanPaths({path});
        QVERIFY(scan && scan->series.size() == 3);
        for (std::size_t time = 0; time < 3; ++time) {
            const auto read = readSeries(scan->series[time]);
            QVERIFY(read && sameBytes(*read, volumes[time]) && sameGrid(read->geometry(), grid));
            QCOMPARE(read->rescale(), volumes[time].rescale());
        }
        QVERIFY(scan->series[0].contentKey != scan->series[1].contentKey);
        QCOMPARE(scan->series[0].sequence.key, scan->series[2].sequence.key);
        QCOMPARE(scan->series[2].sequence.index, 2);
        QCOMPARE(scan->series[2].sequence.count, 3);
    }
    volumes[1] = randomVolume<std::uint8_t>(random, grid);
    QCOMPARE(writeNifti(pathIn(folder, "mixed.nii"), std::span<const Volume>(volumes)).error().code,
             ErrorCode::InvalidArgument);
}

void TestNifti::coloursAreReadAsLuminance()
{
    const QTemporaryDir folder;
    const std::string path = pathIn(folder, "colour.nii");
    std::mt19937 random(7);
    QVERIFY(writeNifti(path, randomVolume<std::uint8_t>(random, randomGrid(random, {2, 2, 1}))));
    std::string bytes = bytesOf(path);
    bytes[70] = static_cast<char>(128); // RGB24
    bytes[72] = 24;
    bytes.resize(352);
    bytes += std::string("\xff\0\0", 3) + std::string("\0\xff\0", 3) + std::string("\0\0\xff", 3) + "\x10\x10\x10";
    writeBytes(path, bytes);
    const auto scan = scanPaths({path});
    QVERIFY(scan && scan->series.size() == 1);
    QCOMPARE(scan->series[0].info.warnings.front().code, std::string("colour"));
    const auto read = readSeries(scan->series[0]);
    QVERIFY(read.has_value());
    const auto voxels = read->voxels<std::uint8_t>();
    const std::vector<int> found(voxels.begin(), voxels.end());
    QCOMPARE(found, (std::vector<int>{76, 150, 29, 16}));
    const auto rgb = std::as_bytes(std::span(bytes)).subspan(352);
    QVERIFY(std::equal(rgb.begin(), rgb.end(), read->colours().rgb.begin(), read->colours().rgb.end()));
    bytes[70] = 0;
    bytes[71] = 9; // RGBA32
    bytes[72] = 32;
    bytes.resize(352);
    bytes += std::string("\1\2\3\xff\4\5\6\xff\7\x8\x9\xff\xa\xb\xc\xff", 16);
    writeBytes(path, bytes);
    const auto clear = readNifti(path);
    QVERIFY(clear.has_value());
    for (std::size_t n = 0; n < 12; ++n)
        QCOMPARE(std::to_integer<std::size_t>(clear->colours().rgb[n]), n + 1);
}

void TestNifti::headerImagePairIsRead()
{
    const QTemporaryDir folder;
    std::mt19937 random(5);
    const VolumeGeometry grid = randomGrid(random, {4, 3, 2});
    const Volume volume = randomVolume<std::int16_t>(random, grid);
    QVERIFY(writeNifti(pathIn(folder, "one.nii"), volume));
    const std::string bytes = bytesOf(pathIn(folder, "one.nii"));
    std::string header = bytes.substr(0, 348);
    header.replace(344, 3, "ni1");
    header.replace(108, 4, std::string(4, '\0')); // vox_offset
    writeBytes(pathIn(folder, "pair.hdr"), header);
    writeBytes(pathIn(folder, "pair.img"), bytes.substr(352));
    const auto scan = scanPaths({pathIn(folder, "pair.img")}); // either of the two may be named
    QVERIFY(scan && scan->series.size() == 1);
    QCOMPARE(scan->series[0].files.front(), pathIn(folder, "pair.hdr"));
    const auto read = readNifti(pathIn(folder, "pair.hdr"));
    QVERIFY(read.has_value());
    QVERIFY(sameBytes(*read, volume));
    QVERIFY(sameGrid(read->geometry(), grid));
}

void TestNifti::voxelSizesHaveNoSign()
{
    const QTemporaryDir folder;
    const std::string path = pathIn(folder, "signed.nii");
    std::mt19937 random(9);
    const VolumeGeometry grid = randomGrid(random, {4, 3, 2});
    QVERIFY(writeNifti(path, randomVolume<std::int16_t>(random, grid)));
    std::string bytes = bytesOf(path);
    bytes.replace(254, 2, std::string(2, '\0'));       // sform_code
    for (const std::size_t highByte : {83U, 87U, 91U}) // of pixdim[1..3]
        bytes[highByte] = static_cast<char>(bytes[highByte] | 0x80);
    writeBytes(path, bytes);
    const auto read = readNifti(path);
    QVERIFY(read.has_value());
    QVERIFY(sameGrid(read->geometry(), grid));
}

void TestNifti::compressedFilesAreKnownByTheirContent()
{
    const QTemporaryDir folder;
    std::mt19937 random(10);
    QVERIFY(writeNifti(pathIn(folder, "one.nii.gz"),
                       randomVolume<std::int16_t>(random, randomGrid(random, {9, 8, 7}))));
    std::filesystem::rename(pathIn(folder, "one.nii.gz"), pathIn(folder, "one.nii"));
    const auto scan = scanPaths({pathIn(folder, "one.nii")});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->series.size(), std::size_t{1});
}

void TestNifti::otherFilesAreNamed()
{
    const QTemporaryDir folder;
    writeBytes(pathIn(folder, "old.hdr"), std::string("\x5c\x01\0\0", 4) + std::string(344, '\0'));
    writeBytes(pathIn(folder, "old.img"), std::string(100, '\0'));
    writeBytes(pathIn(folder, "a.zip"), "PK\x03\x04 and more");
    for (const auto& [name, word] : {std::pair("old.hdr", "Analyze"), std::pair("old.img", "Analyze"),
                                     std::pair("a.zip", "unpack")}) {
        const auto scan = scanPaths({pathIn(folder, name)});
        QVERIFY2(!scan, name);
        QCOMPARE(scan.error().code, ErrorCode::Unsupported);
        QVERIFY2(scan.error().detail.find(word) != std::string::npos, scan.error().detail.c_str());
    }
}

void TestNifti::cutFilesAreTruncated()
{
    const QTemporaryDir folder;
    std::mt19937 random(6);
    const Volume volume = randomVolume<std::int16_t>(random, randomGrid(random, {20, 20, 20}));
    for (const char* name : {"cut.nii", "cut.nii.gz"}) {
        const std::string path = pathIn(folder, name);
        QVERIFY(writeNifti(path, volume));
        const std::string bytes = bytesOf(path);
        writeBytes(path, bytes.substr(0, bytes.size() / 2));
        const auto read = readNifti(path);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Truncated);
        QCOMPARE(read.error().subject, path);
    }
}

void TestNifti::flippedBytesNeverCrash()
{
    const QTemporaryDir folder;
    std::mt19937 random(7);
    const std::string path = pathIn(folder, "damaged.nii");
    QVERIFY(writeNifti(path, randomVolume<std::int16_t>(random, randomGrid(random, {5, 6, 7}))));
    const std::string bytes = bytesOf(path);
    std::uniform_int_distribution<std::size_t> where(0, 351);
    std::uniform_int_distribution<int> value(0, 255);
    for (int n = 0; n < 2000; ++n) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 3; ++flips)
            damaged[where(random)] = static_cast<char>(value(random));
        writeBytes(path, damaged);
        const auto read = readNifti(path);
        if (read) {
            QVERIFY(isPlausible(read->geometry()));
        }
    }
}

void TestNifti::cancelledWriteLeavesNoFile()
{
    const QTemporaryDir folder;
    std::mt19937 random(8);
    std::stop_source source;
    source.request_stop();
    const auto written =
        writeNifti(pathIn(folder, "none.nii"),
                   randomVolume<std::int16_t>(random, randomGrid(random, {5, 6, 7})), source.get_token());
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Cancelled);
    QVERIFY(std::filesystem::is_empty(folder.path().toStdString()));
}

QTEST_APPLESS_MAIN(TestNifti)
#include "tst_nifti.moc"
