#include "app/workbench/dataset_volumes.h"

#include "app/workbench/workbench_impl.h"
#include "core/image/resample.h"
#include "core/io/masks/axis_order.h"
#include "core/io/masks/mask_file.h"
#include "core/io/plain/nifti.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace annotomy {

namespace {

bool sameValues(const Volume& a, const Volume& b)
{
    return a.visit([&](auto left) {
        return b.visit([&](auto right) {
            return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                              [](auto x, auto y) { return static_cast<double>(x) == static_cast<double>(y); });
        });
    });
}

Volume asReal(const Volume& volume)
{
    std::vector<float> values;
    values.reserve(volume.geometry().voxelCount());
    const Rescale rescale = volume.rescale();
    volume.visit([&](auto voxels) {
        for (const auto v : voxels)
            values.push_back(static_cast<float>(rescale.slope * static_cast<double>(v) + rescale.intercept));
    });
    return Volume::fromVoxels(volume.geometry(), std::move(values), {}, volume.unit());
}

// All images of a case on the grid of the first.
Result<std::vector<Volume>> volumesOnOneGrid(DatasetJob& job, const ExportCase& one)
{
    std::vector<Volume> volumes;
    for (std::size_t n = 0; n < one.images.size(); ++n) {
        auto volume = job.images(one.images[n]);
        if (!volume)
            return volume.error();
        if (n > 0) {
            const VolumeGeometry& grid = volumes.front().geometry();
            if (const auto ordered = inAxisOrderOf(grid, *volume)) {
                volume = *ordered;
            } else {
                volume = resampled(*volume, grid, static_cast<float>(valueRange(*volume).min), job.stop);
                if (!volume)
                    return volume.error();
                job.all.notes.push_back(one.name + ": \"" + one.channels[n] + "\" was resampled to the grid of \"" +
                                        one.channels.front() + "\".");
            }
        }
        volumes.push_back(*std::move(volume));
    }
    return volumes;
}

struct CasePaths {
    std::vector<std::string> images; // one: a 4-D file of all
    std::string mask;
    std::string maskDescription; // BIDS's sidecar; empty: none
};

std::string part(const ExportCase& one)
{
    return one.split == Split::Test ? "Ts/" : "Tr/";
}

CasePaths nnUnetPaths(const ExportCase& one)
{
    CasePaths paths;
    for (std::size_t n = 0; n < one.images.size(); ++n) {
        const std::string number = std::to_string(n);
        paths.images.push_back("images" + part(one) + one.name + "_" + std::string(4 - std::min<std::size_t>(4, number.size()), '0') +
                               number + ".nii.gz");
    }
    paths.mask = "labels" + part(one) + one.name + ".nii.gz";
    return paths;
}

CasePaths msdPaths(const ExportCase& one)
{
    return {{"images" + part(one) + one.name + ".nii.gz"}, "labels" + part(one) + one.name + ".nii.gz", {}};
}

std::string bidsFolder(const std::string& name)
{
    std::string folder = name;
    std::replace(folder.begin(), folder.end(), '_', '/');
    return folder + "/anat/";
}

Result<CasePaths> bidsPaths(const DatasetExportOptions& options, const ExportCase& one)
{
    const std::string& modality = one.record.series.info.modality;
    if (modality != "MR" && modality != "OT")
        return Error{ErrorCode::Conflict, "the export of the data set",
                     "the BIDS layout is for MR, and " + caseName(one.record) + " is " + modality};
    CasePaths paths;
    std::map<std::string, int> uses;
    for (std::size_t n = 0; n < one.images.size(); ++n) {
        std::string suffix = n == 0 ? options.suffix : std::string();
        if (suffix.empty())
            suffix = bidsSuffixOf(n == 0 ? one.record.channel : one.channels[n]);
        if (suffix.empty())
            suffix = bidsSuffixOf(one.images[n].info.seriesDescription);
        if (suffix.empty())
            return Error{ErrorCode::InvalidArgument, "the export of the data set",
                         caseName(one.record) + " does not tell what its image shows: give a suffix, such as T1w"};
        const int use = ++uses[suffix];
        paths.images.push_back(bidsFolder(one.name) + one.name + (use > 1 ? "_acq-" + std::to_string(use) : "") + "_" + suffix +
                               ".nii.gz");
    }
    const std::string mask = "derivatives/annotomy/" + bidsFolder(one.name) + one.name + "_dseg";
    paths.mask = mask + ".nii.gz";
    paths.maskDescription = mask + ".json";
    return paths;
}

Result<CasePaths> pathsOf(const DatasetExportOptions& options, const ExportCase& one)
{
    if (options.layout == "bids")
        return bidsPaths(options, one);
    return options.layout == "msd" ? msdPaths(one) : nnUnetPaths(one);
}

