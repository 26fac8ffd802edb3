#pragma once

#include "core/privacy/deidentification.h"
#include "core/privacy/element_tree.h"

namespace annotomy {

// Records in a data set that, and how, it was de-identified (PS3.15, E.2; PS3.16, CID 7050). `wasContent`:
// its structured content was cleaned. Codes of earlier de-identifications stay.
void recordMethod(ElementTree& tree, const DeidentificationOptions& options, bool wasContent);

} // namespace annotomy
