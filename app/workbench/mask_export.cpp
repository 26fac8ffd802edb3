#include "app/workbench/mask_export.h"

#include "core/io/atomic_file.h"
#include "core/io/nifti.h"
#include "core/io/nrrd.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

bool isNiftiPath(const std::string& path)
{
    return path.ends_with(".nii") || path.ends_with(".nii.gz");
}

bool isNrrdPath(const std::string& path)
{
    return path.ends_with(".nrrd");
}

Result<void> checkFolder(const std::string& path)
{
    std::error_code error;
    const fs::path folder = fs::absolute(path).parent_path();
    if (!fs::is_directory(folder, error))
        return Error{ErrorCode::NotFound, folder.string(), "the folder to write to"};
    return {};
}

Result<void> checkFormat(const std::string& format, const std::string& path)
{
    if (format != "nifti" && format != "nrrd")
        return Error{ErrorCode::InvalidArgument, "format " + format, "choose nifti or nrrd"};
    if (format == "nifti" ? !isNiftiPath(path) : !isNrrdPath(path))
        return Error{ErrorCode::InvalidArgument, path,
                     format == "nifti" ? "a NIfTI file ends in .nii or .nii.gz" : "a NRRD file ends in .nrrd"};
    return checkFolder(path);
}

bool sameValues(const Volume& a, const Volume& b)
{
    if (a.geometry().voxelCount() != b.geometry().voxelCount())
        return false;
    return a.visit([&](auto left) {
        return b.visit([&](auto right) {
            return std::equal(left.begin(), left.end(), right.begin(), [](auto x, auto y) {
                return static_cast<double>(x) == static_cast<double>(y);
            });
        });
    });
}

// The path beside `path` that the file is built under; it keeps the suffix, which tells the format.
std::string asidePath(const std::string& path)
{
    const fs::path target = fs::absolute(path);
    return (target.parent_path() / (".part-" + target.filename().string())).string();
}

} // namespace

Result<void> checkOutput(const std::string& path)
{
    if (!isNiftiPath(path) && !isNrrdPath(path))
        return Error{ErrorCode::InvalidArgument, path, "the name of an output ends in .nii, .nii.gz or .nrrd"};
    return checkFolder(path);
}

Result<void> writeVolumeAs(const Volume& volume, const std::string& path, std::stop_token stop,
                           const ProgressReport& report)
{
    if (isNiftiPath(path))
        return writeNifti(path, volume, stop, report);
    if (isNrrdPath(path))
        return writeNrrd(path, volume, stop, report);
    return checkOutput(path);
}

Result<void> exportVerified(const LabelMap& labels, const std::string& format, const std::string& outPath,
                            ReaderClient& reader, std::stop_token stop)
{
    if (const auto valid = checkFormat(format, outPath); !valid)
        return valid;
    const FlattenedMask mask = flattened(labels);
    const std::string aside = asidePath(outPath);
    std::error_code error;
    Result<void> outcome = writeVolumeAs(mask.volume, aside, stop);
    if (outcome) {
        const Result<LabelMap> readBack = reader.readMask(aside, &labels.geometry(), {}, stop);
        if (!readBack)
            outcome = readBack.error();
        else if (!sameValues(mask.volume, flattened(*readBack).volume))
            outcome = Error{ErrorCode::HashMismatch, outPath, "the exported file does not hold the mask's voxels"};
    }
    if (outcome) {
        fs::rename(aside, outPath, error);
        if (error)
            outcome = systemError(error.value(), outPath);
    }
    if (!outcome)
        fs::remove(aside, error);
    return outcome;
}

} // namespace annotomy
