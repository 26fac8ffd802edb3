#pragma once

#include <map>
#include <string>

namespace annotomy::fuzz {

// Seeds of one fuzz target, by a name that tells what is in them.
using Seeds = std::map<std::string, std::string>;

// All made by code: nobody's files are among them.
Seeds dicomSeeds();         // whole files, several in one seed
Seeds imageSeeds();         // for fuzz_dicom_pixels: image heads and encoded pixels
Seeds structureSetSeeds();
Seeds segmentationSeeds();

} // namespace annotomy::fuzz
