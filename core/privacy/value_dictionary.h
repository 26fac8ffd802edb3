#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <string>

namespace annotomy {

// The VR of a standard attribute by DCMTK's data dictionary (PS3.6); empty for one that it does not know, and
// for private ones. Where several are possible, the one for unsigned values.
std::string standardVr(DicomTag tag);

// False when DCMTK's dictionary file is missing: nothing can be told apart then.
bool hasValueDictionary();

// Whether two letters are a VR at all (damaged files hold others).
bool isVr(const std::string& vr);

// VRs whose length takes four bytes in explicit encoding (PS3.5, 7.1.2).
bool hasLongLength(const std::string& vr);

} // namespace annotomy
