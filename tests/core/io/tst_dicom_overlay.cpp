// Overlay planes of DICOM images, made and published, as masks.
#include "core/io/masks/mask_file.h"
#include "core/io/masks/overlay_mask.h"
#include "core/io/series.h"
#include "tests/core/io/overlay_text.h"
#include "tests/fuzz/support/dicom_bytes.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <functional>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr int columns = 6, rows = 5;

// Overlay `index` in a bit of the pixels.
void bitOverlay(DicomFileText& text, int index, int position)
{
    text.number(element(index, 0x10), rows);
    text.number(element(index, 0x11), columns);
    text.set(element(index, 0x50), "SS", shorts(1, 1));
    text.number(element(index, 0x100), 16);
    text.number(element(index, 0x102), static_cast<std::uint16_t>(position));
}

// A slice of 12-bit voxels at z = 3 * number, all of `value`.
DicomFileText slice(int number, std::int16_t value = 7)
{
    DicomFileText text = imageText("CT", "1.2.3", number, columns, rows, std::vector<std::int16_t>(columns * rows, value));
    place(text, {10, 20, 3.0 * number}, {1, 0, 0}, {0, 1, 0}, 2, 1.5);
    text.number(0x00280101, 12);
    text.number(0x00280102, 11);
    text.number(0x00280103, 0);
    return text;
}

// Several frames of 8 bits, without a place.
DicomFileText cine(int frames)
{
    DicomFileText text = imageText("US", "1.2.3", 1, columns, rows, {});
    text.set(0x00280008, "IS", std::to_string(frames));
    text.number(0x00280100, 8);
    text.number(0x00280101, 8);
    text.number(0x00280102, 7);
    text.number(0x00280103, 0);
    text.set(0x7FE00010, "OW", std::string(static_cast<std::size_t>(columns * rows * frames), '\1'));
    return text;
}

SeriesEntry onlySeries(const DicomFolder& folder)
{
    const auto scan = scanPaths({folder.path()});
    return scan && scan->series.size() == 1 ? scan->series.front() : SeriesEntry();
}

// The segment's voxels in slice k, as a picture.
Picture drawn(const LabelMap& labels, const std::string& name, int k)
{
    const Segment* segment = labels.segments().findByName(name);
    const VolumeGeometry& g = labels.geometry();
    Picture picture(static_cast<std::size_t>(g.size[1]), std::string(static_cast<std::size_t>(g.size[0]), '.'));
    if (!segment)
        return {"no segment " + name};
    for (int j = 0; j < g.size[1]; ++j)
        for (int i = 0; i < g.size[0]; ++i)
            if (labels.labelAt(segment->layer, {i, j, k}) == segment->number)
                picture[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)] = '#';
    return picture;
}

const Picture nothing(rows, std::string(columns, '.'));

std::string told(const Result<LabelMap>& labels)
{
    return labels ? "read" : labels.error().detail;
}

} // namespace

class TestDicomOverlay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dataOfItsOwn();
    void unusedBitsOfThePixels();
    void besideTheImage();
    void framesWithoutAGap();
    void oneOverAllFrames();
    void severalOverlap();
    void otherEncodings_data();
    void otherEncodings();
    void blankOnesAreNoSegments();
    void damagedOnesAreLeftOut_data();
    void damagedOnesAreLeftOut();
    void pixelsThatEndTooEarly();
    void placedByPosition();
    void tilesOfAMosaic();
    void anySliceIsTold();
    void imagesThatCarryNone();
    void regularisedSeriesAreRefused();
    void asPydicomReadsThem_data();
    void asPydicomReadsThem();
};

void TestDicomOverlay::dataOfItsOwn()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    overlay(text, 0, {"#.#", ".#."}, 2, 3);
    text.set(element(0, 0x1500), "LO", "Nodule ");
    text.set(element(0, 0x22), "LO", "Drawn at the console");
    overlay(text, 3, {"#"}, 5, 6);
    text.set(element(3, 0x40), "CS", "R");
    folder.add(text);
    const auto labels = readOverlays(onlySeries(folder));
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(labels->segments().segments().size(), std::size_t{2});
    QCOMPARE(drawn(*labels, "Nodule", 0), (Picture{"......", "..#.#.", "...#..", "......", "......"}));
    QCOMPARE(drawn(*labels, "Overlay 4", 0), (Picture{"......", "......", "......", "......", ".....#"}));
    QCOMPARE(labels->segments().findByName("Nodule")->description, std::string("Drawn at the console"));
    QCOMPARE(labels->segments().findByName("Overlay 4")->description, std::string("Region of interest"));
    QCOMPARE(labels->layerCount(), 1);
    QVERIFY(labels->segments().findByName("Nodule")->visible && !labels->segments().findByName("Nodule")->locked);
}

