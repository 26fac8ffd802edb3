#include "core/io/masks/mask_file.h"
#include "core/io/plain/metaimage.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

const std::string header = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
                           "CompressedData = False\nTransformMatrix = 0 1 0 1 0 0 0 0 -1\nOffset = 10 20 30\n"
                           "ElementSpacing = 1 2 3\nDimSize = 2 2 1\nElementType = MET_SHORT\n";
const std::string voxels("\x01\x00\x02\x00\x03\x00\xff\xff", 8);

std::string written(const QTemporaryDir& folder, const std::string& bytes, const char* name = "a.mha")
{
    const std::string path = folder.filePath(name).toStdString();
    std::filesystem::remove(path);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

class TestMetaImage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTripKeepsGridAndVoxels_data();
    void roundTripKeepsGridAndVoxels();
    void masksGoOutAndIn();
    void axesStandOneAfterTheOther();
    void detachedVoxels();
    void contradictionsAreSaid();
    void colours();
    void refusals();
    void publishedFileIsRead();
    void flippedBytesNeverCrash();
};

void TestMetaImage::roundTripKeepsGridAndVoxels_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("flipped");
    QTest::newRow("oblique") << false << false;
    QTest::newRow("sheared") << true << false;
    QTest::newRow("flipped") << false << true;
}

void TestMetaImage::roundTripKeepsGridAndVoxels()
{
    QFETCH(bool, sheared);
    QFETCH(bool, flipped);
    const QTemporaryDir folder;
    std::mt19937 random(41);
    const VolumeGeometry grid = randomGrid(random, {7, 5, 9}, {sheared, flipped});
    for (const char* name : {"a.mha", "a.mhd"}) {
        const std::string path = folder.filePath(name).toStdString();
        for (const Volume& volume :
             {randomVolume<std::int16_t>(random, grid), randomVolume<std::uint8_t>(random, grid),
              randomVolume<std::int8_t>(random, grid), randomVolume<std::uint16_t>(random, grid),
              randomVolume<float>(random, grid), randomVolume<std::uint32_t>(random, grid),
              randomVolume<std::int32_t>(random, grid)}) {
            QVERIFY(writeMetaImage(path, volume));
            const auto read = readMetaImage(path);
            QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
            QVERIFY(sameGrid(read->geometry(), grid, 1e-9));
            QVERIFY(sameBytes(*read, volume));
        }
        const auto scan = scanPaths({path});
        QVERIFY(scan && scan->series.size() == 1 && scan->series[0].format == "metaimage");
        QVERIFY(readSeries(scan->series[0]).has_value());
    }
    const Volume rescaled = randomVolume<std::int16_t>(random, grid, {2, -1000});
    QVERIFY(writeMetaImage(folder.filePath("r.mha").toStdString(), rescaled));
    QCOMPARE(readMetaImage(folder.filePath("r.mha").toStdString())->valueAt({1, 2, 3}), rescaled.valueAt({1, 2, 3}));
}

void TestMetaImage::masksGoOutAndIn()
{
    const QTemporaryDir folder;
    std::mt19937 random(42);
    const VolumeGeometry grid = randomGrid(random, {6, 5, 4}, {false, true});
    const Volume mask = randomVolume<std::uint8_t>(random, grid);
    const std::string path = folder.filePath("m.mha").toStdString();
    QVERIFY(writeMetaImage(path, mask));
    const auto labels = readMaskFile(path, grid);
    QVERIFY(labels.has_value());
    QVERIFY(sameBytes(flattened(*labels).volume, mask));
    VolumeGeometry other = grid;
    other.origin[0] += 0.1;
    QCOMPARE(readMaskFile(path, other).error().code, ErrorCode::GeometryMismatch);
}

void TestMetaImage::axesStandOneAfterTheOther()
{
    const QTemporaryDir folder;
    const auto volume = readMetaImage(written(folder, header + "ElementDataFile = LOCAL\n" + voxels));
    QVERIFY(volume.has_value());
    QCOMPARE(volume->geometry().axis(0), (Vec3{0, 1, 0}));
    QCOMPARE(volume->geometry().axis(1), (Vec3{1, 0, 0}));
    QCOMPARE(volume->geometry().axis(2), (Vec3{0, 0, -1}));
    QCOMPARE(volume->geometry().origin, (Vec3{10, 20, 30}));
    QCOMPARE(volume->geometry().spacing, (Vec3{1, 2, 3}));
    QCOMPARE(volume->valueAt({1, 1, 0}), -1.0);
}

void TestMetaImage::detachedVoxels()
{
    const QTemporaryDir folder;
    written(folder, "12345" + voxels, "voxels.raw");
    written(folder, "xx" + voxels, "atend.raw");
    for (const std::string& lines : {std::string("HeaderSize = 5\nElementDataFile = voxels.raw\n"),
                                     std::string("HeaderSize = -1\nElementDataFile = atend.raw\n")}) {
        const auto volume = readMetaImage(written(folder, header + lines, "a.mhd"));
        QVERIFY2(volume.has_value(), lines.c_str());
        QCOMPARE(volume->valueAt({0, 1, 0}), 3.0);
    }
    const auto big = readMetaImage(
        written(folder, replaced(header, "MSB = False", "MSB = True") + "ElementDataFile = LOCAL\n" +
                            std::string("\x00\x01\x00\x02\x00\x03\xff\xff", 8)));
    QVERIFY(big && big->valueAt({0, 1, 0}) == 3.0);
}

