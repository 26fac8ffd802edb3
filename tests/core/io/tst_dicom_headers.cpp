#include "core/io/dicom/dicom_parser.h"
#include "core/io/series.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace annotomy;

namespace {

void append(std::string& bytes, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        bytes += static_cast<char>(value >> (8 * i));
}

struct Element {
    std::uint32_t tag = 0; // group << 16 | element
    std::string vr, value;
    bool undefinedLength = false;
};

bool hasLongLength(const std::string& vr)
{
    return vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UN";
}

std::string encoded(const Element& element, bool explicitVr = true)
{
    std::string value = element.value, bytes;
    if (value.size() % 2)
        value += ' ';
    append(bytes, element.tag >> 16, 2);
    append(bytes, element.tag & 0xFFFFU, 2);
    const std::uint64_t length = element.undefinedLength ? 0xFFFFFFFF : value.size();
    if (explicitVr) {
        bytes += element.vr;
        if (hasLongLength(element.vr))
            append(bytes, 0, 2);
    }
    append(bytes, length, explicitVr && !hasLongLength(element.vr) ? 2 : 4);
    return bytes + value;
}

std::string number(std::uint64_t value, std::size_t count = 2)
{
    std::string bytes;
    append(bytes, value, count);
    return bytes;
}

std::string item(const std::string& content)
{
    return number(0xFFFE) + number(0xE000) + number(content.size(), 4) + content;
}

// A slice of 2 x 2 voxels as its header tells it; the tests change what they are about.
struct Slice {
    std::string transferSyntax = "1.2.840.10008.1.2.1", uid = "1.2.3.4", series = "1.2.3",
                photometric = "MONOCHROME2";
    Vec3 position{};
    bool explicitVr = true;
    std::string voxels = std::string("\x01\x00\x02\x00\x03\x00\x04\x00", 8);
    std::vector<Element> extra; // ascending, between the series and the pixels

    std::string bytes() const
    {
        std::ostringstream place;
        place << position[0] << '\\' << position[1] << '\\' << position[2];
        std::vector<Element> all{{0x00080018, "UI", uid}, {0x00080060, "CS", "CT"}};
        for (const Element& element : extra)
            all.push_back(element);
        for (const Element& element :
             {Element{0x0020000E, "UI", series}, Element{0x00200032, "DS", place.str()},
              Element{0x00200037, "DS", "1\\0\\0\\0\\1\\0"}, Element{0x00280002, "US", number(1)},
              Element{0x00280004, "CS", photometric}, Element{0x00280010, "US", number(2)},
              Element{0x00280011, "US", number(2)}, Element{0x00280030, "DS", "1\\1"},
              Element{0x00280100, "US", number(16)}, Element{0x00280101, "US", number(16)},
              Element{0x00280102, "US", number(15)}, Element{0x00280103, "US", number(0)},
              Element{0x7FE00010, "OW", voxels}})
            all.push_back(element);
        std::string text = std::string(128, '\0') + "DICM" + encoded({0x00020010, "UI", transferSyntax});
        for (const Element& element : all)
            text += encoded(element, explicitVr);
        return text;
    }
};

class Folder {
public:
    void add(const Slice& slice)
    {
        const std::string name = "slice" + std::to_string(m_count++) + ".dcm";
        std::ofstream(m_folder.filePath(QString::fromStdString(name)).toStdString(), std::ios::binary)
            << slice.bytes();
    }

