#pragma once

#include "core/base/progress.h"
#include "core/io/series.h"

#include <string>
#include <vector>

namespace annotomy {

// An element of a source header as text: several values are separated by backslashes.
struct DicomText {
    std::uint32_t tag = 0; // group << 16 | element
    std::string value;     // UTF-8
};

// The image behind one slice of a grid.
struct DicomInstance {
    std::string sopClassUid, sopInstanceUid;
    int frame = 0; // from 1; 0 in a file with one frame
    bool operator==(const DicomInstance&) const = default;
};

// What an object made of an image (a segmentation, a structure set, a report) takes over from the image's
// headers.
struct DicomSource {
    std::vector<DicomText> elements; // of patient and study; the empty ones left out
    std::string studyUid, seriesUid, frameOfReferenceUid;
    std::string modality, positionReferenceIndicator;
    std::string identity;                // the image's, stable over sessions, also of one without UIDs
    std::vector<DicomInstance> slices;   // one per slice of the grid; empty when they cannot be referred to
    std::string lossyRatio, lossyMethod; // of a source with lossy compression
    bool lossy = false;
    std::vector<std::string> notes; // what was missing, and what stands for it
};

// Reads the headers of the series' files with our own parser. What a source does not tell, or a source that
// is no DICOM, is replaced: UIDs by new ones, the patient by what the workspace knows of it; every
// replacement is a note. Errors: those of reading; Cancelled.
Result<DicomSource> dicomSourceOf(const SeriesEntry& entry, std::stop_token stop = {},
                                  const ProgressReport& report = {});

// A new UID: a random UUID under the root 2.25 (PS3.5, B.2).
std::string newDicomUid();

// The same UID for the same text, under the root 2.25.
std::string dicomUidFor(const std::string& text);

} // namespace annotomy
