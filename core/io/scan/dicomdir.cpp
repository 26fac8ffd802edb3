#include "core/io/scan/dicomdir.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr DicomTag referencedFileId = 0x00041500;
constexpr std::string_view directoryStorage = "1.2.840.10008.1.3.10";
constexpr std::size_t mostParts = 16; // eight by the standard

std::string lowered(std::string text)
{
    const std::size_t version = text.find(';');
    text.resize(std::min(version, text.size()));
    while (text.ends_with('.'))
        text.pop_back();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// Finds names below one folder; what a folder holds is read once.
class FolderLookup {
public:
    std::optional<fs::path> find(const fs::path& folder, const std::string& name)
    {
        std::error_code error;
        const fs::path exact = folder / name;
        if (const fs::file_status status = fs::symlink_status(exact, error);
            fs::is_regular_file(status) || fs::is_directory(status))
            return exact;
        const auto& names = namesIn(folder);
        const auto it = names.find(lowered(name));
        return it == names.end() ? std::nullopt : std::optional(folder / it->second);
    }

private:
    const std::map<std::string, std::string>& namesIn(const fs::path& folder)
    {
        const auto [it, isNew] = m_folders.try_emplace(folder.string());
        if (!isNew)
            return it->second;
        std::error_code error;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            const std::string name = at->path().filename().string();
            if (std::error_code ignored; !at->is_symlink(ignored))
                it->second.emplace(lowered(name), name);
        }
        return it->second;
    }

    std::map<std::string, std::map<std::string, std::string>> m_folders;
};

bool isName(const std::string& part)
{
    return !part.empty() && part != "." && part != ".." && part.find('/') == std::string::npos;
}

std::optional<fs::path> located(const fs::path& root, const std::vector<std::string>& parts,
                                FolderLookup& lookup)
{
    fs::path at = root;
    for (const std::string& part : parts) {
        const auto next = isName(part) ? lookup.find(at, part) : std::nullopt;
        if (!next)
            return std::nullopt;
        at = *next;
    }
    std::error_code error;
    return fs::is_regular_file(at, error) ? std::optional(at) : std::nullopt;
}

std::string joined(const fs::path& root, const std::vector<std::string>& parts)
{
    std::string text = root.string();
    for (const std::string& part : parts)
        text += "/" + part;
    return text;
}

} // namespace

bool isDicomdir(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return false;
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), 512)));
    if (auto got = reader->read(bytes); !got || !looksLikeDicom(bytes))
        return false;
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t at = text.find(directoryStorage);
    return at != std::string::npos &&
           !std::isdigit(static_cast<unsigned char>(text[at + directoryStorage.size()]));
}

Result<DicomdirListing> readDicomdir(const std::string& path)
{
    const ForeignFile current(path);
    const auto file = readDicomFile(path, DicomExtent::Header);
    if (!file)
        return file.error();
    if (!file->dataSet.has(tag::directoryRecords))
        return Error{ErrorCode::Malformed, path, "a DICOMDIR without directory records"};
    const fs::path parent = fs::path(path).parent_path();
    const fs::path root = parent.empty() ? fs::path(".") : parent;
    FolderLookup lookup;
    DicomdirListing listing;
    std::set<std::string> seen;
    for (const DicomDataSet& record : file->dataSet.items(tag::directoryRecords)) {
        const std::vector<std::string> parts = record.texts(referencedFileId);
        if (parts.empty() || parts.size() > mostParts)
            continue; // patients, studies and series have no file of their own
        const auto found = located(root, parts, lookup);
        const std::string place = found ? found->string() : joined(root, parts);
        if (seen.insert(place).second)
            (found ? listing.files : listing.missing).push_back(place);
    }
    if (seen.empty())
        return Error{ErrorCode::EmptyFolder, path, "the DICOMDIR lists no file"};
    return listing;
}

} // namespace annotomy