    std::vector<SeriesEntry> series() const
    {
        const auto scan = scanPaths({m_folder.path().toStdString()});
        return scan ? scan->series : std::vector<SeriesEntry>();
    }

private:
    QTemporaryDir m_folder;
    int m_count = 0;
};

std::vector<SeriesEntry> seriesOf(const Slice& slice)
{
    Folder folder;
    folder.add(slice);
    return folder.series();
}

// The voxels in storage order; empty when the slice is not read.
std::vector<double> valuesOf(const Slice& slice)
{
    Folder folder;
    folder.add(slice);
    const auto series = folder.series();
    const auto volume = series.empty() ? Result<Volume>(Error{}) : readSeries(series.front());
    std::vector<double> values;
    for (std::size_t v = 0; volume && v < volume->geometry().voxelCount(); ++v)
        values.push_back(volume->valueAt(volume->geometry().indexAt(v)));
    return values;
}

bool hasWarning(const SeriesEntry& entry, const std::string& code)
{
    const auto& all = entry.info.warnings;
    return std::any_of(all.begin(), all.end(), [&](const Warning& w) { return w.code == code; });
}

const std::vector<double> oneToFour{1, 2, 3, 4};

} // namespace

class TestDicomHeaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainSliceIsRead();
    void dataSetIsBelievedBeforeItsTransferSyntax();
    void bigEndianVoxelsOfImplicitFiles();
    void elementsOutOfOrderAreFound();
    void compressedIconIsPassedOver();
    void sameUidForEverySliceIsNoCopy();
    void positionsBeyondTheWorldAreRefused();
    void oneUidForSeveralSeriesIsSortedOut();
    void stacksShiftedAsideAreSplit();
    void singleShiftedSliceIsTold();
    void wideGapSplitsTheSeries();
    void invertedImageIsShownInvertedAndMeasuredAsStored();
};

void TestDicomHeaders::plainSliceIsRead()
{
    QCOMPARE(valuesOf({}), oneToFour);
}

void TestDicomHeaders::dataSetIsBelievedBeforeItsTransferSyntax()
{
    Slice slice;
    slice.transferSyntax = "1.2.840.10008.1.2"; // says implicit, is explicit
    QCOMPARE(valuesOf(slice), oneToFour);
    slice.transferSyntax = "1.2.840.10008.1.2.1";
    slice.explicitVr = false;
    QCOMPARE(valuesOf(slice), oneToFour);
}

void TestDicomHeaders::bigEndianVoxelsOfImplicitFiles()
{
    Slice slice;
    slice.transferSyntax = "1.2.840.113619.5.2";
    slice.explicitVr = false;
    slice.voxels = std::string("\x00\x01\x00\x02\x00\x03\x00\x04", 8);
    QCOMPARE(valuesOf(slice), oneToFour);
}

// Of the same tag, the last counts.
void TestDicomHeaders::elementsOutOfOrderAreFound()
{
    const std::string bytes = encoded({0x00200010, "SH", "A "}) + encoded({0x00100020, "LO", "one "}) +
                              encoded({0x00100020, "LO", "two "}) + encoded({0x00080060, "CS", "CT"}) +
                              encoded({0x00200010, "SH", "B "});
    DicomDataSet set;
    QCOMPARE(parseDicomDataSet(std::as_bytes(std::span(bytes)), 0, {}, set).end, DicomParseEnd::Done);
    QCOMPARE(set.elements().size(), std::size_t{3});
    QCOMPARE(set.elements().front().first, DicomTag{0x00080060});
    QCOMPARE(set.text(0x00080060), std::string("CT"));
    QCOMPARE(set.text(0x00100020), std::string("two"));
    QCOMPARE(set.text(0x00200010), std::string("B"));
}

void TestDicomHeaders::compressedIconIsPassedOver()
{
    const std::string fragments =
        item("") + item("\xff\xd8\xff\xd9") + number(0xFFFE) + number(0xE0DD) + number(0, 4);
    const std::string icon =
        encoded({0x00280010, "US", number(64)}) + encoded({0x7FE00010, "OB", fragments, true});
    Slice slice;
    slice.extra = {{0x00088888, "SQ", item(icon)}};
    QCOMPARE(valuesOf(slice), oneToFour);
}

