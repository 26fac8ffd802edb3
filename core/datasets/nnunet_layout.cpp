#include "core/datasets/layout_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

using nlohmann::ordered_json;

// {"background": 0, "tumour": 1} or {"whole tumour": [1, 2]}.
Result<std::vector<DatasetLabel>> labelsOf(const ordered_json& description, const std::string& path)
{
    std::vector<DatasetLabel> labels;
    for (const auto& [name, value] : objectAt(description, "labels").items()) {
        DatasetLabel label{name, {}};
        if (value.is_array())
            label.values = value.get<std::vector<std::int64_t>>();
        else
            label.values = {value.get<std::int64_t>()};
        if (label.values == std::vector<std::int64_t>{0})
            continue;
        if (labels.size() == 255)
            return Error{ErrorCode::TooManySegments, path, "more than 255 labels"};
        labels.push_back(std::move(label));
    }
    return labels;
}

std::vector<std::string> channelsOf(const ordered_json& description)
{
    const char* const key = description.contains("channel_names") ? "channel_names" : "modality"; // of version 1
    std::map<int, std::string> channels;
    for (const auto& [number, name] : objectAt(description, key).items())
        channels[std::stoi(number)] = name.get<std::string>();
    std::vector<std::string> names;
    for (const auto& [number, name] : channels)
        names.push_back(name);
    return names;
}

// The images "<case>_0000<ending>", "<case>_0001<ending>" of a folder.
class ImageFolder {
public:
    ImageFolder(const Dataset& dataset, std::vector<std::string> channels, std::string ending)
        : m_dataset(dataset), m_channels(std::move(channels)), m_ending(std::move(ending))
    {
    }

    std::vector<DatasetCase> casesOf(const std::string& images, const std::string& labels, Split split,
                                     std::vector<std::string>& notes) const
    {
        std::map<std::string, DatasetCase> cases;
        for (const std::string& path : filesIn(images)) {
            const auto place = placeOf(fs::path(path).filename().string());
            if (!place)
                continue;
            const auto& [name, channel] = *place;
            if (channel >= m_channels.size()) {
                notes.push_back(path + " is a channel that dataset.json does not name.");
                continue;
            }
            DatasetCase& one = cases[name];
            one.name = one.patient = name;
            one.split = split;
            one.images.push_back({m_channels[channel], path});
            one.maskPath = labels + "/" + name + m_ending;
        }
        std::vector<DatasetCase> complete;
        for (auto& [name, one] : cases) {
            if (one.images.size() != m_channels.size()) {
                notes.push_back("Case " + name + " of " + m_dataset.name + " has no image of every channel.");
                continue;
            }
            if (!fileExists(one.maskPath))
                one.maskPath.clear();
            complete.push_back(std::move(one));
        }
        return complete;
    }

private:
    std::optional<std::pair<std::string, std::size_t>> placeOf(const std::string& file) const
    {
        if (!file.ends_with(m_ending) || file.size() < m_ending.size() + 6)
            return std::nullopt;
        const std::string stem = file.substr(0, file.size() - m_ending.size());
        const std::string number = stem.substr(stem.size() - 4);
        if (stem[stem.size() - 5] != '_' || number.find_first_not_of("0123456789") != std::string::npos)
            return std::nullopt;
        return std::pair(stem.substr(0, stem.size() - 5), static_cast<std::size_t>(std::stoi(number)));
    }

    const Dataset& m_dataset;
    std::vector<std::string> m_channels;
    std::string m_ending;
};

// The first fold: a case of another fold's validation is one of its training cases.
Result<void> readSplits(const std::string& path, Dataset& dataset)
{
    if (!fileExists(path))
        return {};
    const auto folds = readJson(path);
    if (!folds)
        return folds.error();
    std::map<std::string, Split> splits;
    const ordered_json& first = folds->at(0);
    for (const auto& name : first.at("train"))
        splits[name.get<std::string>()] = Split::Train;
    for (const auto& name : first.at("val"))
        splits[name.get<std::string>()] = Split::Validation;
    for (DatasetCase& one : dataset.cases)
        if (const auto it = splits.find(one.name); it != splits.end() && one.split == Split::None)
            one.split = it->second;
    return {};
}

Result<Dataset> readChecked(const std::string& folder)
{
    const std::string path = folder + "/dataset.json";
    const auto description = readJson(path);
    if (!description)
        return description.error();
    Dataset dataset;
    dataset.name = fs::path(folder).lexically_normal().filename().string();
    auto labels = labelsOf(*description, path);
    if (!labels)
        return labels.error();
    dataset.labels = *std::move(labels);
    const std::string ending = description->value("file_ending", std::string(".nii.gz"));
    if (!imageStem("x" + ending))
        return Error{ErrorCode::Unsupported, path, "images that end in " + ending};
    const ImageFolder images(dataset, channelsOf(*description), ending);
    dataset.cases = images.casesOf(folder + "/imagesTr", folder + "/labelsTr", Split::None, dataset.notes);
    auto tests = images.casesOf(folder + "/imagesTs", folder + "/labelsTs", Split::Test, dataset.notes);
    std::move(tests.begin(), tests.end(), std::back_inserter(dataset.cases));
    if (auto read = readSplits(folder + "/splits_final.json", dataset); !read)
        return read.error();
    return dataset;
}

} // namespace

Result<Dataset> readNnUnet(const std::string& folder)
{
    try {
        return readChecked(folder);
    } catch (const std::exception& exception) { // of a document with another shape
        return Error{ErrorCode::Malformed, folder + "/dataset.json", exception.what()};
    }
}

} // namespace annotomy
