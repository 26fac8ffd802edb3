#include "core/io/dicom/dicom_notes.h"

#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_overlay.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_lut.h"
#include "core/io/plain/plain_image.h"

namespace annotomy {

void appendVoiLuts(const DicomDataSet& set, const Rescale& rescale, std::vector<DisplayWindow>& windows)
{
    // Their input are the values after the modality LUT, which are signed when those may be negative
    // (PS3.3 C.11.2.1.1).
    const bool isSigned =
        set.integer(tag::pixelRepresentation).value_or(0) == 1 || rescale.intercept < 0 || rescale.slope < 0;
    for (const DicomDataSet& item : set.items(tag::voiLut)) {
        const auto range = lutRangeOf(item, tag::lutDescriptor, isSigned);
        if (range)
            windows.push_back({range->first + range->count / 2.0, static_cast<double>(range->count),
                               utf8FromDicom(item.text(tag::lutExplanation),
                                             set.texts(tag::specificCharacterSet))});
    }
}

void appendPixelWarnings(const DicomDataSet& set, const DicomPixelFormat& format, const std::string& path,
                         std::vector<Warning>& warnings)
{
    if (format.hasColours())
        warnings.push_back(colourWarning(path));
    bool isOverlaid = false;
    for (int index = 0; index < mostOverlays; ++index)
        isOverlaid |= hasOverlay(set, index);
    if (isOverlaid)
        warnings.push_back({"overlay",
                            "The image carries overlay planes (drawings or text over it), which are not shown.",
                            {path}});
}

} // namespace annotomy
