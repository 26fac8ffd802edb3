#include "core/io/plain_image.h"

#include <filesystem>

namespace fs = std::filesystem;

namespace annotomy {

SeriesEntry entryOfPlainImage(const std::string& path, const std::string& format,
                              const VolumeGeometry& geometry, const std::vector<Warning>& warnings)
{
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(path, error);
    SeriesEntry entry;
    entry.info.modality = "OT";
    entry.info.seriesDescription = plainImageStem(path);
    entry.info.warnings = warnings;
    entry.geometry = geometry;
    entry.files = {path};
    entry.format = format;
    entry.contentKey = error ? path : whole.string();
    return entry;
}

std::string plainImageStem(const std::string& path)
{
    std::string name = fs::path(path).filename().string();
    for (const std::string end : {".gz", ".nii", ".hdr", ".img", ".nrrd", ".nhdr"})
        if (name.size() > end.size() && name.ends_with(end))
            name.resize(name.size() - end.size());
    return name;
}

} // namespace annotomy
