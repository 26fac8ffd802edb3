#include "core/io/dicom/dicom_writer.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::string_view ctStorage = "1.2.840.10008.5.1.4.1.1.2", mrStorage = "1.2.840.10008.5.1.4.1.1.4",
                           explicitLittle = "1.2.840.10008.1.2.1",
                           implementation = "2.25.286405811436741953278094352711536094811";

// Explicit little endian elements, one after the other; tags must ascend.
class ElementWriter {
public:
    void text(DicomTag tag, const char* vr, std::string_view value)
    {
        std::string padded(value);
        if (padded.size() % 2)
            padded += std::string_view(vr) == "UI" ? '\0' : ' ';
        head(tag, vr, padded.size());
        bytes(std::as_bytes(std::span(padded)));
    }
    void number(DicomTag tag, std::uint16_t value)
    {
        head(tag, "US", 2);
        integer(value, 2);
    }
    void length(DicomTag tag, std::uint32_t value)
    {
        head(tag, "UL", 4);
        integer(value, 4);
    }
    void binary(DicomTag tag, const char* vr, std::span<const std::byte> value)
    {
        head(tag, vr, value.size() + value.size() % 2);
        bytes(value);
        if (value.size() % 2)
            m_bytes.push_back(std::byte{0});
    }
    void raw(std::string_view value) { bytes(std::as_bytes(std::span(value))); }
    void append(const ElementWriter& other) { bytes(other.m_bytes); }
    const std::vector<std::byte>& result() const { return m_bytes; }

private:
    void head(DicomTag tag, std::string_view vr, std::size_t size)
    {
        integer(tag >> 16, 2);
        integer(tag & 0xFFFFU, 2);
        raw(vr);
        const bool isLong = vr == "OB" || vr == "OW";
        if (isLong)
            integer(0, 2);
        integer(static_cast<std::uint32_t>(size), isLong ? 4 : 2);
    }
    void integer(std::uint32_t value, int size)
    {
        for (int i = 0; i < size; ++i)
            m_bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
    void bytes(std::span<const std::byte> value)
    {
        m_bytes.insert(m_bytes.end(), value.begin(), value.end());
    }

    std::vector<std::byte> m_bytes;
};

// A decimal string of at most 16 characters (PS3.5, 6.2).
std::string decimal(double value)
{
    if (std::abs(value) < 1e-12)
        return "0";
    std::array<char, 40> text{};
    for (int digits = 16; digits > 0; --digits) {
        std::snprintf(text.data(), text.size(), "%.*g", digits, value);
        if (std::strlen(text.data()) <= 16)
            break;
    }
    return text.data();
}

std::string decimals(std::initializer_list<double> values)
{
    std::string joined;
    for (const double value : values)
        joined += (joined.empty() ? "" : "\\") + decimal(value);
    return joined;
}

std::string decimals(const Vec3& v)
{
    return decimals({v[0], v[1], v[2]});
}

struct SliceContext {
    const Volume& volume;
    const ImageInfo& info;
    int slice;
    std::string_view sopClass;
    std::string sopInstance;
};

ElementWriter fileMeta(const SliceContext& c)
{
    ElementWriter meta;
    const std::array<std::byte, 2> version{std::byte{0}, std::byte{1}};
    meta.binary(0x00020001, "OB", version);
    meta.text(0x00020002, "UI", c.sopClass);
    meta.text(0x00020003, "UI", c.sopInstance);
    meta.text(0x00020010, "UI", explicitLittle);
    meta.text(0x00020012, "UI", implementation);
    meta.text(0x00020013, "SH", "ANNOTOMY");
    ElementWriter whole;
    whole.raw(std::string(128, '\0') + "DICM");
    whole.length(0x00020000, static_cast<std::uint32_t>(meta.result().size()));
    whole.append(meta);
    return whole;
}

void writeIdentity(ElementWriter& out, const SliceContext& c)
{
    const ImageInfo& info = c.info;
    out.text(tag::specificCharacterSet, "CS", "ISO_IR 192");
    out.text(tag::imageType, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
    out.text(tag::sopClassUid, "UI", c.sopClass);
    out.text(tag::sopInstanceUid, "UI", c.sopInstance);
    out.text(tag::studyDate, "DA", info.studyDate);
    out.text(0x00080030, "TM", "");
    out.text(0x00080050, "SH", "");
    out.text(tag::modality, "CS", info.modality == "MR" ? "MR" : "CT");
    out.text(0x00080070, "LO", "Annotomy");
    out.text(0x00080090, "PN", "");
    out.text(tag::studyDescription, "LO", info.studyDescription);
    out.text(tag::seriesDescription, "LO", info.seriesDescription);
    out.text(tag::patientName, "PN", info.patientName);
    out.text(tag::patientId, "LO", info.patientId);
    out.text(tag::patientBirthDate, "DA", info.patientBirthDate);
    out.text(tag::patientSex, "CS", info.patientSex);
}

void writeAcquisition(ElementWriter& out, const SliceContext& c)
{
    const bool isMr = c.sopClass == mrStorage;
    if (isMr) {
        out.text(0x00180020, "CS", "RM");
        out.text(0x00180021, "CS", "NONE");
        out.text(0x00180022, "CS", "");
        out.text(0x00180023, "CS", "3D");
    }
    out.text(tag::sliceThickness, "DS", decimal(c.volume.geometry().spacing[2]));
    if (isMr) {
        out.text(0x00180080, "DS", "");
        out.text(tag::echoTime, "DS", "");
        out.text(0x00180091, "IS", "");
    } else {
        out.text(0x00180060, "DS", "");
    }
    out.text(0x00185100, "CS", ""); // patient position
}

void writePlacement(ElementWriter& out, const SliceContext& c)
{
    const VolumeGeometry& g = c.volume.geometry();
    const Vec3 i = g.axis(0), j = g.axis(1);
    out.text(tag::studyUid, "UI", c.info.studyUid);
    out.text(tag::seriesUid, "UI", c.info.seriesUid);
    out.text(0x00200010, "SH", "");
    out.text(tag::seriesNumber, "IS", c.info.seriesNumber.empty() ? "1" : c.info.seriesNumber);
    out.text(tag::acquisitionNumber, "IS", "1");
    out.text(tag::instanceNumber, "IS", std::to_string(c.slice + 1));
    out.text(tag::position, "DS", decimals(g.patientFromIndex({0, 0, static_cast<double>(c.slice)})));
    out.text(tag::orientation, "DS", decimals({i[0], i[1], i[2], j[0], j[1], j[2]}));
    out.text(tag::frameOfReferenceUid, "UI", c.info.frameOfReferenceUid);
    out.text(0x00201040, "LO", "");
}

void writePixels(ElementWriter& out, const SliceContext& c)
{
    const VolumeGeometry& g = c.volume.geometry();
    out.number(tag::samplesPerPixel, 1);
    out.text(tag::photometric, "CS", "MONOCHROME2");
    out.number(tag::rows, static_cast<std::uint16_t>(g.size[1]));
    out.number(tag::columns, static_cast<std::uint16_t>(g.size[0]));
    out.text(tag::pixelSpacing, "DS", decimals({g.spacing[1], g.spacing[0]})); // between rows, then columns
    out.number(tag::bitsAllocated, 16);
    out.number(tag::bitsStored, 16);
    out.number(tag::highBit, 15);
    out.number(tag::pixelRepresentation, c.volume.type() == VoxelType::Int16 ? 1 : 0);
    if (!c.info.windows.empty()) {
        out.text(tag::windowCentre, "DS", decimal(c.info.windows.front().centre));
        out.text(tag::windowWidth, "DS", decimal(c.info.windows.front().width));
    }
    out.text(tag::rescaleIntercept, "DS", decimal(c.volume.rescale().intercept));
    out.text(tag::rescaleSlope, "DS", decimal(c.volume.rescale().slope));
    out.text(tag::rescaleType, "LO", c.volume.unit() == "HU" ? "HU" : "US");
    const std::size_t bytes = static_cast<std::size_t>(g.size[0]) * static_cast<std::size_t>(g.size[1]) * 2;
    std::vector<std::byte> plane(bytes);
    std::memcpy(plane.data(), c.volume.bytes().data() + static_cast<std::size_t>(c.slice) * bytes, bytes);
    if constexpr (std::endian::native == std::endian::big)
        for (std::size_t at = 0; at < bytes; at += 2)
            std::swap(plane[at], plane[at + 1]);
    out.binary(0x7FE00010, "OW", plane);
}

ElementWriter encodedSlice(const SliceContext& context)
{
    ElementWriter file = fileMeta(context);
    writeIdentity(file, context);
    writeAcquisition(file, context);
    writePlacement(file, context);
    writePixels(file, context);
    return file;
}

} // namespace

Result<std::vector<std::string>> writeDicomSeries(const std::string& folder, const Volume& volume,
                                                  const ImageInfo& info)
{
    const bool isSixteenBit = volume.type() == VoxelType::Int16 || volume.type() == VoxelType::UInt16;
    if (volume.isNull() || !isPlausible(volume.geometry()) || !isSixteenBit)
        return Error{ErrorCode::InvalidArgument, folder,
                     "only volumes of 16-bit voxels are written as DICOM"};
    if (info.seriesUid.empty() || info.studyUid.empty() || info.seriesUid.size() > 58)
        return Error{ErrorCode::InvalidArgument, folder,
                     "the series needs study and series UIDs of at most 58 characters"};
    std::error_code error;
    fs::create_directories(folder, error);
    std::vector<std::string> paths;
    for (int slice = 0; slice < volume.geometry().size[2]; ++slice) {
        std::array<char, 32> name{};
        std::snprintf(name.data(), name.size(), "slice_%04d.dcm", slice + 1);
        const std::string path = (fs::path(folder) / name.data()).string();
        const SliceContext context{volume, info, slice, info.modality == "MR" ? mrStorage : ctStorage,
                                   info.seriesUid + "." + std::to_string(slice + 1)};
        if (auto written = writeFileAtomically(path, encodedSlice(context).result()); !written)
            return written.error();
        paths.push_back(path);
    }
    return paths;
}

} // namespace annotomy
