#include "core/io/bytes/atomic_file.h"
#include "core/io/volume_file.h"
#include "tests/support/random_grid.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
using namespace annotomy::test;

class TestVolumeFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void coloursFollowTheVoxels();
    void mappingSurvivesTheFile();
    void damagedFilesAreErrors();
    void atomicWriteKeepsTheOldFile();
    void fullDiskIsNamed();
};

void TestVolumeFile::roundTrip()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("v.avol").toStdString();
    std::mt19937 random(1);
    const VolumeGeometry grid = randomGrid(random, {6, 7, 8}, {true, true});
    for (const Volume& volume :
         {randomVolume<std::int16_t>(random, grid, {0.1, -1024}), randomVolume<float>(random, grid),
          randomVolume<std::uint8_t>(random, grid), randomVolume<std::uint32_t>(random, grid)}) {
        QVERIFY(writeVolumeFile(path, volume));
        const auto read = mapVolumeFile(path);
        QVERIFY(read.has_value());
        QCOMPARE(read->geometry(), volume.geometry()); // exactly: numbers are written with all digits
        QCOMPARE(read->rescale(), volume.rescale());
        QVERIFY(sameBytes(*read, volume));
    }
}

void TestVolumeFile::coloursFollowTheVoxels()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("v.avol").toStdString();
    std::mt19937 random(4);
    const VolumeGeometry grid = randomGrid(random, {5, 4, 3});
    const Volume grey = randomVolume<std::uint16_t>(random, grid), colour = coloured(random, grey, 257);
    QVERIFY(writeVolumeFile(path, colour));
    const auto read = mapVolumeFile(path);
    QVERIFY(read && read->hasColours() && sameBytes(*read, colour) && sameColours(*read, colour));

    auto bytes = *readWholeFile(path, 1U << 20);
    bytes.pop_back();
    QVERIFY(writeFileAtomically(path, bytes));
    QCOMPARE(mapVolumeFile(path).error().code, ErrorCode::Truncated);
    const std::string page(reinterpret_cast<const char*>(bytes.data()), 4096);
    bytes.push_back({});
    bytes[page.find("257")] = std::byte{'-'}; // the levels' step
    QVERIFY(writeFileAtomically(path, bytes));
    QCOMPARE(mapVolumeFile(path).error().code, ErrorCode::Malformed);

    // A file from before there were colours, with as many bytes behind it: it is grey.
    QVERIFY(writeVolumeFile(path, grey));
    bytes = *readWholeFile(path, 1U << 20);
    QVERIFY(std::string(reinterpret_cast<const char*>(bytes.data()), 4096).find("colour") == std::string::npos);
    bytes.resize(bytes.size() + 3 * grid.voxelCount());
    QVERIFY(writeFileAtomically(path, bytes));
    const auto old = mapVolumeFile(path);
    QVERIFY(old && !old->hasColours() && sameBytes(*old, grey));
}

void TestVolumeFile::mappingSurvivesTheFile()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("v.avol").toStdString();
    std::mt19937 random(2);
    const Volume volume = randomVolume<std::int16_t>(random, randomGrid(random, {6, 7, 8}));
    QVERIFY(writeVolumeFile(path, volume));
    const auto read = mapVolumeFile(path);
    QVERIFY(std::filesystem::remove(path));
    QVERIFY(read && sameBytes(*read, volume));
    QCOMPARE(mapVolumeFile(path).error().code, ErrorCode::NotFound);
}

void TestVolumeFile::damagedFilesAreErrors()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("v.avol").toStdString();
    std::mt19937 random(3);
    QVERIFY(writeVolumeFile(path, randomVolume<std::int16_t>(random, randomGrid(random, {6, 7, 8}))));
    const auto bytes = readWholeFile(path, 1U << 20);
    QVERIFY(bytes.has_value());
    const auto write = [&](const std::vector<std::byte>& damaged) {
        QVERIFY(writeFileAtomically(path, damaged));
    };
    write({bytes->begin(), bytes->end() - 1});
    QCOMPARE(mapVolumeFile(path).error().code, ErrorCode::Truncated);
    write({bytes->begin(), bytes->begin() + 100});
    QCOMPARE(mapVolumeFile(path).error().code, ErrorCode::Truncated);
    std::uniform_int_distribution<std::size_t> where(0, 400);
    for (int n = 0; n < 1000; ++n) {
        auto damaged = *bytes;
        damaged[where(random)] = std::byte{static_cast<unsigned char>(random())};
        std::filesystem::remove(path);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(damaged.data()),
                   static_cast<std::streamsize>(damaged.size()));
        if (const auto read = mapVolumeFile(path)) {
            QCOMPARE(read->bytes().size(), read->geometry().voxelCount() * voxelSize(read->type()));
        }
    }
}

void TestVolumeFile::atomicWriteKeepsTheOldFile()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("text").toStdString();
    const std::string old = "old", text = "new";
    QVERIFY(writeFileAtomically(path, std::as_bytes(std::span(old))));
    {
        auto file = AtomicFile::create(path);
        QVERIFY(file.has_value());
        QVERIFY(file->write(std::as_bytes(std::span(text))));
    } // dropped without commit
    QCOMPARE(readWholeFile(path, 10)->size(), old.size());
    QVERIFY(std::memcmp(readWholeFile(path, 10)->data(), "old", 3) == 0);
    QVERIFY(writeFileAtomically(path, std::as_bytes(std::span(text))));
    QVERIFY(std::memcmp(readWholeFile(path, 10)->data(), "new", 3) == 0);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path().toStdString()), {}), 1);
    QCOMPARE(readWholeFile(path, 2).error().code, ErrorCode::Unsupported);
    QCOMPARE(writeFileAtomically(path + "/below", {}).error().code, ErrorCode::NotFound);
}

void TestVolumeFile::fullDiskIsNamed()
{
    QCOMPARE(systemError(ENOSPC, "x").code, ErrorCode::DiskFull);
    QCOMPARE(systemError(EACCES, "x").code, ErrorCode::PermissionDenied);
    QCOMPARE(systemError(ENOENT, "x").code, ErrorCode::NotFound);
    QCOMPARE(systemError(EIO, "x").code, ErrorCode::IoFailure);
    QCOMPARE(systemError(ENOSPC, "x").subject, std::string("x"));
}

QTEST_APPLESS_MAIN(TestVolumeFile)
#include "tst_volume_file.moc"