void TestDicomHeaders::sameUidForEverySliceIsNoCopy()
{
    Folder folder;
    for (int k = 0; k < 5; ++k) {
        Slice slice;
        slice.position = {0, 0, 2.0 * k};
        folder.add(slice);
    }
    Slice copy;
    copy.position = {0, 0, 4};
    folder.add(copy);
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{1});
    QCOMPARE(series[0].geometry.size[2], 5);
    QVERIFY(hasWarning(series[0], "duplicateSlice"));
}

void TestDicomHeaders::positionsBeyondTheWorldAreRefused()
{
    Folder folder;
    for (const double z : {0.0, 2.0, 4.0, 1e300, -1e300}) {
        Slice slice;
        slice.uid += std::to_string(z).substr(0, 4);
        slice.position = {0, 0, z};
        folder.add(slice);
    }
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{1});
    QCOMPARE(series[0].geometry.size[2], 3);
}

void TestDicomHeaders::oneUidForSeveralSeriesIsSortedOut()
{
    Folder folder;
    for (const char* patient : {"A", "B"}) {
        for (int k = 0; k < 4; ++k) {
            Slice slice;
            slice.extra = {{0x00100020, "LO", patient}};
            slice.uid = "1.2." + std::to_string(k);
            slice.position = {0, 0, 2.0 * k};
            folder.add(slice);
        }
    }
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{2});
    QVERIFY(series[0].info.patientId != series[1].info.patientId);
    QVERIFY(series[0].contentKey != series[1].contentKey);
    for (const SeriesEntry& entry : series) {
        QCOMPARE(entry.geometry.size[2], 4);
        QVERIFY(entry.info.warnings.empty());
    }
}

void TestDicomHeaders::stacksShiftedAsideAreSplit()
{
    Folder folder;
    for (int k = 0; k < 10; ++k) {
        Slice slice;
        slice.uid += std::to_string(k);
        slice.position = {k < 5 ? 0.0 : 7.5, 0, 2.0 * k};
        folder.add(slice);
    }
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{2});
    for (const SeriesEntry& entry : series) {
        QCOMPARE(entry.geometry.size[2], 5);
        QCOMPARE(entry.geometry.axis(2), (Vec3{0, 0, 1}));
        QVERIFY(!hasWarning(entry, "gantryTilt"));
    }
}

void TestDicomHeaders::singleShiftedSliceIsTold()
{
    Folder folder;
    for (int k = 0; k < 7; ++k) {
        Slice slice;
        slice.uid += std::to_string(k);
        slice.position = {k == 3 ? 4.0 : 0.0, 0, 2.0 * k};
        folder.add(slice);
    }
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{1});
    QVERIFY(hasWarning(series[0], "unevenSpacing"));
}

void TestDicomHeaders::wideGapSplitsTheSeries()
{
    Folder folder;
    for (const double z : {-99.48, 103.02, 104.27, 105.52}) {
        Slice slice;
        slice.uid += std::to_string(z);
        slice.position = {0, 0, z};
        folder.add(slice);
    }
    const auto series = folder.series();
    QCOMPARE(series.size(), std::size_t{2});
    const SeriesEntry& stack = series[0].geometry.size[2] == 3 ? series[0] : series[1];
    QCOMPARE(stack.geometry.size[2], 3);
    QVERIFY(std::abs(stack.geometry.spacing[2] - 1.25) < 1e-6);
    QVERIFY(hasWarning(stack, "spacingChanges"));
}

void TestDicomHeaders::invertedImageIsShownInvertedAndMeasuredAsStored()
{
    Slice slice;
    QVERIFY(!isShownInverted(seriesOf(slice).front().info));
    slice.photometric = "MONOCHROME1";
    QCOMPARE(valuesOf(slice), oneToFour);
    const auto series = seriesOf(slice);
    QVERIFY(isShownInverted(series.front().info));
    const auto kept = seriesEntryFromJson(toJsonText(series.front()));
    QVERIFY(kept && isShownInverted(kept->info));
}

QTEST_APPLESS_MAIN(TestDicomHeaders)
#include "tst_dicom_headers.moc"
