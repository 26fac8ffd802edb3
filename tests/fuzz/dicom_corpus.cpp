#include "tests/fuzz/corpus.h"
#include "tests/fuzz/support/dicom_bytes.h"
#include "tests/fuzz/support/image_file.h"

#include <zlib.h>

#include <gdcmImage.h>
#include <gdcmImageChangeTransferSyntax.h>
#include <gdcmSequenceOfFragments.h>

#include <stdexcept>

namespace annotomy::fuzz {

namespace {

constexpr std::string_view explicitLittle = "1.2.840.10008.1.2.1", implicitLittle = "1.2.840.10008.1.2",
                           explicitBig = "1.2.840.10008.1.2.2", deflated = "1.2.840.10008.1.2.1.99";

// Grey values that no coder finds trivial: a ramp with a corner of noise.
std::string voxels(int columns, int rows, int bytesEach)
{
    std::string bytes;
    unsigned noise = 1;
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            noise = noise * 1103515245U + 12345U;
            const unsigned value = static_cast<unsigned>(3 * i + 5 * j) + (i + j < 4 ? noise >> 24U : 0U);
            for (int b = 0; b < bytesEach; ++b)
                bytes += static_cast<char>(value >> (8 * b));
        }
    }
    return bytes;
}

struct SliceKind {
    SampleEncoding encoding;
    std::string position = "0\\0\\0", orientation = "1\\0\\0\\0\\1\\0";
    bool open = false; // sequences of undefined length
};

DicomBytes sliceHeader(const SliceKind& kind)
{
    DicomBytes set(kind.encoding), study = DicomBytes(kind.encoding);
    study.text(0x00080050, "SH", "A1").text(0x00081030, "LO", "Head");
    set.text(0x00080005, "CS", "\\ISO 2022 IR 87").text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
    set.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").text(0x00080018, "UI", "1.2.3.4" + kind.position);
    set.text(0x00080020, "DA", "20240229").text(0x00080032, "TM", "101112.5").text(0x00080060, "CS", "CT");
    if (kind.open)
        set.openSequence(0x00081110, {study});
    else
        set.sequence(0x00081110, {study});
    set.text(0x00100010, "PN", "Yamada^Tarou=\x1b$B;3ED\x1b(B^").text(0x00100020, "LO", "P1");
    set.text(0x00180050, "DS", "2").text(0x00180081, "DS", "30").text(0x0020000D, "UI", "1.2");
    set.text(0x0020000E, "UI", "1.2.3").text(0x00200011, "IS", "4").text(0x00200012, "IS", "1");
    set.text(0x00200013, "IS", "1").text(0x00200032, "DS", kind.position).text(0x00200037, "DS", kind.orientation);
    set.text(0x00200052, "UI", "1.2.9").number(0x00280002, 1).text(0x00280004, "CS", "MONOCHROME2");
    set.number(0x00280010, 8).number(0x00280011, 8).text(0x00280030, "DS", "0.5\\0.75").number(0x00280100, 16);
    set.number(0x00280101, 12).number(0x00280102, 11).number(0x00280103, 0);
    set.text(0x00281050, "DS", "40\\400").text(0x00281051, "DS", "80\\1500").text(0x00281052, "DS", "-1024");
    set.text(0x00281053, "DS", "1").text(0x00281054, "LO", "HU").text(0x00281055, "LO", "BRAIN\\BONE");
    return set;
}

std::string slice(std::string_view syntax, const SliceKind& kind)
{
    DicomBytes set = sliceHeader(kind);
    set.raw(0x7FE00010, "OW", voxels(8, 8, 2));
    return dicomFile(syntax, set.bytes());
}

std::string deflatedSlice()
{
    const std::string plain = sliceHeader({}).raw(0x7FE00010, "OW", voxels(8, 8, 2)).bytes();
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return dicomFile(deflated, packed);
}

gdcm::SmartPointer<gdcm::Image> grayImage(int bits, int side)
{
    gdcm::SmartPointer<gdcm::Image> image = new gdcm::Image;
    image->SetNumberOfDimensions(2);
    image->SetDimension(0, static_cast<unsigned>(side));
    image->SetDimension(1, static_cast<unsigned>(side));
    image->SetPixelFormat(bits == 8 ? gdcm::PixelFormat::UINT8 : gdcm::PixelFormat::UINT16);
    image->SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    image->SetTransferSyntax(gdcm::TransferSyntax::ExplicitVRLittleEndian);
    gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010));
    const std::string values = voxels(side, side, bits / 8);
    pixels.SetByteValue(values.data(), gdcm::VL(static_cast<std::uint32_t>(values.size())));
    image->SetDataElement(pixels);
    return image;
}

