#include "core/datasets/layout_files.h"

#include "core/base/progress.h"
#include "core/io/bytes/atomic_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::size_t maxJsonBytes = std::size_t{64} << 20;

} // namespace

Result<nlohmann::ordered_json> readJson(const std::string& path)
{
    const auto bytes = readWholeFile(path, maxJsonBytes);
    if (!bytes)
        return bytes.error();
    const auto* const text = reinterpret_cast<const char*>(bytes->data());
    auto json = nlohmann::ordered_json::parse(text, text + bytes->size(), nullptr, false);
    if (json.is_discarded())
        return Error{ErrorCode::Malformed, path, "it is no JSON"};
    return json;
}

const nlohmann::ordered_json& objectAt(const nlohmann::ordered_json& json, const char* key)
{
    const auto& value = json.at(key);
    if (!value.is_object())
        throw std::invalid_argument(std::string("\"") + key + "\" is no list of names");
    return value;
}

std::optional<std::string> pathWithin(const std::string& folder, const std::string& named)
{
    const fs::path file = fs::path(named).lexically_normal();
    if (file.empty() || file.is_absolute() || *file.begin() == "..")
        return std::nullopt;
    return (fs::path(folder) / file).lexically_normal().string();
}

std::vector<std::string> filesIn(const std::string& folder)
{
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (at->is_regular_file(ignored))
            files.push_back(at->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result<std::vector<std::string>> filesBelow(const std::string& folder, const std::stop_token& stop)
{
    std::vector<std::string> files;
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at(folder, options, error), end; !error && at != end; at.increment(error)) {
        if (stop.stop_requested())
            return cancelledError();
        std::error_code ignored;
        if (!at->is_symlink(ignored) && at->is_regular_file(ignored))
            files.push_back(at->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::optional<std::string> imageStem(const std::string& path)
{
    constexpr std::array<std::string_view, 6> endings{".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd"};
    const std::string name = fs::path(path).filename().string();
    for (const std::string_view ending : endings)
        if (name.size() > ending.size() && name.ends_with(ending) && !name.starts_with('.'))
            return name.substr(0, name.size() - ending.size());
    return std::nullopt;
}

bool fileExists(const std::string& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

Result<Dataset> readDataset(const std::string& layout, const std::string& folder, std::stop_token stop)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return Error{ErrorCode::NotFound, folder, "there is no such folder"};
    Result<Dataset> dataset = Error{ErrorCode::InvalidArgument, "layout " + layout, "choose nnunet, msd, bids or lidc"};
    if (layout == "nnunet")
        dataset = readNnUnet(folder);
    else if (layout == "msd")
        dataset = readMsd(folder);
    else if (layout == "bids")
        dataset = readBids(folder, stop);
    else if (layout == "lidc")
        dataset = readLidc(folder, stop);
    if (!dataset)
        return dataset;
    if (dataset->cases.empty())
        return Error{ErrorCode::EmptyFolder, folder, "no case of the layout " + layout};
    std::sort(dataset->cases.begin(), dataset->cases.end(),
              [](const DatasetCase& a, const DatasetCase& b) { return a.name < b.name; });
    return dataset;
}

} // namespace annotomy
