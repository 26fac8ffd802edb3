#include "core/io/pixels/dicom_frames.h"
#include "core/io/series.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>
#include <QTest>
#include <zlib.h>

#include <cstring>
#include <fstream>
#include <map>

using namespace annotomy;

namespace {

std::string number(std::uint64_t value, std::size_t count = 2)
{
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i)
        bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

std::string words(const std::vector<int>& values)
{
    std::string bytes;
    for (const int value : values)
        bytes += number(static_cast<std::uint64_t>(value));
    return bytes;
}

std::string text(const std::vector<int>& values)
{
    return {values.begin(), values.end()};
}

std::string element(std::uint32_t tag, const std::string& vr, std::string value, bool undefinedLength = false)
{
    const bool isLong = vr == "OB" || vr == "OW" || vr == "OF" || vr == "OD" || vr == "OV" || vr == "SQ";
    if (value.size() % 2)
        value += vr == "UI" || vr[0] == 'O' ? '\0' : ' ';
    const std::string head = number(tag >> 16) + number(tag & 0xFFFFU) + vr + (isLong ? number(0) : "");
    return head + number(undefinedLength ? 0xFFFFFFFF : value.size(), isLong ? 4 : 2) + value;
}

std::string item(const std::string& content)
{
    return number(0xFFFE) + number(0xE000) + number(content.size(), 4) + content;
}

// An image as its elements tell it; the tests set those that they are about.
class PixelFile {
public:
    PixelFile(int columns, int rows, int bits, const std::string& voxels)
    {
        set(0x00080060, "CS", "CT").set(0x0020000E, "UI", "1.2.3");
        set(0x00200032, "DS", "0\\0\\0").set(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
        word(0x00280002, 1).set(0x00280004, "CS", "MONOCHROME2").set(0x00280030, "DS", "1\\1");
        word(0x00280010, rows).word(0x00280011, columns).word(0x00280100, bits).word(0x00280101, bits);
        word(0x00280102, bits - 1).word(0x00280103, 0).set(0x7FE00010, "OW", voxels);
    }

    PixelFile& set(std::uint32_t tag, const std::string& vr, const std::string& value)
    {
        m_elements[tag] = element(tag, vr, value);
        return *this;
    }
    PixelFile& word(std::uint32_t tag, int value) { return set(tag, "US", number(static_cast<std::uint64_t>(value))); }
    PixelFile& without(std::uint32_t tag)
    {
        m_elements.erase(tag);
        return *this;
    }
    PixelFile& photometric(const std::string& name) { return set(0x00280004, "CS", name); }
    PixelFile& frames(int count) { return set(0x00280008, "IS", std::to_string(count)); }
    PixelFile& syntax(const std::string& uid)
    {
        m_syntax = uid;
        return *this;
    }
    // Encapsulated pixel data: the offset table and the fragments.
    PixelFile& fragments(const std::vector<std::string>& all)
    {
        std::string bytes;
        for (const std::string& fragment : all)
            bytes += item(fragment);
        m_elements[0x7FE00010] = element(0x7FE00010, "OB", bytes + number(0xFFFE) + number(0xE0DD) + number(0, 4), true);
        return *this;
    }

    std::string bytes() const
    {
        std::string all = std::string(128, '\0') + "DICM" + element(0x00020010, "UI", m_syntax);
        for (const auto& [tag, encoded] : m_elements)
            all += encoded;
        return all;
    }

    // Kept until the test ends.
    std::string written() const
    {
        static QTemporaryDir folder;
        static int count = 0;
        const std::string path = folder.filePath(QString("%1.dcm").arg(count++)).toStdString();
        std::ofstream(path, std::ios::binary) << bytes();
        return path;
    }

private:
    std::map<std::uint32_t, std::string> m_elements;
    std::string m_syntax = "1.2.840.10008.1.2.1";
};

template <class T>
std::vector<double> valuesAs(const std::vector<std::byte>& bytes)
{
    std::vector<double> values;
    for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        values.push_back(static_cast<double>(value));
    }
    return values;
}

// The decoded values; empty when the file is refused.
std::vector<double> decoded(const PixelFile& file)
{
    const auto stack = readDicomFrames(file.written());
    if (!stack)
        return {};
    switch (stack->type) {
    case VoxelType::UInt8: return valuesAs<std::uint8_t>(stack->bytes);
    case VoxelType::Int8: return valuesAs<std::int8_t>(stack->bytes);
    case VoxelType::UInt16: return valuesAs<std::uint16_t>(stack->bytes);
    case VoxelType::Int16: return valuesAs<std::int16_t>(stack->bytes);
    case VoxelType::UInt32: return valuesAs<std::uint32_t>(stack->bytes);
    case VoxelType::Int32: return valuesAs<std::int32_t>(stack->bytes);
    case VoxelType::Float32: break;
    }
    return valuesAs<float>(stack->bytes);
}

// Red, green and blue of every voxel; empty for a grey image or a refused one.
std::vector<int> coloursOf(const PixelFile& file)
{
    const auto stack = readDicomFrames(file.written());
    std::vector<int> levels;
    if (stack)
        for (const std::byte level : stack->rgb)
            levels.push_back(std::to_integer<int>(level));
    return levels;
}

std::string refusal(const PixelFile& file)
{
    const auto stack = readDicomFrames(file.written());
    return stack ? "" : stack.error().detail;
}

std::optional<SeriesEntry> scanned(const PixelFile& file)
{
    const auto scan = scanPaths({file.written()});
    return scan && scan->series.size() == 1 ? std::optional(scan->series.front()) : std::nullopt;
}

using Values = std::vector<double>;

// DICOM RLE of samples that lie byte by byte in `segments`, without any run.
std::string rle(const std::vector<std::string>& segments)
{
    std::string header = number(segments.size(), 4), body;
    for (const std::string& segment : segments) {
        header += number(64 + body.size(), 4);
        body += static_cast<char>(segment.size() - 1) + segment;
        body += body.size() % 2 ? std::string(1, '\x80') : "";
    }
    header.resize(64);
    return header + body;
}

std::string deflated(const std::string& bytes)
{
    z_stream stream{};
    std::string result(bytes.size() + 100, '\0');
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string input = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(stream.total_out);
    deflateEnd(&stream);
    return result;
}

PixelFile rgb(const std::vector<int>& samples)
{
    PixelFile file(2, 1, 8, text(samples));
    return file.word(0x00280002, 3).photometric("RGB").word(0x00280006, 0);
}

PixelFile palette(int firstMapped, int bits)
{
    PixelFile file(3, 1, 8, text({0, 5, 6}));
    file.photometric("PALETTE COLOR");
    for (std::uint32_t c = 0; c < 3; ++c)
        file.set(0x00281101 + c, "US", words({3, firstMapped, bits}));
    return file;
}

} // namespace

