#include "core/io/series/regularise.h"
#include "tests/core/io/dicom_text.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace annotomy;
using namespace annotomy::test;

namespace {

const Vec3 alongX{1, 0, 0}, alongY{0, 1, 0};
constexpr int side = 4; // columns and rows

std::vector<std::int16_t> flat(int value)
{
    return std::vector<std::int16_t>(side * side, static_cast<std::int16_t>(value));
}

DicomFileText slice(int number, const Vec3& position, const std::string& modality = "MR")
{
    DicomFileText text = imageText(modality, "1.2.3", number, side, side, flat(number));
    place(text, position, alongX, alongY, 2, 3);
    return text;
}

std::vector<SeriesEntry> scanned(const DicomFolder& folder)
{
    const auto scan = scanPaths({folder.path()});
    return scan ? scan->series : std::vector<SeriesEntry>();
}

std::vector<SeriesEntry> bySequence(std::vector<SeriesEntry> series)
{
    std::sort(series.begin(), series.end(),
              [](const SeriesEntry& a, const SeriesEntry& b) { return a.sequence.index < b.sequence.index; });
    return series;
}

bool isOneSequence(const std::vector<SeriesEntry>& series, const std::string& kind)
{
    for (std::size_t n = 0; n < series.size(); ++n) {
        const SequencePlace& place = series[n].sequence;
        if (place.key.empty() || place.key != series.front().sequence.key || place.kind != kind ||
            place.index != static_cast<int>(n) || place.count != static_cast<int>(series.size()))
            return false;
    }
    return !series.empty();
}

bool isNear(double a, double b, double relative = 1e-9)
{
    return std::abs(a - b) <= relative * std::max(1.0, std::abs(b));
}

// A value that is linear in the patient, which linear interpolation keeps.
double field(const Vec3& lps)
{
    return 2000 + 11 * lps[0] - 7 * lps[1] + 23 * lps[2];
}

// Slices of `field` at the given heights along z, each moved by `slope` mm along y per mm.
void addFieldSlices(DicomFolder& folder, const std::vector<double>& heights, double slope)
{
    constexpr int columns = 6, rows = 8;
    for (std::size_t s = 0; s < heights.size(); ++s) {
        const Vec3 first{-5, slope * heights[s] - 4, heights[s]};
        std::vector<std::int16_t> voxels;
        for (int j = 0; j < rows; ++j)
            for (int i = 0; i < columns; ++i)
                voxels.push_back(static_cast<std::int16_t>(std::lround(field(first + Vec3{2.0 * i, 1.5 * j, 0}))));
        DicomFileText text = imageText("CT", "1.2.3", static_cast<int>(s), columns, rows, voxels);
        place(text, first, alongX, alongY, 2, 1.5);
        folder.add(text);
    }
}

std::string csaItem(const std::string& text)
{
    const std::string sizes = littleEndian(text.size(), 4);
    return sizes + sizes + littleEndian(77, 4) + sizes + text + std::string((4 - text.size() % 4) % 4, '\0');
}

// Version 2 of Siemens' CSA header with two elements.
std::string csaHeader(int images, const Vec3& normal)
{
    const auto element = [](std::string name, const std::vector<std::string>& values) {
        name.resize(64);
        std::string bytes = name + littleEndian(values.size(), 4) + std::string("FD\0\0", 4) + littleEndian(4, 4) +
                            littleEndian(values.size(), 4) + littleEndian(77, 4);
        for (const std::string& value : values)
            bytes += csaItem(value);
        return bytes;
    };
    return std::string("SV10\4\3\2\1", 8) + littleEndian(2, 4) + littleEndian(77, 4) +
           element("NumberOfImagesInMosaic", {std::to_string(images)}) +
           element("SliceNormalVector",
                   {std::to_string(normal[0]), std::to_string(normal[1]), std::to_string(normal[2])});
}

} // namespace

