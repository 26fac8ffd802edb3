#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

namespace {

const std::string header =
    "NRRD0004\ntype: short\ndimension: 3\nsizes: 2 2 1\nspace: left-posterior-superior\n"
    "space directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (10,20,30)\n";

std::string written(const QTemporaryDir& folder, const std::string& bytes, const char* name = "a.nrrd")
{
    const std::string path = folder.filePath(name).toStdString();
    std::filesystem::remove(path); // rewriting in place would make some file systems flush
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

class TestNrrd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTripKeepsGridAndVoxels_data();
    void roundTripKeepsGridAndVoxels();
    void rescaledVolumesAreWrittenAsRealValues();
    void rawAsciiBigEndianAndDetached();
    void otherSpacesBecomeLps();
    void axesWithoutDirectionAndSpacesWithoutPatient();
    void colours();
    void refusals();
    void publishedMasksHaveTheirVolumes();
    void flippedBytesNeverCrash();
};

void TestNrrd::roundTripKeepsGridAndVoxels_data()
{
    QTest::addColumn<bool>("sheared");
    QTest::addColumn<bool>("flipped");
    QTest::newRow("oblique") << false << false;
    QTest::newRow("sheared") << true << false;
    QTest::newRow("flipped") << false << true;
}

void TestNrrd::roundTripKeepsGridAndVoxels()
{
    QFETCH(bool, sheared);
    QFETCH(bool, flipped);
    const QTemporaryDir folder;
    const std::string path = folder.filePath("a.nrrd").toStdString();
    std::mt19937 random(31);
    const VolumeGeometry grid = randomGrid(random, {7, 5, 9}, {sheared, flipped});
    for (const Volume& volume :
         {randomVolume<std::int16_t>(random, grid), randomVolume<std::uint8_t>(random, grid),
          randomVolume<float>(random, grid), randomVolume<std::uint32_t>(random, grid)}) {
        QVERIFY(writeNrrd(path, volume));
        const auto read = readNrrd(path);
        QVERIFY(read.has_value());
        QVERIFY(sameGrid(read->geometry(), grid, 1e-9));
        QVERIFY(sameBytes(*read, volume));
    }
}

void TestNrrd::rescaledVolumesAreWrittenAsRealValues()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("a.nrrd").toStdString();
    std::mt19937 random(32);
    const Volume volume = randomVolume<std::int16_t>(random, randomGrid(random, {4, 4, 4}), {2, -1000});
    QVERIFY(writeNrrd(path, volume));
    const auto read = readNrrd(path);
    QVERIFY(read.has_value());
    QCOMPARE(read->type(), VoxelType::Float32);
    QCOMPARE(read->valueAt({1, 2, 3}), volume.valueAt({1, 2, 3}));
}

void TestNrrd::rawAsciiBigEndianAndDetached()
{
    const QTemporaryDir folder;
    const std::string little("\x01\x00\x02\x00\x03\x00\xff\xff", 8),
        big("\x00\x01\x00\x02\x00\x03\xff\xff", 8);
    written(folder, little, "voxels.raw");
    for (const std::string& path :
         {written(folder, header + "endian: little\nencoding: raw\n\n" + little, "1.nrrd"),
          written(folder, header + "endian: big\nencoding: raw\n\n" + big, "2.nrrd"),
          written(folder, header + "encoding: ascii\n\n1 2\n3, -1\n", "3.nrrd"),
          written(folder, header + "endian: little\nencoding: raw\ndata file: voxels.raw\n", "4.nhdr")}) {
        const auto volume = readNrrd(path);
        QVERIFY2(volume.has_value(), path.c_str());
        QCOMPARE(volume->valueAt({0, 1, 0}), 3.0);
        QCOMPARE(volume->valueAt({1, 1, 0}), -1.0);
        QCOMPARE(volume->geometry().spacing, (Vec3{1, 2, 3}));
        QCOMPARE(volume->geometry().origin, (Vec3{10, 20, 30}));
    }
}

void TestNrrd::otherSpacesBecomeLps()
{
    const QTemporaryDir folder;
    const std::string data = "encoding: ascii\n\n1 2 3 4\n";
    const auto ras = readNrrd(
        written(folder, replaced(header, "left-posterior-superior", "right-anterior-superior") + data));
    QVERIFY(ras.has_value());
    QCOMPARE(ras->geometry().origin, (Vec3{-10, -20, 30}));
    QCOMPARE(ras->geometry().axis(1), (Vec3{0, -1, 0}));
    const auto las = readNrrd(written(folder, replaced(header, "left-posterior-superior", "LAS") + data));
    QVERIFY(las.has_value());
    QCOMPARE(las->geometry().origin, (Vec3{10, -20, 30}));
}

