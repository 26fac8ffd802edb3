#include "core/datasets/layout_files.h"
#include "core/datasets/lidc_xml.h"

#include <filesystem>
#include <map>

namespace fs = std::filesystem;

namespace annotomy {

Result<Dataset> readLidc(const std::string& folder, const std::stop_token& stop)
{
    const auto files = filesBelow(folder, stop);
    if (!files)
        return files.error();
    Dataset dataset;
    dataset.name = fs::path(folder).lexically_normal().filename().string();
    std::map<std::string, std::string> known; // series and the file that annotates it
    for (const std::string& path : *files) {
        if (stop.stop_requested())
            return cancelledError();
        if (!path.ends_with(".xml"))
            continue;
        const auto annotations = looksLikeLidc(path) ? readLidcXml(path) : Error{ErrorCode::Unrecognised, path, "not of the LIDC"};
        if (!annotations || annotations->seriesUid.empty()) {
            dataset.notes.push_back(path + " is left out: " + (annotations ? "it names no series" : annotations.error().detail) + ".");
            continue;
        }
        if (const auto [at, isNew] = known.emplace(annotations->seriesUid, path); !isNew) {
            dataset.notes.push_back(path + " is left out: " + at->second + " annotates the same series.");
            continue;
        }
        DatasetCase one;
        one.name = fs::path(path).lexically_relative(folder).string();
        one.seriesUid = annotations->seriesUid;
        one.maskPath = path;
        dataset.cases.push_back(std::move(one));
    }
    return dataset;
}

} // namespace annotomy