class TestDicomAssembly : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acquisitionsAreOneSequence();
    void acquisitionsPastMidnight();
    void timesByOrderAlone();
    void bValues_data();
    void bValues();
    void echoesOfSeveralTimes();
    void triggerDelaysAreSeconds();
    void interleavedAcquisitionsAreApart();
    void packagesOfOneEvenStackStayTogether();
    void bestOfSeveralCopiesIsKept_data();
    void bestOfSeveralCopiesIsKept();
    void mosaicIsUnfolded_data();
    void mosaicIsUnfolded();
    void mosaicKeepsColours();
    void mosaicsAreATimeSeries();
    void regularisedKeepsALinearField_data();
    void regularisedKeepsALinearField();
    void regularisedKeepsColours();
    void stretchesAreJoined();
    void regularisedSurvivesJson();
    void radiographStandsForItself();
    void gammaCameraFramesLieAlongTheNormal();
    void fewImagesInSeveralDirectionsAreLocalisers();
    void parametricMapsAreRealWorldValues();
    void enhancedPetIsUptake_data();
    void enhancedPetIsUptake();
    void standardisedUptake_data();
    void standardisedUptake();
};

void TestDicomAssembly::acquisitionsAreOneSequence()
{
    DicomFolder folder;
    const char* const times[] = {"100000", "100030.5", "100112.25"};
    for (int t = 0; t < 3; ++t)
        for (int k = 0; k < 4; ++k) {
            DicomFileText text = slice(10 * t + k, {0, 0, 5.0 * k});
            text.set(0x00200012, "IS", std::to_string(t + 1));
            text.set(0x00080032, "TM", times[t]);
            folder.add(text);
        }
    const auto series = bySequence(scanned(folder));
    QCOMPARE(series.size(), std::size_t{3});
    QVERIFY(isOneSequence(series, "time"));
    QCOMPARE(series[1].sequence.unit, std::string("s"));
    QVERIFY(isNear(series[0].sequence.value, 0) && isNear(series[1].sequence.value, 30.5));
    QVERIFY(isNear(series[2].sequence.value, 72.25));
    const auto volume = readSeries(series[2]);
    QVERIFY(volume && volume->valueAt({0, 0, 3}) == 23);
}

void TestDicomAssembly::acquisitionsPastMidnight()
{
    DicomFolder folder;
    for (int t = 0; t < 2; ++t)
        for (int k = 0; k < 2; ++k) {
            DicomFileText text = slice(10 * t + k, {0, 0, 5.0 * k});
            text.set(0x00200012, "IS", std::to_string(t + 1));
            text.set(0x00080032, "TM", t == 0 ? "235950" : "000020");
            folder.add(text);
        }
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 2 && isOneSequence(series, "time"));
    QVERIFY(isNear(series[1].sequence.value, 30));
}

void TestDicomAssembly::timesByOrderAlone()
{
    DicomFolder folder;
    for (int t = 0; t < 3; ++t)
        for (int k = 0; k < 2; ++k)
            folder.add(slice(10 * t + k, {0, 0, 5.0 * k}));
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 3 && isOneSequence(series, "time"));
    QVERIFY(series[1].sequence.unit.empty()); // which time it is, the header does not say
    const auto volume = readSeries(series[1]);
    QVERIFY(volume && volume->valueAt({0, 0, 1}) == 11);
}

void TestDicomAssembly::bValues_data()
{
    QTest::addColumn<int>("vendor");
    QTest::newRow("standard") << 0;
    QTest::newRow("Siemens") << 1;
    QTest::newRow("GE") << 2;
    QTest::newRow("Philips, as bytes of unknown type") << 3;
}

void TestDicomAssembly::bValues()
{
    QFETCH(int, vendor);
    DicomFolder folder;
    for (int b : {1000, 0})
        for (int k = 0; k < 3; ++k) {
            DicomFileText text = slice(b / 100 + k, {0, 0, 4.0 * k});
            if (vendor == 0)
                text.floating(0x00189087, b);
            if (vendor == 1) {
                text.set(0x00190010, "LO", "SIEMENS MR HEADER");
                text.set(0x0019100C, "IS", std::to_string(b));
            }
            if (vendor == 2) {
                text.set(0x00430011, "LO", "GEMS_PARM_01"); // in block 11
                text.set(0x00431139, "IS", std::to_string(1000000000 + b) + "\\8\\0\\0");
            }
            if (vendor == 3) {
                text.set(0x20010010, "LO", "Philips Imaging DD 001");
                text.set(0x20011003, "UN", littleEndian(std::bit_cast<std::uint32_t>(static_cast<float>(b)), 4));
            }
            folder.add(text);
        }
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 2 && isOneSequence(series, "bValue"));
    QCOMPARE(series[0].sequence.value, 0.0);
    QCOMPARE(series[1].sequence.value, 1000.0);
    QCOMPARE(series[1].sequence.unit, std::string("s/mm2"));
}

