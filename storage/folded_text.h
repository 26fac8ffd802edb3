#pragma once

#include <string>
#include <vector>

namespace annotomy {

// A text as searches compare it: without regard to case, accents (of Latin, Greek and Cyrillic letters), the width of
// characters and the separators of DICOM names.
std::string foldedText(const std::string& text);
std::vector<std::string> foldedWords(const std::string& text);

} // namespace annotomy
