#pragma once

#include "core/privacy/deidentification.h"
#include "core/privacy/element_tree.h"

namespace annotomy {

// Cleans what a content item of a structured report says (PS3.15, E.3.4): texts are replaced, whatever their
// concept, and so are the subject's sex and age, a person's experience and device identifiers unless the
// options keep them. Persons, dates and UIDs are attributes of the general table. No item is taken away:
// others may refer to it by its place. True when something was replaced.
bool cleanContentItem(ElementTree& item, const DeidentificationOptions& options,
                      const IdentityMap& identities);

} // namespace annotomy
