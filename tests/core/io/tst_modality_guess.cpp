#include "core/io/plain/modality_guess.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "tests/support/random_grid.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace annotomy;
using namespace annotomy::test;

namespace {

using Parts = std::vector<std::pair<double, double>>; // mean and standard deviation, in equal shares

std::vector<double> drawn(const Parts& parts)
{
    std::mt19937 random(41);
    std::vector<double> values;
    for (const auto& [mean, deviation] : parts) {
        std::normal_distribution<double> normal(mean, deviation);
        for (int n = 0; n < 2000; ++n)
            values.push_back(std::round(normal(random)));
    }
    return values;
}

// Air above, soft tissue below.
Volume someCt()
{
    VolumeGeometry grid;
    grid.size = {40, 40, 40};
    std::vector<std::int16_t> stored(grid.voxelCount());
    for (std::size_t v = 0; v < stored.size(); ++v)
        stored[v] = static_cast<std::int16_t>((v % 40 < 20 ? 24 : 1064) + v % 7);
    return Volume::fromVoxels(grid, std::move(stored), {1, -1024});
}

} // namespace

class TestModalityGuess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void filesOfEveryKind();
    void hippocampusIsNoCt();
};

void TestModalityGuess::values_data()
{
    QTest::addColumn<std::vector<double>>("values");
    QTest::addColumn<QString>("modality");
    const auto row = [](const char* name, const Parts& parts, const char* modality) {
        QTest::newRow(name) << drawn(parts) << modality;
    };
    row("CT", {{-1000, 15}, {-850, 40}, {-100, 20}, {40, 20}, {600, 200}}, "CT");
    row("CT with padding", {{-2000, 1e-9}, {-1000, 15}, {-100, 20}, {40, 20}}, "CT");
    row("air only: the first slices of a compressed CT", {{-1000, 15}}, "CT");
    row("CT without air", {{-100, 20}, {40, 20}}, "OT");
    row("MR", {{0, 10}, {300, 100}, {900, 200}}, "OT");
    row("difference of two MRs", {{0, 600}}, "OT");
    row("phase", {{-3000, 300}, {-1500, 300}, {0, 300}, {1500, 300}}, "OT");
    row("z-scores", {{0, 1}}, "OT");
    QTest::newRow("nothing") << std::vector<double>() << "OT";
    QTest::newRow("not a number") << std::vector<double>(100, std::nan("")) << "OT";
}

void TestModalityGuess::values()
{
    QFETCH(std::vector<double>, values);
    QFETCH(QString, modality);
    QCOMPARE(QString::fromStdString(guessedModality(values)), modality);
}

void TestModalityGuess::filesOfEveryKind()
{
    const QTemporaryDir folder;
    const Volume ct = someCt();
    for (const char* name : {"a.nii", "a.nii.gz", "a.nrrd"}) {
        const std::string path = folder.filePath(name).toStdString();
        const bool isNrrd = path.ends_with(".nrrd");
        QVERIFY(isNrrd ? writeNrrd(path, ct).has_value() : writeNifti(path, ct).has_value());
        const auto entry = isNrrd ? scanNrrd(path) : scanNifti(path);
        QVERIFY(entry.has_value());
        QCOMPARE(entry->info.modality, std::string("CT"));
        const auto volume = readSeries(*entry);
        QVERIFY(volume.has_value());
        QCOMPARE(volume->unit(), std::string("HU"));
        QCOMPARE(volume->valueAt({30, 2, 2}), ct.valueAt({30, 2, 2}));
    }
}

void TestModalityGuess::hippocampusIsNoCt()
{
    const auto data = sharedData("A01_msd_hippocampus");
    if (!data)
        QSKIP("A01_msd_hippocampus is not here");
    int met = 0;
    for (const auto& file : std::filesystem::directory_iterator(*data + "/images")) {
        if (++met > 25)
            break;
        const auto entry = scanNifti(file.path().string());
        QVERIFY(entry.has_value());
        QCOMPARE(entry->info.modality, std::string("OT"));
    }
}

QTEST_APPLESS_MAIN(TestModalityGuess)
#include "tst_modality_guess.moc"