void TestDicomOverlay::unusedBitsOfThePixels()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    std::string pixels;
    for (int voxel = 0; voxel < columns * rows; ++voxel) // one overlay on every fifth voxel, one on the first row
        pixels += littleEndian(0x0ABCU | (voxel % 5 == 0 ? 0x1000U : 0U) | (voxel < columns ? 0x8000U : 0U), 2);
    text.set(0x7FE00010, "OW", pixels);
    bitOverlay(text, 0, 12);
    bitOverlay(text, 1, 15);
    folder.add(text);
    const SeriesEntry entry = onlySeries(folder);
    const auto labels = readOverlays(entry);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(drawn(*labels, "Overlay 1", 0), (Picture{"#....#", "....#.", "...#..", "..#...", ".#...."}));
    QCOMPARE(drawn(*labels, "Overlay 2", 0), (Picture{"######", "......", "......", "......", "......"}));
    const auto volume = readSeries(entry);
    QVERIFY(volume);
    QCOMPARE(valueRange(*volume).min, double{0xABC}); // the image itself is without them
    QCOMPARE(valueRange(*volume).max, double{0xABC});
}

void TestDicomOverlay::besideTheImage()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    overlay(text, 0, Picture(3, "###"), -1, 0);       // its last row and two columns lie over the image
    overlay(text, 1, Picture(3, "####"), 4, 5);
    overlay(text, 2, Picture(2, "##"), -32768, 32767); // wholly beside it
    overlay(text, 3, Picture(9, "#........."), -1, 1);
    overlay(text, 4, {"#"}, 3, 3);
    folder.add(text);
    MaskNotes notes;
    const auto labels = readOverlays(onlySeries(folder), {}, {}, &notes);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(labels->segments().segments().size(), std::size_t{4});
    QCOMPARE(drawn(*labels, "Overlay 1", 0), (Picture{"##....", "......", "......", "......", "......"}));
    QCOMPARE(drawn(*labels, "Overlay 2", 0), (Picture{"......", "......", "......", "....##", "....##"}));
    QCOMPARE(drawn(*labels, "Overlay 4", 0), Picture(rows, "#....."));
    QCOMPARE(notes.size(), std::size_t{4}); // all but the fifth
    QCOMPARE(notes.front(), std::string("overlay \"Overlay 1\": what is drawn beside the image was left out"));
}

void TestDicomOverlay::framesWithoutAGap()
{
    DicomFolder folder;
    DicomFileText text = cine(4);
    overlay(text, 0, {"#..", "...", "..."}); // nine bits a frame
    text.set(element(0, 0x15), "IS", "2");
    text.number(element(0, 0x51), 2);
    text.set(element(0, 0x3000), "OW", packed({{"#..", ".#.", "..#"}, {"###", "...", "..#"}}));
    folder.add(text);
    const auto labels = readOverlays(onlySeries(folder));
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(drawn(*labels, "Overlay 1", 0), nothing);
    QCOMPARE(drawn(*labels, "Overlay 1", 1), (Picture{"#.....", ".#....", "..#...", "......", "......"}));
    QCOMPARE(drawn(*labels, "Overlay 1", 2), (Picture{"###...", "......", "..#...", "......", "......"}));
    QCOMPARE(drawn(*labels, "Overlay 1", 3), nothing);
}

void TestDicomOverlay::oneOverAllFrames()
{
    DicomFolder folder;
    DicomFileText text = cine(3);
    overlay(text, 0, {"##"}, 2, 2);
    folder.add(text);
    const auto labels = readOverlays(onlySeries(folder));
    QVERIFY2(labels, told(labels).c_str());
    for (int k = 0; k < 3; ++k)
        QCOMPARE(drawn(*labels, "Overlay 1", k), (Picture{"......", ".##...", "......", "......", "......"}));
}

