#pragma once

#include <string>
#include <vector>

namespace annotomy {

// A person's name ends the effect of an escape sequence at its delimiters, too.
enum class TextKind { Text, PersonName };

// DICOM text in UTF-8. `characterSets` are the values of Specific Character Set (0008,0005), as in PS3.3
// C.12.1.1.2, with code extensions by escape sequences (PS3.5, 6.1.2.5). Bytes that belong to no character
// become U+FFFD. Internal to core/io.
std::string utf8FromDicom(const std::string& text, const std::vector<std::string>& characterSets,
                          TextKind kind = TextKind::Text);

} // namespace annotomy