void TestDicomAssembly::echoesOfSeveralTimes()
{
    DicomFolder folder;
    for (int t = 0; t < 3; ++t)
        for (int echo = 0; echo < 2; ++echo)
            for (int k = 0; k < 2; ++k) {
                DicomFileText text = slice(20 * t + 10 * echo + k, {0, 0, 4.0 * k});
                text.set(0x00180081, "DS", echo == 0 ? "4.5" : "12");
                text.set(0x00200100, "IS", std::to_string(t + 1));
                folder.add(text);
            }
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 6 && isOneSequence(series, "echo"));
    QVERIFY(isNear(series[2].sequence.value, 4.5) && isNear(series[3].sequence.value, 12));
    const auto volume = readSeries(series[4]); // the second echo's second time
    QVERIFY(volume && volume->valueAt({0, 0, 0}) == 30);
}

void TestDicomAssembly::triggerDelaysAreSeconds()
{
    DicomFolder folder;
    for (int t = 0; t < 3; ++t)
        for (int k = 0; k < 2; ++k) {
            DicomFileText text = slice(10 * t + k, {0, 0, 4.0 * k});
            text.set(0x00181060, "DS", std::to_string(40 * t));
            folder.add(text);
        }
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 3 && isOneSequence(series, "trigger"));
    QVERIFY(isNear(series[2].sequence.value, 0.08));
}

void TestDicomAssembly::interleavedAcquisitionsAreApart()
{
    DicomFolder folder;
    for (int acquisition = 0; acquisition < 2; ++acquisition)
        for (int k = 0; k < 4; ++k) {
            DicomFileText text = slice(10 * acquisition + k, {0, 0, 6.0 * k + acquisition});
            text.set(0x00200012, "IS", std::to_string(acquisition + 1));
            folder.add(text);
        }
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{2});
    for (const SeriesEntry& entry : series) {
        QCOMPARE(entry.geometry.size[2], 4);
        QVERIFY(isNear(entry.geometry.spacing[2], 6));
        QVERIFY(isMeasurable(entry.info) && !entry.irregular);
    }
}

void TestDicomAssembly::packagesOfOneEvenStackStayTogether()
{
    DicomFolder folder;
    for (int package = 0; package < 2; ++package)
        for (int k = 0; k < 4; ++k) {
            DicomFileText text = slice(10 * package + k, {0, 0, 6.0 * k + 3.0 * package});
            text.set(0x00200012, "IS", std::to_string(package + 1));
            folder.add(text);
        }
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    QCOMPARE(series[0].geometry.size[2], 8);
    QVERIFY(isNear(series[0].geometry.spacing[2], 3));
}

void TestDicomAssembly::bestOfSeveralCopiesIsKept_data()
{
    QTest::addColumn<QStringList>("losses"); // of each copy: Lossy Image Compression, "/", transfer syntax
    QTest::addColumn<int>("kept");
    const QString native = "1.2.840.10008.1.2.1", jpeg = "1.2.840.10008.1.2.4.50", jpeg2000 = "1.2.840.10008.1.2.4.91";
    QTest::newRow("lossy first, by the header") << QStringList{"01/" + native, "/" + native} << 1;
    QTest::newRow("lossless first, by the header") << QStringList{"/" + native, "01/" + native} << 0;
    QTest::newRow("lossy first, by the syntax") << QStringList{"/" + jpeg, "/" + native} << 1;
    QTest::newRow("decoded once is better than coded again") << QStringList{"01/" + jpeg, "01/" + native} << 1;
    QTest::newRow("either way, said to be lossless") << QStringList{"/" + jpeg2000, "00/" + jpeg2000} << 1;
    QTest::newRow("of equals the first") << QStringList{"01/" + jpeg, "00/" + native, "/" + native} << 1;
}

