#include "core/io/pixels/dicom_pixels.h"

#include "core/io/pixels/sample_bits.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace annotomy {

namespace {

std::vector<std::byte> joined(std::span<const std::span<const std::byte>> fragments)
{
    std::vector<std::byte> bytes;
    for (const auto& fragment : fragments)
        bytes.insert(bytes.end(), fragment.begin(), fragment.end());
    return bytes;
}

// Two voxels of YBR_FULL_422 are Y1 Y2 Cb Cr; the last of an odd number has no Cb and Cr, which become no colour.
template <class T>
void spreadHalvedColours(std::span<const std::byte> bytes, std::span<std::byte> samples)
{
    const std::size_t stored = bytes.size() / sizeof(T);
    const T noColour = static_cast<T>(T{1} << (8 * sizeof(T) - 1));
    for (std::size_t s = 0; s < samples.size() / sizeof(T); ++s) {
        const std::size_t voxel = s / 3, part = s % 3;
        const std::size_t from = voxel / 2 * 4 + (part == 0 ? voxel % 2 : 1 + part);
        const void* source = from < stored ? static_cast<const void*>(bytes.data() + from * sizeof(T)) : &noColour;
        std::memcpy(samples.data() + s * sizeof(T), source, sizeof(T));
    }
}

std::int64_t sampleAt(std::span<const std::byte> samples, std::size_t index, VoxelType type)
{
    const auto as = [&](auto value) {
        std::memcpy(&value, samples.data() + index * sizeof value, sizeof value);
        return static_cast<std::int64_t>(value);
    };
    switch (type) {
    case VoxelType::UInt8:
        return as(std::uint8_t{});
    case VoxelType::Int8:
        return as(std::int8_t{});
    case VoxelType::UInt16:
        return as(std::uint16_t{});
    case VoxelType::Int16:
        return as(std::int16_t{});
    case VoxelType::UInt32:
        return as(std::uint32_t{});
    case VoxelType::Int32:
    case VoxelType::Float32:
        break;
    }
    return as(std::int32_t{});
}

VoxelType sampleType(const DicomPixelFormat& format)
{
    switch (format.sampleBytes()) {
    case 1:
        return format.isSigned ? VoxelType::Int8 : VoxelType::UInt8;
    case 2:
        return format.isSigned ? VoxelType::Int16 : VoxelType::UInt16;
    default:
        return format.isSigned ? VoxelType::Int32 : VoxelType::UInt32;
    }
}

void lookUp(const DicomLut& table, std::span<const std::byte> samples, VoxelType from,
            std::span<std::byte> out)
{
    const bool isNarrow = table.bits <= 8;
    const std::size_t count = out.size() / (isNarrow ? 1 : 2);
    for (std::size_t v = 0; v < count; ++v) {
        const std::uint16_t value = table.at(sampleAt(samples, v, from));
        if (isNarrow)
            out[v] = static_cast<std::byte>(value);
        else
            std::memcpy(out.data() + 2 * v, &value, 2);
    }
}

void narrowDoubles(std::span<const std::byte> samples, std::span<std::byte> out)
{
    for (std::size_t v = 0; v < out.size() / sizeof(float); ++v) {
        double value = 0;
        std::memcpy(&value, samples.data() + v * sizeof value, sizeof value);
        const auto narrow = static_cast<float>(value);
        std::memcpy(out.data() + v * sizeof narrow, &narrow, sizeof narrow);
    }
}

} // namespace

Error DicomFrames::error(ErrorCode code, const std::string& detail) const
{
    return {code, m_path, detail};
}

Result<DicomFrames> DicomFrames::open(const DicomFile& file, const DicomPixelFormat& format, int frameCount,
                                      const std::string& path)
{
    if (!file.pixels)
        return Error{ErrorCode::Malformed, path, "no pixel data"};
    if (auto enough = checkPixelLength(file, format, frameCount, path); !enough)
        return enough.error();
    DicomFrames frames;
    frames.m_file = &file;
    frames.m_format = format;
    frames.m_path = path;
    if (file.pixels->encapsulated) {
        auto fragments = fragmentsOfFrames(file, static_cast<std::size_t>(frameCount), path);
        if (!fragments)
            return fragments.error();
        frames.m_fragments = std::move(*fragments);
    }
    if (auto read = frames.readTable(); !read)
        return read.error();
    return frames;
}

