#include "core/io/series/dicom_mosaic.h"

#include "core/io/dicom/csa_header.h"
#include "core/io/dicom/dicom_private.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

namespace own {
constexpr DicomTag csaImageHeader = 0x00291010, spacingBetweenSlices = 0x00180088, imagesInMosaic = 0x0019100A;
} // namespace own

std::optional<double> parsed(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end != text.c_str() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// What Siemens' private elements say of a mosaic.
struct PrivateWords {
    int images = 0;
    Vec3 normal{};
};

// A number that may be stored as US or, where the VR was lost, as two bytes.
int smallNumber(const DicomDataSet& set, DicomTag tag)
{
    const DicomElement* element = set.find(tag);
    if (element && (element->vr.empty() || element->vr == "UN") && element->value.size() == 2)
        return std::to_integer<int>(element->value[0]) + 256 * std::to_integer<int>(element->value[1]);
    return set.integer(tag).value_or(0);
}

PrivateWords privateWords(const DicomDataSet& set)
{
    PrivateWords words;
    words.images = smallNumber(set, privateTag(set, own::imagesInMosaic, "SIEMENS MR HEADER"));
    const DicomElement* csa = set.find(privateTag(set, own::csaImageHeader, "SIEMENS CSA HEADER"));
    if (!csa)
        return words;
    const auto elements = csaElements(csa->value);
    if (const auto it = elements.find("NumberOfImagesInMosaic"); it != elements.end() && !it->second.empty())
        words.images = static_cast<int>(std::clamp(parsed(it->second.front()).value_or(0), 0.0, 65535.0));
    if (const auto it = elements.find("SliceNormalVector"); it != elements.end() && it->second.size() == 3)
        for (std::size_t a = 0; a < 3; ++a)
            words.normal[a] = parsed(it->second[a]).value_or(0);
    return words;
}

} // namespace

Result<std::optional<DicomMosaic>> mosaicOf(const DicomDataSet& set, int columns, int rows, const std::string& path)
{
    const auto types = set.texts(tag::imageType);
    const PrivateWords words = privateWords(set);
    const bool isNamed = std::find(types.begin(), types.end(), "MOSAIC") != types.end();
    if (!isNamed && words.images < 2)
        return std::optional<DicomMosaic>();
    if (words.images < 1)
        return Error{ErrorCode::Unsupported, path, "a mosaic that does not say how many slices it holds"};
    DicomMosaic mosaic;
    mosaic.count = words.images;
    mosaic.across = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(words.images))));
    if (columns % mosaic.across != 0 || rows % mosaic.across != 0)
        return Error{ErrorCode::Malformed, path, "the mosaic's rows and columns do not hold its slices"};
    if (std::abs(length(words.normal) - 1) < 0.01)
        mosaic.normal = normalised(words.normal);
    const double spacing = set.number(own::spacingBetweenSlices).value_or(0);
    mosaic.spacing = spacing > 1e-4 && spacing < 1e3 ? spacing : 0;
    return std::optional(mosaic);
}

Vec3 firstTilePosition(const DicomMosaic& mosaic, const Vec3& position, int columns, int rows, const Vec3& stepI,
                       const Vec3& stepJ)
{
    const double asideI = (columns - columns / mosaic.across) / 2.0, asideJ = (rows - rows / mosaic.across) / 2.0;
    return position + asideI * stepI + asideJ * stepJ;
}

} // namespace annotomy