void TestNrrd::axesWithoutDirectionAndSpacesWithoutPatient()
{
    const QTemporaryDir folder;
    const std::string data = "encoding: ascii\n\n1 2 3 4\n";
    std::string four = replaced(replaced(header, "dimension: 3", "dimension: 4"), "2 2 1", "1 2 2 1");
    for (const char* none : {"none", "(nan,nan,nan)"}) {
        const auto volume = readNrrd(written(
            folder, replaced(four, "directions: (1", std::string("directions: ") + none + " (1") + data));
        QVERIFY2(volume.has_value(), none);
        QCOMPARE(volume->geometry().size, (Index3{2, 2, 1}));
    }
    for (const char* space : {"3D-right-handed", "scanner-xyz"}) {
        const auto entry =
            scanNrrd(written(folder, replaced(header, "left-posterior-superior", space) + data));
        QVERIFY2(entry.has_value(), space);
        QCOMPARE(entry->info.warnings.front().code, std::string("orientationUnknown"));
    }
}

void TestNrrd::colours()
{
    const QTemporaryDir folder;
    std::string text = replaced(replaced(header, "dimension: 3", "dimension: 4"), "2 2 1", "3 2 2 1");
    text = replaced(replaced(text, "directions: (1", "directions: none (1"), "short", "uchar");
    for (const std::string kind : {"RGB-color", "vector", "3-color"}) {
        const auto path =
            written(folder, text + "kinds: " + kind + " domain domain domain\nencoding: raw\n\nabcdefghijkl");
        const auto volume = readNrrd(path);
        QVERIFY2(volume.has_value(), volume ? "" : volume.error().detail.c_str());
        const auto rgb = volume->colours().rgb;
        QCOMPARE(std::string(reinterpret_cast<const char*>(rgb.data()), rgb.size()), std::string("abcdefghijkl"));
        QCOMPARE(volume->valueAt({1, 0, 0}), std::round(0.299 * 'd' + 0.587 * 'e' + 0.114 * 'f'));
        QCOMPARE(scanNrrd(path)->info.warnings.front().code, std::string("colour"));
    }
    QCOMPARE(readNrrd(written(folder, text + "kinds: list domain domain domain\nencoding: raw\n\nabcdefghijkl"))
                 .error().code,
             ErrorCode::Unsupported);
}

void TestNrrd::refusals()
{
    const QTemporaryDir folder;
    const auto code = [&](const std::string& text) { return readNrrd(written(folder, text)).error().code; };
    QCOMPARE(code("no header"), ErrorCode::Unrecognised);
    QCOMPARE(code(header + "encoding: bzip2\n\nBZh9 but not so"), ErrorCode::Malformed);
    QCOMPARE(code(header + "encoding: zrl\n\n"), ErrorCode::Unsupported);
    QCOMPARE(code(header + "encoding: raw\n\n123"), ErrorCode::Truncated);
    QCOMPARE(code(header + "encoding: ascii\n\n1 2 3\n"), ErrorCode::Truncated);
    QCOMPARE(code(header + "encoding: raw\ndata file: /etc/hostname\n\n"), ErrorCode::Unsupported);
    QCOMPARE(code(header + "encoding: raw\ndata file: ../x.raw\n\n"), ErrorCode::Unsupported);
    QCOMPARE(code(replaced(header, "2 2 1", "65535 65535 65535") + "encoding: raw\n\n"),
             ErrorCode::Malformed);
    QCOMPARE(code(replaced(header, "(0,2,0)", "(2,0,0)") + "encoding: raw\n\n"), ErrorCode::Malformed);
    std::string colour = replaced(replaced(header, "dimension: 3", "dimension: 4"), "2 2 1", "3 2 2 1");
    colour = replaced(colour, "directions: (1", "directions: none (1");
    QCOMPARE(code(colour + "encoding: raw\n\n123456789012"), ErrorCode::Unsupported);
}

void TestNrrd::publishedMasksHaveTheirVolumes()
{
    const auto data = sharedData("A04_pyradiomics");
    if (!data)
        QSKIP("A04_pyradiomics is not here");
    const std::pair<const char*, double> known[] = {
        {"brain1", 16412.66}, {"brain2", 1797.18}, {"breast1", 132.43}};
    for (const auto& [name, volumeMm3] : known) {
        const std::string base = *data + "/" + name;
        const auto image = scanNrrd(base + "_image.nrrd");
        QVERIFY(image.has_value());
        const auto labels = readMaskFile(base + "_label.nrrd", image->geometry);
        QVERIFY2(labels.has_value(), labels ? "" : labels.error().detail.c_str());
        const double measured =
            static_cast<double>(voxelCounts(*labels)[1]) * labels->geometry().voxelVolumeMm3();
        QVERIFY(std::abs(measured - volumeMm3) < 0.01);
    }
}

void TestNrrd::flippedBytesNeverCrash()
{
    const QTemporaryDir folder;
    std::mt19937 random(33);
    const std::string path = folder.filePath("a.nrrd").toStdString();
    QVERIFY(writeNrrd(path, randomVolume<std::int16_t>(random, randomGrid(random, {5, 6, 7}))));
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (int n = 0; n < 600; ++n) {
        std::string damaged = bytes;
        for (int flips = 0; flips < 3; ++flips)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        if (n % 6 == 0)
            damaged.resize(random() % damaged.size());
        const auto volume = readNrrd(written(folder, damaged));
        QVERIFY(volume || !volume.error().detail.empty());
    }
}

QTEST_APPLESS_MAIN(TestNrrd)
#include "tst_nrrd.moc"
