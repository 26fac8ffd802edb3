#include "tests/fuzz/support/image_file.h"

#include "tests/fuzz/support/dicom_bytes.h"

namespace annotomy::fuzz {

namespace {

constexpr std::size_t headBytes = 6;

ImageHead headOf(Bytes input)
{
    const auto within = [](std::uint8_t value, int most) { return static_cast<std::uint8_t>(1 + (value - 1U) % most); };
    return {static_cast<std::uint8_t>(input[0] % imageSyntaxes.size()),
            within(input[1], 64),
            within(input[2], 64),
            input[3],
            within(input[4], 4),
            input[5]};
}

struct Bits {
    std::uint16_t allocated, stored;
};

Bits bitsOf(const ImageHead& head)
{
    constexpr std::array<Bits, 8> all{{{8, 8}, {16, 16}, {32, 32}, {1, 1}, {16, 12}, {16, 10}, {64, 64}, {32, 32}}};
    return all[head.bits & 7U];
}

bool isFloat(const ImageHead& head)
{
    return (head.bits & 7U) == 7;
}

std::string photometricOf(const ImageHead& head)
{
    constexpr std::array<std::string_view, 4> all{"MONOCHROME2", "MONOCHROME1", "RGB", "YBR_FULL_422"};
    return std::string(head.window & 4U ? "PALETTE COLOR" : all[(head.bits >> 4U) & 3U]);
}

void addFormat(DicomBytes& set, const ImageHead& head)
{
    const Bits bits = bitsOf(head);
    const std::string photometric = photometricOf(head);
    const bool isColour = photometric == "RGB" || photometric == "YBR_FULL_422";
    set.number(0x00280002, isColour ? 3 : 1).text(0x00280004, "CS", photometric);
    if (isColour)
        set.number(0x00280006, head.bits & 64U ? 1 : 0);
    set.text(0x00280008, "IS", std::to_string(head.frames)).number(0x00280010, head.rows).number(0x00280011, head.columns);
    set.text(0x00280030, "DS", "1\\1").number(0x00280100, bits.allocated);
    if (!isFloat(head))
        set.number(0x00280101, bits.stored)
            .number(0x00280102, static_cast<std::uint16_t>(bits.stored - 1))
            .number(0x00280103, head.bits & 8U ? 1 : 0);
    if (head.window & 2U)
        set.number(0x00280120, 0x00FF);
    if (head.window & 1U)
        set.text(0x00281052, "DS", "-1024").text(0x00281053, "DS", "1.5");
    for (const std::uint32_t tag : {0x00281101U, 0x00281102U, 0x00281103U})
        if (head.window & 4U)
            set.raw(tag, "US", std::string("\x04\x00\x00\x00\x10\x00", 6));
    for (const std::uint32_t tag : {0x00281201U, 0x00281202U, 0x00281203U})
        if (head.window & 4U)
            set.raw(tag, "OW", std::string("\x00\x00\x00\x40\x00\x80\x00\xFF", 8));
}

// Every frame of several lies 2 mm from the last.
std::vector<DicomBytes> placedFrames(const DicomBytes& set, int count)
{
    std::vector<DicomBytes> frames;
    for (int frame = 0; frame < count; ++frame) {
        DicomBytes place = set.item();
        place.text(0x00200032, "DS", "0\\0\\" + std::to_string(2 * frame));
        frames.push_back(set.item().sequence(0x00209113, {place}));
    }
    return frames;
}

DicomBytes sharedGroups(const DicomBytes& set)
{
    DicomBytes turn = set.item(), measures = set.item();
    turn.text(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    measures.text(0x00180050, "DS", "2").text(0x00280030, "DS", "1\\1");
    return set.item().sequence(0x00209116, {turn}).sequence(0x00289110, {measures});
}

void addPixels(DicomBytes& set, const ImageHead& head, Bytes input)
{
    const auto textOf = [](Bytes part) { return std::string(part.begin(), part.end()); };
    const bool isNative = imageSyntaxes[head.syntax] == "1.2.840.10008.1.2.1";
    if (isNative) {
        set.raw(isFloat(head) ? 0x7FE00008 : 0x7FE00010, isFloat(head) ? "OF" : "OW", textOf(input));
        return;
    }
    std::vector<std::string> fragments{{}}; // without an offset table
    for (const Bytes part : partsOf(input, 8))
        fragments.push_back(textOf(part));
    set.fragments(fragments);
}

} // namespace

std::string ImageHead::bytes() const
{
    std::string text;
    for (const std::uint8_t value : {syntax, columns, rows, bits, frames, window})
        text += static_cast<char>(value);
    return text;
}

std::string imageFile(Bytes input)
{
    if (input.size() < headBytes)
        return {};
    const ImageHead head = headOf(input);
    const bool hasFrames = head.frames > 1;
    DicomBytes set;
    set.text(0x00080016, "UI", hasFrames ? "1.2.840.10008.5.1.4.1.1.2.1" : "1.2.840.10008.5.1.4.1.1.2");
    set.text(0x00080018, "UI", "1.2.3.4").text(0x00080060, "CS", "CT").text(0x0020000E, "UI", "1.2.3");
    if (!hasFrames)
        set.text(0x00200032, "DS", "0\\0\\0").text(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    addFormat(set, head);
    if (hasFrames)
        set.sequence(0x52009229, {sharedGroups(set)}).sequence(0x52009230, placedFrames(set, head.frames));
    if (head.window & 8U) { // data of its own, and the highest bit of the pixels
        set.number(0x60000010, 8).number(0x60000011, 8).number(0x60000100, 1).raw(0x60003000, "OW", "12345678");
        const std::uint16_t allocated = bitsOf(head).allocated;
        set.number(0x60020010, head.rows).number(0x60020011, head.columns).number(0x60020100, allocated);
        set.number(0x60020102, static_cast<std::uint16_t>(allocated - 1));
    }
    addPixels(set, head, input.subspan(headBytes));
    return dicomFile(imageSyntaxes[head.syntax], set.bytes());
}

} // namespace annotomy::fuzz