class TestDicomPixels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void packedBits();
    void signsAndUnusedBits();
    void bigEndianWords();
    void floatingPoint();
    void colours();
    void halvedColours();
    void ybrBecomesRgb();
    void deepColours();
    void seriesKeepTheirColours();
    void palettes();
    void segmentedPalette();
    void modalityLut();
    void windows();
    void windowsOfAllFrames();
    void windowFunctions();
    void paddingIsKeptAndLeftOut();
    void framesByOffsetTables();
    void deflatedFrames();
    void otherSyntaxesAreNamed_data();
    void otherSyntaxesAreNamed();
    void contradictionsAreRefused();
    void doseGrid();
    void framesOfDifferentRescale();
};

void TestDicomPixels::packedBits()
{
    QCOMPARE(decoded(PixelFile(5, 1, 1, "\x15")), (Values{1, 0, 1, 0, 1}));
    // Frames follow one another without a gap: the second begins within the byte.
    QCOMPARE(decoded(PixelFile(3, 1, 1, text({0x0B, 0})).frames(3)), (Values{1, 1, 0, 1, 0, 0, 0, 0, 0}));
    QCOMPARE(decoded(PixelFile(2, 1, 12, text({0x21, 0x43, 0xFE}))), (Values{0x321, 0xFE4}));
    QCOMPARE(decoded(PixelFile(2, 1, 24, text({1, 2, 3, 4, 5, 6}))), (Values{0x030201, 0x060504}));
    QVERIFY(refusal(PixelFile(2, 1, 12, "ab")).find("smaller than") != std::string::npos);
}

