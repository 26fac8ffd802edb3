#include "core/io/plain/plain_image.h"

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

Warning colourWarning(const std::string& path)
{
    return {"colour", "The image is stored in colour and shown so; measurements and models take its luminance.", {path}};
}

std::string plainImageStem(const std::string& path)
{
    std::string name = fs::path(path).filename().string();
    for (const std::string end : {".gz", ".nii", ".hdr", ".img", ".nrrd", ".nhdr", ".mha", ".mhd"})
        if (name.size() > end.size() && name.ends_with(end))
            name.resize(name.size() - end.size());
    return name;
}

Volume withRealValues(const Volume& volume)
{
    const Rescale rescale = volume.rescale();
    if (rescale == Rescale{})
        return volume;
    std::vector<float> values;
    values.reserve(volume.geometry().voxelCount());
    volume.visit([&](auto voxels) {
        for (const auto v : voxels)
            values.push_back(static_cast<float>(rescale.slope * static_cast<double>(v) + rescale.intercept));
    });
    return Volume::fromVoxels(volume.geometry(), std::move(values), {}, volume.unit());
}

} // namespace annotomy
