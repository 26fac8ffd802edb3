#pragma once

#include <QString>

#include <string>

namespace annotomy {

// Sentences that core makes in English (warnings of an import, notes of an export) in the reader's language, figures and names
// kept; as it is where it is none that is known. In one line, without the full stop at its end.
QString translatedSentence(const std::string& english);

} // namespace annotomy
