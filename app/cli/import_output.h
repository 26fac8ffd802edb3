#pragma once

#include "app/cli/output.h"
#include "app/workbench/workbench.h"

namespace annotomy::cli {

// What an import tells, as one JSON value and for people.
Json importJson(const ImportReport& report);
void printImport(const Output& output, const ImportReport& report);

} // namespace annotomy::cli
