#include "core/datasets/layout_files.h"
#include "core/datasets/table_text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string_view>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

// "sub-01_ses-2_run-1_T1w" taken apart.
struct BidsName {
    std::map<std::string, std::string> entities;
    std::string suffix;

    std::string entity(const std::string& key) const
    {
        const auto it = entities.find(key);
        return it == entities.end() ? std::string() : it->second;
    }
    std::string caseName() const
    {
        const std::string session = entity("ses");
        return "sub-" + entity("sub") + (session.empty() ? "" : "_ses-" + session);
    }
};

std::optional<BidsName> bidsName(const std::string& path)
{
    const auto stem = imageStem(path);
    if (!stem || !stem->starts_with("sub-"))
        return std::nullopt;
    BidsName name;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = stem->find('_', at);
        const std::string part = stem->substr(at, end - at);
        if (end == std::string::npos) {
            name.suffix = part;
            return name;
        }
        const std::size_t dash = part.find('-');
        if (dash == std::string::npos)
            return std::nullopt;
        name.entities[part.substr(0, dash)] = part.substr(dash + 1);
        at = end + 1;
    }
}

bool liesInAnat(const std::string& path)
{
    return fs::path(path).parent_path().filename() == "anat";
}

bool isDerived(const std::string& folder, const std::string& path)
{
    return fs::path(path).lexically_relative(folder).begin()->string() == "derivatives";
}

// A mask of a case: all labels in one file, else one label a file.
bool isMask(const BidsName& name)
{
    return name.suffix == "dseg" || (name.suffix == "mask" && !name.entity("label").empty());
}

bool isOtherResult(const BidsName& name)
{
    return name.suffix == "mask" || name.suffix == "probseg" || name.suffix == "defacemask";
}

// What tells an image from the others of its session: "T1w", "run-1_T1w".
std::string channelOf(const BidsName& name)
{
    std::string channel;
    for (const auto& [key, value] : name.entities)
        if (key != "sub" && key != "ses")
            channel += key + "-" + value + "_";
    return channel + name.suffix;
}

struct Found {
    std::vector<std::pair<BidsName, std::string>> images, masks;
};

// The image that has all that the mask's name says of its source; T1w before others.
void orderImages(Found& found)
{
    const auto isSource = [&](const BidsName& image) {
        if (found.masks.empty())
            return false;
        const auto& entities = found.masks.front().first.entities;
        return std::all_of(image.entities.begin(), image.entities.end(), [&](const auto& entity) {
            const auto it = entities.find(entity.first);
            return it != entities.end() && it->second == entity.second;
        });
    };
    std::stable_sort(found.images.begin(), found.images.end(), [&](const auto& a, const auto& b) {
        const auto key = [&](const BidsName& name) { return std::pair(!isSource(name), name.suffix != "T1w"); };
        return key(a.first) < key(b.first);
    });
}

DatasetCase caseOf(const std::string& name, Found found, Dataset& dataset)
{
    std::stable_sort(found.masks.begin(), found.masks.end(), [](const auto& a, const auto& b) {
        return (a.first.suffix == "dseg") > (b.first.suffix == "dseg");
    });
    orderImages(found);
    DatasetCase one;
    one.name = name;
    one.patient = "sub-" + found.images.front().first.entity("sub");
    for (const auto& [image, path] : found.images)
        one.images.push_back({channelOf(image), path});
    if (!found.masks.empty())
        one.maskPath = found.masks.front().second;
    for (std::size_t n = 1; n < found.masks.size(); ++n)
        dataset.notes.push_back(found.masks[n].second + " is left out: the case has its mask from " + one.maskPath + ".");
    return one;
}

// The table beside the mask, else that of its data set.
void readLabels(const std::string& folder, const Found& found, Dataset& dataset)
{
    if (!dataset.labels.empty() || found.masks.empty())
        return;
    const auto& [name, path] = found.masks.front();
    if (name.suffix == "mask") {
        dataset.labels.push_back({name.entity("label"), {1}});
        return;
    }
    std::vector<std::string> tables{(fs::path(path).parent_path() / (*imageStem(path) + ".tsv")).string()};
    for (fs::path at = fs::path(path).parent_path(); at.string().size() >= folder.size(); at = at.parent_path()) {
        tables.push_back((at / "dseg.tsv").string());
        if (at == at.parent_path())
            break;
    }
    for (const std::string& table : tables) {
        if (!fileExists(table))
            continue;
        if (const auto rows = readTable(table))
            for (const auto& row : *rows)
                if (const auto value = wholeNumber(cell(row, "index")); value && *value != 0 && dataset.labels.size() < 255)
                    dataset.labels.push_back({cell(row, "name"), {*value}});
        return;
    }
}

void readPools(const std::string& folder, Dataset& dataset)
{
    const std::string path = folder + "/participants.tsv";
    if (!fileExists(path))
        return;
    const auto rows = readTable(path);
    if (!rows)
        return;
    std::map<std::string, Split> splits;
    for (const auto& row : *rows) {
        const std::string pool = cell(row, "pool");
        for (const auto& [name, split] : {std::pair("train", Split::Train), std::pair("validation", Split::Validation),
                                          std::pair("test", Split::Test)})
            if (pool == name)
                splits[cell(row, "participant_id")] = split;
    }
    for (DatasetCase& one : dataset.cases)
        if (const auto it = splits.find(one.patient); it != splits.end())
            one.split = it->second;
}

} // namespace

Result<Dataset> readBids(const std::string& folder, const std::stop_token& stop)
{
    const auto files = filesBelow(folder, stop);
    if (!files)
        return files.error();
    Dataset dataset;
    dataset.name = fs::path(folder).lexically_normal().filename().string();
    std::map<std::string, Found> cases;
    for (const std::string& path : *files) {
        const auto name = liesInAnat(path) ? bidsName(path) : std::nullopt;
        if (!name)
            continue;
        Found& found = cases[name->caseName()];
        if (isMask(*name))
            found.masks.emplace_back(*name, path);
        else if (!isDerived(folder, path) && !isOtherResult(*name))
            found.images.emplace_back(*name, path);
    }
    for (auto& [name, found] : cases) {
        if (found.images.empty()) {
            for (const auto& mask : found.masks)
                dataset.notes.push_back(mask.second + " has no image.");
            continue;
        }
        dataset.cases.push_back(caseOf(name, found, dataset));
        readLabels(folder, found, dataset);
    }
    readPools(folder, dataset);
    return dataset;
}

} // namespace annotomy