void TestDicomAssembly::bestOfSeveralCopiesIsKept()
{
    QFETCH(QStringList, losses);
    QFETCH(int, kept);
    DicomFolder folder;
    std::vector<std::string> copies;
    for (int c = 0; c < losses.size(); ++c) {
        DicomFileText text = slice(1, {0, 0, 4});
        const QStringList parts = losses[c].split('/');
        if (!parts[0].isEmpty())
            text.set(0x00282110, "CS", parts[0].toStdString());
        copies.push_back(folder.addBytes(text.file(parts[1].toStdString())));
    }
    for (const int other : {0, 2, 3})
        folder.add(slice(other, {0, 0, 4.0 * other}));
    const auto scan = scanPaths({folder.path()});
    QVERIFY(scan && scan->series.size() == 1);
    QCOMPARE(scan->series[0].files.at(1), copies[static_cast<std::size_t>(kept)]);
    QCOMPARE(scan->skipped.size(), copies.size() - 1);
    for (const SkippedFile& file : scan->skipped) {
        QCOMPARE(file.code, ErrorCode::Duplicate);
        QVERIFY(file.path != copies[static_cast<std::size_t>(kept)]);
    }
}

void TestDicomAssembly::mosaicIsUnfolded_data()
{
    QTest::addColumn<double>("sign"); // of the slices' order against the image's own normal
    QTest::newRow("along the normal") << 1.0;
    QTest::newRow("against the normal") << -1.0;
}