void TestDicomOverlay::severalOverlap()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    for (const int index : {0, 7, 15}) {
        overlay(text, index, Picture(3, std::string(3, '#')), 1 + index % 2, 1);
        text.set(element(index, 0x22), "LO", "Graphics of the console");
    }
    folder.add(text);
    const auto labels = readOverlays(onlySeries(folder));
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(labels->layerCount(), 3);
    const Picture shifted{"......", "###...", "###...", "###...", "......"};
    QCOMPARE(drawn(*labels, "Graphics of the console", 0), (Picture{"###...", "###...", "###...", "......", "......"}));
    QCOMPARE(drawn(*labels, "Graphics of the console (8)", 0), shifted);
    QCOMPARE(drawn(*labels, "Graphics of the console (16)", 0), shifted);
}

void TestDicomOverlay::otherEncodings_data()
{
    QTest::addColumn<bool>("explicitVr");
    QTest::addColumn<bool>("bigEndian");
    QTest::addColumn<QByteArray>("vr");
    QTest::addColumn<QByteArray>("syntax");
    QTest::newRow("implicit") << false << false << QByteArray("OW") << QByteArray("1.2.840.10008.1.2");
    QTest::newRow("explicit, bytes") << true << false << QByteArray("OB") << QByteArray("1.2.840.10008.1.2.1");
    QTest::newRow("big endian words") << true << true << QByteArray("OW") << QByteArray("1.2.840.10008.1.2.2");
    QTest::newRow("big endian bytes") << true << true << QByteArray("OB") << QByteArray("1.2.840.10008.1.2.2");
}

void TestDicomOverlay::otherEncodings()
{
    QFETCH(bool, explicitVr);
    QFETCH(bool, bigEndian);
    QFETCH(QByteArray, vr);
    QFETCH(QByteArray, syntax);
    const Picture picture{"#..#.", ".#..#", "..#..", "####."}; // 20 bits: the last word is not full
    std::string bits = packed({picture}) + '\0', origin = shorts(0, 2), pixels(columns * rows * 2, '\1');
    pixels[bigEndian ? 2 : 3] = '\x41'; // bit 14 of the second voxel
    if (bigEndian) {
        std::swap(origin[0], origin[1]);
        std::swap(origin[2], origin[3]);
        for (std::size_t at = 0; vr == "OW" && at < bits.size(); at += 2)
            std::swap(bits[at], bits[at + 1]);
    }
    fuzz::DicomBytes set({explicitVr, bigEndian});
    set.text(0x00080060, "CS", "CT").text(0x0020000E, "UI", "1.2.3").text(0x00200032, "DS", "0\\0\\0");
    set.text(0x00200037, "DS", "1\\0\\0\\0\\1\\0").number(0x00280002, 1).text(0x00280004, "CS", "MONOCHROME2");
    set.number(0x00280010, rows).number(0x00280011, columns).text(0x00280030, "DS", "1\\1").number(0x00280100, 16);
    set.number(0x00280101, 12).number(0x00280102, 11).number(0x00280103, 0);
    set.number(0x60000010, 4).number(0x60000011, 5).raw(0x60000050, "SS", origin).number(0x60000100, 1);
    set.number(0x60000102, 0).raw(0x60003000, vr.toStdString(), bits);
    set.number(0x60020010, rows).number(0x60020011, columns).number(0x60020100, 16).number(0x60020102, 14);
    set.raw(0x7FE00010, "OW", pixels);
    QTemporaryDir folder;
    const std::string path = folder.filePath("overlay.dcm").toStdString();
    std::ofstream(path, std::ios::binary) << fuzz::dicomFile(syntax.toStdString(), set.bytes());
    const auto labels = readMaskFile(path);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(drawn(*labels, "Overlay 1", 0), (Picture{"..#..#", "...#..", ".####.", "......", "......"}));
    QCOMPARE(drawn(*labels, "Overlay 2", 0), (Picture{".#....", "......", "......", "......", "......"}));
}

void TestDicomOverlay::blankOnesAreNoSegments()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    overlay(text, 0, nothing);
    folder.add(text);
    const SeriesEntry entry = onlySeries(folder);
    const auto labels = readOverlays(entry);
    QVERIFY2(labels, told(labels).c_str());
    QVERIFY(labels->segments().empty());
    const auto mask = readMaskFile(entry.files.front(), entry.geometry);
    QCOMPARE(mask.error().code, ErrorCode::Unrecognised);
    QCOMPARE(mask.error().detail, std::string("its overlay planes are blank"));
}

