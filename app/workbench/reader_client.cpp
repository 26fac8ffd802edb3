#include "app/workbench/reader_client.h"

#include "app/workbench/helper_process.h"
#include "core/io/atomic_file.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr auto pollInterval = std::chrono::milliseconds(100);
constexpr auto silenceLimit = std::chrono::minutes(5); // a reader that hangs on a hostile file
constexpr std::size_t maxReportBytes = std::size_t{1} << 30;

std::vector<std::string> filesUnder(const std::vector<std::string>& paths)
{
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        const auto options = fs::directory_options::skip_permission_denied;
        for (fs::recursive_directory_iterator it(path, options, error), end; !error && it != end; it.increment(error)) {
            std::error_code entryError;
            if (it->is_regular_file(entryError))
                files.push_back(it->path().string());
        }
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

std::string subjectOf(const SeriesEntry& entry)
{
    if (entry.files.empty())
        return entry.contentKey;
    if (entry.files.size() == 1)
        return entry.files.front();
    return fs::path(entry.files.front()).parent_path().string();
}

std::vector<std::string> without(const std::vector<std::string>& files, std::vector<std::string> removed)
{
    std::sort(removed.begin(), removed.end());
    std::vector<std::string> kept;
    std::set_difference(files.begin(), files.end(), removed.begin(), removed.end(), std::back_inserter(kept));
    return kept;
}

} // namespace

ReaderClient::ReaderClient(std::string program) : m_program(std::move(program)) {}

ReaderClient::~ReaderClient() = default;

Result<ScanReport> ReaderClient::scan(const std::vector<std::string>& paths, std::stop_token stop,
                                      const ProgressReport& report)
{
    Result<ScanReport> whole = scanOnce(paths, stop, report);
    if (whole || whole.error().code != ErrorCode::ReaderDied)
        return whole;

    const std::vector<std::string> files = filesUnder(paths);
    std::vector<std::string> deadly;
    if (const auto found = findDeadly(files, deadly, stop); !found)
        return found.error();
    const std::vector<std::string> harmless = without(files, deadly);
    if (deadly.empty() || harmless.empty())
        return Error{ErrorCode::ReaderDied, deadly.empty() ? paths.front() : deadly.front(), whole.error().detail};
    Result<ScanReport> rest = scanOnce(harmless, stop, report);
    if (!rest) {
        if (rest.error().code == ErrorCode::EmptyFolder)
            return Error{ErrorCode::ReaderDied, deadly.front(), whole.error().detail};
        return rest;
    }
    for (const std::string& file : deadly)
        rest->skipped.push_back({file, ErrorCode::ReaderDied, "the reader ended while it parsed this file"});
    rest->filesSeen += static_cast<std::int64_t>(deadly.size());
    return rest;
}

Result<void> ReaderClient::findDeadly(std::vector<std::string> files, std::vector<std::string>& deadly,
                                      std::stop_token stop)
{
    const Result<ScanReport> tried = scanOnce(files, stop, {});
    if (tried || tried.error().code != ErrorCode::ReaderDied) {
        const bool stopped = !tried && tried.error().code == ErrorCode::Cancelled;
        return stopped ? Result<void>(tried.error()) : Result<void>();
    }
    if (files.size() <= 1) {
        deadly.insert(deadly.end(), files.begin(), files.end());
        return {};
    }
    const auto middle = files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2);
    if (const auto first = findDeadly({files.begin(), middle}, deadly, stop); !first)
        return first;
    return findDeadly({middle, files.end()}, deadly, stop);
}

