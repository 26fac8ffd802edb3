#include "core/io/scan/file_kind.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/scan/zip_archive.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::string_view gzipMagic = "\x1f\x8b";

std::vector<std::byte> firstInflatedBytes(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::Gzip);
    if (!reader)
        return {};
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), fileKindBytes)));
    if (auto got = reader->read(bytes); !got)
        bytes.clear();
    return bytes;
}

bool hasNiftiMagic(std::span<const std::byte> bytes)
{
    const auto isAt = [&](std::size_t at, const char* magic) {
        return bytes.size() >= at + 4 && std::memcmp(bytes.data() + at, magic, 4) == 0;
    };
    return isAt(344, "n+1") || isAt(344, "ni1") || isAt(4, "n+2") || isAt(4, "ni2");
}

bool beginsWith(std::span<const std::byte> bytes, std::string_view magic)
{
    return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

} // namespace

bool hasHeaderBeside(const std::string& path)
{
    std::error_code ignored;
    return path.ends_with(".img") && fs::exists(fs::path(path).replace_extension(".hdr"), ignored);
}

std::string headerOf(const std::string& path)
{
    return hasHeaderBeside(path) ? fs::path(path).replace_extension(".hdr").string() : path;
}

FileKind fileKindOf(const std::string& path, std::span<const std::byte> bytes)
{
    if (beginsWith(bytes, "NRRD000"))
        return FileKind::Nrrd;
    if (hasNiftiMagic(bytes))
        return FileKind::Nifti;
    if (beginsWith(bytes, "ObjectType"))
        return FileKind::MetaImage;
    if (looksLikeDicom(bytes))
        return FileKind::Dicom;
    const bool isNamedNifti = path.ends_with(".nii.gz") || path.ends_with(".hdr.gz");
    if (beginsWith(bytes, gzipMagic) && (isNamedNifti || hasNiftiMagic(firstInflatedBytes(path))))
        return FileKind::Nifti;
    return looksLikeZip(bytes) ? FileKind::Archive : FileKind::Unknown;
}

Error whyUnknown(const std::string& path, std::span<const std::byte> bytes)
{
    const std::string analyzeHeader("\x5c\x01\0\0", 4); // its size: 348
    const auto known = [&](const char* detail) { return Error{ErrorCode::Unsupported, path, detail}; };
    if (bytes.empty())
        return {ErrorCode::Unrecognised, path, "an empty file"};
    if (hasHeaderBeside(path))
        return known("the voxels of an image whose header is the .hdr file beside it");
    if (path.ends_with(".hdr") && beginsWith(bytes, analyzeHeader))
        return known("an Analyze header, which does not say how the image lies in the patient");
    if (beginsWith(bytes, gzipMagic) || looksLikeZip(bytes))
        return known("a compressed file or archive: unpack it first");
    return {ErrorCode::Unrecognised, path, "not an image that is read"};
}

} // namespace annotomy