Result<void> DicomFrames::readTable()
{
    if (m_format.hasModalityLut) {
        auto table = modalityLutOf(m_file->dataSet, m_path);
        if (!table)
            return table.error();
        m_modalityLut = std::move(*table);
    } else if (m_format.colour == DicomColour::Palette) {
        auto palette = paletteOf(m_file->dataSet, m_path);
        if (!palette)
            return palette.error();
        m_palette = std::move(*palette);
    }
    return {};
}

const DicomLut* DicomFrames::table() const
{
    return m_modalityLut ? &*m_modalityLut : m_palette ? &m_palette->luminance : nullptr;
}

bool DicomFrames::isPlain() const
{
    return m_format.samples == 1 && !table() && m_format.sampleBytes() <= 4;
}

Result<void> DicomFrames::decode(int frame, std::span<std::byte> out, std::span<std::byte> rgb) const
{
    const bool hasRoom = rgb.empty() || (m_format.hasColours() && rgb.size() == 3 * m_format.voxels());
    if (out.size() != frameBytes(m_format) || !hasRoom)
        return error(ErrorCode::InvalidArgument, "no room for a frame");
    const auto wanted = static_cast<std::size_t>(frame);
    if (isPlain()) {
        const auto read = readSamples(wanted, out);
        return read ? Result<void>() : Result<void>(read.error());
    }
    const std::size_t count = m_format.voxels() * static_cast<std::size_t>(m_format.samples);
    ByteBlock samples(count * m_format.sampleBytes());
    const auto layout = readSamples(wanted, samples);
    if (!layout)
        return layout.error();
    convert(samples, *layout, out);
    if (!rgb.empty())
        convertColours(samples, *layout, rgb);
    return {};
}

Result<DicomFrames::Layout> DicomFrames::readSamples(std::size_t frame, std::span<std::byte> samples) const
{
    auto layout = m_file->pixels->encapsulated ? readCoded(frame, samples) : readNative(frame, samples);
    if (layout)
        clearUnusedBits(m_format, samples);
    return layout;
}

void DicomFrames::convert(std::span<const std::byte> samples, const Layout& layout,
                          std::span<std::byte> out) const
{
    if (m_format.isFloat)
        return narrowDoubles(samples, out);
    ByteBlock grey;
    std::span<const std::byte> voxels = samples.first(m_format.voxels() * m_format.sampleBytes());
    if (layout.samples == 3) {
        grey = ByteBlock(voxels.size());
        luminanceFrom(samples, m_format.sampleBytes(), layout.order, layout.colour, grey);
        voxels = grey;
    }
    if (const DicomLut* lut = table())
        lookUp(*lut, voxels, sampleType(m_format), out);
    else
        std::copy(voxels.begin(), voxels.end(), out.begin());
}

void DicomFrames::convertColours(std::span<const std::byte> samples, const Layout& layout,
                                 std::span<std::byte> rgb) const
{
    if (!m_palette)
        return coloursFrom(samples, m_format.sampleBytes(), layout.order, layout.colour, m_format.bitsStored, rgb);
    const VoxelType type = sampleType(m_format);
    for (std::size_t v = 0; v < m_format.voxels(); ++v) {
        const auto& colour = m_palette->colourOf(sampleAt(samples, v, type));
        std::memcpy(rgb.data() + 3 * v, colour.data(), colour.size());
    }
}

DicomFrames::Layout DicomFrames::nativeLayout() const
{
    const bool isPlanar = m_format.isPlanar && !m_format.isHalved;
    return {m_format.samples, isPlanar ? SampleOrder::ByPlane : SampleOrder::ByVoxel,
            m_format.colour};
}

// From what was read already, else from the file.
Result<void> DicomFrames::readBytes(std::uint64_t offset, std::span<std::byte> bytes) const
{
    const std::span<const std::byte> known = *m_file->bytes;
    if (offset < known.size()) {
        const auto count =
            std::min<std::size_t>(bytes.size(), known.size() - static_cast<std::size_t>(offset));
        std::memcpy(bytes.data(), known.data() + offset, count);
        bytes = bytes.subspan(count);
        offset += count;
    }
    if (bytes.empty())
        return {};
    if (!m_file->source)
        return error(ErrorCode::Truncated, "the file ends within its pixel data");
    return m_file->source->readAt(offset, bytes);
}

