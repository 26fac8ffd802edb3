#include "core/io/masks/masked_image.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/masks/mask_references.h"

#include <algorithm>

namespace annotomy {

namespace {

bool isOther(const std::vector<std::string>& named, const std::string& own)
{
    return !own.empty() && !named.empty() && std::find(named.begin(), named.end(), own) == named.end();
}

} // namespace

std::string otherImageNote(const std::vector<std::string>& seriesUids, const std::vector<std::string>& frameUids,
                           const MaskedImage& image)
{
    if (isOther(frameUids, image.frameOfReferenceUid))
        return "The mask names another frame of reference than this image has (" + frameUids.front() +
               "): look whether it lies where it should.";
    if (isOther(seriesUids, image.seriesUid))
        return "The mask was made on another series than this image (" + seriesUids.front() +
               "): look whether it lies where it should.";
    return {};
}

std::string otherImageNote(const std::string& maskPath, const MaskedImage& image)
{
    if (image.seriesUid.empty() && image.frameOfReferenceUid.empty())
        return {};
    const ForeignFile current(maskPath);
    const auto file = readDicomFile(maskPath, DicomExtent::Header);
    if (!file)
        return {};
    const MaskReferences named = maskReferencesOf(*file);
    return otherImageNote(named.seriesUids, named.frameOfReferenceUids, image);
}

} // namespace annotomy
