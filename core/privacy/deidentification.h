#pragma once

#include "core/base/progress.h"
#include "core/privacy/identity_map.h"

#include <map>
#include <string>
#include <vector>

namespace annotomy {

// De-identification after PS3.15, annex E (edition 2026d): the Basic Application Level Confidentiality
// Profile with the options below. Foreign files are parsed: in annotomy-reader only.

enum class DateHandling {
    Remove, // the profile's own way: emptied, removed, or 1900-01-01 where a date is required
    Shift, // Retain Longitudinal Temporal Information With Modified Dates: by whole days, the same for all of
           // a patient
    Keep,  // ... With Full Dates
};

struct DeidentificationOptions {
    DateHandling dates = DateHandling::Remove;
    bool retainUids = false;
    bool retainDevice = false;
    bool retainInstitution = false;
    bool retainPatientCharacteristics = false; // sex, age, size, weight, ...
    bool retainSafePrivate = false;            // the figures of safe_private.h
    bool cleanDescriptors =
        false; // descriptions keep the words of a closed vocabulary (descriptor_words.h) only
    bool operator==(const DeidentificationOptions&) const = default;
};

// What was done to one file. Holds no original value; attributes are named by tag, "(gggg,eeee)".
struct DeidentifiedFile {
    std::string source; // the path that was read: not for a report that leaves the house
    std::string output; // the path that was written; relative to the output folder for a list of files
    std::map<std::string, int> removed, emptied, replaced;
    std::map<std::string, int> cleaned; // kept texts from which an identifier or unknown words were taken
    int uidsReplaced = 0;
    int privateRemoved = 0;
    std::vector<std::string> warnings; // sentences
};

// De-identifies one file and writes it to `outPath` through a temporary file, once it was read back: the
// pixel data is equal byte for byte, and no identifier of the original occurs in it. Errors: those of
// reading; Unsupported for objects whose content cannot be cleaned (presentation states, encapsulated
// documents, private objects, DICOMDIR); Conflict when an identifier would remain.
Result<DeidentifiedFile> deidentifyFile(const std::string& path, const std::string& outPath,
                                        const IdentityMap& identities,
                                        const DeidentificationOptions& options = {});

struct FailedFile {
    std::string source;
    Error error;
};

struct DeidentificationReport {
    DeidentificationOptions options;
    std::vector<DeidentifiedFile> files;
    std::vector<FailedFile> failed; // DICOM files that were refused or damaged
    int notDicom = 0;               // files of other kinds that were met and left alone
};

// De-identifies every DICOM file of `paths` (files; folders with all below; DICOMDIRs for what they list)
// into `outFolder`, as patient/study/series/instance.dcm by their new names, on all cores. One bad file does
// not stop the others. Errors: NotFound for a path that is not there, EmptyFolder when there is no DICOM file
// at all, DiskFull and PermissionDenied for the output, Cancelled (what was written stays). ZIP archives are
// unpacked below `archiveFolder`, which the caller removes; where it is empty they count as files of other
// kinds.
Result<DeidentificationReport> deidentifyFiles(const std::vector<std::string>& paths,
                                               const std::string& outFolder, const IdentityMap& identities,
                                               const DeidentificationOptions& options = {},
                                               const std::string& archiveFolder = {},
                                               std::stop_token stop = {}, const ProgressReport& report = {});

std::string toJsonText(const DeidentificationOptions& options); // one line
Result<DeidentificationOptions> deidentificationOptionsFromJson(const std::string& text);

// JSON of a report. Without sources (`withSources` false) it may go along with the files.
std::string toJsonText(const DeidentificationReport& report, bool withSources);
Result<DeidentificationReport> deidentificationReportFromJson(const std::string& text);

} // namespace annotomy
