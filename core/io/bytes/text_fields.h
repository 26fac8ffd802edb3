#pragma once

#include "core/base/result.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// What the readers of headers made of text lines (NRRD, MetaImage) share. Internal to core/io.
using TextFields = std::map<std::string, std::string>;

// The beginning of a file, at most that many bytes.
Result<std::string> firstText(const std::string& path, std::size_t maxBytes);

std::string trimmed(const std::string& text); // of blanks and carriage returns
std::string lowered(std::string text);        // ASCII

// Words between blanks; "(...)" is one word.
std::vector<std::string> words(const std::string& text);

// Nothing when the whole text is not a number.
std::optional<double> number(const std::string& text);

// The shortest text that reads back as the same number.
std::string numberText(double value);

} // namespace annotomy