void TestDicomPixels::signsAndUnusedBits()
{
    PixelFile twelve(3, 1, 16, words({0xF801, 0x07FF, 0x0800}));
    twelve.word(0x00280101, 12).word(0x00280102, 11);
    QCOMPARE(decoded(twelve), (Values{0x801, 0x7FF, 0x800})); // an overlay above them is no part of the value
    QCOMPARE(decoded(twelve.word(0x00280103, 1)), (Values{-2047, 2047, -2048}));
    twelve.word(0x00280102, 15); // stored in the upper bits
    QCOMPARE(decoded(twelve), (Values{-128, 127, 128}));
    QCOMPARE(decoded(PixelFile(2, 1, 8, text({0xFF, 1})).word(0x00280103, 1)), (Values{-1, 1}));
    QCOMPARE(decoded(PixelFile(1, 1, 32, number(0xFFFFFFFE, 4))), Values{4294967294.0});
    QCOMPARE(decoded(PixelFile(1, 1, 32, number(0xFFFFFFFE, 4)).word(0x00280103, 1)), Values{-2});
}

void TestDicomPixels::bigEndianWords()
{
    // The tests write little endian headers; GE's own syntax has big endian voxels behind such.
    const char* bigVoxels = "1.2.840.113619.5.2";
    QCOMPARE(decoded(PixelFile(2, 1, 16, text({1, 2, 3, 4})).syntax(bigVoxels)), (Values{0x102, 0x304}));
    QCOMPARE(decoded(PixelFile(4, 1, 8, text({1, 2, 3, 4})).syntax(bigVoxels)), (Values{2, 1, 4, 3}));
    PixelFile odd(3, 1, 8, text({1, 2, 3, 4, 5, 6}));
    QCOMPARE(decoded(odd.frames(2).syntax(bigVoxels)), (Values{2, 1, 4, 3, 6, 5}));
}

void TestDicomPixels::floatingPoint()
{
    const float single[] = {1.5F, -2.25F};
    PixelFile floats(2, 1, 32, "");
    floats.without(0x7FE00010).set(0x7FE00008, "OF", std::string(reinterpret_cast<const char*>(single), sizeof single));
    QCOMPARE(decoded(floats), (Values{1.5, -2.25}));
    const double twice[] = {0.5, 1e10};
    PixelFile doubles(2, 1, 64, "");
    doubles.without(0x7FE00010).set(0x7FE00009, "OD", std::string(reinterpret_cast<const char*>(twice), sizeof twice));
    QCOMPARE(decoded(doubles), (Values{0.5, 1e10}));
    const auto entry = scanned(floats);
    QVERIFY(entry.has_value());
    const auto volume = readSeries(*entry);
    QVERIFY(volume && volume->type() == VoxelType::Float32);
    // Beside a slice of another rescale both become real values.
    floats.set(0x00200032, "DS", "0\\0\\1").set(0x00281052, "DS", "1").set(0x00281053, "DS", "2");
    SeriesEntry both = *entry;
    both.geometry.size[2] = 2;
    both.files.push_back(floats.written());
    const auto real = readSeries(both);
    QVERIFY(real.has_value());
    QCOMPARE(real->valueAt({1, 0, 0}), -2.25);
    QCOMPARE(real->valueAt({0, 0, 1}), 4.0);
    QCOMPARE(real->valueAt({1, 0, 1}), -3.5);
}

