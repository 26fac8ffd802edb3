#include "core/io/scan/zip_names.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr std::size_t mostPartBytes = 200, mostPathBytes = 1024, mostDepth = 32;

bool isSafePart(const std::string& part)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return part != ".." && part.size() <= mostPartBytes && std::none_of(part.begin(), part.end(), isControl);
}

} // namespace

std::optional<std::string> safeEntryPath(const std::string& name)
{
    const bool hasDrive = name.size() >= 2 && name[1] == ':';
    if (name.empty() || name.size() > mostPathBytes || name[0] == '/' || name[0] == '\\' || hasDrive)
        return std::nullopt;
    std::string path;
    std::size_t depth = 0;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find_first_of("/\\", at), name.size());
        const std::string part = name.substr(at, end - at);
        at = end + 1;
        if (part.empty() || part == ".")
            continue;
        if (!isSafePart(part) || ++depth > mostDepth)
            return std::nullopt;
        path += (path.empty() ? "" : "/") + part;
    }
    return path.empty() ? std::nullopt : std::optional(path);
}

} // namespace annotomy