DicomFileText mosaicText(int number, double sign, const Vec3& position, const Vec3& row, const Vec3& column)
{
    constexpr int across = 2, tile = 3, images = 3;
    std::vector<std::int16_t> voxels(across * tile * across * tile);
    for (std::size_t v = 0; v < voxels.size(); ++v) {
        const auto x = static_cast<int>(v) % (across * tile), y = static_cast<int>(v) / (across * tile);
        voxels[v] = static_cast<std::int16_t>(100 * (y / tile * across + x / tile) + 10 * (y % tile) + x % tile);
    }
    DicomFileText text = imageText("MR", "1.2.3", number, across * tile, across * tile, voxels);
    place(text, position, row, column, 2, 3);
    text.set(0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
    text.set(0x00180050, "DS", "4");
    text.set(0x00180088, "DS", "5");
    text.set(0x00290010, "LO", "SIEMENS CSA HEADER");
    text.set(0x00291010, "OB", csaHeader(images, sign * cross(row, column)));
    return text;
}

void TestDicomAssembly::mosaicIsUnfolded()
{
    QFETCH(double, sign);
    const Vec3 row{0.8, 0.6, 0}, column{-0.48, 0.64, 0.6}, corner{-30, 12, 7};
    DicomFolder folder;
    folder.add(mosaicText(1, sign, corner, row, column));
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    const VolumeGeometry& grid = series[0].geometry;
    QCOMPARE(grid.size, (Index3{3, 3, 3}));
    QVERIFY(std::abs(grid.spacing[2] - 5) < 1e-5);
    const auto volume = readSeries(series[0]);
    QVERIFY(volume.has_value());
    // The first tile's centre is that of the whole image; the second lies 5 mm along the slices' order.
    const Vec3 first = corner + 2.5 * 2 * row + 2.5 * 3 * column;
    for (int tile = 0; tile < 3; ++tile) {
        const Vec3 centre = first + (5.0 * sign * tile) * cross(row, column);
        const Vec3 at = grid.indexFromPatient(centre);
        const Index3 index{static_cast<int>(std::lround(at[0])), static_cast<int>(std::lround(at[1])),
                           static_cast<int>(std::lround(at[2]))};
        QVERIFY(length(grid.patientFromIndex({1.0 * index[0], 1.0 * index[1], 1.0 * index[2]}) - centre) < 1e-4);
        QCOMPARE(volume->valueAt(index), 100.0 * tile + 11);
    }
}

void TestDicomAssembly::mosaicKeepsColours()
{
    DicomFileText text = mosaicText(1, 1, {0, 0, 0}, alongX, alongY);
    std::string pixels;
    for (int v = 0; v < 36; ++v)
        for (const int level : {v, 2 * v, 7 * v})
            pixels += static_cast<char>(level);
    text.number(0x00280002, 3);
    text.set(0x00280004, "CS", "RGB");
    text.number(0x00280006, 0);
    text.number(0x00280100, 8);
    text.number(0x00280101, 8);
    text.number(0x00280102, 7);
    text.number(0x00280103, 0);
    text.set(0x7FE00010, "OW", pixels);
    DicomFolder folder;
    folder.add(text);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    const auto volume = readSeries(series[0]);
    QVERIFY(volume && volume->hasColours());
    const auto rgb = volume->colours().rgb;
    QCOMPARE(rgb.size(), std::size_t{3 * 27});
    for (std::size_t v = 0; v < 27; ++v) {
        const int red = std::to_integer<int>(rgb[3 * v]); // its number in the whole image
        QCOMPARE(std::to_integer<int>(rgb[3 * v + 1]), 2 * red);
        QCOMPARE(std::to_integer<int>(rgb[3 * v + 2]), 7 * red);
        const auto luminance = std::lround(red * (0.299 + 2 * 0.587 + 7 * 0.114));
        QCOMPARE(volume->voxels<std::uint8_t>()[v], static_cast<std::uint8_t>(luminance));
    }
    const Index3 second{0, 0, 1};
    QCOMPARE(std::to_integer<int>(rgb[3 * volume->geometry().offset(second)]), 3);
}

void TestDicomAssembly::mosaicsAreATimeSeries()
{
    DicomFolder folder;
    for (int t = 0; t < 3; ++t) {
        DicomFileText text = mosaicText(t + 1, 1, {0, 0, 0}, alongX, alongY);
        text.set(0x00200012, "IS", std::to_string(t + 1));
        text.set(0x00080032, "TM", "10000" + std::to_string(2 * t));
        folder.add(text);
    }
    const auto series = bySequence(scanned(folder));
    QVERIFY(series.size() == 3 && isOneSequence(series, "time"));
    QVERIFY(isNear(series[2].sequence.value, 4));
    QCOMPARE(series[2].geometry.size[2], 3);
}

void TestDicomAssembly::regularisedKeepsALinearField_data()
{
    QTest::addColumn<QVector<double>>("heights");
    QTest::addColumn<double>("slope");
    QTest::newRow("tilted") << QVector<double>{0, 3, 6, 9, 12, 15} << 0.35;
    QTest::newRow("uneven") << QVector<double>{0, 1.25, 5, 6.5, 12, 15} << 0.0;
    QTest::newRow("tilted the other way and uneven") << QVector<double>{-3, 0, 2, 7, 9, 14} << -0.4;
    QTest::newRow("missing") << QVector<double>{0, 3, 6, 12, 15, 18} << 0.0;
}

void TestDicomAssembly::regularisedKeepsALinearField()
{
    QFETCH(QVector<double>, heights);
    QFETCH(double, slope);
    DicomFolder folder;
    addFieldSlices(folder, {heights.begin(), heights.end()}, slope);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    QVERIFY(series[0].irregular.has_value());
    const SeriesEntry even = regularised(series[0]);
    QVERIFY(even.regularised && isMeasurable(even.info) && even.contentKey != series[0].contentKey);
    const VolumeGeometry& grid = even.geometry;
    QVERIFY(length(grid.axis(2) - Vec3{0, 0, 1}) < 1e-9);
    const auto volume = readSeries(even);
    QVERIFY(volume && sameGrid(volume->geometry(), grid));
    int inside = 0;
    for (std::size_t v = 0; v < grid.voxelCount(); ++v) {
        const Index3 index = grid.indexAt(v);
        const Vec3 at = grid.patientFromIndex({1.0 * index[0], 1.0 * index[1], 1.0 * index[2]});
        const double value = volume->valueAt(index);
        const double y = at[1] + 4 - slope * at[2]; // mm from the slice's first row; two slices may differ by a row
        if (y > 4 && y < 6.5) {
            QVERIFY(std::abs(value - field(at)) <= 1.01);
            ++inside;
        } else if (y < -5 || y > 16) {
            QCOMPARE(value, volume->unit() == "HU" ? -1000.0 : value);
        }
    }
    QVERIFY(inside > 20);
    // Every slice is held: the corners of all lie in the grid.
    for (const double height : heights)
        for (const double y : {0.0, 10.5}) {
            const Vec3 at = grid.indexFromPatient({-5, slope * height - 4 + y, height});
            QVERIFY(at[1] > -0.06 && at[1] < grid.size[1] - 0.94 && at[2] > -1e-6 && at[2] < grid.size[2] - 1 + 1e-6);
        }
}

void TestDicomAssembly::regularisedKeepsColours()
{
    std::mt19937 random(12);
    SlicePositions slices{{{5, 4, 3}, {1, 1, 2.5}, {}, identityMatrix}, {{0, 0, 0}, {0, 0, 2}, {0, 0, 5}}};
    std::vector<std::uint8_t> voxels(slices.grid.voxelCount());
    for (std::uint8_t& v : voxels)
        v = static_cast<std::uint8_t>(random());
    voxels.front() = 0; // what the grid takes beside the slices
    std::vector<std::byte> rgb;
    for (const std::uint8_t v : voxels)
        for (const int level : {int{v}, 255 - v, 0})
            rgb.push_back(static_cast<std::byte>(level));
    Volume stored = Volume::fromVoxels(slices.grid, voxels);
    stored.setColours({nullptr, rgb, 1});
    const auto grid = evenGrid(slices);
    QVERIFY(grid.has_value());
    const auto even = onEvenGrid(stored, slices, *grid);
    QVERIFY(even && even->hasColours());
    const auto values = even->voxels<std::uint8_t>();
    for (std::size_t v = 0; v < values.size(); ++v) {
        QCOMPARE(std::to_integer<int>(even->colours().rgb[3 * v]), int{values[v]});
        QVERIFY(std::abs(std::to_integer<int>(even->colours().rgb[3 * v + 1]) - (255 - values[v])) <= 1);
        QCOMPARE(std::to_integer<int>(even->colours().rgb[3 * v + 2]), 0);
    }
}

void TestDicomAssembly::stretchesAreJoined()
{
    DicomFolder folder;
    addFieldSlices(folder, {0, 2, 4, 6, 8, 13, 18, 23, 28}, 0);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{2});
    QVERIFY(!series[0].partOf.empty() && series[0].partOf == series[1].partOf);
    QVERIFY(isMeasurable(series[0].info)); // each lies evenly
    const auto whole = regularised(series);
    QCOMPARE(whole.size(), std::size_t{1});
    QVERIFY(whole[0].regularised && whole[0].files.size() == 9);
    QVERIFY(isNear(whole[0].geometry.spacing[2], 2));
    const auto volume = readSeries(whole[0]);
    QVERIFY(volume && volume->geometry().size[2] == 15);
    QVERIFY(std::abs(volume->valueAt({2, 3, 10}) - field({-1, 0.5, 20})) <= 1);
    QVERIFY(!isMeasurable(asStored(whole[0]).info));
}

