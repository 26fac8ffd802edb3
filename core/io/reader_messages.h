#pragma once

#include "core/io/masks/mask_file.h"
#include "core/io/masks/masked_image.h"
#include "core/io/scan/scan.h"
#include "core/io/series.h"

#include <string>
#include <variant>

namespace annotomy {

// What the workbench asks of annotomy-reader, one JSON line each on its standard input, and what it answers
// on its standard output (docs/processes.md). The reader handles one request at a time and ends when its
// standard input closes.

struct ScanRequest {
    std::vector<std::string> paths;
    std::string outPath; // the finds are written here, one a line (readScanLines)
    ScanSettings settings = {};
};

struct DecodeRequest {
    SeriesEntry entry;
    std::string outPath; // .avol
};

struct ReadMaskRequest {
    std::string path;
    bool onGrid = false; // false: the file's own grid
    VolumeGeometry grid;
    SegmentNames names;
    std::string outPath; // label file
    MaskedImage image = {}; // whose grid it is, where that is known
};

struct ReadOverlaysRequest {
    SeriesEntry entry;
    std::string outPath; // label file
};

struct DescribeMaskRequest {
    std::string path;
    std::string outPath; // the MaskDescription's JSON is written here
};

// core/privacy/deidentification.h, which lies above this folder.
struct DeidentifyRequest {
    std::vector<std::string> paths;
    std::string outFolder;
    std::string secret;      // of the IdentityMap
    std::string options;     // DeidentificationOptions as JSON text
    std::string outPath;     // the DeidentificationReport's JSON is written here, with sources
    bool singleFile = false; // outFolder is the file to write for the one path
    std::string archiveFolder = {}; // as of a ScanRequest
};

struct ReadDatasetRequest {
    std::string layout; // "nnunet", "msd", "bids", "lidc"
    std::string path;
    std::string outPath; // the Dataset's JSON is written here
};

// A DICOM object made of a mask on the grid of `entry`, whose files give the patient, the study and the references.
struct WriteObjectRequest {
    std::string format;     // "dicom-seg", "rtstruct" or "dicom-sr"
    std::string labelsPath; // label file
    SeriesEntry entry;
    std::string author;           // who made the mask; may be empty
    std::string imagePath;        // "dicom-sr": the image's .avol, for intensities
    std::string segmentationPath; // "dicom-sr": the segmentation it refers to is written here
    std::string outPath;
    std::string secret = {};           // not empty: de-identified on the way, by the IdentityMap of this secret
    std::string deidentification = {}; // DeidentificationOptions as JSON text
};

using ReaderRequest = std::variant<ScanRequest, DecodeRequest, ReadMaskRequest, ReadOverlaysRequest, DescribeMaskRequest,
                                   DeidentifyRequest, ReadDatasetRequest, WriteObjectRequest>;

struct ReaderProgress {
    double fraction = 0;
    std::int64_t found = 0, done = 0; // of a scan: files
    double perSecond = 0;
};
struct ReaderDone {
    std::vector<std::string> notes; // sentences the user should read: what was left out or filled in
    std::vector<Warning> warnings = {}; // of a decoded series: what the headers did not show
};
struct ReaderFailed {
    Error error;
};
// Sent by a reader that is dying of a foreign file: the last line before its output closes, naming the file.
struct ReaderFile {
    std::string path;
};
using ReaderEvent = std::variant<ReaderProgress, ReaderDone, ReaderFailed, ReaderFile>;

std::string toJsonLine(const ReaderRequest& request); // without the newline
Result<ReaderRequest> readerRequestFromJson(const std::string& line);
// Sent while a request is worked on, stops it; the answer is then a ReaderFailed with Cancelled, or
// ReaderDone when it was too late. Ignored at other times.
std::string cancelJsonLine();
bool isCancelJsonLine(const std::string& line);
std::string toJsonLine(const ReaderEvent& event);
Result<ReaderEvent> readerEventFromJson(const std::string& line);

} // namespace annotomy
