#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_parser.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace annotomy {

namespace {

constexpr DicomTag itemTag = 0xFFFEE000, transferSyntaxTag = 0x00020010;
constexpr std::size_t maxFileBytes = std::size_t{8} << 30;
constexpr std::size_t maxInflatedBytes = std::size_t{2} << 30;
constexpr std::string_view implicitLittle = "1.2.840.10008.1.2", explicitBig = "1.2.840.10008.1.2.2",
                           deflatedLittle = "1.2.840.10008.1.2.1.99",
                           implicitBigPixels =
                               "1.2.840.113619.5.2"; // GE's own: only the voxels are big endian

bool hasPreamble(std::span<const std::byte> bytes)
{
    return bytes.size() >= 132 && std::memcmp(bytes.data() + 128, "DICM", 4) == 0;
}

// The encoding of a data set without a preamble and file meta group, from its first element.
std::optional<DicomEncoding> guessedEncoding(std::span<const std::byte> bytes)
{
    if (bytes.size() < 16)
        return std::nullopt;
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
    const bool little = (at(0) == 0x08 || at(0) == 0x02) && at(1) == 0x00 && at(3) == 0x00;
    const bool big = at(0) == 0x00 && at(1) == 0x08 && at(2) == 0x00;
    const auto isLetter = [&](std::size_t i) { return at(i) >= 'A' && at(i) <= 'Z'; };
    const bool explicitVr = isLetter(4) && isLetter(5);
    if (little && (explicitVr || (at(6) == 0 && at(7) == 0))) // an implicit first element is short
        return DicomEncoding{explicitVr, false};
    if (big && explicitVr)
        return DicomEncoding{true, true};
    return std::nullopt;
}

Result<ByteBlock> inflated(std::span<const std::byte> bytes, const std::string& path)
{
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return Error{ErrorCode::OutOfMemory, path, "no memory to inflate"};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream,
                                                              [](z_stream* s) { return inflateEnd(s); });
    std::vector<std::byte> result, piece(std::size_t{1} << 18);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 0xFFFFFFFFU));
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        result.insert(result.end(), piece.begin(), piece.end() - stream.avail_out);
        if (result.size() > maxInflatedBytes)
            return Error{ErrorCode::Unsupported, path, "more than 2 GiB after inflation"};
    }
    if (status == Z_BUF_ERROR)
        return Error{ErrorCode::Truncated, path, "the file ends too early"};
    if (status != Z_STREAM_END)
        return Error{ErrorCode::Malformed, path, "the compressed data is damaged"};
    ByteBlock block(result.size());
    std::copy(result.begin(), result.end(), block.data());
    return block;
}

DicomEncoding encodingOf(const std::string& transferSyntaxUid)
{
    const bool isImplicit = transferSyntaxUid == implicitLittle || transferSyntaxUid == implicitBigPixels;
    return {!isImplicit, transferSyntaxUid == explicitBig};
}

struct Attempt {
    DicomParseEnd end = DicomParseEnd::Done;
    DicomFile file;
};

Result<Attempt> parsed(ByteBlock content, const std::string& path)
{
    Attempt attempt;
    DicomFile& file = attempt.file;
    auto bytes = std::make_shared<const ByteBlock>(std::move(content));
    std::span<const std::byte> all = *bytes;
    std::size_t start = hasPreamble(all) ? 132 : 0;
    auto encoding = start ? DicomEncoding{} : guessedEncoding(all);
    if (!encoding)
        return Error{ErrorCode::Unrecognised, path, "not a DICOM file"};
    DicomDataSet meta;
    if (start || all[0] == std::byte{2}) {
        const DicomParse head = parseDicomMeta(all, start, meta);
        attempt.end = head.end;
        start = head.position;
        file.transferSyntaxUid = meta.text(transferSyntaxTag);
        encoding = encodingOf(file.transferSyntaxUid);
        // What the data set's first bytes show is believed before the transfer syntax: some files lie about
        // it.
        if (file.transferSyntaxUid != deflatedLittle)
            encoding = guessedEncoding(all.subspan(start)).value_or(*encoding);
        if (attempt.end != DicomParseEnd::Done)
            return attempt;
    }
    if (file.transferSyntaxUid == deflatedLittle) {
        auto rest = inflated(all.subspan(start), path);
        if (!rest)
            return rest.error();
        bytes = std::make_shared<const ByteBlock>(std::move(*rest));
        all = *bytes;
        start = 0;
    }
    DicomParse body = parseDicomDataSet(all, start, *encoding, file.dataSet);
    attempt.end = body.end;
    file.pixels = std::move(body.pixels);
    file.bigEndian = encoding->bigEndian || file.transferSyntaxUid == implicitBigPixels;
    file.fileBytes = bytes->size();
    file.bytes = std::move(bytes);
    return attempt;
}

