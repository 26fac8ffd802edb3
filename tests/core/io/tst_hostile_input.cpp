// What the fuzz targets (tests/fuzz) and a look at what they cannot reach have found, so that it stays found.
#include "core/io/masks/dicom_seg.h"
#include "core/io/masks/rtstruct.h"
#include "core/io/plain/nrrd.h"
#include "core/io/reader_messages.h"
#include "core/io/series.h"
#include "tests/fuzz/support/dicom_bytes.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace annotomy;
using fuzz::DicomBytes;

namespace {

constexpr qint64 patienceMs = 15'000; // what took time by the square of the input's size took minutes

// As deep as a stack of 8 MiB does not bear.
std::string nested(const std::string& before, const std::string& after)
{
    constexpr std::size_t depth = 200'000;
    return before + std::string(depth, '[') + std::string(depth, ']') + after;
}

std::string repeated(const std::string& text, std::size_t count)
{
    std::string all;
    for (std::size_t n = 0; n < count; ++n)
        all += text;
    return all;
}

DicomBytes slice()
{
    DicomBytes set;
    set.text(0x00080018, "UI", "1.2.3.4").text(0x00080060, "CS", "CT").text(0x0020000E, "UI", "1.2.3");
    set.text(0x00200032, "DS", "0\\0\\0").text(0x00200037, "DS", "1\\0\\0\\0\\1\\0").number(0x00280002, 1);
    set.text(0x00280004, "CS", "MONOCHROME2").number(0x00280010, 1).number(0x00280011, 1).text(0x00280030, "DS", "1\\1");
    return set.number(0x00280100, 16).number(0x00280101, 16).number(0x00280102, 15).number(0x00280103, 0);
}

// A segmentation of one segment and one frame, of which RLE holds nothing.
DicomBytes segmentation(std::uint16_t side, const DicomBytes& segment)
{
    DicomBytes measures, turn, place, frame, set;
    measures.text(0x00280030, "DS", "1\\1");
    turn.text(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    place.text(0x00200032, "DS", "0\\0\\0");
    frame.sequence(0x00209113, {place}).sequence(0x00209116, {turn}).sequence(0x00289110, {measures});
    set.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.7").text(0x00080060, "CS", "SEG").number(0x00280002, 1);
    set.text(0x00280004, "CS", "MONOCHROME2").text(0x00280008, "IS", "1").number(0x00280010, side).number(0x00280011, side);
    set.number(0x00280100, 8).number(0x00280101, 8).number(0x00280102, 7).number(0x00280103, 0);
    set.text(0x00620001, "CS", "LABELMAP").sequence(0x00620002, {segment}).sequence(0x52009230, {frame});
    return set.fragments({"", std::string("\1\0\0\0\x40\0\0\0", 8) + std::string(58, '\0')});
}

} // namespace

class TestHostileInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deeplyNestedJsonIsRefused();
    void longTextsAndManyWindowsAreCut();
    void manyRoisTakeLinearTime();
    void longDirectionsTakeLinearTime();
    void hugeFramesInSmallFilesAreRefused();
    void impossibleColoursAreReplaced();

private:
    std::string written(const std::string& name, const std::string& content) const
    {
        const std::string path = m_folder.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    QTemporaryDir m_folder;
};

void TestHostileInput::deeplyNestedJsonIsRefused()
{
    QVERIFY(!isCancelJsonLine(nested(R"({"type":)", "}")));
    QVERIFY(!readerRequestFromJson(nested(R"({"type":"readMask","path":"a","out":"b","names":)", "}")));
    QVERIFY(!readerEventFromJson(nested(R"({"type":"failed","code":"malformed","detail":)", "}")));
    QVERIFY(!seriesEntryFromJson(nested(R"({"files":)", "}")));
    QVERIFY(!scanReportFromJson(nested(R"({"series":)", "}")));
    QVERIFY(isCancelJsonLine(cancelJsonLine()));
}

// A frame or series repeats what the header says once: 65,535 times a megabyte is more than any machine has.
void TestHostileInput::longTextsAndManyWindowsAreCut()
{
    DicomBytes set = slice();
    set.raw(0x0008103E, "UT", std::string(std::size_t{1} << 20, 'a'));
    set.raw(0x00281050, "UT", repeated("1\\", 100'000) + "1").raw(0x00281051, "UT", repeated("2\\", 100'000) + "2");
    set.raw(0x7FE00010, "OW", std::string(2, '\0'));
    const auto scan = scanPaths({written("long.dcm", fuzz::dicomFile("1.2.840.10008.1.2.1", set.bytes()))});
    QVERIFY(scan && scan->series.size() == 1);
    const ImageInfo& info = scan->series.front().info;
    QVERIFY(info.seriesDescription.starts_with("aaaa") && info.seriesDescription.size() <= 8192);
    QVERIFY(!info.windows.empty() && info.windows.size() <= 64);
}

void TestHostileInput::manyRoisTakeLinearTime()
{
    std::vector<DicomBytes> rois;
    for (int number = 0; number < 200'000; ++number)
        rois.push_back(DicomBytes().text(0x30060022, "IS", std::to_string(number)));
    DicomBytes set;
    set.text(0x00080060, "CS", "RTSTRUCT").sequence(0x30060020, rois);
    const std::string path = written("rois.dcm", fuzz::dicomFile("1.2.840.10008.1.2.1", set.bytes()));
    QElapsedTimer timer;
    timer.start();
    const auto structures = readRtStructureSet(path);
    QVERIFY(structures && structures->rois.size() == rois.size());
    QVERIFY(timer.elapsed() < patienceMs);
}

void TestHostileInput::longDirectionsTakeLinearTime()
{
    const std::string header = "NRRD0005\ntype: short\ndimension: 3\nsizes: 1 1 1\nspace: left-posterior-superior\n"
                               "encoding: raw\nendian: little\nspace directions: (" +
                               repeated("nan", 300'000) + ") (0,1,0) (0,0,1)\n\n\1\1";
    const std::string path = written("long.nrrd", header);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!scanNrrd(path));
    QVERIFY(timer.elapsed() < patienceMs);
}

void TestHostileInput::hugeFramesInSmallFilesAreRefused()
{
    const std::string path = written(
        "huge.dcm", fuzz::dicomFile("1.2.840.10008.1.2.5", segmentation(65535, DicomBytes().number(0x00620004, 1)).bytes()));
    const auto read = readSegmentation(path);
    QVERIFY(read);
    VolumeGeometry grid;
    grid.size = {2, 2, 1};
    const auto labels = placed(*read, grid, path);
    QVERIFY(!labels && labels.error().detail.find("too small") != std::string::npos);
}

void TestHostileInput::impossibleColoursAreReplaced()
{
    for (const char* lab : {"-1\\70000\\1e300", "1\\2"}) {
        DicomBytes segment;
        segment.number(0x00620004, 7).text(0x0062000D, "DS", lab);
        const std::string path =
            written("colour.dcm", fuzz::dicomFile("1.2.840.10008.1.2.5", segmentation(2, segment).bytes()));
        const auto read = readSegmentation(path);
        QVERIFY(read && read->segments.size() == 1);
        QVERIFY(read->segments.front().colour == paletteColour(7));
    }
}

QTEST_APPLESS_MAIN(TestHostileInput)
#include "tst_hostile_input.moc"
