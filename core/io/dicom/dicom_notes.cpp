#include "core/io/dicom/dicom_notes.h"

#include "core/image/voi_curve.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_overlay.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_lut.h"
#include "core/io/plain/plain_image.h"

#include <algorithm>

namespace annotomy {

void appendVoiLuts(const DicomDataSet& image, const DicomDataSet& holder, const Rescale& rescale,
                   std::vector<DisplayWindow>& windows)
{
    constexpr std::size_t mostTables = 8;
    // Their input are the values after the modality LUT, which are signed when those may be negative
    // (PS3.3 C.11.2.1.1).
    const bool isSigned =
        image.integer(tag::pixelRepresentation).value_or(0) == 1 || rescale.intercept < 0 || rescale.slope < 0;
    const auto& items = holder.items(tag::voiLut);
    for (std::size_t n = 0; n < std::min(items.size(), mostTables); ++n) {
        const auto range = lutRangeOf(items[n], tag::lutDescriptor, isSigned);
        if (!range)
            continue;
        DisplayWindow window{range->first + range->count / 2.0, static_cast<double>(range->count),
                             utf8FromDicom(items[n].text(tag::lutExplanation), image.texts(tag::specificCharacterSet))};
        if (const auto table = voiLutOf(items[n], *range)) { // without one its range is a window all the same
            window.function = VoiFunction::Table;
            window.curve = curveOf(table->values, table->bits);
        }
        windows.push_back(std::move(window));
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
