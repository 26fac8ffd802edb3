#include "core/io/dicom_pixels.h"

#include <gdcmBitmap.h>
#include <gdcmFragment.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>
#include <gdcmUIDs.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace annotomy {

namespace {

using Fragments = std::vector<std::span<const std::byte>>;

constexpr std::string_view rleSyntax = "1.2.840.10008.1.2.5";

// The transfer syntaxes whose decoders in GDCM were found to be sound.
constexpr std::array<std::string_view, 8> gdcmSyntaxes{
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"};

std::string syntaxName(const std::string& uid)
{
    gdcm::UIDs uids;
    const char* name = uids.SetFromUID(uid.c_str()) ? uids.GetName() : nullptr;
    return name && *name ? std::string(name) + " (" + uid + ")" : uid;
}

std::uint32_t offsetAt(std::span<const std::byte> table, std::size_t index)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(table[4 * index + i]) << (8 * i);
    return value;
}

// JPEG, JPEG-LS and JPEG 2000 images begin with a marker of their own.
bool startsImage(std::span<const std::byte> fragment)
{
    return fragment.size() > 2 && fragment[0] == std::byte{0xFF} &&
           (fragment[1] == std::byte{0xD8} || fragment[1] == std::byte{0x4F});
}

std::size_t startsOfImages(const Fragments& all)
{
    return static_cast<std::size_t>(std::count_if(all.begin() + 1, all.end(), startsImage));
}

// The fragments from the wanted image's start to the next one's.
Fragments imageNumbered(const Fragments& all, std::size_t wanted)
{
    Fragments own;
    std::size_t image = 0;
    for (std::size_t f = 1; f < all.size(); ++f) {
        image += startsImage(all[f]);
        if (image == wanted + 1)
            own.push_back(all[f]);
    }
    return own;
}

// The fragments of one frame: all, one each, or as the basic offset table says (PS3.5, A.4).
Result<Fragments> fragmentsOf(const DicomPixelData& pixels, int frame, int frameCount,
                              const std::string& path)
{
    const auto& all = pixels.fragments;
    const auto wanted = static_cast<std::size_t>(frame), count = static_cast<std::size_t>(frameCount);
    if (all.size() < 2 || all.size() - 1 < count)
        return Error{ErrorCode::Truncated, path, "the file ends within its pixel data"};
    if (count == 1)
        return Fragments(all.begin() + 1, all.end());
    if (all.size() - 1 == count)
        return Fragments{all[wanted + 1]};
    const std::span<const std::byte> table = all.front();
    if (table.size() < 4 * count && startsOfImages(all) == count)
        return imageNumbered(all, wanted);
    if (table.size() < 4 * count)
        return Error{ErrorCode::Unsupported, path, "frames in several fragments without an offset table"};
    const std::uint64_t begin = offsetAt(table, wanted);
    const std::uint64_t end = wanted + 1 < count ? offsetAt(table, wanted + 1) : ~std::uint64_t{0};
    Fragments own;
    std::uint64_t at = 0;
    for (std::size_t f = 1; f < all.size(); ++f) {
        if (at >= begin && at < end)
            own.push_back(all[f]);
        at += all[f].size() + 8;
    }
    if (own.empty())
        return Error{ErrorCode::Malformed, path, "the offset table names no fragment"};
    return own;
}

std::vector<std::byte> joined(const Fragments& fragments)
{
    std::vector<std::byte> bytes;
    for (const auto& fragment : fragments)
        bytes.insert(bytes.end(), fragment.begin(), fragment.end());
    return bytes;
}

Result<void> decodeNative(const DicomFile& file, const DicomPixelFormat& format, int frame,
                          std::span<std::byte> out, const std::string& path)
{
    const std::uint64_t begin = file.pixels->offset + static_cast<std::uint64_t>(frame) * out.size();
    if (begin + out.size() > file.bytes->size())
        return Error{ErrorCode::Truncated, path, "the file ends within its pixel data"};
    std::memcpy(out.data(), file.bytes->data() + begin, out.size());
    const auto size = static_cast<std::size_t>(format.bitsAllocated / 8);
    if (size > 1 && file.bigEndian != (std::endian::native == std::endian::big))
        for (std::size_t at = 0; at < out.size(); at += size)
            std::reverse(out.data() + at, out.data() + at + size);
    return {};
}

Result<void> checkCodeStream(const std::vector<std::byte>& encoded, const DicomPixelFormat& format,
                             const std::string& path)
{
    const auto stream = codeStreamOf(encoded);
    if (!stream)
        return Error{ErrorCode::Malformed, path, "the compressed image has no readable header"};
    if (stream->columns != format.columns || stream->rows != format.rows || stream->components != 1)
        return Error{ErrorCode::Malformed, path,
                     "the compressed image contradicts the rows and columns of its header"};
    if (stream->precision < 2 || stream->precision > 16 ||
        (stream->precision > 8) != (format.bitsAllocated > 8) || format.bitsAllocated > 16)
        return Error{ErrorCode::Unsupported, path,
                     "a compressed image of " + std::to_string(stream->precision) + " bits in " +
                         std::to_string(format.bitsAllocated)};
    return {};
}

gdcm::Bitmap bitmapOf(const std::vector<std::byte>& encoded, const DicomPixelFormat& format,
                      gdcm::TransferSyntax syntax)
{
    const auto fragments = gdcm::SequenceOfFragments::New();
    gdcm::Fragment fragment;
    fragment.SetByteValue(reinterpret_cast<const char*>(encoded.data()),
                          gdcm::VL(static_cast<std::uint32_t>(encoded.size())));
    fragments->AddFragment(fragment);
    gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010));
    pixels.SetVR(gdcm::VR::OB);
    pixels.SetValue(*fragments);
    gdcm::Bitmap bitmap;
    bitmap.SetNumberOfDimensions(2);
    bitmap.SetDimension(0, static_cast<unsigned>(format.columns));
    bitmap.SetDimension(1, static_cast<unsigned>(format.rows));
    bitmap.SetPixelFormat(gdcm::PixelFormat(
        1, static_cast<unsigned short>(format.bitsAllocated), static_cast<unsigned short>(format.bitsStored),
        static_cast<unsigned short>(format.highBit), format.isSigned ? 1 : 0));
    bitmap.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    bitmap.SetTransferSyntax(syntax);
    bitmap.SetDataElement(pixels);
    return bitmap;
}

