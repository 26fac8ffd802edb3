#pragma once

#include "core/image/segment_table.h"

#include <string>

namespace annotomy {

// The value of a Slicer segment's "Tags": name:value pairs, each ended by '|'. Category, type and region stand in
// "TerminologyEntry"; what Slicer has no tag for goes under names of our own ("Annotomy.Description", ...), which it keeps.
// Internal to core/io.
std::string tagsOf(const Segment& segment);

// Unknown tags are passed over.
void readTags(const std::string& tags, Segment& segment);

} // namespace annotomy
