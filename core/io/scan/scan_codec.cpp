// Scanned files as bytes: for the header cache and for scans that do not fit into memory. Whoever adds a member to one
// of the types below is told so by the compiler, for it must be listed here.
#include "core/io/scan/scan_file.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace annotomy {

namespace {

constexpr std::size_t mostElements = std::size_t{1} << 22; // of one list or text

class Writer {
public:
    static constexpr bool reads = false;
    std::vector<std::byte> bytes;

    void number(const void* value, std::size_t size)
    {
        const auto* from = static_cast<const std::byte*>(value);
        bytes.insert(bytes.end(), from, from + size);
    }
    void text(std::string& value)
    {
        size(value.size());
        number(value.data(), value.size());
    }
    std::size_t size(std::size_t count)
    {
        const auto stored = static_cast<std::uint32_t>(count);
        number(&stored, sizeof stored);
        return count;
    }
};

class Reader {
public:
    static constexpr bool reads = true;
    explicit Reader(std::span<const std::byte> bytes) : m_rest(bytes) {}
    bool isWhole() const { return m_good && m_rest.empty(); }

    void number(void* value, std::size_t size)
    {
        m_good = m_good && size <= m_rest.size();
        if (!m_good)
            return;
        std::memcpy(value, m_rest.data(), size);
        m_rest = m_rest.subspan(size);
    }
    void text(std::string& value)
    {
        value.resize(size(0));
        number(value.data(), value.size());
    }
    // Every element takes a byte at least, so that a list is never longer than what is left.
    std::size_t size(std::size_t)
    {
        std::uint32_t count = 0;
        number(&count, sizeof count);
        m_good = m_good && count <= mostElements && count <= m_rest.size();
        return m_good ? count : 0;
    }

private:
    std::span<const std::byte> m_rest;
    bool m_good = true;
};

template <class Archive, class T>
void visit(Archive& archive, T& value);

template <class Archive, class... Members>
void visitAll(Archive& archive, Members&... members)
{
    (visit(archive, members), ...);
}

template <class Archive>
void members(Archive& archive, DisplayWindow& value)
{
    auto& [centre, width, explanation, function, curve] = value;
    visitAll(archive, centre, width, explanation, function, curve);
}

template <class Archive>
void members(Archive& archive, Warning& value)
{
    auto& [code, text, files] = value;
    visitAll(archive, code, text, files);
}

template <class Archive>
void members(Archive& archive, ImageInfo& value)
{
    auto& [modality, patientName, patientId, patientBirthDate, patientSex, studyUid, studyDate, studyDescription,
           seriesUid, seriesNumber, seriesDescription, frameOfReferenceUid, windows, warnings] = value;
    visitAll(archive, modality, patientName, patientId, patientBirthDate, patientSex, studyUid, studyDate,
             studyDescription, seriesUid, seriesNumber, seriesDescription, frameOfReferenceUid, windows, warnings);
}

template <class Archive>
void members(Archive& archive, DicomPixelFormat& value)
{
    auto& [columns, rows, bitsAllocated, bitsStored, highBit, isSigned, isFloat, inverted, colour, samples, isPlanar,
           isHalved, hasModalityLut, tableBits, colourBits] = value;
    visitAll(archive, columns, rows, bitsAllocated, bitsStored, highBit, isSigned, isFloat, inverted, colour, samples,
             isPlanar, isHalved, hasModalityLut, tableBits, colourBits);
}

template <class Archive>
void members(Archive& archive, Rescale& value)
{
    auto& [slope, intercept] = value;
    visitAll(archive, slope, intercept);
}

template <class Archive>
void members(Archive& archive, DicomMosaic& value)
{
    auto& [across, count, normal, spacing] = value;
    visitAll(archive, across, count, normal, spacing);
}

template <class Archive>
void members(Archive& archive, DicomOccasion& value)
{
    auto& [texts, seconds] = value;
    for (std::string& text : texts)
        visit(archive, text);
    visit(archive, seconds);
}

template <class Archive>
void members(Archive& archive, DicomSlice& value)
{
    auto& [path, frame, frameCount, position, rowAxis, columnAxis, spacingI, spacingJ, thickness, spacingKnown,
           detectorSpacing, placeKnown, stackSpacingKnown, isWholeStack, mosaic, format, rescale, sopInstanceUid,
           instanceNumber, isLocaliser, occasion] = value;
    (void)path; // the file's own
    visitAll(archive, frame, frameCount, position, rowAxis, columnAxis, spacingI, spacingJ, thickness, spacingKnown,
             detectorSpacing, placeKnown, stackSpacingKnown, isWholeStack, mosaic, format, rescale, sopInstanceUid,
             instanceNumber, isLocaliser, occasion);
}

template <class Archive>
void members(Archive& archive, PixelDamage& value)
{
    auto& [code, detail] = value;
    visitAll(archive, code, detail);
}

template <class Archive>
void members(Archive& archive, DicomImageFile& value)
{
    auto& [info, transferSyntaxUid, unit, losses, damage, slices] = value;
    visitAll(archive, info, transferSyntaxUid, unit, losses, damage, slices);
}

template <class Archive>
void members(Archive& archive, VolumeGeometry& value)
{
    auto& [size, spacing, origin, direction] = value;
    for (int& count : size)
        visit(archive, count);
    visitAll(archive, spacing, origin, direction);
}

template <class Archive>
void members(Archive& archive, MaskFile& value)
{
    auto& [path, format, referencedSeriesUid, frameOfReferenceUid, patientId, firstPlane] = value;
    (void)path;
    visitAll(archive, format, referencedSeriesUid, frameOfReferenceUid, patientId, firstPlane);
}

template <class Archive>
void members(Archive& archive, SkippedFile& value)
{
    auto& [path, code, detail] = value;
    (void)path;
    visitAll(archive, code, detail);
}

// A volume of one file: its own record is the JSON that is sent, too.
template <class Archive>
void members(Archive& archive, SeriesEntry& value)
{
    std::string text = Archive::reads ? std::string() : toJsonText(value);
    archive.text(text);
    if constexpr (Archive::reads)
        if (auto entry = seriesEntryFromJson(text))
            value = std::move(*entry);
}

template <class Archive>
void members(Archive& archive, ScannedFile& value)
{
    auto& [image, entries, mask, skipped, isArchive] = value;
    visitAll(archive, image, entries, mask, skipped, isArchive);
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class Archive, class T>
void visit(Archive& archive, T& value)
{
    if constexpr (std::is_same_v<T, bool>) {
        std::uint8_t byte = value;
        archive.number(&byte, sizeof byte);
        value = byte != 0;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, Vec3> ||
                         std::is_same_v<T, Mat3>) {
        archive.number(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, std::string>) {
        archive.text(value);
    } else if constexpr (IsVector<T>::value) {
        value.resize(archive.size(value.size()));
        for (auto& element : value)
            visit(archive, element);
    } else if constexpr (IsOptional<T>::value) {
        std::uint8_t is = value.has_value();
        archive.number(&is, sizeof is);
        if (Archive::reads && is)
            value.emplace();
        if (value)
            visit(archive, *value);
    } else {
        members(archive, value);
    }
}

void setPath(ScannedFile& file, const std::string& path)
{
    if (file.image)
        for (DicomSlice& slice : file.image->slices)
            slice.path = path;
    if (file.mask)
        file.mask->path = path;
    if (file.skipped)
        file.skipped->path = path;
}

} // namespace

std::vector<std::byte> encodeScannedFile(const ScannedFile& file)
{
    Writer writer;
    writer.bytes.reserve(1024);
    visit(writer, const_cast<ScannedFile&>(file)); // a writer changes nothing
    return std::move(writer.bytes);
}

std::optional<ScannedFile> decodeScannedFile(std::span<const std::byte> bytes, const std::string& path)
{
    ScannedFile file;
    Reader reader(bytes);
    visit(reader, file);
    const bool isOne = file.image.has_value() + !file.entries.empty() + file.mask.has_value() +
                           file.skipped.has_value() == 1;
    const bool isSound = reader.isWhole() && isOne && !(file.image && file.image->slices.empty());
    const bool hasFiles = std::all_of(file.entries.begin(), file.entries.end(),
                                      [](const SeriesEntry& entry) { return !entry.files.empty(); });
    if (!isSound || !hasFiles)
        return std::nullopt;
    setPath(file, path);
    return file;
}

} // namespace annotomy
