#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace annotomy {

// One VOI window (DICOM PS3.3 C.11.2), in real values after the modality LUT.
struct DisplayWindow {
    double centre = 0;
    double width = 1; // > 0
    std::string explanation;
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

// Whether low values are to be shown bright (MONOCHROME1). Stored and real values are what the file says: only the
// display inverts (SliceStyle::invert), after the window.
inline bool isShownInverted(const ImageInfo& info)
{
    const auto isInverted = [](const Warning& warning) { return warning.code == "monochrome1"; };
    return std::any_of(info.warnings.begin(), info.warnings.end(), isInverted);
}

} // namespace annotomy
