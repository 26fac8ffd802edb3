#include "app/workbench/reader_client.h"

#include "app/workbench/helper_process.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/volume_file.h"

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr auto pollInterval = std::chrono::milliseconds(100);
constexpr auto silenceLimit = std::chrono::minutes(5); // a reader that hangs on a hostile file
constexpr std::size_t maxReportBytes = std::size_t{1} << 30;
constexpr auto cancelLimit = std::chrono::seconds(2);
constexpr std::size_t mostDeadly = 1000, mostBisected = 200'000;

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

void tellProgress(const ScanReportFunction& report, const ReaderProgress& progress)
{
    if (report)
        report({progress.fraction, progress.found, progress.done, progress.perSecond});
}

} // namespace

ReaderClient::ReaderClient(std::string program) : m_program(std::move(program)) {}

ReaderClient::~ReaderClient() = default;

void ReaderClient::setScanFolders(std::string headerCache, std::string scratch)
{
    m_scanSettings.headerCacheFolder = std::move(headerCache);
    m_scanSettings.scratchFolder = std::move(scratch);
}

Result<ScanTotals> ReaderClient::scanTo(const std::string& linesPath, const std::vector<std::string>& paths,
                                        std::stop_token stop, const ScanReportFunction& report)
{
    std::vector<std::string> deadly;
    Result<void> done = scanOnce(linesPath, paths, deadly, stop, report);
    while (!done && done.error().code == ErrorCode::ReaderDied && deadly.size() < mostDeadly) {
        const auto place = std::lower_bound(deadly.begin(), deadly.end(), m_namedFile);
        const bool isNew = !m_namedFile.empty() && (place == deadly.end() || *place != m_namedFile);
        if (isNew) {
            deadly.insert(place, m_namedFile);
        } else {
            const std::vector<std::string> files = without(filesUnder(paths), deadly);
            const std::size_t known = deadly.size();
            if (const auto found = findDeadly(files, deadly, stop); !found)
                return found.error();
            if (deadly.size() == known)
                return Error{ErrorCode::ReaderDied, paths.front(), done.error().detail};
            std::sort(deadly.begin(), deadly.end());
        }
        done = scanOnce(linesPath, paths, deadly, stop, report);
    }
    if (!done && !deadly.empty() && (done.error().code == ErrorCode::EmptyFolder || done.error().code == ErrorCode::ReaderDied))
        return Error{ErrorCode::ReaderDied, deadly.front(), "the reader ended while it parsed this file"};
    if (!done)
        return done.error();
    return readScanLines(linesPath, {});
}

Result<ScanReport> ReaderClient::scan(const std::vector<std::string>& paths, std::stop_token stop,
                                      const ProgressReport& report)
{
    const Result<std::string> lines = temporaryPath("scan.jsonl");
    if (!lines)
        return lines.error();
    const auto tell = [&report](const ScanProgress& progress) { reportProgress(report, progress.fraction); };
    const auto totals = scanTo(*lines, paths, std::move(stop), tell);
    if (!totals)
        return totals.error();
    ScanReport scan{*totals, {}, {}};
    ScanSink sink;
    sink.series = [&scan](SeriesEntry entry) {
        scan.series.push_back(std::move(entry));
        return Result<void>();
    };
    sink.mask = [&scan](MaskFile mask) {
        scan.masks.push_back(std::move(mask));
        return Result<void>();
    };
    if (const auto read = readScanLines(*lines, sink); !read)
        return read.error();
    return scan;
}

Result<void> ReaderClient::findDeadly(std::vector<std::string> files, std::vector<std::string>& deadly,
                                      std::stop_token stop)
{
    const Result<std::string> lines = temporaryPath("search.jsonl");
    if (!lines)
        return lines.error();
    if (files.empty() || files.size() > mostBisected)
        return {};
    const Result<void> tried = scanOnce(*lines, files, {}, stop, {});
    if (tried || tried.error().code != ErrorCode::ReaderDied) {
        const bool stopped = !tried && tried.error().code == ErrorCode::Cancelled;
        return stopped ? tried : Result<void>();
    }
    if (files.size() == 1) {
        deadly.push_back(files.front());
        return {};
    }
    const auto middle = files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2);
    if (const auto first = findDeadly({files.begin(), middle}, deadly, stop); !first)
        return first;
    return findDeadly({middle, files.end()}, deadly, stop);
}

Result<void> ReaderClient::scanOnce(const std::string& linesPath, const std::vector<std::string>& paths,
                                    const std::vector<std::string>& leaveOut, std::stop_token stop,
                                    const ScanReportFunction& report)
{
    if (paths.empty())
        return Error{ErrorCode::InvalidArgument, "scan", "no path was given"};
    ScanRequest request{paths, linesPath, m_scanSettings};
    request.settings.leaveOut = leaveOut;
    const auto done = runTelling(request, paths.front(), stop, report);
    return done ? Result<void>() : Result<void>(done.error());
}