DicomFrames::Layout DicomFrames::unpackNative(std::span<const std::byte> bytes, std::size_t beginBit,
                                              std::span<std::byte> samples) const
{
    const std::size_t size = m_format.sampleBytes();
    if (isPacked(m_format)) {
        unpackBits(bytes, beginBit, m_format.bitsAllocated, size, samples);
        return nativeLayout();
    }
    if (size == 1)
        spreadHalvedColours<std::uint8_t>(bytes, samples);
    else if (size == 2)
        spreadHalvedColours<std::uint16_t>(bytes, samples);
    else
        spreadHalvedColours<std::uint32_t>(bytes, samples);
    return nativeLayout();
}

Result<DicomFrames::Layout> DicomFrames::readNative(std::size_t frame, std::span<std::byte> samples) const
{
    const std::uint64_t bits = nativeFrameBits(m_format), begin = frame * bits;
    const std::uint64_t offset = m_file->pixels->offset;
    const bool isSwapped = m_file->bigEndian != (std::endian::native == std::endian::big);
    const std::size_t size = m_format.sampleBytes();
    // Big endian words hold two bytes of smaller samples the other way round.
    const bool areWords = isSwapped && size == 1 && m_file->pixels->isWords;
    if (!isPacked(m_format) && !m_format.isHalved && !areWords) {
        if (auto read = readBytes(offset + begin / 8, samples); !read)
            return read.error();
        if (isSwapped)
            reverseBytes(samples, size);
        return nativeLayout();
    }
    const std::uint64_t firstByte = begin / 8 / 2 * 2, lastByte = (begin + bits + 7) / 8;
    const std::uint64_t available = m_file->fileBytes - offset;
    ByteBlock bytes(static_cast<std::size_t>(std::min((lastByte + 1) / 2 * 2, available) - firstByte));
    if (auto read = readBytes(offset + firstByte, bytes); !read)
        return read.error();
    if (isSwapped && (areWords || size > 1))
        reverseBytes(bytes, areWords ? 2 : size);
    const auto beginBit = static_cast<std::size_t>(begin - 8 * firstByte);
    if (isPacked(m_format) || m_format.isHalved)
        return unpackNative(std::span<const std::byte>(bytes).subspan(isPacked(m_format) ? 0 : beginBit / 8),
                            beginBit, samples);
    std::copy_n(bytes.data() + beginBit / 8, samples.size(), samples.data());
    return nativeLayout();
}

Result<DicomFrames::Layout> DicomFrames::readCoded(std::size_t frame, std::span<std::byte> samples) const
{
    const auto [first, end] = m_fragments.at(frame);
    const auto fragments = std::span(m_file->pixels->fragments).subspan(first, end - first);
    std::vector<std::byte> together;
    std::span<const std::byte> encoded = fragments.front();
    if (fragments.size() > 1) {
        together = joined(fragments);
        encoded = together;
    }
    switch (pixelCodingOf(m_file->transferSyntaxUid)) {
    case PixelCoding::Rle:
        return readRle(encoded, samples);
    case PixelCoding::DeflatedFrames:
        return readDeflated(encoded, samples);
    default:
        return readCodeStream(encoded, samples);
    }
}

Result<DicomFrames::Layout> DicomFrames::readRle(std::span<const std::byte> encoded,
                                                 std::span<std::byte> samples) const
{
    const Error unfilled = error(ErrorCode::Malformed, "the RLE data does not fill its rows and columns");
    if (!isPacked(m_format)) {
        const auto planes = static_cast<std::size_t>(m_format.samples);
        if (!decodeRle(encoded, planes, m_format.sampleBytes(), samples))
            return unfilled;
        return Layout{m_format.samples, SampleOrder::ByPlane, m_format.colour};
    }
    // Some writers spend a byte on every bit: what fills those would fill the packed ones, too.
    if (decodeRle(encoded, 1, samples))
        return nativeLayout();
    ByteBlock packed(static_cast<std::size_t>((nativeFrameBits(m_format) + 7) / 8));
    if (!decodeRle(encoded, 1, packed))
        return unfilled;
    return unpackNative(packed, 0, samples);
}

