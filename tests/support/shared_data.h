#pragma once

#include <optional>
#include <string>

namespace annotomy::test {

// The folder of one set of published scans: under $ANNOTOMY_TEST_DATA, else ../shared/data beside the
// sources. Nothing when it is absent: the test then skips.
std::optional<std::string> sharedData(const std::string& set);

// As sharedData, with the set's *.tar.xz unpacked into the build tree: the folder that holds what they held.
// They are unpacked once for all tests; a lock keeps tests that run at the same time apart.
std::optional<std::string> unpackedData(const std::string& set);

} // namespace annotomy::test
