#include "core/base/parallel.h"
#include "core/io/bytes/byte_stream.h"
#include "core/io/scan/dicomdir.h"
#include "core/io/scan/zip_archive.h"
#include "core/privacy/deidentify_file.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

Result<void> appendFolder(const fs::path& root, std::vector<std::string>& files, const std::stop_token& stop)
{
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at(root, options, error), end; !error && at != end;
         at.increment(error)) {
        if (stop.stop_requested())
            return cancelledError();
        if (std::error_code ignored; !at->is_symlink(ignored) && at->is_regular_file(ignored))
            files.push_back(at->path().string());
    }
    if (error)
        return Error{ErrorCode::PermissionDenied, root.string(), error.message()};
    return {};
}

enum class Kind { Dicom, Dicomdir, Archive, Other };

Kind kindOf(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return Kind::Dicom; // the attempt tells why it cannot be read
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), 512)));
    if (!reader->read(bytes))
        return Kind::Other;
    if (looksLikeZip(bytes))
        return Kind::Archive;
    if (!looksLikeDicom(bytes))
        return Kind::Other;
    return isDicomdir(path) ? Kind::Dicomdir : Kind::Dicom;
}

// Several files on all cores, with one report.
class Batch {
public:
    Batch(const std::string& outFolder, const IdentityMap& identities, const DeidentificationOptions& options)
        : m_outFolder(outFolder), m_identities(identities), m_options(options)
    {
        m_report.options = options;
    }

    Result<void> findFiles(const std::vector<std::string>& paths, const std::string& archiveFolder,
                           const std::stop_token& stop);
    Result<DeidentificationReport> run(const std::stop_token& stop, const ProgressReport& report);

private:
    Result<void> appendNamed(const std::string& path, std::vector<std::string>& found,
                             const std::stop_token& stop);
    Result<void> sort(const std::string& path, const std::string& archiveFolder, const std::stop_token& stop);
    void one(const std::string& path);
    Result<std::string> reservedPath(const std::string& wanted);

    std::string m_outFolder;
    const IdentityMap& m_identities;
    DeidentificationOptions m_options;
    std::vector<std::string> m_files;
    std::mutex m_mutex; // guards what follows
    std::set<std::string> m_taken;
    std::optional<Error> m_fatal;
    DeidentificationReport m_report;
};

// A DICOMDIR that was named stands for the files that it lists.
Result<void> Batch::appendNamed(const std::string& path, std::vector<std::string>& found,
                                const std::stop_token& stop)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return appendFolder(path, found, stop);
    if (!fs::exists(path, error))
        return Error{ErrorCode::NotFound, path, "there is no such file or folder"};
    if (!isDicomdir(path)) {
        found.push_back(path);
        return {};
    }
    const auto listing = readDicomdir(path);
    if (!listing)
        return listing.error();
    found.insert(found.end(), listing->files.begin(), listing->files.end());
    for (const std::string& missing : listing->missing)
        m_report.failed.push_back(
            {missing, {ErrorCode::NotFound, missing, "the DICOMDIR lists it, but it is not there"}});
    return {};
}

Result<void> Batch::sort(const std::string& path, const std::string& archiveFolder,
                         const std::stop_token& stop)
{
    const Kind kind = kindOf(path);
    if (kind == Kind::Dicom) {
        m_files.push_back(path);
        return {};
    }
    if (kind != Kind::Archive || archiveFolder.empty()) {
        ++m_report.notDicom;
        return {};
    }
    const auto unpacked = unpackZipBelow(path, archiveFolder, stop);
    if (!unpacked &&
        (unpacked.error().code == ErrorCode::Cancelled || unpacked.error().code == ErrorCode::DiskFull))
        return unpacked.error();
    if (!unpacked) {
        m_report.failed.push_back({path, unpacked.error()});
        return {};
    }
    for (const SkippedFile& entry : unpacked->skipped)
        m_report.failed.push_back({entry.path, {entry.code, entry.path, entry.detail}});
    for (const std::string& file : unpacked->files) {
        const bool isImage = kindOf(file) == Kind::Dicom;
        if (isImage)
            m_files.push_back(file);
        m_report.notDicom += isImage ? 0 : 1;
    }
    return {};
}

