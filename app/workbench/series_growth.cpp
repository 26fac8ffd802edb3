#include "app/workbench/series_growth.h"

#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

bool sameWithinSlices(const VolumeGeometry& a, const VolumeGeometry& b)
{
    const auto near = [](double x, double y) { return std::abs(x - y) <= 1e-3 * std::max(std::abs(x), std::abs(y)); };
    return a.size[0] == b.size[0] && a.size[1] == b.size[1] && near(a.spacing[0], b.spacing[0])
        && near(a.spacing[1], b.spacing[1]) && length(a.axis(0) - b.axis(0)) < 1e-3
        && length(a.axis(1) - b.axis(1)) < 1e-3;
}

std::vector<std::string> sortedFiles(const SeriesEntry& entry)
{
    std::vector<std::string> files = entry.files;
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

bool sameBytes(const std::string& a, const std::string& b)
{
    constexpr std::size_t most = std::size_t{64} << 20;
    const auto bytesA = readWholeFile(a, most), bytesB = readWholeFile(b, most);
    return bytesA && bytesB && *bytesA == *bytesB;
}

// A copy keeps the files' names; slices are often named alike in all series, so the first and the last are compared.
bool areCopies(const std::vector<std::string>& whole, const std::vector<std::string>& part)
{
    std::map<std::string, std::string> byName;
    for (const std::string& file : whole)
        if (!byName.emplace(fs::path(file).filename().string(), file).second)
            return false;
    for (const std::string& file : part)
        if (!byName.contains(fs::path(file).filename().string()))
            return false;
    const auto isSame = [&](const std::string& file) { return sameBytes(file, byName.at(fs::path(file).filename().string())); };
    return isSame(part.front()) && isSame(part.back());
}

} // namespace

bool holdsSlicesOf(const SeriesEntry& whole, const SeriesEntry& part)
{
    if (whole.info.seriesUid != part.info.seriesUid || !sameWithinSlices(whole.geometry, part.geometry))
        return false;
    const std::vector<std::string> all = sortedFiles(whole), some = sortedFiles(part);
    if (some.empty() || some.size() >= all.size())
        return false;
    return std::includes(all.begin(), all.end(), some.begin(), some.end()) || areCopies(all, some);
}

} // namespace annotomy
