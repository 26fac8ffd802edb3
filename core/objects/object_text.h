#pragma once

#include "core/base/result.h"

#include <string>

namespace annotomy {

// A decimal string of at most 16 characters (PS3.5, 6.2), as exact as they allow.
std::string dicomDecimal(double value);

// As dicomDecimal, of no more decimals than tell apart a thousandth of `step`: contours have many
// coordinates.
std::string dicomDecimal(double value, double step);

// Whether a text can be the value of an LO element as it is: UTF-8 of at most 64 characters, no backslash, no
// control character. `what` names the text in the error, which is InvalidArgument.
Result<void> fitsLongString(const std::string& text, const std::string& what);

// At most `characters` of the text, cut between characters, without backslashes and control characters.
std::string shortened(const std::string& text, std::size_t characters = 64);

// Today as YYYYMMDD, now as HHMMSS, local time.
std::string dicomDate();
std::string dicomTime();

} // namespace annotomy
