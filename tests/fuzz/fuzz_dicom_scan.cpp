// Headers of DICOM files: parsing, grouping into series, and the JSON in which a scan travels.
#include "core/io/series.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

namespace {

const std::vector<std::string> names{"1.dcm", "2.dcm", "3.dcm", "4.dcm", "5.dcm", "6.dcm"};

void checkEntry(const SeriesEntry& entry)
{
    const auto slices = static_cast<std::size_t>(entry.geometry.size[2]);
    FUZZ_CHECK(isPlausible(entry.geometry));
    FUZZ_CHECK(!entry.files.empty());
    FUZZ_CHECK(entry.frames.empty() || entry.frames.size() == entry.files.size());
    FUZZ_CHECK(entry.files.size() % slices == 0);
    FUZZ_CHECK(seriesEntryFromJson(toJsonText(entry)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const auto scan = scanPaths(files.writeParts(names, {data, size}));
    if (!scan)
        return 0; // no image among them
    FUZZ_CHECK(scan->filesSeen == scan->filesInSeries + scan->filesInMasks + scan->filesSkipped);
    for (const SeriesEntry& entry : scan->series)
        checkEntry(entry);
    return 0;
}
