#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace annotomy {

// How a window turns values into grey levels (VOI LUT Function; VOI LUT Sequence).
enum class VoiFunction : std::uint8_t {
    Linear, // of whole-number values; others take LinearExact
    LinearExact,
    Sigmoid,
    Table
};

// One VOI window (DICOM PS3.3 C.11.2), in real values after the modality LUT.
struct DisplayWindow {
    static constexpr std::size_t mostEntries = 4096;

    double centre = 0;
    double width = 1; // > 0
    std::string explanation;
    VoiFunction function = VoiFunction::Linear;
    std::vector<std::uint8_t> curve = {}; // of a Table, at most mostEntries: grey levels evenly over the window
    bool operator==(const DisplayWindow&) const = default;
};

// Something about a study that a user must know: shown at import and recorded with the case.
struct Warning {
    std::string code;               // stable, lowerCamelCase: "missingSlice", "unevenSpacing", "gantryTilt", ...
    std::string text;               // English sentence
    std::vector<std::string> files; // those concerned
    bool operator==(const Warning&) const = default;
};

// What a series' header says of it; empty strings where it says nothing. UTF-8. Patient data: never logged.
struct ImageInfo {
    std::string modality; // as DICOM spells it: "CT", "MR", "PT"; of files without a header "CT" or "OT", by their values
    std::string patientName;
    std::string patientId;
    std::string patientBirthDate; // YYYYMMDD
    std::string patientSex;
    std::string studyUid;
    std::string studyDate; // YYYYMMDD
    std::string studyDescription;
    std::string seriesUid;
    std::string seriesNumber;
    std::string seriesDescription;
    std::string frameOfReferenceUid;
    std::vector<DisplayWindow> windows;
    std::vector<Warning> warnings;
    bool operator==(const ImageInfo&) const = default;
};

inline bool hasWarning(const ImageInfo& info, std::string_view code)
{
    return std::any_of(info.warnings.begin(), info.warnings.end(),
                       [code](const Warning& warning) { return warning.code == code; });
}

// Slices of a series whose pixel data cannot be decoded: their neighbours stand in for them, as for missing ones.
inline constexpr std::string_view damagedSliceCode = "damagedSlice";

// Takes the place of a warning of the same code.
inline void putWarning(Warning warning, std::vector<Warning>& warnings)
{
    std::erase_if(warnings, [&](const Warning& known) { return known.code == warning.code; });
    warnings.push_back(std::move(warning));
}

// Whether low values are to be shown bright (MONOCHROME1). Stored and real values are what the file says: only the
// display inverts (SliceStyle::invert), after the window.
inline bool isShownInverted(const ImageInfo& info)
{
    return hasWarning(info, "monochrome1");
}

// Whether lengths and volumes on the image's grid are those in the patient. They are not where the grid only
// approximates uneven slices (regularised, they are; a tilt alone is exact, since grids may be sheared), where the
// voxel size is not known, and where it is that of a detector behind the patient.
inline bool isMeasurable(const ImageInfo& info)
{
    const bool isApproximate = hasWarning(info, "unevenSpacing") && !hasWarning(info, "regularised");
    return !isApproximate && !hasWarning(info, "spacingUnknown") && !hasWarning(info, "detectorSpacing");
}

} // namespace annotomy
