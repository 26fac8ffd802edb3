#pragma once

#include "core/privacy/element_tree.h"

#include <set>

namespace annotomy {

// The private elements of a data set that are known to hold figures of the technique and nothing else (from
// PS3.15, table E.3.10-1: PET scale factors, diffusion, pitch, rotation and the like), with the creators that
// name them. Gives those their VR where the file does not tell it.
std::set<DicomTag> safePrivateElements(ElementTree& tree);

} // namespace annotomy