// Whether the file ends within a fragment, from the heads of those that lie beyond the bytes that were read:
// a scan must not promise an image whose pixels are not there. A missing delimiter alone is forgiven.
Result<bool> endsWithinFragment(const RegularFile& source, std::uint64_t at)
{
    constexpr int mostFragments = 1 << 20;
    for (int n = 0; n < mostFragments && at + 8 <= source.size(); ++n) {
        std::array<std::byte, 8> head{};
        if (auto got = source.readAt(at, head); !got)
            return got.error();
        const auto two = [&head](std::size_t i) {
            return std::to_integer<std::uint32_t>(head[i]) | std::to_integer<std::uint32_t>(head[i + 1]) << 8;
        };
        if ((two(0) << 16 | two(2)) != itemTag)
            return false;
        at += 8 + std::uint64_t{two(4) | two(6) << 16};
        if (at > source.size())
            return true;
    }
    return false;
}

bool isDeflated(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 1024));
    return text.find(deflatedLittle) != std::string_view::npos;
}

// Whether more of the file must be read before what is wanted of it is there.
bool needsMore(const Attempt& attempt, DicomExtent extent)
{
    const auto& pixels = attempt.file.pixels;
    if (attempt.end != DicomParseEnd::Done || !pixels || extent == DicomExtent::WholeFile)
        return true;
    return extent == DicomExtent::Pixels && pixels->encapsulated;
}

// What is parsed of the first bytes of a file.
Result<Attempt> attemptOf(ByteBlock bytes, bool whole, const std::string& path)
{
    if (!looksLikeDicom(bytes))
        return Error{ErrorCode::Unrecognised, path, "not a DICOM file"};
    if (!whole && isDeflated(bytes))
        return Attempt{DicomParseEnd::PastTheEnd, {}};
    auto attempt = parsed(std::move(bytes), path);
    if (attempt && attempt->end == DicomParseEnd::Malformed)
        return Error{ErrorCode::Malformed, path, "a DICOM element contradicts its length"};
    if (attempt && whole && attempt->end == DicomParseEnd::PastTheEnd)
        return Error{ErrorCode::Truncated, path, "the file ends within a DICOM element"};
    return attempt;
}

using Source = std::shared_ptr<const RegularFile>;

// A file of which enough was read, with what is to be known of its pixels beyond that.
Result<DicomFile> finished(DicomFile file, const Source& source, std::uint64_t fileBytes)
{
    if (file.transferSyntaxUid == deflatedLittle)
        return file;
    file.wholeFile = file.bytes->size() == fileBytes;
    file.fileBytes = fileBytes;
    if (!file.wholeFile && file.pixels->encapsulated) {
        const auto cut = endsWithinFragment(*source, file.pixels->fragmentsEnd);
        if (!cut)
            return cut.error();
        file.pixels->cut = *cut;
    }
    file.source = source;
    return file;
}

// Goes on from the first bytes of a file until what is wanted was read. `source` may be opened on the way.
Result<DicomFile> readOn(ByteBlock bytes, Source source, std::uint64_t fileBytes, DicomExtent extent,
                         const std::string& path)
{
    while (true) {
        const std::size_t count = bytes.size();
        const bool whole = count == fileBytes;
        auto attempt = attemptOf(std::move(bytes), whole, path);
        if (!attempt)
            return attempt.error();
        const DicomFile& file = attempt->file;
        const bool isEnough = whole || !needsMore(*attempt, extent);
        if (!source && (!isEnough || (file.pixels && file.pixels->encapsulated))) {
            auto opened = RegularFile::open(path);
            if (!opened)
                return opened.error();
            source = *opened;
        }
        if (isEnough)
            return finished(std::move(attempt->file), source, fileBytes);
        const bool isInflated = !file.bytes; // as a whole or not at all
        const bool wantsAll = isInflated || (attempt->end == DicomParseEnd::Done && file.pixels);
        // Most headers end within the first piece; the few that do not are read again, further.
        bytes = ByteBlock(wantsAll || count > fileBytes / 16 ? static_cast<std::size_t>(fileBytes) : count * 16);
        if (auto got = source->readAt(0, bytes); !got)
            return got.error();
    }
}

Error tooLarge(const std::string& path)
{
    return {ErrorCode::Unsupported, path, "a file of more than 8 GiB"};
}

} // namespace

bool looksLikeDicom(std::span<const std::byte> bytes)
{
    return hasPreamble(bytes) || guessedEncoding(bytes).has_value();
}

Result<DicomFile> readDicomFile(const std::string& path, DicomExtent extent)
{
    const auto source = RegularFile::open(path);
    if (!source)
        return source.error();
    const std::uint64_t fileBytes = (*source)->size();
    if (fileBytes > maxFileBytes)
        return tooLarge(path);
    const std::uint64_t most = extent == DicomExtent::WholeFile ? fileBytes : dicomHeaderPiece;
    ByteBlock bytes(static_cast<std::size_t>(std::min(most, fileBytes)));
    if (auto got = (*source)->readAt(0, bytes); !got)
        return got.error();
    return readOn(std::move(bytes), *source, fileBytes, extent, path);
}

Result<DicomFile> readDicomHeader(const std::string& path, std::vector<std::byte> begin,
                                  std::uint64_t fileBytes)
{
    if (fileBytes > maxFileBytes)
        return tooLarge(path);
    ByteBlock bytes(begin.size());
    std::copy(begin.begin(), begin.end(), bytes.data());
    return readOn(std::move(bytes), nullptr, fileBytes, DicomExtent::Header, path);
}

} // namespace annotomy
