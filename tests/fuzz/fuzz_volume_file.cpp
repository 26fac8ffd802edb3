// The workspace's cache file of a volume, mapped and read.
#include "core/io/volume_file.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

#include <algorithm>

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
    const auto rgb = volume->colours().rgb;
    FUZZ_CHECK(rgb.empty() || rgb.size() == 3 * volume->geometry().voxelCount());
    const auto white = std::count(rgb.begin(), rgb.end(), std::byte{255});
    FUZZ_CHECK(static_cast<std::size_t>(white) <= rgb.size());
    return 0;
}
