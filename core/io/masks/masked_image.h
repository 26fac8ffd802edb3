#pragma once

#include <string>
#include <vector>

namespace annotomy {

// The image onto whose grid a mask is read, by what the mask may call it. Empty where it is not known.
struct MaskedImage {
    std::string seriesUid, frameOfReferenceUid;
    std::vector<std::string> files; // of a DICOM image
    bool operator==(const MaskedImage&) const = default;
};

// A sentence for the user where a mask names other series, or another frame of reference, than the image's; empty where
// it names the image, or nothing. A series UID may be all that a mask names.
std::string otherImageNote(const std::vector<std::string>& seriesUids, const std::vector<std::string>& frameUids,
                           const MaskedImage& image);

// As above, of a DICOM segmentation or structure set; empty for other files.
std::string otherImageNote(const std::string& maskPath, const MaskedImage& image);

} // namespace annotomy
