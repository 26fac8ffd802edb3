#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>

namespace annotomy {

// The words by which the helper programs' messages know the codes: "diskFull".
const char* errorName(ErrorCode code);
std::optional<ErrorCode> errorCodeNamed(const std::string& name);

} // namespace annotomy
