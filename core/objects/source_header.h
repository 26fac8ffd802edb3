#pragma once

#include "core/objects/dicom_object.h"

class DcmItem;
class DcmFileFormat;

namespace annotomy {

// Internal to core/objects: what all its writers share of DCMTK.

// DCMTK prints to standard error what is an Error here; called by every writer.
void silenceDcmtk();

// Patient, study and frame of reference of the source, with its text in UTF-8 (ISO_IR 192), over what is
// there.
void putSource(DcmItem& dataset, const DicomSource& source);

// Writes a finished file. Errors: IoFailure with DCMTK's words.
Result<void> saved(DcmFileFormat& file, const std::string& path, bool explicitVr);

Error dcmtkError(const std::string& path, const char* step, const char* words);

// A segment's own tracking UID, else one that is the same at every export of this image's segment of that
// name.
std::string trackingUidOf(const Segment& segment, const DicomSource& source);

// The name that persons are written under (PN): one component group, no delimiters.
std::string personName(const std::string& name);

} // namespace annotomy
