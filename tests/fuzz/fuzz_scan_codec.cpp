// What the header cache and large scans keep of each file.
#include "core/io/scan/scan_file.h"
#include "tests/fuzz/support/checks.h"

#include <cstdint>

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto file = decodeScannedFile(std::as_bytes(std::span(data, size)), "/file");
    if (!file)
        return 0;
    const auto bytes = encodeScannedFile(*file);
    const auto again = decodeScannedFile(bytes, "/file");
    FUZZ_CHECK(again && encodeScannedFile(*again) == bytes);
    return 0;
}