void TestDicomPixels::colours()
{
    const Values expected{std::round(0.299 * 10 + 0.587 * 20 + 0.114 * 30), std::round(0.299 * 200 + 0.114 * 100)};
    QCOMPARE(decoded(rgb({10, 20, 30, 200, 0, 100})), expected);
    PixelFile planar = rgb({10, 200, 20, 0, 30, 100});
    QCOMPARE(decoded(planar.word(0x00280006, 1)), expected);
    QCOMPARE(decoded(rgb({10, 128, 128, 200, 99, 7}).photometric("YBR_FULL")), (Values{10, 200}));
    QCOMPARE(decoded(rgb({}).syntax("1.2.840.10008.1.2.5").fragments({"", rle({text({10, 200}), text({20, 0}), text({30, 100})})})),
             expected);
    const auto entry = scanned(rgb({10, 20, 30, 200, 0, 100}));
    QVERIFY(entry && entry->info.warnings.front().code == "colour");
    const std::vector<int> pure{10, 20, 30, 200, 0, 100};
    QCOMPARE(coloursOf(rgb(pure)), pure);
    QCOMPARE(coloursOf(planar), pure);
    QVERIFY(coloursOf(PixelFile(2, 1, 8, "ab")).empty());
    QVERIFY(refusal(rgb({1, 2, 3, 4, 5, 6}).photometric("CMYK")).find("CMYK") != std::string::npos);
}

void TestDicomPixels::halvedColours()
{
    PixelFile file(4, 1, 8, text({10, 20, 128, 128, 30, 40, 128, 128}));
    file.word(0x00280002, 3).photometric("YBR_FULL_422");
    QCOMPARE(decoded(file), (Values{10, 20, 30, 40}));
    PixelFile partial(2, 1, 8, text({16, 235, 128, 128}));
    partial.word(0x00280002, 3).photometric("YBR_PARTIAL_422");
    QCOMPARE(decoded(partial), (Values{0, 255}));
    QCOMPARE(coloursOf(partial), (std::vector<int>{0, 0, 0, 255, 255, 255}));
    PixelFile red(2, 1, 8, text({76, 100, 85, 255})); // two voxels share Cb and Cr
    QCOMPARE(coloursOf(red.word(0x00280002, 3).photometric("YBR_FULL_422")),
             (std::vector<int>{254, 0, 0, 255, 24, 24}));
}

void TestDicomPixels::ybrBecomesRgb()
{
    // The primaries as PS3.3 C.7.6.3.1.2 gives them.
    QCOMPARE(coloursOf(rgb({76, 85, 255, 150, 44, 21}).photometric("YBR_FULL")),
             (std::vector<int>{254, 0, 0, 0, 255, 1}));
    QCOMPARE(coloursOf(rgb({29, 255, 107, 255, 128, 128}).photometric("YBR_FULL")),
             (std::vector<int>{0, 0, 254, 255, 255, 255}));
    QCOMPARE(coloursOf(rgb({1, 2, 3, 4, 5, 6}).photometric("YBR_ICT")), (std::vector<int>{1, 2, 3, 4, 5, 6}));
}

void TestDicomPixels::deepColours()
{
    PixelFile file(2, 1, 16, words({0, 2048, 4095, 4095, 1, 9}));
    file.word(0x00280002, 3).photometric("RGB").word(0x00280101, 12).word(0x00280102, 11);
    QCOMPARE(coloursOf(file), (std::vector<int>{0, 128, 255, 255, 0, 1}));
    const auto entry = scanned(file);
    QVERIFY(entry.has_value());
    const auto volume = readSeries(*entry);
    QVERIFY(volume && volume->type() == VoxelType::UInt16);
    QCOMPARE(volume->colours().step, 4095.0 / 255);
}

