#include "core/privacy/file_writer.h"

#include "core/io/bytes/atomic_file.h"
#include "core/privacy/value_dictionary.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace annotomy {

namespace {

constexpr DicomTag pixelDataTag = 0x7FE00010, floatPixelTag = 0x7FE00008;
constexpr std::string_view implicitLittle = "1.2.840.10008.1.2", explicitLittle = "1.2.840.10008.1.2.1",
                           explicitBig = "1.2.840.10008.1.2.2", deflatedLittle = "1.2.840.10008.1.2.1.99",
                           implicitBigPixels = "1.2.840.113619.5.2";
constexpr const char* implementationUid = "2.25.286405811436741953278094352711536094811";

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

// How a file is encoded really: what its transfer syntax says is not always so.
struct Form {
    TreeEncoding encoding;
    std::string transferSyntax;
};

Result<Form> formOf(const DicomFile& source, const std::string& path)
{
    Form form;
    const auto& elements = source.dataSet.elements();
    form.encoding.explicitVr = std::any_of(elements.begin(), elements.end(),
                                           [](const auto& entry) { return !entry.second.vr.empty(); });
    form.encoding.bigEndian = std::any_of(elements.begin(), elements.end(),
                                          [](const auto& entry) { return entry.second.bigEndian; });
    const std::string& declared = source.transferSyntaxUid;
    const bool isNative = declared.empty() || declared == implicitLittle || declared == explicitLittle ||
                          declared == explicitBig || declared == implicitBigPixels ||
                          declared == deflatedLittle;
    if (source.pixels && source.pixels->encapsulated && isNative)
        return Error{ErrorCode::Unsupported, path, "compressed pixel data whose transfer syntax is not told"};
    if (!isNative) {
        form.encoding = {};
        form.transferSyntax = declared;
    } else if (form.encoding.bigEndian) {
        form.transferSyntax = explicitBig;
    } else if (form.encoding.explicitVr) {
        form.transferSyntax = declared == deflatedLittle ? deflatedLittle : explicitLittle;
    } else {
        form.transferSyntax = declared == implicitBigPixels ? implicitBigPixels : implicitLittle;
    }
    return form;
}

// The VR that the file gave its pixel data; implicit encoding has none.
std::string pixelVr(const DicomFile& source)
{
    const DicomElement* element = source.dataSet.find(source.pixels->tag);
    if (element && isVr(element->vr) && hasLongLength(element->vr))
        return element->vr;
    if (source.pixels->tag != pixelDataTag)
        return source.pixels->tag == floatPixelTag ? "OF" : "OD";
    return source.pixels->encapsulated ? "OB" : "OW";
}

std::string textOf(const ElementTree& tree, DicomTag tag)
{
    const auto it = tree.find(tag);
    std::string text = it == tree.end() ? std::string() : std::string(it->second.value());
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
        text.pop_back();
    return text;
}

std::string metaGroup(const ElementTree& tree, const std::string& transferSyntax)
{
    ElementTree meta;
    meta[0x00020001] = textElement("OB", std::string("\0\1", 2));
    if (const std::string sopClass = textOf(tree, 0x00080016); !sopClass.empty())
        meta[0x00020002] = textElement("UI", sopClass);
    meta[0x00020003] = textElement("UI", textOf(tree, 0x00080018));
    meta[0x00020010] = textElement("UI", transferSyntax);
    meta[0x00020012] = textElement("UI", implementationUid);
    meta[0x00020013] = textElement("SH", "ANNOTOMY");
    const std::string group = encoded(meta, {});
    std::string length;
    for (int i = 0; i < 4; ++i)
        length += static_cast<char>(group.size() >> (8 * i));
    return std::string(128, '\0') + "DICM" + encodedHead(0x00020000, "UL", 4, {}) + length + group;
}

std::string deflatedBytes(std::span<const std::byte> bytes)
{
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (out.size() % 2 != 0)
        out += '\0';
    return out;
}

std::string pixelHead(const DicomFile& source, const TreeEncoding& encoding)
{
    const bool encapsulated = source.pixels->encapsulated;
    const std::uint64_t length = encapsulated ? 0xFFFFFFFF : source.pixels->length;
    return encodedHead(source.pixels->tag, pixelVr(source), static_cast<std::uint32_t>(length), encoding);
}

} // namespace

std::span<const std::byte> pixelBytes(const DicomFile& file)
{
    if (!file.pixels)
        return {};
    const std::uint64_t end =
        file.pixels->encapsulated ? file.pixels->fragmentsEnd : file.pixels->offset + file.pixels->length;
    const std::uint64_t size = file.bytes->size();
    return std::span<const std::byte>(*file.bytes)
        .subspan(std::min(file.pixels->offset, size),
                 std::min(end, size) - std::min(file.pixels->offset, size));
}

Result<void> writeDeidentified(const std::string& path, const ElementTree& tree, const DicomFile& source,
                               const std::string& sourcePath)
{
    const auto form = formOf(source, sourcePath);
    if (!form)
        return form.error();
    const auto pixels = pixelBytes(source);
    if (source.pixels &&
        (source.pixels->cut || (!source.pixels->encapsulated && pixels.size() < source.pixels->length)))
        return Error{ErrorCode::Truncated, sourcePath, "the file ends within its pixel data"};
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    std::string head = encoded(tree, form->encoding);
    if (source.pixels)
        head += pixelHead(source, form->encoding);
    std::string tail =
        source.pixels && source.pixels->encapsulated ? std::string("\xFE\xFF\xDD\xE0\0\0\0\0", 8) : "";
    std::vector<std::span<const std::byte>> parts{bytesOf(head), pixels, bytesOf(tail)};
    const std::string meta = metaGroup(tree, form->transferSyntax);
    std::string packed;
    if (form->transferSyntax == deflatedLittle) {
        head.append(reinterpret_cast<const char*>(pixels.data()), pixels.size());
        packed = deflatedBytes(bytesOf(head));
        parts = {bytesOf(packed)};
    }
    parts.insert(parts.begin(), bytesOf(meta));
    for (const auto& part : parts)
        if (auto written = file->write(part); !written)
            return written;
    return file->commit();
}

} // namespace annotomy
