#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace annotomy {

// The files that a DICOMDIR lists (PS3.3, F), as they lie beside it.
struct DicomdirListing {
    std::vector<std::string> files;   // in the directory's order, each once
    std::vector<std::string> missing; // listed, but not there; as the paths at which they should be
};

// Whether a file is a DICOMDIR, by its content.
bool isDicomdir(const std::string& path);

// Referenced File IDs are looked up below the DICOMDIR's folder, first as they are written, then without
// regard to case and to the ";1" that some discs append; links and names that lead out of the folder count as
// missing. Errors: those of reading; Malformed when the file holds no directory, EmptyFolder when it lists no
// file.
Result<DicomdirListing> readDicomdir(const std::string& path);

} // namespace annotomy
