#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace annotomy {

// A DICOM date or date-time (VR DA, DT; also the DA of old files, with dots), `days` later; what follows the
// day stays. Nothing where there is no whole day to move.
std::optional<std::string> shiftedDate(std::string_view text, int days);

} // namespace annotomy
