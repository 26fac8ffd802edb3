// RT Structure Sets: reading, and filling the contours on an even and on a tilted grid.
#include "core/io/masks/rtstruct.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/grids.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const auto structures = readRtStructureSet(files.write("structures.dcm", {data, size}));
    if (!structures)
        return 0;
    for (const VolumeGeometry& grid : {fuzz::evenGrid(), fuzz::tiltedGrid()})
        if (const auto labels = rasterised(*structures, grid))
            FUZZ_CHECK(labels->segments().segments().size() <= structures->rois.size());
    return 0;
}