// Two overlays: one of several frames that begins beside the image, one in a bit of the pixels.
std::string overlaid(std::string_view syntax, SampleEncoding encoding)
{
    const std::string origin = encoding.bigEndian ? std::string("\xff\xfe\0\2", 4) : std::string("\xfe\xff\2\0", 4);
    DicomBytes set = sliceHeader({encoding});
    set.number(0x60000010, 5).number(0x60000011, 7).text(0x60000015, "IS", "2").text(0x60000022, "LO", "Arrow");
    set.text(0x60000040, "CS", "G").raw(0x60000050, "SS", origin).number(0x60000051, 1).number(0x60000100, 1);
    set.number(0x60000102, 0).text(0x60001500, "LO", "Label").raw(0x60003000, "OW", "annotomy12");
    set.number(0x60020010, 8).number(0x60020011, 8).number(0x60020100, 16).number(0x60020102, 12);
    return dicomFile(syntax, set.raw(0x7FE00010, "OW", voxels(8, 8, 2)).bytes());
}

// The image's one fragment in another transfer syntax.
std::string encoded(std::string_view syntax, int bits, int side)
{
    gdcm::ImageChangeTransferSyntax change;
    const gdcm::SmartPointer<gdcm::Image> image = grayImage(bits, side);
    change.SetInput(*image);
    change.SetTransferSyntax(gdcm::TransferSyntax::GetTSType(std::string(syntax).c_str()));
    if (!change.Change())
        throw std::runtime_error("GDCM cannot encode " + std::string(syntax));
    const auto* fragments = change.GetOutput().GetDataElement().GetSequenceOfFragments();
    const gdcm::ByteValue* bytes = fragments->GetFragment(0).GetByteValue();
    return {bytes->GetPointer(), bytes->GetLength()};
}

std::uint8_t syntaxIndex(std::string_view syntax)
{
    for (std::size_t n = 0; n < imageSyntaxes.size(); ++n)
        if (imageSyntaxes[n] == syntax)
            return static_cast<std::uint8_t>(n);
    throw std::runtime_error("no image input has the transfer syntax " + std::string(syntax));
}

