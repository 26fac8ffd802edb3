#pragma once

#include "core/base/result.h"

#include <QString>

namespace annotomy {

// One clear sentence for the user, in the current language: what failed, on which file or case, and what to do.
QString sentence(const Error& error);

} // namespace annotomy