void TestDicomOverlay::damagedOnesAreLeftOut_data()
{
    QTest::addColumn<std::function<void(DicomFileText&)>>("damage");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const char* why, std::function<void(DicomFileText&)> damage) {
        QTest::newRow(name) << damage << QByteArray(why);
    };
    const char* const impossible = "the overlay's rows, columns or frames are missing or impossible";
    const char* const small = "the overlay's data is smaller than its rows and columns";
    row("no rows", impossible, [](DicomFileText& t) { t.number(0x60000010, 0); });
    row("columns of no type", impossible, [](DicomFileText& t) { t.set(0x60000011, "LO", "many"); });
    row("columns beyond a short", impossible,
        [](DicomFileText& t) { t.set(0x60000011, "UL", littleEndian(0x7FFFFFFF, 4)); });
    row("one number for the origin", impossible, [](DicomFileText& t) { t.number(0x60000050, 1); });
    row("origin that is no number", impossible, [](DicomFileText& t) {
        t.set(0x60000050, "FD", littleEndian(0x7FF8000000000000U, 8) + littleEndian(0x7FEFFFFFFFFFFFFFU, 8));
    });
    row("no frames", impossible, [](DicomFileText& t) { t.set(0x60000015, "IS", "0"); });
    row("frames without end", impossible, [](DicomFileText& t) { t.set(0x60000015, "IS", "2147483647"); });
    row("frames before the first", impossible, [](DicomFileText& t) { t.set(0x60000051, "IS", "-2147483647"); });
    row("rows beyond the data", small, [](DicomFileText& t) { t.number(0x60000010, 65535); });
    row("more frames than data", small, [](DicomFileText& t) { t.set(0x60000015, "IS", "16777216"); });
    row("everything beyond the data", small, [](DicomFileText& t) {
        t.number(0x60000010, 65535);
        t.number(0x60000011, 65535);
        t.set(0x60000015, "IS", "16777216");
    });
    row("empty data", small, [](DicomFileText& t) { t.set(0x60003000, "OW", ""); });
    row("no data", "the overlay has no data", [](DicomFileText& t) {
        t = slice(0);
        bitOverlay(t, 0, 0);
        t.number(0x60000100, 1);
    });
    row("bits of the image", "the overlay lies in bits that the image itself uses", [](DicomFileText& t) {
        t = slice(0);
        bitOverlay(t, 0, 11);
    });
    row("bit beyond the pixels", "the overlay lies in a bit that the image's pixels do not have", [](DicomFileText& t) {
        t = slice(0);
        bitOverlay(t, 0, 16);
    });
    row("colour", "the overlay lies in pixels of a kind whose unused bits are not read", [](DicomFileText& t) {
        t = slice(0);
        t.number(0x00280002, 3);
        t.set(0x00280004, "CS", "RGB");
        t.set(0x7FE00010, "OW", std::string(columns * rows * 6, '\1'));
        bitOverlay(t, 0, 15);
    });
}

void TestDicomOverlay::damagedOnesAreLeftOut()
{
    QFETCH(std::function<void(DicomFileText&)>, damage);
    QFETCH(QByteArray, why);
    DicomFileText text = slice(0);
    overlay(text, 0, {"##"});
    damage(text);
    DicomFolder alone, withSound;
    alone.add(text);
    const auto refused = readOverlays(onlySeries(alone));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Malformed);
    QCOMPARE(refused.error().detail, why.toStdString());

    overlay(text, 1, {"###"}, 5, 1); // a sound one beside it
    withSound.add(text);
    MaskNotes notes;
    const auto labels = readOverlays(onlySeries(withSound), {}, {}, &notes);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(labels->segments().segments().size(), std::size_t{1});
    QCOMPARE(drawn(*labels, "Overlay 2", 0), (Picture{"......", "......", "......", "......", "###..."}));
    QCOMPARE(notes, MaskNotes{"overlay 1 of 1 image (f0.dcm) was left out: " + why.toStdString()});
}