void TestDicomAssembly::regularisedSurvivesJson()
{
    DicomFolder folder;
    addFieldSlices(folder, {0, 1.25, 5, 6.5, 12, 15}, 0.2);
    const SeriesEntry stored = scanned(folder).front(), even = regularised(stored);
    const auto back = seriesEntryFromJson(toJsonText(even));
    QVERIFY(back && *back == even);
    QVERIFY(asStored(even) == stored);
    QVERIFY(regularised(even) == even);
    SeriesEntry damaged = even;
    damaged.irregular->positions.pop_back();
    QVERIFY(!readSeries(damaged));
}

void TestDicomAssembly::radiographStandsForItself()
{
    DicomFolder folder;
    for (int n = 0; n < 2; ++n) {
        DicomFileText text = imageText("DX", "1.2.3", n, side, side, flat(n));
        text.set(0x00181164, "DS", "0.2\\0.1");
        folder.add(text);
    }
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{2});
    for (const SeriesEntry& entry : series) {
        QCOMPARE(entry.geometry.size[2], 1);
        QVERIFY(isNear(entry.geometry.spacing[0], 0.1) && isNear(entry.geometry.spacing[1], 0.2));
        QVERIFY(hasWarning(entry.info, "placeUnknown") && hasWarning(entry.info, "detectorSpacing"));
        QVERIFY(!isMeasurable(entry.info));
    }
}