std::string enhanced()
{
    const std::string input = ImageHead{0, 8, 8, 1, 3, 1}.bytes() + voxels(8, 24, 2);
    return imageFile({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
}

} // namespace

Seeds dicomSeeds()
{
    const SliceKind plain, open{{}, "0\\0\\2", "1\\0\\0\\0\\1\\0", true};
    Seeds seeds{{"explicit", slice(explicitLittle, plain)},
                {"implicit", slice(implicitLittle, {{false, false}})},
                {"big", slice(explicitBig, {{true, true}})},
                {"openSequence", slice(explicitLittle, open)},
                {"deflated", deflatedSlice()},
                {"enhanced", enhanced()},
                {"overlays", overlaid(explicitLittle, {})},
                {"implicitOverlays", overlaid(implicitLittle, {false, false})},
                {"bigOverlays", overlaid(explicitBig, {true, true})},
                {"noMeta", slice(explicitLittle, plain).substr(132)}};
    std::vector<std::string> stack, tilted;
    for (const char* z : {"0", "2", "4", "6", "9.5"}) {
        stack.push_back(slice(explicitLittle, {{}, std::string("0\\0\\") + z}));
        tilted.push_back(slice(explicitLittle, {{}, std::string("0\\") + z + "\\" + z, "0.8\\0.6\\0\\-0.6\\0.8\\0"}));
    }
    seeds["stack"] = joinedParts(stack);
    seeds["tilted"] = joinedParts(tilted);
    return seeds;
}

Seeds imageSeeds()
{
    constexpr std::uint8_t eightBits = 0, sixteenBits = 1;
    const auto head = [](std::string_view syntax, int side, std::uint8_t bits, std::uint8_t frames, std::uint8_t window) {
        return ImageHead{syntaxIndex(syntax), static_cast<std::uint8_t>(side), static_cast<std::uint8_t>(side), bits, frames,
                         window}
            .bytes();
    };
    Seeds seeds{{"native16", head(explicitLittle, 8, sixteenBits, 1, 1) + voxels(8, 8, 2)},
                {"native8rgb", head(explicitLittle, 8, 32, 1, 0) + voxels(8, 8, 3)},
                {"native1bit", head(explicitLittle, 8, 3, 1, 0) + voxels(8, 1, 1)},
                {"native32", head(explicitLittle, 4, 2 | 8, 1, 0) + voxels(4, 4, 4)},
                {"float", head(explicitLittle, 4, 7, 1, 0) + voxels(4, 4, 4)},
                {"palette", head(explicitLittle, 8, eightBits, 1, 4) + voxels(8, 8, 1)}};
    for (const std::string_view syntax : {imageSyntaxes[1], imageSyntaxes[5], imageSyntaxes[6], imageSyntaxes[7],
                                          imageSyntaxes[8], imageSyntaxes[9], imageSyntaxes[4]})
        for (const int bits : {8, 16}) {
            const std::string frame = encoded(syntax, bits, 16);
            const std::uint8_t format = bits == 8 ? eightBits : sixteenBits;
            const std::string name = std::string(syntax) + "_" + std::to_string(bits);
            seeds[name] = head(syntax, 16, format, 1, 0) + frame;
            seeds[name + "_3frames"] = head(syntax, 16, format, 3, 0) + joinedParts({frame, frame, frame});
        }
    seeds["jpeg"] = head(imageSyntaxes[2], 16, eightBits, 1, 0) + encoded(imageSyntaxes[2], 8, 16);
    return seeds;
}

Seeds structureSetSeeds()
{
    const auto structures = [](const std::string& points, bool open) {
        DicomBytes set, uid, series, study, frame, roi, contour, roiContour;
        uid.text(0x00081155, "UI", "1.2.3.4");
        series.text(0x0020000E, "UI", "1.2.3").sequence(0x30060016, {uid});
        study.sequence(0x30060014, {series});
        frame.text(0x00200052, "UI", "1.2.9").sequence(0x30060012, {study});
        roi.text(0x30060022, "IS", "1").text(0x30060024, "UI", "1.2.9").text(0x30060026, "LO", "Lung");
        contour.text(0x30060042, "CS", "CLOSED_PLANAR").text(0x30060046, "IS", "4").text(0x30060050, "DS", points);
        roiContour.text(0x3006002A, "IS", "255\\0\\0");
        if (open)
            roiContour.openSequence(0x30060040, {contour, contour});
        else
            roiContour.sequence(0x30060040, {contour});
        roiContour.text(0x30060084, "IS", "1");
        set.text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3").text(0x00080060, "CS", "RTSTRUCT");
        set.sequence(0x30060010, {frame}).sequence(0x30060020, {roi}).sequence(0x30060039, {roiContour});
        return dicomFile(explicitLittle, set.bytes());
    };
    return {{"square", structures("1\\1\\1\\6\\1\\1\\6\\6\\1\\1\\6\\1", false)},
            {"open", structures("1\\1\\1\\6\\1\\1\\6\\6.5\\1", true)},
            {"keyhole", structures("0\\0\\2\\7\\0\\2\\7\\7\\2\\3\\3\\2\\5\\3\\2\\5\\5\\2\\3\\3\\2\\0\\7\\2", false)}};
}

Seeds segmentationSeeds()
{
    const auto segmentation = [](const std::string& type, std::uint16_t bits, const std::string& pixels) {
        DicomBytes set, code, algorithm, measures, turn, shared;
        code.text(0x00080100, "SH", "39607008").text(0x00080102, "SH", "SCT").text(0x00080104, "LO", "Lung");
        std::vector<DicomBytes> segments, frames;
        for (const std::uint16_t number : {1, 2}) {
            DicomBytes segment, identification, position, frame;
            segment.sequence(0x00620003, {code}).number(0x00620004, number);
            segment.text(0x00620005, "LO", "S" + std::to_string(number)).text(0x00620008, "CS", "MANUAL");
            segment.sequence(0x0062000F, {code});
            segments.push_back(segment);
            identification.number(0x0062000B, number);
            position.text(0x00200032, "DS", "0\\0\\" + std::to_string(number));
            frame.sequence(0x00209113, {position}).sequence(0x0062000A, {identification});
            frames.push_back(frame);
        }
        measures.text(0x00180050, "DS", "1").text(0x00180088, "DS", "1").text(0x00280030, "DS", "1\\1");
        turn.text(0x00200037, "DS", "1\\0\\0\\0\\1\\0");
        shared.sequence(0x00209116, {turn}).sequence(0x00289110, {measures});
        set.text(0x00080016, "UI", type == "LABELMAP" ? "1.2.840.10008.5.1.4.1.1.66.7" : "1.2.840.10008.5.1.4.1.1.66.4");
        set.text(0x00080060, "CS", "SEG").text(0x0020000E, "UI", "1.2.3").text(0x00200052, "UI", "1.2.9");
        set.number(0x00280002, 1).text(0x00280004, "CS", "MONOCHROME2").text(0x00280008, "IS", "2");
        set.number(0x00280010, 8).number(0x00280011, 8).number(0x00280100, bits).number(0x00280101, bits);
        set.number(0x00280102, static_cast<std::uint16_t>(bits - 1)).number(0x00280103, 0);
        set.text(0x00620001, "CS", type).sequence(0x00620002, segments).text(0x00620010, "CS", "PROBABILITY");
        set.number(0x0062000E, 200).sequence(0x52009229, {shared}).sequence(0x52009230, frames);
        set.raw(0x7FE00010, bits == 16 ? "OW" : "OB", pixels);
        return dicomFile(explicitLittle, set.bytes());
    };
    return {{"binary", segmentation("BINARY", 1, std::string(16, '\x3C'))},
            {"fractional", segmentation("FRACTIONAL", 8, voxels(8, 16, 1))},
            {"labelMap", segmentation("LABELMAP", 8, std::string(64, '\1') + std::string(64, '\2'))},
            {"labelMap16", segmentation("LABELMAP", 16, std::string(256, '\1'))}};
}

} // namespace annotomy::fuzz
