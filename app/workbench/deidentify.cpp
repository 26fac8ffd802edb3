#include "app/workbench/deidentify.h"

#include "app/workbench/reader_client.h"
#include "app/workbench/workbench_impl.h"
#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t leastSecret = 32; // characters

Result<std::string> newSecret(const std::string& keyPath)
{
    std::error_code ignored;
    fs::create_directories(fs::path(keyPath).parent_path(), ignored);
    const int file = ::open(keyPath.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return systemError(errno, keyPath);
    const std::string text = IdentityMap::randomSecret() + "\n";
    const ssize_t written = ::write(file, text.data(), text.size());
    const int reason = errno;
    const bool kept = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    ::close(file);
    if (kept)
        return text.substr(0, text.size() - 1);
    ::unlink(keyPath.c_str());
    return systemError(reason, keyPath);
}

Result<void> checkOutFolder(const std::vector<std::string>& paths, const std::string& outFolder)
{
    std::error_code error;
    if (fs::exists(outFolder, error) && !fs::is_directory(outFolder, error))
        return Error{ErrorCode::InvalidArgument, outFolder, "it is a file; name a folder to write to"};
    if (fs::is_directory(outFolder, error) && !fs::is_empty(outFolder, error))
        return Error{ErrorCode::Conflict, "Writing to " + outFolder, "the folder is not empty; name an empty or new one"};
    const fs::path out = fs::weakly_canonical(outFolder, error);
    for (const std::string& path : paths) {
        const fs::path source = fs::weakly_canonical(path, error);
        const auto [end, ignored] = std::mismatch(source.begin(), source.end(), out.begin(), out.end());
        if (end == source.end() && fs::is_directory(source, error))
            return Error{ErrorCode::InvalidArgument, outFolder,
                         "it lies in the folder that is to be de-identified"};
    }
    return {};
}

} // namespace

std::string deidentificationKeyPath(const std::string& workspaceFolder)
{
    return (fs::path(workspaceFolder) / "deidentification.key").string();
}

Result<std::string> deidentificationSecret(const std::string& keyPath)
{
    const auto bytes = readWholeFile(keyPath, 4096);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        return newSecret(keyPath);
    if (!bytes)
        return bytes.error();
    std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    if (text.size() < leastSecret)
        return Error{ErrorCode::Malformed, keyPath, "a key has at least 32 characters"};
    return text;
}

Result<DeidentificationReport> deidentifyPaths(const std::vector<std::string>& paths,
                                               const std::string& outFolder, const std::string& secret,
                                               const DeidentificationOptions& options,
                                               const ProgramPaths& programs, std::stop_token stop,
                                               const JobReport& report)
{
    if (const auto valid = checkOutFolder(paths, outFolder); !valid)
        return valid.error();
    ReaderClient reader(programs.reader);
    Result<DeidentificationReport> outcome =
        reader.deidentify(paths, outFolder, secret, options, stop, stageReport(report, "deidentifying"));
    if (!outcome)
        return outcome;
    const std::string text = toJsonText(*outcome, false);
    const std::string path = (fs::path(outFolder) / deidentificationReportName).string();
    std::error_code ignored;
    fs::create_directories(outFolder, ignored);
    if (const auto written = writeFileAtomically(path, std::as_bytes(std::span(text))); !written)
        return written.error();
    return outcome;
}

} // namespace annotomy
