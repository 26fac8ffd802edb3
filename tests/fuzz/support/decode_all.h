#pragma once

#include "core/io/dicom/dicom.h"
#include "core/io/masks/overlay_mask.h"
#include "tests/fuzz/support/checks.h"

namespace annotomy::fuzz {

// A series' overlay planes, and those of its first file placed by position.
inline void readAllOverlays(const SeriesEntry& entry)
{
    for (const auto& labels : {readOverlays(entry), readOverlays(entry.files.front(), entry.geometry)}) {
        if (!labels)
            continue;
        FUZZ_CHECK(sameGrid(labels->geometry(), entry.geometry));
        FUZZ_CHECK(labels->segments().segments().size() <= 16);
        const auto counts = voxelCounts(*labels);
        for (const Segment& segment : labels->segments().segments())
            FUZZ_CHECK(counts[segment.number] > 0);
    }
}

// Decodes what a scan found, as it lies and on an even grid. Large grids are left out: they are allowed, and only slow.
inline void decodeAll(const ScanReport& scan)
{
    constexpr std::size_t mostVoxels = 1 << 20;
    for (const SeriesEntry& asStored : scan.series) {
        for (const SeriesEntry& entry : {asStored, regularised(asStored)}) {
            if (entry.geometry.voxelCount() > mostVoxels)
                continue;
            readAllOverlays(entry);
            if (const auto volume = readSeries(entry)) {
                FUZZ_CHECK(volume->geometry().voxelCount() == entry.geometry.voxelCount());
                valueRange(*volume);
            }
        }
    }
}

} // namespace annotomy::fuzz