void TestDicomPixels::seriesKeepTheirColours()
{
    const PixelFile first = rgb({10, 20, 30, 200, 0, 100});
    PixelFile second = rgb({1, 2, 3, 4, 5, 6});
    second.set(0x00200032, "DS", "0\\0\\1");
    const auto entry = scanned(first);
    QVERIFY(entry.has_value());
    SeriesEntry both = *entry;
    both.geometry.size[2] = 2;
    both.files.push_back(second.written());
    const auto volume = readSeries(both);
    QVERIFY(volume && volume->hasColours() && volume->type() == VoxelType::UInt8);
    std::vector<int> levels;
    for (const std::byte level : volume->colours().rgb)
        levels.push_back(std::to_integer<int>(level));
    QCOMPARE(levels, (std::vector<int>{10, 20, 30, 200, 0, 100, 1, 2, 3, 4, 5, 6}));
    QCOMPARE(volume->valueAt({1, 0, 0}), 71.0);
    QCOMPARE(volume->valueAt({0, 0, 1}), 2.0);
    // Beside a grey slice there is no colour for all of them.
    both.files.back() = PixelFile(2, 1, 8, text({7, 8})).set(0x00200032, "DS", "0\\0\\1").written();
    const auto mixed = readSeries(both);
    QVERIFY(mixed && !mixed->hasColours());
    QCOMPARE(mixed->valueAt({1, 0, 0}), 71.0);
    QCOMPARE(mixed->valueAt({1, 0, 1}), 8.0);
}

void TestDicomPixels::palettes()
{
    PixelFile grey = palette(5, 8); // values below the first take the first entry
    for (std::uint32_t c = 0; c < 3; ++c)
        grey.set(0x00281201 + c, "OW", text({100, 150, 200}));
    QCOMPARE(decoded(grey), (Values{100, 100, 150}));
    grey.set(0x00281202, "OW", text({1, 2, 3}));
    QCOMPARE(coloursOf(grey), (std::vector<int>{100, 1, 100, 100, 1, 100, 150, 2, 150}));
    PixelFile deep = palette(4, 16);
    for (std::uint32_t c = 0; c < 3; ++c)
        deep.set(0x00281201 + c, "OW", words({0, 30000, 60000}));
    QCOMPARE(decoded(deep), (Values{0, 30000, 60000}));
    QCOMPARE(coloursOf(deep), (std::vector<int>{0, 0, 0, 117, 117, 117, 233, 233, 233}));
    for (std::uint32_t c = 0; c < 3; ++c) // 16 bits announced, 8 filled
        deep.set(0x00281201 + c, "OW", words({0, 100, 255}));
    QCOMPARE(coloursOf(deep), (std::vector<int>{0, 0, 0, 100, 100, 100, 255, 255, 255}));
    QVERIFY(refusal(palette(0, 8)).find("look-up table") != std::string::npos);
}

void TestDicomPixels::segmentedPalette()
{
    PixelFile file(6, 1, 8, text({0, 1, 2, 3, 4, 5}));
    file.photometric("PALETTE COLOR");
    for (std::uint32_t c = 0; c < 3; ++c) {
        file.set(0x00281101 + c, "US", words({6, 0, 16}));
        // One entry, a line of two to 500, and both again from where they stand.
        file.set(0x00281221 + c, "OW", words({0, 1, 100, 1, 2, 500, 2, 2, 0, 0}));
    }
    QCOMPARE(decoded(file), (Values{100, 300, 500, 100, 300, 500}));
    for (std::uint32_t c = 0; c < 3; ++c)
        file.set(0x00281221 + c, "OW", words({2, 60000, 0, 0})); // of itself, without end
    QVERIFY(refusal(file).find("look-up table") != std::string::npos);
}