Result<void> writeImages(DatasetJob& job, const ExportCase& one, const CasePaths& paths)
{
    if (job.options.layout == "bids") { // each on its own grid
        for (std::size_t n = 0; n < one.images.size(); ++n) {
            const auto volume = job.images(one.images[n]);
            const auto path = job.folder.pathFor(paths.images[n]);
            if (!volume || !path)
                return volume ? path.error() : volume.error();
            if (const auto written = writeNifti(*path, *volume, job.stop); !written)
                return written;
        }
        return {};
    }
    auto volumes = volumesOnOneGrid(job, one);
    if (!volumes)
        return volumes.error();
    if (paths.images.size() == volumes->size()) {
        for (std::size_t n = 0; n < volumes->size(); ++n) {
            const auto path = job.folder.pathFor(paths.images[n]);
            if (!path)
                return path.error();
            if (const auto written = writeNifti(*path, (*volumes)[n], job.stop); !written)
                return written;
        }
        return {};
    }
    const Volume& first = volumes->front();
    const bool isAlike = std::all_of(volumes->begin(), volumes->end(), [&](const Volume& volume) {
        return volume.type() == first.type() && volume.rescale() == first.rescale();
    });
    if (!isAlike)
        std::transform(volumes->begin(), volumes->end(), volumes->begin(), asReal);
    const auto path = job.folder.pathFor(paths.images.front());
    return path ? writeNifti(*path, std::span<const Volume>(*volumes), job.stop) : path.error();
}

Result<void> writeMask(DatasetJob& job, const ExportCase& one, const std::string& relative)
{
    const auto labels = job.workspace.loadMask(one.revision.id);
    const auto path = job.folder.pathFor(relative);
    if (!labels || !path)
        return labels ? path.error() : labels.error();
    const Volume values = flatValues(*labels, job.all.labels.valuesOf(labels->segments()));
    if (const auto written = writeNifti(*path, values, job.stop); !written)
        return written;
    const auto readBack = job.reader.readMask(*path, &labels->geometry(), {}, job.stop);
    if (!readBack)
        return readBack.error();
    if (!sameValues(values, flattened(*readBack).volume))
        return Error{ErrorCode::HashMismatch, relative, "the exported file does not hold the mask's voxels"};
    return {};
}

Result<std::vector<std::string>> writeTexts(DatasetJob& job, const std::vector<std::pair<std::string, std::string>>& texts)
{
    std::vector<std::string> files;
    for (const auto& [path, text] : texts) {
        if (const auto written = job.folder.writeText(path, text); !written)
            return written.error();
        files.push_back(path);
    }
    return files;
}

std::string sidecarText(const std::string& imagePath)
{
    const nlohmann::ordered_json json{
        {"Manual", true}, {"SpatialReference", "orig"}, {"Sources", {"bids:raw:" + imagePath}}};
    return json.dump(2) + "\n";
}

std::vector<std::pair<std::string, Split>> participants(const ExportCases& all)
{
    std::map<std::string, Split> list;
    for (const ExportCase& one : all.cases)
        list[one.name.substr(0, one.name.find('_'))] = one.split;
    return {list.begin(), list.end()};
}

} // namespace

std::string bidsSuffixOf(const std::string& description)
{
    std::string text = description;
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::pair<const char*, const char*>, 6> words{{{"flair", "FLAIR"},
                                                                        {"t2*", "T2starw"},
                                                                        {"t2star", "T2starw"},
                                                                        {"t1", "T1w"},
                                                                        {"t2", "T2w"},
                                                                        {"pd", "PDw"}}};
    for (const auto& [word, suffix] : words)
        if (text.find(word) != std::string::npos)
            return suffix;
    return {};
}

Result<std::vector<std::string>> writeVolumes(DatasetJob& job, ExportCase& one)
{
    const auto paths = pathsOf(job.options, one);
    if (!paths)
        return paths.error();
    if (const auto written = writeImages(job, one, *paths); !written)
        return written.error();
    if (const auto written = writeMask(job, one, paths->mask); !written)
        return written.error();
    std::vector<std::string> files = paths->images;
    files.push_back(paths->mask);
    if (!paths->maskDescription.empty()) {
        if (const auto written = job.folder.writeText(paths->maskDescription, sidecarText(paths->images.front())); !written)
            return written.error();
        files.push_back(paths->maskDescription);
    }
    return files;
}

Result<std::vector<std::string>> writeDescription(DatasetJob& job)
{
    const DatasetDescription& dataset = job.all.description;
    if (job.options.layout == "bids")
        return writeTexts(job, {{"dataset_description.json", bidsDescriptionJson(dataset, false)},
                                {"participants.tsv", bidsParticipantsTable(participants(job.all))},
                                {"README", dataset.name + "\n\nMR images, with masks approved in Annotomy as derivatives.\n"},
                                {".bidsignore", "manifest.json\n"},
                                {"derivatives/annotomy/dataset_description.json", bidsDescriptionJson(dataset, true)},
                                {"derivatives/annotomy/dseg.tsv", bidsLabelTable(dataset.labels)}});
    if (job.options.layout == "msd")
        return writeTexts(job, {{"dataset.json", msdDatasetJson(dataset)}});
    std::vector<std::pair<std::string, std::string>> texts{{"dataset.json", nnUnetDatasetJson(dataset)}};
    const auto has = [&](Split split) {
        return std::any_of(dataset.cases.begin(), dataset.cases.end(), [&](const auto& one) { return one.second == split; });
    };
    if (has(Split::Train) && has(Split::Validation))
        texts.emplace_back("splits_final.json", nnUnetSplitsJson(dataset));
    else
        job.all.notes.push_back("There are no cases of both training and validation: nnU-Net draws its own splits.");
    return writeTexts(job, texts);
}

} // namespace annotomy
