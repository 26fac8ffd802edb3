// The lines between workbench and annotomy-reader, and the JSON of a scan.
#include "core/io/reader_messages.h"
#include "tests/fuzz/support/checks.h"

#include <cstdint>

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    isCancelJsonLine(text);
    if (const auto request = readerRequestFromJson(text)) {
        const std::string line = toJsonLine(*request);
        const auto again = readerRequestFromJson(line);
        FUZZ_CHECK(again && toJsonLine(*again) == line);
    }
    if (const auto event = readerEventFromJson(text))
        FUZZ_CHECK(readerEventFromJson(toJsonLine(*event)));
    if (const auto entry = seriesEntryFromJson(text)) {
        const auto again = seriesEntryFromJson(toJsonText(*entry));
        FUZZ_CHECK(again && *again == *entry);
    }
    if (const auto scan = scanReportFromJson(text))
        FUZZ_CHECK(scanReportFromJson(toJsonText(*scan)));
    return 0;
}