void TestDicomPixels::modalityLut()
{
    const std::string lut = element(0x00283002, "US", words({3, 1, 16})) + element(0x00283004, "LO", "HU") +
                            element(0x00283006, "OW", words({7, 8, 4000}));
    PixelFile file(4, 1, 16, words({0, 1, 2, 9}));
    file.set(0x00283000, "SQ", item(lut)).set(0x00281052, "DS", "-1024").set(0x00281053, "DS", "1");
    QCOMPARE(decoded(file), (Values{7, 7, 8, 4000}));
    const auto entry = scanned(file);
    QVERIFY(entry.has_value());
    const auto volume = readSeries(*entry);
    QVERIFY(volume.has_value());
    QCOMPARE(volume->valueAt({3, 0, 0}), 4000.0); // no rescale on top of it
    QCOMPARE(volume->unit(), std::string("HU"));
}

void TestDicomPixels::windows()
{
    PixelFile file(1, 1, 16, words({1}));
    file.set(0x00281050, "DS", "40\\-600").set(0x00281051, "DS", "400\\1500").set(0x00281055, "LO", "SOFT\\LUNG");
    const std::string lut = element(0x00283002, "US", words({4, 100, 10})) + element(0x00283003, "LO", "curve") +
                            element(0x00283006, "OW", words({0, 1023, 512, 4}));
    const std::string empty = element(0x00283002, "US", words({256, 100, 8})) + element(0x00283003, "LO", "lost");
    file.set(0x00283010, "SQ", item(lut) + item(empty));
    const auto entry = scanned(file);
    QVERIFY(entry.has_value());
    const DisplayWindow curve{102, 4, "curve", VoiFunction::Table, {0, 255, 128, 1}};
    const std::vector<DisplayWindow> expected{{40, 400, "SOFT"}, {-600, 1500, "LUNG"}, curve, {228, 256, "lost"}};
    QCOMPARE(entry->info.windows, expected);
    const auto again = seriesEntryFromJson(toJsonText(*entry));
    QVERIFY(again && again->info.windows == expected);
}

void TestDicomPixels::windowsOfAllFrames()
{
    // Its first entry is that of -5, since the image's values may be negative.
    const std::string lut = element(0x00283002, "US", words({4, -5, 8})) + element(0x00283006, "OW", text({9, 8, 255, 6}));
    const std::string voi = element(0x00281050, "DS", "3") + element(0x00281051, "DS", "20") +
                            element(0x00281056, "CS", "SIGMOID") + element(0x00283010, "SQ", item(lut));
    PixelFile file(1, 1, 16, words({1, 2}));
    file.frames(2).word(0x00280103, 1).set(0x52009229, "SQ", item(element(0x00289132, "SQ", item(voi))));
    const auto entry = scanned(file);
    QVERIFY(entry.has_value());
    const std::vector<DisplayWindow> expected{{3, 20, "", VoiFunction::Sigmoid},
                                              {-3, 4, "", VoiFunction::Table, {9, 8, 255, 6}}};
    QCOMPARE(entry->info.windows, expected);
}

void TestDicomPixels::windowFunctions()
{
    PixelFile file(1, 1, 16, words({1}));
    file.set(0x00281050, "DS", "40").set(0x00281051, "DS", "400");
    for (const auto& [name, function] : std::vector<std::pair<std::string, VoiFunction>>{
             {"SIGMOID", VoiFunction::Sigmoid}, {"LINEAR_EXACT", VoiFunction::LinearExact},
             {"LINEAR", VoiFunction::Linear}, {"TABLE", VoiFunction::Linear}, {"CUBIC", VoiFunction::Linear}}) {
        const auto entry = scanned(file.set(0x00281056, "CS", name));
        QVERIFY(entry && entry->info.windows.size() == 1);
        QVERIFY2(entry->info.windows.front().function == function, name.c_str());
        const auto again = seriesEntryFromJson(toJsonText(*entry));
        QVERIFY(again && again->info.windows == entry->info.windows);
    }
}

