#pragma once

#include "app/workbench/reader_client.h"

#include <functional>
#include <optional>

namespace annotomy {

// How an export is made that tells nobody whose it is.
struct ExportPrivacy {
    std::string secret; // of the IdentityMap, so that the names agree with those of de-identified images
    DeidentificationOptions options = {};
};

// What an export works from, whatever its format.
struct MaskExport {
    const LabelMap& labels;
    const SeriesEntry& series; // the case's image, whose headers DICOM objects take over
    ReaderClient& reader;
    std::string author = {};                                // who made the mask
    std::function<Result<std::string>()> imagePath = {};    // the decoded image (.avol), when a format asks for it
    std::stop_token stop = {};
    ProgressReport report = {};
    std::optional<ExportPrivacy> privacy = {};              // set: de-identified
};

// Where one export builds its files; they are renamed once they have proved themselves.
struct ExportFiles {
    std::string main;
    std::string companion; // empty where the format has none
};

// How a file that was written is compared with the mask after it was read back.
enum class ExportProof {
    Flattened,  // one label a voxel: where segments overlap the last one counts
    EveryVoxel, // every voxel of every segment, overlaps kept
    Contours,   // Dice of at least 0.99 per segment, and no slice lost
    ByReader    // no voxels: the reading process compared the figures it wrote
};

// One row of the table of formats. A new format is a row and a function.
struct ExportFormat {
    std::string name;                   // as the command line spells it
    std::vector<std::string> suffixes;  // a file's name ends in one of them
    std::string suffixRule;             // the sentence for a name that does not
    ExportProof proof = ExportProof::Flattened;
    bool isDicom = false;               // the reader's process takes out what identifies; else nothing but names could
    std::string companionSuffix;        // of a second file, proved by every voxel; replaces the suffix; empty without one
    // Writes the files and appends what the user should know of them.
    Result<void> (*write)(const MaskExport& what, const ExportFiles& files, std::vector<std::string>& notes) = nullptr;
};

const std::vector<ExportFormat>& exportFormats();
const ExportFormat* exportFormatNamed(const std::string& name); // null when there is none
std::string exportFormatNames();                                // "nifti, nrrd, ... or rtstruct"

} // namespace annotomy
