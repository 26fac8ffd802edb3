#include "core/edit/codec_stream.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>
#include <optional>

namespace annotomy {

namespace {

constexpr std::uint64_t longestText = 65536;
constexpr std::size_t headerSize = 5;

// Bits of a segment's flags.
constexpr std::uint8_t visibleFlag = 1, lockedFlag = 2, detailsFlag = 4;

// What follows a segment when it has any of it: codes beside category and type, and texts.
constexpr CodedConcept Segment::*detailCodes[] = {&Segment::typeModifier, &Segment::region,
                                                  &Segment::regionModifier};
constexpr std::string Segment::*detailTexts[] = {&Segment::description, &Segment::algorithmType,
                                                 &Segment::algorithmName, &Segment::trackingId,
                                                 &Segment::trackingUid};

bool hasDetails(const Segment& segment)
{
    const auto isCoded = [&](auto member) { return segment.*member != CodedConcept(); };
    const auto isSaid = [&](auto member) { return !(segment.*member).empty(); };
    return std::any_of(std::begin(detailCodes), std::end(detailCodes), isCoded) ||
           std::any_of(std::begin(detailTexts), std::end(detailTexts), isSaid);
}

} // namespace

void CodecWriter::number(std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
}

void CodecWriter::signedNumber(std::int64_t value)
{
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void CodecWriter::real(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8)
        byte(static_cast<std::uint8_t>(bits >> shift));
}

void CodecWriter::text(std::string_view value)
{
    value = value.substr(0, longestText);
    number(value.size());
    const auto bytes = std::as_bytes(std::span(value));
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

void CodecWriter::table(const SegmentTable& table)
{
    number(table.segments().size());
    for (const Segment& s : table.segments()) {
        byte(s.number);
        text(s.name);
        for (const std::uint8_t c : {s.colour.r, s.colour.g, s.colour.b})
            byte(c);
        byte(static_cast<std::uint8_t>(s.layer));
        const bool detailed = hasDetails(s);
        byte(static_cast<std::uint8_t>((s.visible ? visibleFlag : 0) | (s.locked ? lockedFlag : 0) |
                                       (detailed ? detailsFlag : 0)));
        code(s.category);
        code(s.type);
        signedNumber(s.fileValue);
        if (!detailed)
            continue;
        for (const auto member : detailCodes)
            code(s.*member);
        for (const auto member : detailTexts)
            text(s.*member);
    }
}

void CodecWriter::code(const CodedConcept& value)
{
    text(value.value);
    text(value.scheme);
    text(value.meaning);
}

std::vector<std::byte> CodecWriter::compressed(std::string_view magic, std::uint8_t version) const
{
    assert(magic.size() + 1 == headerSize);
    std::vector<std::byte> out(headerSize + ZSTD_compressBound(m_bytes.size()));
    std::memcpy(out.data(), magic.data(), magic.size());
    out[headerSize - 1] = static_cast<std::byte>(version);
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    if (!context)
        throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    const std::size_t size = ZSTD_compress2(context.get(), out.data() + headerSize, out.size() - headerSize,
                                            m_bytes.data(), m_bytes.size());
    if (ZSTD_isError(size))
        throw std::bad_alloc(); // with a bound-sized buffer only memory can be short
    out.resize(headerSize + size);
    return out;
}

struct CodecReader::Impl {
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context{ZSTD_createDCtx(), &ZSTD_freeDCtx};
    ZSTD_inBuffer input{nullptr, 0, 0};
    std::array<std::byte, 65536> buffer;
    std::size_t at = 0, size = 0; // in buffer
    bool frameEnded = false;
    std::optional<Error> error;

    void fail(ErrorCode code, std::string why)
    {
        if (!error)
            error = Error{code, {}, std::move(why)};
    }

    // True when the buffer holds at least one more byte.
    bool refill()
    {
        at = size = 0;
        while (!error && !frameEnded && size == 0) {
            ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
            const std::size_t before = input.pos;
            const std::size_t left = ZSTD_decompressStream(context.get(), &output, &input);
            size = output.pos;
            frameEnded = left == 0;
            if (ZSTD_isError(left)) {
                size = 0;
                fail(ErrorCode::Malformed, std::string("zstd: ") + ZSTD_getErrorName(left));
            } else if (!frameEnded && size == 0 && input.pos == before) {
                fail(ErrorCode::Truncated, "the data end too early");
            }
        }
        return size > 0;
    }
};

CodecReader::CodecReader(std::span<const std::byte> bytes, std::string_view magic, std::uint8_t version)
    : m_impl(std::make_unique<Impl>())
{
    if (!m_impl->context)
        m_impl->fail(ErrorCode::OutOfMemory, "zstd context");
    else if (bytes.size() < headerSize)
        m_impl->fail(ErrorCode::Truncated, "shorter than its header");
    else if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
        m_impl->fail(ErrorCode::Malformed, "not the expected kind of data");
    else if (static_cast<std::uint8_t>(bytes[headerSize - 1]) != version)
        m_impl->fail(ErrorCode::Unsupported, "an unknown version of the encoding");
    else
        m_impl->input = {bytes.data() + headerSize, bytes.size() - headerSize, 0};
}

CodecReader::~CodecReader() = default;

std::uint8_t CodecReader::byte()
{
    if (m_impl->error)
        return 0;
    if (m_impl->at == m_impl->size && !m_impl->refill()) {
        m_impl->fail(ErrorCode::Malformed, "fewer values than announced");
        return 0;
    }
    return static_cast<std::uint8_t>(m_impl->buffer[m_impl->at++]);
}

std::uint64_t CodecReader::number(std::uint64_t max)
{
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t next = byte();
        const std::uint64_t bits = next & 0x7FU;
        if (shift == 63 && bits > 1)
            break;
        value |= bits << shift;
        if (next < 0x80) {
            if (value > max)
                break;
            return value;
        }
    }
    fail("a number out of range");
    return 0;
}

std::int64_t CodecReader::signedNumber()
{
    const std::uint64_t zigzag = number(std::numeric_limits<std::uint64_t>::max());
    return static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

double CodecReader::real()
{
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64; shift += 8)
        bits |= std::uint64_t{byte()} << shift;
    return std::bit_cast<double>(bits);
}

std::string CodecReader::text()
{
    const std::uint64_t size = number(longestText);
    std::string value;
    for (std::uint64_t n = 0; n < size && !failed(); ++n)
        value.push_back(static_cast<char>(byte()));
    return failed() ? std::string() : value;
}

SegmentTable CodecReader::table()
{
    SegmentTable table;
    const std::uint64_t count = number(255);
    for (std::uint64_t n = 0; n < count && !failed(); ++n) {
        Segment s;
        s.number = byte();
        s.name = text();
        for (std::uint8_t* c : {&s.colour.r, &s.colour.g, &s.colour.b})
            *c = byte();
        s.layer = byte();
        const std::uint8_t flags = byte();
        s.visible = flags & visibleFlag;
        s.locked = flags & lockedFlag;
        s.category = code();
        s.type = code();
        s.fileValue = signedNumber();
        if (flags & detailsFlag) {
            for (const auto member : detailCodes)
                s.*member = code();
            for (const auto member : detailTexts)
                s.*member = text();
        }
        if (!table.insert(s) || s.layer > 254)
            fail("a segment table with a bad number or layer");
    }
    return table;
}

CodedConcept CodecReader::code()
{
    CodedConcept value;
    for (std::string* part : {&value.value, &value.scheme, &value.meaning})
        *part = text();
    return value;
}

bool CodecReader::failed() const
{
    return m_impl->error.has_value();
}

void CodecReader::fail(std::string why)
{
    m_impl->fail(ErrorCode::Malformed, std::move(why));
}

Result<void> CodecReader::finish()
{
    if (!failed() && (m_impl->at != m_impl->size || m_impl->refill()))
        fail("more data than expected");
    if (!failed() && m_impl->input.pos != m_impl->input.size)
        fail("data behind the end");
    if (failed())
        return error();
    return {};
}

const Error& CodecReader::error() const
{
    assert(failed());
    return *m_impl->error;
}

} // namespace annotomy