void TestDicomOverlay::pixelsThatEndTooEarly()
{
    DicomFolder folder;
    for (int number = 0; number < 4; ++number) {
        DicomFileText text = slice(number, static_cast<std::int16_t>(0xF000)); // drawn everywhere
        bitOverlay(text, 0, 13);
        folder.add(text);
    }
    const SeriesEntry entry = onlySeries(folder);
    QCOMPARE(entry.files.size(), std::size_t{4});
    std::filesystem::resize_file(entry.files[2], std::filesystem::file_size(entry.files[2]) - 20); // since the scan
    MaskNotes notes;
    const auto labels = readOverlays(entry, {}, {}, &notes);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(drawn(*labels, "Overlay 1", 1), Picture(rows, std::string(columns, '#')));
    QCOMPARE(drawn(*labels, "Overlay 1", 2), nothing);
    QCOMPARE(notes.size(), std::size_t{1});
    QVERIFY2(notes.front().starts_with("overlay 1 of 1 image (f2.dcm) was left out: "), notes.front().c_str());
}

void TestDicomOverlay::placedByPosition()
{
    DicomFolder series, other;
    QTemporaryDir mixed;
    for (int number = 0; number < 5; ++number) {
        DicomFileText text = slice(number);
        if (number == 1 || number == 3)
            overlay(text, 0, {"#", std::string(1, number == 3 ? '#' : '.')}, 1, number);
        series.add(text);
    }
    const SeriesEntry entry = onlySeries(series);
    QCOMPARE(entry.geometry.size[2], 5);
    const auto whole = readOverlays(entry);
    QVERIFY2(whole, told(whole).c_str());
    const auto folder = readMaskFile(series.path(), entry.geometry);
    QVERIFY2(folder, told(folder).c_str());
    QVERIFY(*folder == *whole);
    QCOMPARE(drawn(*whole, "Overlay 1", 3), (Picture{"..#...", "..#...", "......", "......", "......"}));

    VolumeGeometry turned = entry.geometry; // the same voxels, slices from the other end
    turned.origin = entry.geometry.patientFromIndex({0, 0, 4});
    turned.direction = fromColumns(turned.axis(0), turned.axis(1), -1.0 * turned.axis(2));
    const auto one = readMaskFile(entry.files[3], turned);
    QVERIFY2(one, told(one).c_str());
    QCOMPARE(drawn(*one, "Overlay 1", 1), drawn(*whole, "Overlay 1", 3));
    QCOMPARE(drawn(*one, "Overlay 1", 3), nothing);

    VolumeGeometry shorter = entry.geometry, shifted = entry.geometry;
    shorter.size[2] = 2; // the second drawing lies beyond it
    MaskNotes notes;
    const auto part = readMaskFile(series.path(), shorter, {}, {}, {}, &notes);
    QVERIFY2(part, told(part).c_str());
    QCOMPARE(drawn(*part, "Overlay 1", 1), drawn(*whole, "Overlay 1", 1));
    QCOMPARE(notes, MaskNotes{"overlays of 1 image off the image's grid were left out"});
    shifted.origin[0] += 0.4;
    QCOMPARE(readMaskFile(series.path(), shifted).error().code, ErrorCode::GeometryMismatch);
}

void TestDicomOverlay::tilesOfAMosaic()
{
    DicomFolder folder;
    DicomFileText text = slice(0);
    overlay(text, 0, {"##", "##"}, 2, 3); // over a corner of each of four tiles of 3 by 2
    folder.add(text);
    SeriesEntry entry = onlySeries(folder);
    entry.geometry.size = {3, 2, 4};
    entry.mosaic = 2;
    entry.files = std::vector<std::string>(4, entry.files.front());
    entry.frames = {0, 1, 2, 3};
    const auto labels = readOverlays(entry);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(drawn(*labels, "Overlay 1", 0), (Picture{"...", "..#"}));
    QCOMPARE(drawn(*labels, "Overlay 1", 1), (Picture{"...", "#.."}));
    QCOMPARE(drawn(*labels, "Overlay 1", 2), (Picture{"..#", "..."}));
    QCOMPARE(drawn(*labels, "Overlay 1", 3), (Picture{"#..", "..."}));
    entry.frames.back() = 4;
    QCOMPARE(readOverlays(entry).error().code, ErrorCode::InvalidArgument);
}