void TestMetaImage::contradictionsAreSaid()
{
    const QTemporaryDir folder;
    const auto codes = [&](const std::string& lines) {
        const auto entry = scanMetaImage(written(folder, header + lines + "ElementDataFile = LOCAL\n" + voxels));
        std::string text;
        for (const Warning& warning : entry->info.warnings)
            text += warning.code + " ";
        return text;
    };
    QCOMPARE(codes("AnatomicalOrientation = ARS\n"), std::string());
    QCOMPARE(codes("AnatomicalOrientation = RAI\n"), std::string("orientationContradicts "));
    QCOMPARE(codes("AnatomicalOrientation = ???\n"), std::string());
    QCOMPARE(codes("CenterOfRotation = 1 0 0\n"), std::string("centreOfRotation "));
}

void TestMetaImage::colours()
{
    const QTemporaryDir folder;
    const std::string rgb = replaced(replaced(header, "MET_SHORT", "MET_UCHAR"), "DimSize = 2 2 1", "DimSize = 2 1 1");
    const auto path = written(folder, rgb + "ElementNumberOfChannels = 3\nElementDataFile = LOCAL\n" +
                                          std::string("\xff\x00\x00\x10\x10\x10", 6));
    const auto volume = readMetaImage(path);
    QVERIFY(volume.has_value());
    QCOMPARE(volume->valueAt({0, 0, 0}), 76.0);
    QCOMPARE(volume->valueAt({1, 0, 0}), 16.0);
    QCOMPARE(volume->colours().rgb.size(), std::size_t{6});
    QCOMPARE(volume->colours().rgb[0], std::byte{0xff});
    QCOMPARE(volume->colours().rgb[1], std::byte{0});
    QCOMPARE(volume->colours().rgb[5], std::byte{0x10});
    QCOMPARE(scanMetaImage(path)->info.warnings.front().code, std::string("colour"));
}

void TestMetaImage::refusals()
{
    const QTemporaryDir folder;
    const std::string local = "ElementDataFile = LOCAL\n";
    const auto code = [&](const std::string& text) { return readMetaImage(written(folder, text)).error().code; };
    QCOMPARE(code("no header"), ErrorCode::Unrecognised);
    QCOMPARE(code("ObjectType = Image\n"), ErrorCode::Malformed);
    QCOMPARE(code(header + local + "123"), ErrorCode::Truncated);
    QCOMPARE(code(replaced(header, "NDims = 3", "NDims = 4") + local), ErrorCode::Unsupported);
    QCOMPARE(code(replaced(header, "2 2 1", "65535 65535 65535") + local), ErrorCode::Malformed);
    QCOMPARE(code(replaced(header, "2 2 1", "1e9 2 2") + local), ErrorCode::Malformed);
    QCOMPARE(code(replaced(header, "1 0 0 0 0 -1", "0 1 0 0 0 1") + local), ErrorCode::Malformed);
    QCOMPARE(code(header + "ElementDataFile = /etc/hostname\n"), ErrorCode::Unsupported);
    QCOMPARE(code(header + "ElementDataFile = ../a.raw\n"), ErrorCode::Unsupported);
    QCOMPARE(code(header + "ElementDataFile = LIST\n"), ErrorCode::Unsupported);
    QCOMPARE(code(header + "ElementDataFile = nowhere.raw\n"), ErrorCode::NotFound);
    QCOMPARE(code(replaced(header, "CompressedData = False", "CompressedData = True") + local + "12345678"),
             ErrorCode::Malformed);
}

void TestMetaImage::publishedFileIsRead()
{
    const auto data = sharedData("A11_niivue_flair_lesion");
    if (!data || !std::filesystem::exists(*data + "/mha.mha"))
        QSKIP("A11_niivue_flair_lesion is not here");
    const auto volume = readMetaImage(*data + "/mha.mha");
    QVERIFY2(volume.has_value(), volume ? "" : volume.error().detail.c_str());
}

void TestMetaImage::flippedBytesNeverCrash()
{
    const QTemporaryDir folder;
    std::mt19937 random(43);
    const std::string path = folder.filePath("a.mha").toStdString();
    QVERIFY(writeMetaImage(path, randomVolume<std::int16_t>(random, randomGrid(random, {5, 6, 7}))));
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (int n = 0; n < 600; ++n) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 3; ++flips)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        if (n % 6 == 0)
            damaged.resize(random() % damaged.size());
        const auto volume = readMetaImage(written(folder, damaged));
        QVERIFY(volume || !volume.error().detail.empty());
    }
}

QTEST_APPLESS_MAIN(TestMetaImage)
#include "tst_metaimage.moc"
