#pragma once

#include "app/workbench/export_formats.h"

namespace annotomy {

// What belongs to an export that tells nobody whose it is, beside the DICOM files that the reader's process cleans.

// InvalidArgument when the name of a file to write holds the patient's name or number.
Result<void> checkFileName(const std::string& path, const SeriesEntry& series);

// The mask under segment names without the patient's and the author's, without descriptions, and with tracking
// identifiers by the secret: for formats that keep such things. Voxels are shared.
LabelMap withoutIdentity(const LabelMap& labels, const SeriesEntry& series, const std::string& author,
                         const ExportPrivacy& privacy);

// Gives `readBack` the segment names of `written`, which de-identification may have changed; each change is a note.
// Segments are matched in the order of their tables; of tables of different length nothing is changed.
void withNamesOf(const LabelMap& written, LabelMap& readBack, std::vector<std::string>& notes);

} // namespace annotomy