void TestDicomOverlay::anySliceIsTold()
{
    DicomFolder folder;
    for (int number = 0; number < 4; ++number) {
        DicomFileText text = slice(number);
        if (number >= 2)
            overlay(text, 0, {"#"});
        folder.add(text);
    }
    const SeriesEntry entry = onlySeries(folder);
    const auto isOverlay = [](const Warning& warning) { return warning.code == "overlay"; };
    QCOMPARE(std::count_if(entry.info.warnings.begin(), entry.info.warnings.end(), isOverlay), 1);
    const auto told = std::find_if(entry.info.warnings.begin(), entry.info.warnings.end(), isOverlay);
    QCOMPARE(told->files, (std::vector<std::string>{entry.files[2], entry.files[3]}));
}

void TestDicomOverlay::imagesThatCarryNone()
{
    DicomFolder folder;
    folder.add(slice(0));
    const SeriesEntry entry = onlySeries(folder);
    QVERIFY(!hasWarning(entry.info, "overlay"));
    QCOMPARE(readOverlays(entry).error().code, ErrorCode::NotFound);
    QCOMPARE(readMaskFile(entry.files.front()).error().code, ErrorCode::Unrecognised);
    QCOMPARE(readMaskFile(folder.path(), entry.geometry).error().code, ErrorCode::Unrecognised);
    QCOMPARE(readMaskFile(folder.path() + "/none", entry.geometry).error().code, ErrorCode::NotFound);
}

void TestDicomOverlay::regularisedSeriesAreRefused()
{
    DicomFolder folder;
    for (int number = 0; number < 8; ++number) {
        DicomFileText text = slice(number);
        place(text, {10, 20, 3.0 * number + (number == 4 ? 1 : 0)}, {1, 0, 0}, {0, 1, 0}, 2, 1.5);
        overlay(text, 0, {"#"});
        folder.add(text);
    }
    const SeriesEntry entry = onlySeries(folder);
    QVERIFY(entry.irregular);
    const auto asItLies = readOverlays(entry);
    QVERIFY2(asItLies, told(asItLies).c_str());
    QCOMPARE(drawn(*asItLies, "Overlay 1", 4), (Picture{"#.....", "......", "......", "......", "......"}));
    const SeriesEntry even = regularised(entry);
    QVERIFY(even.regularised);
    QCOMPARE(readOverlays(even).error().code, ErrorCode::Unsupported);
}

void TestDicomOverlay::asPydicomReadsThem_data()
{
    QTest::addColumn<QString>("set");
    QTest::addColumn<QString>("file");
    QTest::addColumn<qint64>("voxels");
    QTest::addColumn<quint64>("hash"); // FNV-1a over the indices of what pydicom's overlay_array holds
    QTest::newRow("C01") << "C01_pydicom_files" << "test_files/examples_overlay.dcm" << qint64{222}
                         << quint64{0x75f7507e64023f0U};
    QTest::newRow("C02") << "C02_pydicom_data" << "MR-SIEMENS-DICOM-WithOverlays.dcm" << qint64{323}
                         << quint64{0xd958e20197a3a1a8U};
}

void TestDicomOverlay::asPydicomReadsThem()
{
    QFETCH(QString, set);
    QFETCH(QString, file);
    QFETCH(qint64, voxels);
    QFETCH(quint64, hash);
    const auto data = sharedData(set.toStdString());
    if (!data)
        QSKIP("the published data is not there");
    const std::string path = *data + "/" + file.toStdString();
    const auto labels = readMaskFile(path);
    QVERIFY2(labels, told(labels).c_str());
    QCOMPARE(labels->segments().segments().size(), std::size_t{1});
    QCOMPARE(labels->segments().segments().front().name, std::string("Siemens MedCom Object Graphics"));
    quint64 ours = 1469598103934665603U;
    qint64 count = 0;
    const auto layer = labels->layer(0);
    for (std::size_t v = 0; v < layer.size(); ++v)
        if (layer[v] != background) {
            ours = (ours ^ v) * 1099511628211U;
            ++count;
        }
    QCOMPARE(count, voxels);
    QCOMPARE(ours, hash);
    const auto scan = scanPaths({path});
    QVERIFY(scan && scan->series.size() == 1);
    const auto onGrid = readMaskFile(path, scan->series.front().geometry);
    QVERIFY(onGrid && *onGrid == *labels);
}

QTEST_APPLESS_MAIN(TestDicomOverlay)
#include "tst_dicom_overlay.moc"
