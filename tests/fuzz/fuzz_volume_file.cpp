// The workspace's cache file of a volume, mapped and read.
#include "core/io/volume_file.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const auto volume = mapVolumeFile(files.write("image.avol", {data, size}));
    if (!volume)
        return 0;
    FUZZ_CHECK(isPlausible(volume->geometry()));
    valueRange(*volume);
    const std::array<double, 2> ends{0.01, 0.99};
    percentiles(*volume, ends);
    return 0;
}
