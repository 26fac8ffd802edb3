#pragma once

#include "app/workbench/workbench.h"
#include "core/privacy/deidentification.h"

namespace annotomy {

// The name of the report that lies beside the de-identified files. It names no source and no original value.
inline constexpr const char* deidentificationReportName = "deidentification.json";

// The secret that a file keeps, drawn and written (readable by its owner alone) when the file is not there:
// who holds it can tell whose files these are. Errors: Malformed for a file that holds something else, and
// those of reading and writing.
Result<std::string> deidentificationSecret(const std::string& keyPath);

// Where a workspace keeps its secret: the same for all its exports.
std::string deidentificationKeyPath(const std::string& workspaceFolder);

// De-identifies DICOM files, folders, DICOMDIRs and ZIP archives into `outFolder`, which must be empty or
// new, and writes the report beside them. Foreign files are parsed by the reader.
Result<DeidentificationReport> deidentifyPaths(const std::vector<std::string>& paths,
                                               const std::string& outFolder, const std::string& secret,
                                               const DeidentificationOptions& options,
                                               const ProgramPaths& programs, std::stop_token stop = {},
                                               const JobReport& report = {});

} // namespace annotomy