void TestDicomAssembly::gammaCameraFramesLieAlongTheNormal()
{
    std::vector<std::int16_t> voxels;
    for (int frame = 0; frame < 3; ++frame)
        for (const std::int16_t voxel : flat(frame))
            voxels.push_back(voxel);
    DicomFileText text = imageText("NM", "1.2.3", 1, side, side, voxels), detector;
    text.set(0x00280008, "IS", "3");
    text.set(0x00280030, "DS", "3\\2");
    text.set(0x00180088, "DS", "-4");
    detector.set(0x00200032, "DS", "10\\20\\30");
    detector.set(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    text.items(0x00540022, {detector});
    DicomFolder folder;
    folder.add(text);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    QVERIFY(!hasWarning(series[0].info, "placeUnknown"));
    QVERIFY(length(series[0].geometry.origin - Vec3{10, 20, 22}) < 1e-9); // ascending: the last frame is the first slice
    QVERIFY(isNear(series[0].geometry.spacing[2], 4));
    const auto volume = readSeries(series[0]);
    QVERIFY(volume && volume->valueAt({0, 0, 0}) == 2);
}

void TestDicomAssembly::fewImagesInSeveralDirectionsAreLocalisers()
{
    DicomFolder folder;
    const Vec3 alongZ{0, 0, 1};
    for (int n = 0; n < 3; ++n) {
        DicomFileText axial = slice(n, {0, 0, 10.0 * n}), sagittal = slice(10 + n, {10.0 * n, 0, 0});
        place(sagittal, {10.0 * n, 0, 0}, alongY, alongZ, 2, 3);
        folder.add(axial);
        folder.add(sagittal);
    }
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{2});
    for (const SeriesEntry& entry : series)
        QVERIFY(hasWarning(entry.info, "localiser") && hasWarning(entry.info, "mixedOrientation"));
}

void TestDicomAssembly::standardisedUptake_data()
{
    // Factors by a separate calculation: 70 kg * 1000 / (370 MBq * 2^(-t / 6586.2 s)).
    QTest::addColumn<QString>("what");
    QTest::addColumn<double>("factor"); // 0: no SUV
    QTest::newRow("an hour before the scan") << "start" << 0.00027633668171764324;
    QTest::newRow("past midnight") << "midnight" << 0.00024355168064765564;
    QTest::newRow("corrected to the injection") << "admin" << 0.0001891891891891892;
    QTest::newRow("back from the frame's mean time") << "frame" << 0.0002763348453109754;
    QTest::newRow("Philips' factor of counts") << "philips" << 0.0125;
    QTest::newRow("SUV already") << "gml" << 1.0;
    QTest::newRow("no weight") << "weightless" << 0.0;
    QTest::newRow("a dose in MBq") << "mega" << 0.0;
    QTest::newRow("not corrected") << "raw" << 0.0;
}

void TestDicomAssembly::standardisedUptake()
{
    QFETCH(QString, what);
    QFETCH(double, factor);
    DicomFileText text = slice(1, {0, 0, 0}, "PT"), drug;
    text.set(0x00281052, "DS", "0");
    text.set(0x00281053, "DS", "2");
    text.set(0x00080021, "DA", "20260102");
    text.set(0x00080031, "TM", what == "midnight" ? "002000" : what == "frame" ? "110000" : "100000");
    text.set(0x00080022, "DA", "20260102");
    text.set(0x00080032, "TM", what == "midnight" ? "002500" : what == "frame" ? "100000" : "100500");
    text.set(0x00541300, "DS", "60000");
    text.set(0x00181242, "IS", "120000");
    if (what != "weightless")
        text.set(0x00101030, "DS", "70");
    text.set(0x00280051, "CS", what == "raw" ? "ATTN" : "DECY\\ATTN\\SCAT");
    text.set(0x00541001, "CS", what == "philips" ? "CNTS" : what == "gml" ? "GML" : "BQML");
    text.set(0x00541102, "CS", what == "admin" ? "ADMIN" : "START");
    drug.set(0x00181072, "TM", what == "midnight" ? "234000" : "090000");
    drug.set(0x00181074, "DS", what == "mega" ? "370" : "370000000");
    drug.set(0x00181075, "DS", "6586.2");
    text.items(0x00540016, {drug});
    if (what == "philips") {
        text.set(0x70530010, "LO", "Philips PET Private Group");
        text.set(0x70531000, "DS", "0.0125");
    }
    DicomFolder folder;
    folder.add(text);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    const auto volume = readSeries(series[0]);
    QVERIFY(volume.has_value());
    const bool isSuv = factor > 0;
    QCOMPARE(volume->unit(), std::string(isSuv ? "SUVbw" : "Bq/ml"));
    QVERIFY(isNear(volume->valueAt({0, 0, 0}), isSuv ? 2 * factor : 2, 1e-12));
    QVERIFY(hasWarning(series[0].info, isSuv ? "suvBodyWeight" : "noSuv"));
}