Result<std::vector<Warning>> ReaderClient::decode(const SeriesEntry& entry, const std::string& outPath,
                                                  std::stop_token stop, const ProgressReport& report)
{
    auto done = run(DecodeRequest{entry, outPath}, subjectOf(entry), stop, report);
    return done ? Result(std::move(done->warnings)) : Result<std::vector<Warning>>(done.error());
}

Result<LabelMap> ReaderClient::readMask(const std::string& path, const VolumeGeometry* grid, const SegmentNames& names,
                                        std::stop_token stop, const ProgressReport& report,
                                        std::vector<std::string>* notes)
{
    return maskOf({path, grid != nullptr, grid ? *grid : VolumeGeometry{}, names, {}}, std::move(stop), report, notes);
}

Result<LabelMap> ReaderClient::readMaskOf(const SeriesEntry& image, const std::string& path, const SegmentNames& names,
                                          std::stop_token stop, const ProgressReport& report,
                                          std::vector<std::string>& notes)
{
    ReadMaskRequest request{path, true, image.geometry, names, {}};
    if (image.format == "dicom")
        request.image = {image.info.seriesUid, image.info.frameOfReferenceUid, image.files};
    return maskOf(std::move(request), std::move(stop), report, &notes);
}

Result<LabelMap> ReaderClient::maskOf(ReadMaskRequest request, std::stop_token stop, const ProgressReport& report,
                                      std::vector<std::string>* notes)
{
    const Result<std::string> out = temporaryPath("mask.labels");
    if (!out)
        return out.error();
    request.outPath = *out;
    return labelsOf(request, *out, request.path, std::move(stop), report, notes);
}

Result<LabelMap> ReaderClient::readOverlays(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                                            std::vector<std::string>* notes)
{
    const Result<std::string> out = temporaryPath("mask.labels");
    if (!out)
        return out.error();
    return labelsOf(ReadOverlaysRequest{entry, *out}, *out, subjectOf(entry), std::move(stop), report, notes);
}

Result<LabelMap> ReaderClient::labelsOf(const ReaderRequest& request, const std::string& outPath,
                                        const std::string& subject, std::stop_token stop, const ProgressReport& report,
                                        std::vector<std::string>* notes)
{
    const auto done = run(request, subject, std::move(stop), report);
    if (!done)
        return done.error();
    if (notes)
        notes->insert(notes->end(), done->notes.begin(), done->notes.end());
    Result<LabelMap> labels = readLabelFile(outPath);
    std::error_code ignored;
    fs::remove(outPath, ignored);
    return labels;
}

Result<MaskDescription> ReaderClient::describeMask(const std::string& path, std::stop_token stop)
{
    const Result<std::string> out = temporaryPath("mask.json");
    if (!out)
        return out.error();
    if (const auto done = run(DescribeMaskRequest{path, *out}, path, std::move(stop), {}); !done)
        return done.error();
    const auto bytes = readWholeFile(*out, maxReportBytes);
    std::error_code ignored;
    fs::remove(*out, ignored);
    if (!bytes)
        return bytes.error();
    return maskDescriptionFromJson(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
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
    return runTelling(request, subject, std::move(stop),
                      [&report](const ScanProgress& p) { reportProgress(report, p.fraction); });
}

// A cancel is a request first, so that a scan can keep what it has read already; a reader that does not heed it is ended.
Result<ReaderDone> ReaderClient::runTelling(const ReaderRequest& request, const std::string& subject,
                                            std::stop_token stop, const ScanReportFunction& report)
{
    m_namedFile.clear();
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
    std::optional<std::chrono::steady_clock::time_point> cancelled;
    while (alive) {
        if (stop.stop_requested() && !cancelled) {
            cancelled = std::chrono::steady_clock::now();
            m_process->send(cancelJsonLine());
        }
        if (cancelled && std::chrono::steady_clock::now() - *cancelled > cancelLimit) {
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
            tellProgress(report, *progress);
        else if (const auto* named = std::get_if<ReaderFile>(&*event))
            m_namedFile = named->path; // its last word
        else if (cancelled)
            return cancelledError();
        else if (const auto* failed = std::get_if<ReaderFailed>(&*event))
            return failed->error;
        else if (const auto* done = std::get_if<ReaderDone>(&*event))
            return *done;
    }
    m_process->stop(std::chrono::milliseconds(0));
    if (cancelled) {
        m_process.reset();
        return cancelledError();
    }
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