void TestDicomPixels::paddingIsKeptAndLeftOut()
{
    PixelFile file(4, 1, 16, words({-2000, 5, -1990, 25}));
    file.word(0x00280103, 1).set(0x00280120, "SS", words({-2000})).set(0x00280121, "SS", words({-1990}));
    file.set(0x00281052, "DS", "-10").set(0x00281053, "DS", "2");
    const auto entry = scanned(file);
    QVERIFY(entry.has_value());
    const auto volume = readSeries(*entry);
    QVERIFY(volume && volume->padding() && *volume->padding() == (StoredRange{-2000, -1990}));
    QTemporaryDir folder;
    const std::string path = folder.filePath("padded.avol").toStdString();
    QVERIFY(writeVolumeFile(path, *volume).has_value());
    const auto mapped = mapVolumeFile(path);
    QVERIFY(mapped && mapped->padding() == volume->padding());
    QCOMPARE(valueRange(*mapped).min, 0.0);
    QCOMPARE(valueRange(*mapped).max, 40.0);
    QVERIFY(percentiles(*mapped, std::vector<double>{0.01}).front() >= 0);
    PixelFile empty(2, 1, 16, words({7, 7}));
    const auto all = scanned(empty.word(0x00280120, 7));
    QVERIFY(all.has_value());
    const auto nothing = readSeries(*all);
    QVERIFY(nothing && valueRange(*nothing).max == 7); // nothing but padding is shown as it is
}

void TestDicomPixels::framesByOffsetTables()
{
    // Two frames of RLE, each cut into two fragments.
    const std::string first = rle({text({0, 0}), text({1, 2})}), second = rle({text({1, 0}), text({3, 4})});
    const std::vector<std::string> parts{first.substr(0, 30), first.substr(30), second.substr(0, 40), second.substr(40)};
    const auto offset = static_cast<std::uint64_t>(parts[0].size() + parts[1].size() + 16);
    PixelFile file(2, 1, 16, "");
    file.frames(2).syntax("1.2.840.10008.1.2.5");
    file.fragments({number(0, 4) + number(offset, 4), parts[0], parts[1], parts[2], parts[3]});
    const Values expected{1, 2, 0x103, 4};
    QCOMPARE(decoded(file), expected);
    file.fragments({"", parts[0], parts[1], parts[2], parts[3]});
    QVERIFY(refusal(file).find("offset table") != std::string::npos);
    file.set(0x7FE00001, "OV", number(0, 8) + number(offset, 8));
    QCOMPARE(decoded(file), expected);
    file.set(0x7FE00001, "OV", number(0, 8) + number(offset + 2, 8));
    QVERIFY(refusal(file).find("offset table") != std::string::npos);
    file.without(0x7FE00001).fragments({"", first, second}); // one each needs no table
    QCOMPARE(decoded(file), expected);
    file.fragments({"", first});
    QVERIFY(!refusal(file).empty());
}

void TestDicomPixels::deflatedFrames()
{
    PixelFile file(3, 1, 16, "");
    file.frames(2).syntax("1.2.840.10008.1.2.8.1").fragments({"", deflated(words({1, 2, 3})), deflated(words({4, 5, 6}))});
    QCOMPARE(decoded(file), (Values{1, 2, 3, 4, 5, 6}));
    file.fragments({"", deflated(words({1, 2, 3})), deflated(words({4, 5}))});
    QVERIFY(refusal(file).find("deflated") != std::string::npos);
    PixelFile bits(3, 1, 1, "");
    bits.frames(2).syntax("1.2.840.10008.1.2.8.1").fragments({"", deflated("\x05"), deflated("\x02")});
    QCOMPARE(decoded(bits), (Values{1, 0, 1, 0, 1, 0})); // each frame from a byte of its own
}

void TestDicomPixels::otherSyntaxesAreNamed_data()
{
    QTest::addColumn<QString>("uid");
    QTest::addColumn<QString>("name");
    QTest::newRow("spectral selection") << "1.2.840.10008.1.2.4.53" << "Spectral Selection";
    QTest::newRow("progression") << "1.2.840.10008.1.2.4.55" << "Full Progression";
    QTest::newRow("MPEG-4") << "1.2.840.10008.1.2.4.102" << "MPEG-4";
    QTest::newRow("JPIP") << "1.2.840.10008.1.2.4.94" << "JPIP";
    QTest::newRow("private") << "1.2.3.4.5" << "1.2.3.4.5";
}

