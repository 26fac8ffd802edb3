#pragma once

#include <QString>

#include <string>

namespace annotomy {

// A DICOM person name ("Family^Given^Middle^Prefix^Suffix", groups parted by "=") as it is read: "Family, Given Middle".
// Other text stays as it is.
QString readableName(const std::string& personName);

} // namespace annotomy
