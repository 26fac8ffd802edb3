#pragma once

#include "core/io/masks/mask_file.h"
#include "core/io/series.h"
#include "tests/fuzz/support/checks.h"

namespace annotomy::fuzz {

// Reads the image of a scanned file and looks at it as a mask. Large grids are left out: they are allowed, and only slow.
template <class Read>
void checkPlainImage(const Result<SeriesEntry>& entry, const Read& read)
{
    constexpr std::size_t mostVoxels = 1 << 20;
    if (!entry || entry->geometry.voxelCount() > mostVoxels)
        return;
    FUZZ_CHECK(isPlausible(entry->geometry));
    FUZZ_CHECK(seriesEntryFromJson(toJsonText(*entry)));
    const auto volume = read();
    if (!volume)
        return;
    FUZZ_CHECK(volume->geometry() == entry->geometry);
    valueRange(*volume);
    if (const auto labels = labelMapFromVolume(*volume))
        FUZZ_CHECK(flattened(*labels).volume.geometry() == entry->geometry);
}

} // namespace annotomy::fuzz