// Two frames with a mapping of their own each.
void TestDicomAssembly::parametricMapsAreRealWorldValues()
{
    DicomFileText text = imageText("MR", "1.2.30", 1, 2, 1, {1, 2, 3, 4}), measures, turn;
    text.set(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.30");
    text.set(0x00280008, "IS", "2");
    measures.set(0x00280030, "DS", "1\\1");
    turn.set(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    DicomFileText shared;
    shared.items(0x00289110, {measures});
    shared.items(0x00209116, {turn});
    text.items(0x52009229, {shared});
    std::vector<DicomFileText> frames;
    for (int n = 0; n < 2; ++n) {
        DicomFileText position, unit, mapping, other, frame;
        position.set(0x00200032, "DS", joined({0, 0, 3.0 * n}));
        unit.set(0x00080100, "SH", "um2/s");
        mapping.set(0x00283003, "LO", "Apparent Diffusion Coefficient");
        mapping.items(0x004008EA, {unit});
        mapping.floating(0x00409224, -1);
        mapping.floating(0x00409225, n == 0 ? 10 : 100);
        other.floating(0x00409224, 0);
        other.floating(0x00409225, 7);
        frame.items(0x00209113, {position});
        frame.items(0x00409096, {mapping, other});
        frames.push_back(frame);
    }
    text.items(0x52009230, frames);
    DicomFolder folder;
    folder.add(text);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    QVERIFY(hasWarning(series[0].info, "realWorldValues"));
    const auto volume = readSeries(series[0]);
    QVERIFY(volume.has_value());
    QCOMPARE(volume->unit(), std::string("um2/s"));
    QVERIFY(isNear(volume->valueAt({1, 0, 0}), 19, 1e-6));
    QVERIFY(isNear(volume->valueAt({0, 0, 1}), 299, 1e-6));
}

void TestDicomAssembly::enhancedPetIsUptake_data()
{
    QTest::addColumn<std::string>("unit");
    QTest::addColumn<double>("factor"); // of 20, the stored value 2 times the slope 10; 0: no SUV
    QTest::newRow("activity") << std::string("Bq/ml") << 70e3 / (3.7e8 * std::pow(2.0, -3600 / 6586.2));
    QTest::newRow("uptake") << std::string("{SUVbw}g/ml") << 1.0;
    QTest::newRow("something else") << std::string("um2/s") << 0.0;
}

void TestDicomAssembly::enhancedPetIsUptake()
{
    QFETCH(std::string, unit);
    QFETCH(double, factor);
    DicomFileText text = imageText("PT", "1.2.31", 1, 2, 1, {1, 2}), measures, turn, position, code, mapping, shared, frame, drug;
    text.set(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.130");
    text.set(0x00280008, "IS", "1");
    text.set(0x00101030, "DS", "70");
    text.set(0x00189758, "CS", "YES");
    text.set(0x00189759, "CS", "YES");
    text.set(0x00189701, "DT", "20240101100000");
    drug.set(0x00181074, "DS", "370000000");
    drug.set(0x00181075, "DS", "6586.2");
    drug.set(0x00181078, "DT", "20240101090000");
    text.items(0x00540016, {drug});
    measures.set(0x00280030, "DS", "1\\1");
    turn.set(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    position.set(0x00200032, "DS", "0\\0\\0");
    code.set(0x00080100, "SH", unit);
    mapping.items(0x004008EA, {code});
    mapping.floating(0x00409224, 0);
    mapping.floating(0x00409225, 10);
    shared.items(0x00289110, {measures});
    shared.items(0x00209116, {turn});
    shared.items(0x00409096, {mapping});
    frame.items(0x00209113, {position});
    text.items(0x52009229, {shared});
    text.items(0x52009230, {frame});
    DicomFolder folder;
    folder.add(text);
    const auto series = scanned(folder);
    QCOMPARE(series.size(), std::size_t{1});
    const auto volume = readSeries(series[0]);
    QVERIFY(volume.has_value());
    QVERIFY(isNear(volume->valueAt({1, 0, 0}), 20 * (factor > 0 ? factor : 1), 1e-9));
    QCOMPARE(volume->unit() == "SUVbw", factor > 0);
    QVERIFY(hasWarning(series[0].info, factor > 0 ? "suvBodyWeight" : "noSuv"));
}

QTEST_APPLESS_MAIN(TestDicomAssembly)
#include "tst_dicom_assembly.moc"
