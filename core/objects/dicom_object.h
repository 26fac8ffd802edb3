#pragma once

#include "core/image/label_map.h"
#include "core/image/volume.h"
#include "core/io/masks/dicom_source.h"

namespace annotomy {

// A mask and what is known of its image: what the writers of DICOM objects work from.
struct ObjectContent {
    const LabelMap& labels;
    const DicomSource& source;
    std::string author = {}; // who made the mask, UTF-8; may be empty
};

// The identity of an object that was written, for those that refer to it.
struct WrittenObject {
    std::string sopClassUid, sopInstanceUid, seriesUid;
    std::vector<std::string> trackingUids; // of the segments, in the table's order
    std::vector<std::string> notes;        // what the user should know: names that were shortened, fall-backs
};

} // namespace annotomy
