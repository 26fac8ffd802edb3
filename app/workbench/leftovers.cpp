#include "app/workbench/leftovers.h"

#include <chrono>
#include <filesystem>
#include <functional>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

bool isOld(const fs::path& path)
{
    std::error_code error;
    const auto touched = fs::last_write_time(path, error);
    return !error && fs::file_time_type::clock::now() - touched > std::chrono::hours(24);
}

void removeOld(const fs::path& folder, const std::function<bool(const std::string& name)>& isLeftover)
{
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (isLeftover(it->path().filename().string()) && isOld(it->path()))
            fs::remove_all(it->path(), ignored);
    }
}

} // namespace

void removeLeftovers(const std::string& workspaceFolder)
{
    removeOld(workspaceFolder, [](const std::string& name) { return name.starts_with("propose-"); });
    for (const char* folder : {"cache", "archives"})
        removeOld(fs::path(workspaceFolder) / folder,
                  [](const std::string& name) { return name.find(".part-") != std::string::npos; });
    removeOld(fs::path(workspaceFolder) / "images", [](const std::string& name) { return name.ends_with(".part"); });
}

} // namespace annotomy