Result<DicomFrames::Layout> DicomFrames::readDeflated(std::span<const std::byte> encoded,
                                                      std::span<std::byte> samples) const
{
    const bool isDirect = !isPacked(m_format) && !m_format.isHalved;
    ByteBlock packed(isDirect ? 0 : static_cast<std::size_t>((nativeFrameBits(m_format) + 7) / 8));
    if (!decodeDeflated(encoded, isDirect ? samples : std::span<std::byte>(packed)))
        return error(ErrorCode::Malformed, "the deflated frame does not fill its rows and columns");
    return isDirect ? nativeLayout() : unpackNative(packed, 0, samples);
}

Result<void> DicomFrames::checkCodeStream(const CodeStream& stream) const
{
    constexpr std::size_t mostTiles = 4096;
    const bool isJpeg2000 = stream.kind == CodeStream::Kind::Jpeg2000;
    if (stream.kind == CodeStream::Kind::JpegOther)
        return error(ErrorCode::Unsupported, "a progressive, hierarchical or arithmetically coded JPEG image");
    if (stream.columns != m_format.columns || stream.rows != m_format.rows ||
        stream.components != m_format.samples)
        return error(ErrorCode::Malformed,
                     "the compressed image contradicts the rows and columns of its header");
    if (stream.isSubsampled)
        return error(ErrorCode::Unsupported, "a JPEG 2000 image whose components differ");
    const int most = std::min(isJpeg2000 ? 31 : 16, static_cast<int>(8 * m_format.sampleBytes()));
    if (stream.precision < 1 || stream.precision > most || stream.tiles > mostTiles)
        return error(ErrorCode::Unsupported, "a compressed image of " + std::to_string(stream.precision) +
                                                 " bits in " + std::to_string(m_format.bitsAllocated));
    return {};
}

Result<DicomFrames::Layout> DicomFrames::readCodeStream(std::span<const std::byte> encoded,
                                                        std::span<std::byte> samples) const
{
    const auto stream = codeStreamOf(encoded);
    if (!stream)
        return error(ErrorCode::Malformed, "the compressed image has no readable header");
    if (auto sound = checkCodeStream(*stream); !sound)
        return sound.error();
    const Error damaged = error(ErrorCode::Malformed, "the compressed image is damaged or cut short");
    Layout layout{m_format.samples, SampleOrder::ByVoxel, m_format.colour};
    if (stream->kind == CodeStream::Kind::Jpeg2000) {
        layout.order = SampleOrder::ByPlane;
        if (stream->mixesColours && stream->components == 3)
            layout.colour = DicomColour::Rgb;
        const SampleRange range{m_format.bitsStored, m_format.isSigned};
        if (!decodeJpeg2000(encoded, *stream, range, m_format.sampleBytes(), samples))
            return damaged;
        return layout;
    }
    const std::size_t size = codedBytes(*stream);
    const bool isDirect = size == m_format.sampleBytes();
    ByteBlock narrow(isDirect ? 0 : samples.size() / m_format.sampleBytes() * size);
    const std::span<std::byte> coded = isDirect ? samples : std::span<std::byte>(narrow);
    if (stream->kind == CodeStream::Kind::JpegLs) {
        const auto order = decodeJpegLs(encoded, *stream, coded);
        if (!order)
            return damaged;
        layout.order = *order;
    } else if (!decodeJpeg(encoded, *stream, coded)) {
        return damaged;
    }
    const bool saysItsColour = stream->kind == CodeStream::Kind::JpegSequential && m_format.samples == 3;
    if (saysItsColour && stream->colour != CodeStream::Colour::Unknown)
        layout.colour = stream->colour == CodeStream::Colour::Rgb ? DicomColour::Rgb : DicomColour::Ybr;
    if (!isDirect)
        widen(narrow, size, m_format.sampleBytes(), samples);
    return layout;
}

Result<void> decodeFrame(const DicomFile& file, const DicomPixelFormat& format, int frame, int frameCount,
                         std::span<std::byte> out, const std::string& path)
{
    const auto frames = DicomFrames::open(file, format, frameCount, path);
    return frames ? frames->decode(frame, out) : Result<void>(frames.error());
}

} // namespace annotomy
