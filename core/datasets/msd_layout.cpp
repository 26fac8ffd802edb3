#include "core/datasets/layout_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

using nlohmann::ordered_json;

std::string nameOfFolder(const std::string& folder)
{
    return fs::path(folder).lexically_normal().filename().string();
}

std::vector<std::string> channelsOf(const ordered_json& description)
{
    std::map<int, std::string> channels;
    for (const auto& [number, name] : objectAt(description, "modality").items())
        channels[std::stoi(number)] = name.get<std::string>();
    std::vector<std::string> names;
    for (const auto& [number, name] : channels)
        names.push_back(name);
    return names;
}

// Several channels are the volumes of one 4-D file.
std::vector<DatasetImage> imagesOf(const std::string& path, const std::vector<std::string>& channels)
{
    if (channels.size() <= 1)
        return {{channels.empty() ? "image" : channels.front(), path}};
    std::vector<DatasetImage> images;
    for (std::size_t n = 0; n < channels.size(); ++n)
        images.push_back({channels[n], path, static_cast<int>(n)});
    return images;
}

// Reads dataset.json, the layout's table of contents.
class Contents {
public:
    Contents(const std::string& folder, const ordered_json& description)
        : m_folder(folder), m_description(description), m_channels(channelsOf(description))
    {
    }

    Result<void> read(const char* key, Split split, Dataset& dataset) const
    {
        if (!m_description.contains(key))
            return {};
        for (const ordered_json& entry : m_description.at(key)) {
            const bool isPair = entry.is_object();
            const std::string named = (isPair ? entry.at("image") : entry).get<std::string>();
            const std::string mask = isPair ? entry.value("label", std::string()) : std::string();
            const auto image = pathWithin(m_folder, named);
            const auto label = mask.empty() ? std::optional(std::string()) : pathWithin(m_folder, mask);
            if (!image || !label)
                return Error{ErrorCode::Malformed, m_folder + "/dataset.json", "it names files outside of its folder"};
            add(*image, *label, split, dataset);
        }
        return {};
    }

private:
    void add(const std::string& image, const std::string& label, Split split, Dataset& dataset) const
    {
        const auto stem = imageStem(image);
        if (!stem || !fileExists(image)) {
            dataset.notes.push_back(image + " is named in dataset.json but is not there.");
            return;
        }
        DatasetCase one;
        one.name = one.patient = *stem;
        one.images = imagesOf(image, m_channels);
        one.split = split;
        one.maskPath = label;
        if (label.empty()) { // a test list names no labels; ours lie beside it all the same
            const std::string beside = m_folder + "/labelsTs/" + fs::path(image).filename().string();
            one.maskPath = fileExists(beside) ? beside : std::string();
        } else if (!fileExists(label)) {
            dataset.notes.push_back(label + " is named in dataset.json but is not there.");
            one.maskPath.clear();
        }
        dataset.cases.push_back(std::move(one));
    }

    const std::string& m_folder;
    const ordered_json& m_description;
    std::vector<std::string> m_channels;
};

Result<Dataset> withContents(const std::string& folder)
{
    const auto description = readJson(folder + "/dataset.json");
    if (!description)
        return description.error();
    Dataset dataset;
    dataset.name = description->value("name", nameOfFolder(folder));
    for (const auto& [value, name] : objectAt(*description, "labels").items())
        if (const std::int64_t number = std::stoll(value); number != 0)
            dataset.labels.push_back({name.get<std::string>(), {number}});
    const Contents contents(folder, *description);
    const bool hasValidation = description->contains("validation") && !description->at("validation").empty();
    if (auto read = contents.read("training", hasValidation ? Split::Train : Split::None, dataset); !read)
        return read.error();
    if (auto read = contents.read("validation", Split::Validation, dataset); !read)
        return read.error();
    if (auto read = contents.read("test", Split::Test, dataset); !read)
        return read.error();
    return dataset;
}

// Many copies of the collection come as their folders alone: images and labels of the same name.
Dataset ofFolders(const std::string& folder)
{
    Dataset dataset;
    dataset.name = nameOfFolder(folder);
    dataset.notes.push_back("There is no dataset.json: the segments are named by their values.");
    for (const auto& [images, labels, split] :
         {std::tuple("/imagesTr", "/labelsTr", Split::None), std::tuple("/images", "/labels", Split::None),
          std::tuple("/imagesTs", "/labelsTs", Split::Test)}) {
        std::map<std::string, std::string> masks;
        for (const std::string& path : filesIn(folder + labels))
            if (const auto stem = imageStem(path))
                masks[*stem] = path;
        for (const std::string& path : filesIn(folder + images)) {
            const auto stem = imageStem(path);
            if (!stem)
                continue;
            const std::string mask = masks.contains(*stem) ? masks[*stem] : std::string();
            masks.erase(*stem);
            dataset.cases.push_back({*stem, *stem, imagesOf(path, {}), {}, mask, split});
            if (mask.empty() && split != Split::Test)
                dataset.notes.push_back(path + " has no label.");
        }
        for (const auto& [stem, path] : masks)
            dataset.notes.push_back(path + " has no image.");
    }
    return dataset;
}

} // namespace

Result<Dataset> readMsd(const std::string& folder)
{
    try {
        return fileExists(folder + "/dataset.json") ? withContents(folder) : ofFolders(folder);
    } catch (const std::exception& exception) { // of a document with another shape
        return Error{ErrorCode::Malformed, folder + "/dataset.json", exception.what()};
    }
}

} // namespace annotomy