Result<void> decodeWithGdcm(const std::vector<std::byte>& encoded, const DicomFile& file,
                            const DicomPixelFormat& format, std::span<std::byte> out, const std::string& path)
{
    if (auto sound = checkCodeStream(encoded, format, path); !sound)
        return sound;
    gdcm::Trace::ErrorOff();
    gdcm::Trace::WarningOff();
    gdcm::Trace::DebugOff();
    try {
        const gdcm::TransferSyntax syntax(gdcm::TransferSyntax::GetTSType(file.transferSyntaxUid.c_str()));
        const gdcm::Bitmap bitmap = bitmapOf(encoded, format, syntax);
        if (bitmap.GetBufferLength() != out.size() || !bitmap.GetBuffer(reinterpret_cast<char*>(out.data())))
            return Error{ErrorCode::Malformed, path, "the compressed image cannot be decoded"};
    } catch (const std::exception& exception) {
        return Error{ErrorCode::Malformed, path, exception.what()};
    }
    return {};
}

template <class T>
void clearUnusedBits(const DicomPixelFormat& format, std::span<std::byte> bytes)
{
    using Unsigned = std::make_unsigned_t<T>;
    constexpr int width = 8 * static_cast<int>(sizeof(T));
    const int left = width - 1 - format.highBit, right = width - format.bitsStored;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
        Unsigned raw;
        std::memcpy(&raw, bytes.data() + at, sizeof raw);
        // Shifting the stored bits to the top and back down clears or sign-extends what lay above them.
        const T value = static_cast<T>(static_cast<T>(static_cast<Unsigned>(raw << left)) >> right);
        std::memcpy(bytes.data() + at, &value, sizeof value);
    }
}

void clearUnusedBits(const DicomPixelFormat& format, std::span<std::byte> bytes)
{
    if (format.bitsStored == format.bitsAllocated)
        return;
    if (format.bitsAllocated == 8)
        format.isSigned ? clearUnusedBits<std::int8_t>(format, bytes)
                        : clearUnusedBits<std::uint8_t>(format, bytes);
    else if (format.bitsAllocated == 16)
        format.isSigned ? clearUnusedBits<std::int16_t>(format, bytes)
                        : clearUnusedBits<std::uint16_t>(format, bytes);
    else
        format.isSigned ? clearUnusedBits<std::int32_t>(format, bytes)
                        : clearUnusedBits<std::uint32_t>(format, bytes);
}

Result<void> decodeEncapsulated(const DicomFile& file, const DicomPixelFormat& format, int frame,
                                int frameCount, std::span<std::byte> out, const std::string& path)
{
    const std::string& syntax = file.transferSyntaxUid;
    const bool isRle = syntax == rleSyntax;
    if (!isRle && std::find(gdcmSyntaxes.begin(), gdcmSyntaxes.end(), syntax) == gdcmSyntaxes.end())
        return Error{ErrorCode::Unsupported, path, "the transfer syntax " + syntaxName(syntax)};
    const auto fragments = fragmentsOf(*file.pixels, frame, frameCount, path);
    if (!fragments)
        return fragments.error();
    const std::vector<std::byte> encoded = joined(*fragments);
    if (!isRle)
        return decodeWithGdcm(encoded, file, format, out, path);
    if (!decodeRle(encoded, static_cast<std::size_t>(format.bitsAllocated / 8), out))
        return Error{ErrorCode::Malformed, path, "the RLE data does not fill its rows and columns"};
    return {};
}

} // namespace

Result<void> decodeFrame(const DicomFile& file, const DicomPixelFormat& format, int frame, int frameCount,
                         std::span<std::byte> out, const std::string& path)
{
    if (!file.pixels || out.size() != frameBytes(format))
        return Error{ErrorCode::Malformed, path, "no pixel data"};
    auto decoded = file.pixels->encapsulated ? decodeEncapsulated(file, format, frame, frameCount, out, path)
                                             : decodeNative(file, format, frame, out, path);
    if (decoded)
        clearUnusedBits(format, out);
    return decoded;
}

} // namespace annotomy
