#include "core/io/tensors/torch_archive.h"

#include "core/io/scan/zip_archive.h"

#include <zip.h>

#include <filesystem>
#include <map>
#include <system_error>

namespace annotomy {

namespace {

constexpr std::uint64_t mostEntries = 200'000;

struct ArchiveCloser {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct RecordCloser {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

} // namespace

struct TorchArchive::State {
    std::string path;
    std::unique_ptr<zip_t, ArchiveCloser> zip;
    std::map<std::string, zip_uint64_t> records;
    std::uint64_t fileSize = 0;

    Error malformed(const std::string& why) const { return {ErrorCode::Malformed, path, why}; }
};

TorchArchive::TorchArchive(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TorchArchive::TorchArchive(TorchArchive&&) noexcept = default;
TorchArchive::~TorchArchive() = default;

Result<TorchArchive> TorchArchive::open(const std::string& path)
{
    auto state = std::make_unique<State>();
    state->path = path;
    const Result<std::uint64_t> promised = promisedEntries(path);
    if (!promised)
        return promised.error().code == ErrorCode::Truncated
                   ? Error{ErrorCode::Truncated, path, "the model file is cut short"}
                   : promised.error();
    if (*promised > mostEntries)
        return state->malformed("the archive has too many entries for a model");
    std::error_code failure;
    state->fileSize = std::filesystem::file_size(path, failure);
    int code = 0;
    state->zip.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (failure || !state->zip)
        return state->malformed("the archive cannot be read");
    const zip_int64_t count = zip_get_num_entries(state->zip.get(), 0);
    for (zip_int64_t n = 0; n < count; ++n) {
        const char* name = zip_get_name(state->zip.get(), static_cast<zip_uint64_t>(n), ZIP_FL_ENC_RAW);
        const std::string text = name ? name : "";
        const std::size_t slash = text.find('/');
        if (slash != text.npos)
            state->records.emplace(text.substr(slash + 1), static_cast<zip_uint64_t>(n));
    }
    return TorchArchive(std::move(state));
}

std::uint64_t TorchArchive::fileSize() const
{
    return m_state->fileSize;
}

std::vector<std::string> TorchArchive::names() const
{
    std::vector<std::string> names;
    for (const auto& [name, index] : m_state->records)
        names.push_back(name);
    return names;
}

bool TorchArchive::has(const std::string& name) const
{
    return m_state->records.contains(name);
}

Result<std::vector<std::byte>> TorchArchive::read(const std::string& name, std::uint64_t most) const
{
    const auto found = m_state->records.find(name);
    if (found == m_state->records.end())
        return m_state->malformed("the record \"" + name.substr(0, 100) + "\" is missing");
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(m_state->zip.get(), found->second, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
        return m_state->malformed("the record \"" + name.substr(0, 100) + "\" cannot be read");
    if (stat.comp_method != ZIP_CM_STORE || stat.size > m_state->fileSize)
        return m_state->malformed("the record \"" + name.substr(0, 100) + "\" is not stored as PyTorch does");
    if (stat.size > most)
        return Error{ErrorCode::Unsupported, m_state->path, "the record \"" + name.substr(0, 100) + "\" is too large"};
    std::vector<std::byte> bytes(static_cast<std::size_t>(stat.size));
    const std::unique_ptr<zip_file_t, RecordCloser> entry(zip_fopen_index(m_state->zip.get(), found->second, 0));
    // One byte more is asked for: only then does libzip compare the checksum.
    std::byte beyond{};
    const bool whole = entry && zip_fread(entry.get(), bytes.data(), stat.size) == static_cast<zip_int64_t>(stat.size) &&
                       zip_fread(entry.get(), &beyond, 1) == 0;
    if (!whole)
        return m_state->malformed("the record \"" + name.substr(0, 100) + "\" is damaged");
    return bytes;
}

} // namespace annotomy
