#include "app/workbench/mask_export.h"

#include "app/workbench/export_privacy.h"
#include "app/workbench/export_proof.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"

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

bool isMetaImagePath(const std::string& path)
{
    return path.ends_with(".mha") || path.ends_with(".mhd");
}

Result<void> checkFolder(const std::string& path)
{
    std::error_code error;
    const fs::path folder = fs::absolute(path).parent_path();
    if (!fs::is_directory(folder, error))
        return Error{ErrorCode::NotFound, folder.string(), "the folder to write to"};
    return {};
}

const std::string* suffixOf(const ExportFormat& format, const std::string& path)
{
    const auto it = std::find_if(format.suffixes.begin(), format.suffixes.end(),
                                 [&](const std::string& suffix) { return path.ends_with(suffix); });
    return it == format.suffixes.end() ? nullptr : &*it;
}

Result<const ExportFormat*> checkedFormat(const std::string& name, const std::string& path)
{
    const ExportFormat* format = exportFormatNamed(name);
    if (!format)
        return Error{ErrorCode::InvalidArgument, "format " + name, "choose " + exportFormatNames()};
    if (!suffixOf(*format, path))
        return Error{ErrorCode::InvalidArgument, path, format->suffixRule};
    if (const auto folder = checkFolder(path); !folder)
        return folder.error();
    return format;
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

std::string companionPath(const ExportFormat& format, const std::string& path)
{
    if (format.companionSuffix.empty())
        return {};
    return path.substr(0, path.size() - suffixOf(format, path)->size()) + format.companionSuffix;
}

// De-identified files may have other names for the segments, which are told; the voxels must be the same.
Result<void> proved(const MaskExport& what, ExportProof proof, const std::string& aside, const std::string& outPath,
                    std::vector<std::string>& notes)
{
    if (proof == ExportProof::ByReader)
        return {};
    Result<LabelMap> readBack = what.reader.readMask(aside, &what.labels.geometry(), {}, what.stop);
    if (!readBack)
        return readBack.error();
    if (what.privacy && proof != ExportProof::Flattened)
        withNamesOf(what.labels, *readBack, notes);
    if (proof == ExportProof::EveryVoxel)
        return provedVoxels(what.labels, *readBack, outPath);
    if (proof == ExportProof::Contours)
        return provedContours(what.labels, *readBack, outPath);
    if (!sameValues(flattened(what.labels).volume, flattened(*readBack).volume))
        return Error{ErrorCode::HashMismatch, outPath, "the exported file does not hold the mask's voxels"};
    return {};
}

Result<void> written(const MaskExport& what, const ExportFormat& format, const ExportFiles& files,
                     std::vector<std::string>& notes)
{
    if (!what.privacy || format.isDicom)
        return format.write(what, files, notes);
    const LabelMap labels = withoutIdentity(what.labels, what.series, what.author, *what.privacy);
    MaskExport cleaned{labels, what.series, what.reader};
    cleaned.stop = what.stop;
    cleaned.report = what.report;
    notes.emplace_back("a file of this format names no patient, study or date: there was nothing to take out of it");
    return format.write(cleaned, files, notes);
}

Result<void> renamed(const std::string& from, const std::string& to)
{
    std::error_code error;
    fs::rename(from, to, error);
    return error ? Result<void>(systemError(error.value(), to)) : Result<void>();
}

} // namespace

Result<void> checkOutput(const std::string& path)
{
    if (!isNiftiPath(path) && !isNrrdPath(path) && !isMetaImagePath(path))
        return Error{ErrorCode::InvalidArgument, path, "the name of an output ends in .nii, .nii.gz, .nrrd, .mha or .mhd"};
    return checkFolder(path);
}

Result<void> writeVolumeAs(const Volume& volume, const std::string& path, std::stop_token stop,
                           const ProgressReport& report)
{
    if (isNiftiPath(path))
        return writeNifti(path, volume, stop, report);
    if (isNrrdPath(path))
        return writeNrrd(path, volume, stop, report);
    if (isMetaImagePath(path))
        return writeMetaImage(path, volume, stop, report);
    return checkOutput(path);
}

Result<ExportOutcome> exportVerified(const MaskExport& what, const std::string& formatName, const std::string& outPath)
{
    const auto format = checkedFormat(formatName, outPath);
    if (!format)
        return format.error();
    if (what.privacy)
        if (const auto allowed = checkFileName(outPath, what.series); !allowed)
            return allowed.error();
    const std::string companion = companionPath(**format, outPath);
    const ExportFiles aside{asidePath(outPath), companion.empty() ? std::string() : asidePath(companion)};
    ExportOutcome outcome;
    Result<void> done = written(what, **format, aside, outcome.notes);
    if (done)
        done = proved(what, (*format)->proof, aside.main, outPath, outcome.notes);
    if (done && !companion.empty())
        done = proved(what, ExportProof::EveryVoxel, aside.companion, companion, outcome.notes);
    if (done && !companion.empty()) {
        done = renamed(aside.companion, companion);
        outcome.files.push_back(companion);
    }
    if (done)
        done = renamed(aside.main, outPath);
    if (done) {
        outcome.files.insert(outcome.files.begin(), outPath);
        return outcome;
    }
    std::error_code error;
    fs::remove(aside.main, error);
    if (!companion.empty())
        fs::remove(aside.companion, error);
    const Error& why = done.error(); // the user knows of the file by the name that it was to have
    return Error{why.code, why.subject == aside.main ? outPath : why.subject, why.detail};
}

} // namespace annotomy
