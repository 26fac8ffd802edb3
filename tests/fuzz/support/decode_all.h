#pragma once

#include "core/io/dicom/dicom.h"
#include "tests/fuzz/support/checks.h"

namespace annotomy::fuzz {

// Decodes what a scan found, as it lies and on an even grid. Large grids are left out: they are allowed, and only slow.
inline void decodeAll(const ScanReport& scan)
{
    constexpr std::size_t mostVoxels = 1 << 20;
    for (const SeriesEntry& asStored : scan.series) {
        for (const SeriesEntry& entry : {asStored, regularised(asStored)}) {
            if (entry.geometry.voxelCount() > mostVoxels)
                continue;
            if (const auto volume = readSeries(entry)) {
                FUZZ_CHECK(volume->geometry().voxelCount() == entry.geometry.voxelCount());
                valueRange(*volume);
            }
        }
    }
}

} // namespace annotomy::fuzz