Result<void> Batch::findFiles(const std::vector<std::string>& paths, const std::string& archiveFolder,
                              const std::stop_token& stop)
{
    std::vector<std::string> found;
    for (const std::string& path : paths)
        if (auto appended = appendNamed(path, found, stop); !appended)
            return appended;
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const std::string& file : found)
        if (auto sorted = sort(file, archiveFolder, stop); !sorted)
            return sorted;
    if (m_files.empty() && m_report.failed.empty())
        return Error{ErrorCode::EmptyFolder, paths.empty() ? std::string() : paths.front(),
                     "there is no DICOM file in it"};
    return {};
}

// Instances whose UIDs are the same are told apart by a number.
Result<std::string> Batch::reservedPath(const std::string& wanted)
{
    std::string path = wanted;
    {
        const std::scoped_lock lock(m_mutex);
        for (int n = 2; !m_taken.insert(path).second; ++n)
            path = wanted.substr(0, wanted.size() - 4) + "-" + std::to_string(n) + ".dcm";
    }
    const fs::path full = fs::path(m_outFolder) / path;
    std::error_code error;
    fs::create_directories(full.parent_path(), error);
    if (error)
        return Error{error == std::errc::permission_denied ? ErrorCode::PermissionDenied
                                                           : ErrorCode::IoFailure,
                     m_outFolder, error.message()};
    return path;
}

void Batch::one(const std::string& path)
{
    const auto cleaned = cleanedFile(path, m_identities, m_options);
    Result<DeidentifiedFile> written = Error{};
    if (cleaned) {
        const auto place = reservedPath(deidentifiedPath(cleaned->tree));
        written = place ? writeCleaned(*cleaned, (fs::path(m_outFolder) / *place).string())
                        : Result<DeidentifiedFile>(place.error());
        if (written)
            written->output = *place;
    }
    const std::scoped_lock lock(m_mutex);
    if (written) {
        m_report.files.push_back(std::move(*written));
        return;
    }
    const Error error = cleaned ? written.error() : cleaned.error();
    m_report.failed.push_back({path, error});
    if (error.code == ErrorCode::DiskFull || error.code == ErrorCode::PermissionDenied)
        m_fatal = error.subject == path ? m_fatal : std::optional(error); // of the output, not of this input
}

Result<DeidentificationReport> Batch::run(const std::stop_token& stop, const ProgressReport& report)
{
    SharedProgress progress(report, m_files.size());
    parallelRanges(m_files.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t f = begin; f < end && !stop.stop_requested(); ++f) {
            {
                const std::scoped_lock lock(m_mutex);
                if (m_fatal)
                    return;
            }
            one(m_files[f]);
            progress.finish();
        }
    });
    if (stop.stop_requested())
        return cancelledError();
    if (m_fatal)
        return *m_fatal;
    const auto byOutput = [](const DeidentifiedFile& a, const DeidentifiedFile& b) {
        return a.output < b.output;
    };
    std::sort(m_report.files.begin(), m_report.files.end(), byOutput);
    std::sort(m_report.failed.begin(), m_report.failed.end(),
              [](const FailedFile& a, const FailedFile& b) { return a.source < b.source; });
    return std::move(m_report);
}

} // namespace

Result<DeidentificationReport> deidentifyFiles(const std::vector<std::string>& paths,
                                               const std::string& outFolder, const IdentityMap& identities,
                                               const DeidentificationOptions& options,
                                               const std::string& archiveFolder, std::stop_token stop,
                                               const ProgressReport& report)
{
    Batch batch(outFolder, identities, options);
    if (auto found = batch.findFiles(paths, archiveFolder, stop); !found)
        return found.error();
    return batch.run(stop, report);
}

} // namespace annotomy
