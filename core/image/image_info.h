#pragma once

#include <optional>
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
    std::string modality; // as DICOM spells it: "CT", "MR", "PT"; "OT" for files without a header
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

} // namespace annotomy