void TestDicomPixels::otherSyntaxesAreNamed()
{
    QFETCH(QString, uid);
    QFETCH(QString, name);
    PixelFile file(1, 1, 8, "");
    const auto scan = scanPaths({file.syntax(uid.toStdString()).fragments({"", "abcd"}).written()});
    QVERIFY(!scan);
    QCOMPARE(scan.error().code, ErrorCode::Unsupported);
    QVERIFY2(scan.error().detail.find(name.toStdString()) != std::string::npos, scan.error().detail.c_str());
}

void TestDicomPixels::contradictionsAreRefused()
{
    QVERIFY(!refusal(PixelFile(2, 1, 16, "abcd").word(0x00280101, 17)).empty());
    QVERIFY(!refusal(PixelFile(2, 1, 40, "abcdefghij")).empty());
    QVERIFY(!refusal(PixelFile(2, 1, 16, "abcd").word(0x00280002, 3)).empty());
    QVERIFY(!refusal(PixelFile(2, 1, 8, "ab").photometric("RGB")).empty());
    QVERIFY(!refusal(PixelFile(2, 1, 16, "").fragments({"", "ab"})).empty()); // fragments in a native syntax
    // Gigabytes that a handful of bytes claims to hold.
    PixelFile vast(65535, 65535, 16, "");
    QVERIFY(!refusal(vast.syntax("1.2.840.10008.1.2.5").fragments({"", rle({"a", "b"})})).empty());
}

void TestDicomPixels::doseGrid()
{
    PixelFile dose(2, 1, 16, words({1, 2, 3, 4, 5, 6}));
    dose.set(0x00080060, "CS", "RTDOSE").frames(3).set(0x3004000C, "DS", "0\\2.5\\5").set(0x3004000E, "DS", "0.5");
    dose.set(0x30040002, "CS", "GY").set(0x00200032, "DS", "10\\20\\30");
    const auto entry = scanned(dose);
    QVERIFY(entry.has_value());
    QCOMPARE(entry->geometry.size, (Index3{2, 1, 3}));
    QCOMPARE(entry->geometry.spacing[2], 2.5);
    const auto volume = readSeries(*entry);
    QVERIFY(volume.has_value());
    QCOMPARE(volume->valueAt({1, 0, 2}), 3.0);
    QCOMPARE(volume->unit(), std::string("Gy"));
    QVERIFY(!scanned(dose.set(0x3004000C, "DS", "0\\2.5"))); // says of two frames where they lie
}

void TestDicomPixels::framesOfDifferentRescale()
{
    QTemporaryDir folder;
    for (int k = 0; k < 6; ++k) {
        PixelFile file(1, 1, 16, words({10}));
        file.set(0x00200032, "DS", "0\\0\\" + std::to_string(k)).set(0x00080018, "UI", "1.2." + std::to_string(k));
        file.set(0x00281052, "DS", "0").set(0x00281053, "DS", k < 4 ? "1" : "2.5");
        std::ofstream(folder.filePath(QString::number(k)).toStdString(), std::ios::binary) << file.bytes();
    }
    const auto scan = scanPaths({folder.path().toStdString()});
    QVERIFY(scan && scan->series.size() == 1);
    const auto volume = readSeries(scan->series.front());
    QVERIFY(volume && volume->type() == VoxelType::Float32);
    QCOMPARE(volume->valueAt({0, 0, 0}), 10.0);
    QCOMPARE(volume->valueAt({0, 0, 5}), 25.0);
}

QTEST_APPLESS_MAIN(TestDicomPixels)
#include "tst_dicom_pixels.moc"
