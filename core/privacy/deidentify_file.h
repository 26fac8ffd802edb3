#pragma once

#include "core/privacy/deidentification.h"
#include "core/privacy/element_tree.h"
#include "core/privacy/identifiers.h"

#include <string>

namespace annotomy {

// One file between reading and writing. Internal to core/privacy.
struct CleanedFile {
    DicomFile source; // what `tree` points into
    ElementTree tree;
    Identifiers identifiers;
    DeidentifiedFile outcome;
};

Result<CleanedFile> cleanedFile(const std::string& path, const IdentityMap& identities,
                                const DeidentificationOptions& options);

// patient/study/series/instance.dcm by the new names.
std::string deidentifiedPath(const ElementTree& tree);

// Written aside, read back and checked, then renamed to `outPath`.
Result<DeidentifiedFile> writeCleaned(const CleanedFile& file, const std::string& outPath);

} // namespace annotomy