Result<ScanReport> ReaderClient::scanOnce(const std::vector<std::string>& paths, std::stop_token stop,
                                          const ProgressReport& report)
{
    if (paths.empty())
        return Error{ErrorCode::InvalidArgument, "scan", "no path was given"};
    const Result<std::string> out = temporaryPath("scan.json");
    if (!out)
        return out.error();
    if (const auto done = run(ScanRequest{paths, *out, m_archiveFolder}, paths.front(), stop, report); !done)
        return done.error();
    const auto bytes = readWholeFile(*out, maxReportBytes);
    if (!bytes)
        return bytes.error();
    return scanReportFromJson(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

Result<void> ReaderClient::decode(const SeriesEntry& entry, const std::string& outPath, std::stop_token stop,
                                  const ProgressReport& report)
{
    const auto done = run(DecodeRequest{entry, outPath}, subjectOf(entry), stop, report);
    return done ? Result<void>() : Result<void>(done.error());
}

Result<LabelMap> ReaderClient::readMask(const std::string& path, const VolumeGeometry* grid, const SegmentNames& names,
                                        std::stop_token stop, const ProgressReport& report,
                                        std::vector<std::string>* notes)
{
    const Result<std::string> out = temporaryPath("mask.labels");
    if (!out)
        return out.error();
    ReadMaskRequest request{path, grid != nullptr, grid ? *grid : VolumeGeometry{}, names, *out};
    const auto done = run(request, path, stop, report);
    if (!done)
        return done.error();
    if (notes)
        notes->insert(notes->end(), done->notes.begin(), done->notes.end());
    Result<LabelMap> labels = readLabelFile(*out);
    std::error_code ignored;
    fs::remove(*out, ignored);
    return labels;
}

Result<DeidentificationReport> ReaderClient::deidentified(DeidentifyRequest request, std::stop_token stop,
                                                         const ProgressReport& report)
{
    const Result<std::string> out = temporaryPath("deidentified.json");
    if (!out)
        return out.error();
    request.outPath = *out;
    if (const auto done = run(request, request.paths.empty() ? "" : request.paths.front(), stop, report); !done)
        return done.error();
    const auto bytes = readWholeFile(*out, maxReportBytes);
    std::error_code ignored;
    fs::remove(*out, ignored); // it names the sources
    if (!bytes)
        return bytes.error();
    return deidentificationReportFromJson(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

Result<DeidentificationReport> ReaderClient::deidentify(const std::vector<std::string>& paths,
                                                       const std::string& outFolder, const std::string& secret,
                                                       const DeidentificationOptions& options, std::stop_token stop,
                                                       const ProgressReport& report)
{
    const QTemporaryDir unpacked; // of archives; it goes when the work is done
    return deidentified({paths, outFolder, secret, toJsonText(options), {}, false, unpacked.path().toStdString()}, stop,
                        report);
}

Result<DeidentifiedFile> ReaderClient::deidentifyOne(const std::string& path, const std::string& outPath,
                                                     const std::string& secret,
                                                     const DeidentificationOptions& options, std::stop_token stop)
{
    const auto outcome = deidentified({{path}, outPath, secret, toJsonText(options), {}, true, {}}, stop, {});
    if (!outcome)
        return outcome.error();
    if (outcome->files.size() != 1)
        return Error{ErrorCode::IoFailure, path, "the reader did not tell what it wrote"};
    return outcome->files.front();
}

Result<Dataset> ReaderClient::readDataset(const std::string& layout, const std::string& path, std::stop_token stop)
{
    const Result<std::string> out = temporaryPath("dataset.json");
    if (!out)
        return out.error();
    if (const auto done = run(ReadDatasetRequest{layout, path, *out}, path, stop, {}); !done)
        return done.error();
    const auto bytes = readWholeFile(*out, maxReportBytes);
    if (!bytes)
        return bytes.error();
    return datasetFromJson(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

Result<void> ReaderClient::writeObject(WriteObjectRequest request, const LabelMap& labels, std::vector<std::string>& notes,
                                       std::stop_token stop, const ProgressReport& report)
{
    const Result<std::string> labelsPath = temporaryPath("object.labels");
    if (!labelsPath)
        return labelsPath.error();
    if (const auto written = writeLabelFile(*labelsPath, labels); !written)
        return written;
    request.labelsPath = *labelsPath;
    const auto done = run(request, request.outPath, stop, report);
    std::error_code ignored;
    fs::remove(*labelsPath, ignored);
    if (!done)
        return done.error();
    notes.insert(notes.end(), done->notes.begin(), done->notes.end());
    return {};
}

Result<ReaderDone> ReaderClient::run(const ReaderRequest& request, const std::string& subject, std::stop_token stop,
                                     const ProgressReport& report)
{
    if (stop.stop_requested())
        return cancelledError();
    if (!m_process) {
        auto started = HelperProcess::start({m_program, {}, {}});
        if (!started)
            return started.error();
        m_process = std::move(*started);
    }
    bool alive = m_process->send(toJsonLine(request));
    auto lastSign = std::chrono::steady_clock::now();
    while (alive) {
        if (stop.stop_requested()) {
            m_process.reset();
            return cancelledError();
        }
        const HelperProcess::Reading reading = m_process->readLine(pollInterval);
        if (reading.status == HelperProcess::Status::Ended)
            break;
        if (reading.status == HelperProcess::Status::TimedOut) {
            alive = std::chrono::steady_clock::now() - lastSign < silenceLimit;
            continue;
        }
        lastSign = std::chrono::steady_clock::now();
        const Result<ReaderEvent> event = readerEventFromJson(reading.line);
        if (!event)
            continue; // a library wrote to standard output
        if (const auto* progress = std::get_if<ReaderProgress>(&*event))
            reportProgress(report, progress->fraction);
        else if (const auto* failed = std::get_if<ReaderFailed>(&*event))
            return failed->error;
        else if (const auto* done = std::get_if<ReaderDone>(&*event))
            return *done;
    }
    m_process->stop(std::chrono::milliseconds(0));
    const std::string how = m_process->howItEnded();
    m_process.reset();
    return Error{ErrorCode::ReaderDied, subject, "the reader ended: " + how};
}

Result<std::string> ReaderClient::temporaryPath(const std::string& name)
{
    if (!m_folder)
        m_folder = std::make_unique<QTemporaryDir>();
    if (!m_folder->isValid())
        return Error{ErrorCode::IoFailure, "temporary folder", m_folder->errorString().toStdString()};
    return m_folder->filePath(QString::fromStdString(name)).toStdString();
}

} // namespace annotomy
