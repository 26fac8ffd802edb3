#include "app/workbench/case_import.h"
#include "app/workbench/mask_import.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/overlay_import.h"
#include "app/workbench/workbench_impl.h"

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t mostNamedFiles = 100; // of one warning in the report; the case keeps them all

// One import: scan, cases, masks. The finds of the scan lie in a file and are read one by one: first to tell masks from
// images, then to make cases.
class Importer {
public:
    Importer(Workspace& workspace, ReaderClient& reader, const ImportOptions& options, std::stop_token stop,
             const JobReport& report)
        : m_workspace(workspace), m_reader(reader), m_options(options), m_stop(std::move(stop)), m_report(report),
          m_cases(workspace, reader, options, m_stop), m_masks(workspace, reader, m_stop),
          m_overlays(workspace, reader, m_stop)
    {
    }

    Result<ImportReport> run(std::vector<std::string> paths);

private:
    Result<void> scan(std::vector<std::string>& paths);
    Result<void> sortOut();
    Result<void> eachSeries(const std::function<Result<void>(const SeriesEntry&)>& take);
    Result<void> importEach();
    Result<void> importMembers();
    Result<void> importOne(const SeriesEntry& entry);
    bool isImage(const SeriesEntry& entry) const;
    Result<void> attachMasks();
    Result<void> attachOverlays();
    bool isNamedAsMask(const SeriesEntry& entry) const;
    void skip(const std::string& path, const Error& error);
    void leaveOut(const SeriesEntry& entry, const Error& error);

    Workspace& m_workspace;
    ReaderClient& m_reader;
    const ImportOptions& m_options;
    std::stop_token m_stop;
    const JobReport& m_report;
    std::unique_ptr<QTemporaryDir> m_scratch;
    std::string m_lines;       // the file of the finds
    std::string m_masksFolder; // absolute; empty: none
    bool m_isShared = false;   // images and masks lie in one folder, and are told apart by their names
    MaskSorter m_sorter;
    std::int64_t m_found = 0;                         // series
    bool m_hasMembers = false;                        // later volumes of sequences, which join the first one's case
    std::map<std::string, std::size_t> m_sequences;   // where the case of each is, in m_outcome.cases
    CaseImport m_cases;
    MaskImport m_masks;
    OverlayImport m_overlays;
    std::optional<Error> m_refused;                   // the first image whose voxels could not be read
    ImportReport m_outcome;
};

void Importer::skip(const std::string& path, const Error& error)
{
    m_outcome.skipped.push_back({path, error.code, error.detail});
    ++m_outcome.filesSkipped;
    const auto isSame = [&](const SkippedCount& known) { return known.code == error.code && known.detail == error.detail; };
    auto& counts = m_outcome.skippedCounts;
    const auto it = std::find_if(counts.begin(), counts.end(), isSame);
    if (it == counts.end())
        counts.push_back({error.code, error.detail, 1});
    else
        ++it->count;
}

// A series whose voxels could not be read: the file that is at fault, and the others with it. Those that the scan found
// damaged were counted as left out already.
void Importer::leaveOut(const SeriesEntry& entry, const Error& error)
{
    std::set<std::string> files(entry.files.begin(), entry.files.end());
    const std::string culprit = files.contains(error.subject) ? error.subject : entry.files.front();
    for (const Warning& warning : entry.info.warnings)
        for (const std::string& file : warning.files)
            if (warning.code == damagedSliceCode)
                files.erase(file);
    m_outcome.filesInSeries -= static_cast<std::int64_t>(files.size());
    if (files.erase(culprit) > 0)
        skip(culprit, error);
    if (const auto others = static_cast<std::int64_t>(files.size()); others > 0) {
        m_outcome.filesSkipped += others;
        m_outcome.skippedCounts.push_back({error.code, "slices of a series with a file that could not be read: " + culprit,
                                           others});
    }
    if (!m_refused)
        m_refused = Error{error.code, culprit, error.detail};
}

Result<void> Importer::scan(std::vector<std::string>& paths)
{
    for (std::string& path : paths) {
        std::error_code error;
        const fs::path full = fs::canonical(path, error);
        if (error)
            return Error{ErrorCode::NotFound, path, "there is no such file or folder"};
        path = full.string();
    }
    if (!m_options.masksFolder.empty()) {
        const Result<std::string> folder = resolveMasksFolder(m_options.masksFolder, paths);
        if (!folder)
            return folder.error();
        m_masksFolder = *folder;
        m_isShared = std::any_of(paths.begin(), paths.end(),
                                 [&](const std::string& path) { return liesIn(path, m_masksFolder); });
    }
    // Beside the cache and not in the system's temporary folder, which may be memory.
    const std::string cache = m_workspace.folder() + "/cache";
    m_scratch = std::make_unique<QTemporaryDir>(QString::fromStdString(cache + "/import.part-XXXXXX"));
    if (!m_scratch->isValid())
        return Error{ErrorCode::IoFailure, cache, m_scratch->errorString().toStdString()};
    m_lines = m_scratch->filePath(QStringLiteral("scan.jsonl")).toStdString();
    m_reader.setArchiveFolder(m_workspace.folder() + "/archives");
    m_reader.setScanFolders(cache + "/headers", m_scratch->path().toStdString());
    const Result<ScanTotals> totals = m_reader.scanTo(m_lines, paths, m_stop, [this](const ScanProgress& progress) {
        JobUpdate update;
        update.stage = "scanning";
        update.fraction = 0.3 * progress.fraction;
        update.filesFound = progress.found;
        update.filesDone = progress.done;
        update.filesPerSecond = progress.perSecond;
        if (m_report)
            m_report(update);
    });
    if (!totals)
        return totals.error();
    static_cast<ScanTotals&>(m_outcome) = *totals;
    return {};
}

Result<void> Importer::sortOut()
{
    ScanSink sink;
    sink.series = [this](const SeriesEntry& entry) {
        ++m_found;
        m_hasMembers |= entry.sequence.index > 0;
        if (MaskSorter::mayBeMask(entry))
            m_sorter.add(entry);
        return Result<void>();
    };
    sink.mask = [this](const MaskFile& mask) {
        m_masks.addMask(mask);
        return Result<void>();
    };
    if (const auto read = readScanLines(m_lines, sink); !read)
        return read.error();
    if (m_sorter.isEmpty())
        return {};
    ScanSink images;
    images.series = [this](const SeriesEntry& entry) {
        if (!MaskSorter::mayBeMask(entry))
            m_sorter.meet(entry);
        return Result<void>();
    };
    const auto read = readScanLines(m_lines, images);
    return read ? Result<void>() : Result<void>(read.error());
}

bool Importer::isNamedAsMask(const SeriesEntry& entry) const
{
    return !m_masksFolder.empty()
        && std::all_of(entry.files.begin(), entry.files.end(),
                       [&](const std::string& file) { return liesIn(file, m_masksFolder); });
}

// All finds; regularised study by study where that is wanted, for the stretches of a stack are joined then.
Result<void> Importer::eachSeries(const std::function<Result<void>(const SeriesEntry&)>& take)
{
    std::vector<SeriesEntry> study;
    const auto takeStudy = [&]() -> Result<void> {
        for (const SeriesEntry& entry : regularised(std::exchange(study, {})))
            if (auto taken = take(entry); !taken)
                return taken;
        return {};
    };
    ScanSink sink;
    sink.series = [&](SeriesEntry entry) -> Result<void> {
        if (!m_options.regularise)
            return take(entry);
        const bool isOther = !study.empty() && (study.back().info.studyUid != entry.info.studyUid
                                                || study.back().info.patientId != entry.info.patientId);
        const Result<void> taken = isOther ? takeStudy() : Result<void>();
        study.push_back(std::move(entry));
        return taken;
    };
    const auto read = readScanLines(m_lines, sink);
    return read ? takeStudy() : Result<void>(read.error());
}

bool Importer::isImage(const SeriesEntry& entry) const
{
    const bool beside = MaskSorter::mayBeMask(entry) && m_sorter.isMask(entry);
    return !beside && !(isNamedAsMask(entry) && !m_isShared);
}

Result<void> Importer::importMembers()
{
    return eachSeries([this](const SeriesEntry& entry) -> Result<void> {
        if (m_stop.stop_requested())
            return cancelledError();
        if (entry.sequence.index == 0 || !isImage(entry) || (m_options.accepts && !m_options.accepts(entry)))
            return {};
        const auto sequence = m_sequences.find(entry.sequence.key);
        if (sequence == m_sequences.end()) // the first one was left out
            return importOne(entry);
        ImportedCase& imported = m_outcome.cases[sequence->second];
        ++imported.volumes;
        return m_cases.addMember(entry, imported.id);
    });
}

Result<void> Importer::importEach()
{
    std::int64_t done = 0, images = 0;
    const auto take = [&](const SeriesEntry& entry) -> Result<void> {
        if (m_stop.stop_requested())
            return cancelledError();
        reportStage(m_report, "importing", 0.3 + 0.4 * static_cast<double>(done++) / static_cast<double>(m_found));
        const bool beside = MaskSorter::mayBeMask(entry) && m_sorter.isMask(entry);
        if (isNamedAsMask(entry) && (!m_isShared || beside)) {
            --m_outcome.filesInSeries;
            ++m_outcome.filesInMasks;
            return {};
        }
        if (beside) {
            --m_outcome.filesInSeries;
            skip(entry.files.front(),
                 {ErrorCode::LooseMask, {}, "it lies beside its image; masks of a folder that is named as theirs are attached at once"});
            return {};
        }
        ++images;
        const bool isLater = entry.sequence.index > 0 || (m_options.accepts && !m_options.accepts(entry));
        return isLater ? Result<void>() : importOne(entry);
    };
    if (const auto taken = eachSeries(take); !taken)
        return taken;
    if (const auto joined = m_hasMembers ? importMembers() : Result<void>(); !joined)
        return joined;
    if (m_refused && m_outcome.cases.empty() && !m_options.accepts) // an inbox goes on
        return *m_refused;
    return images > 0 ? Result<void>() : Error{ErrorCode::EmptyFolder, m_masksFolder, "only masks were found"};
}

Result<void> Importer::importOne(const SeriesEntry& entry)
{
    auto outcome = m_cases.run(entry);
    if (!outcome)
        return outcome.error();
    if (outcome->notDecoded)
        leaveOut(entry, *outcome->notDecoded);
    if (!outcome->imported.id)
        return {};
    ImportedCase& imported = outcome->imported;
    if (!entry.sequence.key.empty())
        m_sequences[entry.sequence.key] = m_outcome.cases.size();
    m_outcome.newCases += imported.isNew;
    m_outcome.grownCases += imported.grew;
    for (Warning& warning : imported.warnings)
        if (warning.files.size() > mostNamedFiles)
            warning.files.resize(mostNamedFiles);
    if (m_masks.count() > 0 || !m_masksFolder.empty())
        m_masks.addImage(entry, imported.id);
    if ((imported.isNew || imported.grew) && hasWarning(outcome->entry.info, "overlay"))
        m_overlays.add(imported.id);
    m_outcome.cases.push_back(std::move(imported));
    return {};
}

Result<void> Importer::attachMasks()
{
    std::int64_t unseen = 0; // masks of the folder that the scan has not met
    if (!m_masksFolder.empty()) {
        for (const std::string& path : maskFilesIn(m_masksFolder)) {
            if (!m_masks.knows(path))
                m_masks.addMask({path, {}, {}});
        }
    }
    MaskImport::Told told;
    told.attached = [this](CaseId id, RevisionId revision) {
        for (ImportedCase& imported : m_outcome.cases)
            if (imported.id == id)
                imported.revision = revision;
    };
    told.skipped = [&](const std::string& path, const Error& error) {
        if (m_outcome.filesInMasks > 0)
            --m_outcome.filesInMasks;
        else
            ++unseen;
        const bool isLoose = error.code == ErrorCode::NotFound || error.code == ErrorCode::Conflict;
        skip(path, isLoose ? Error{ErrorCode::LooseMask, path, error.detail} : error);
    };
    const auto attached = m_masks.run(told, stageReport(m_report, "masks", 0.7, 0.9));
    m_outcome.filesSeen += unseen;
    return attached;
}

// After the masks, so that the overlays' segments stand beside theirs.
Result<void> Importer::attachOverlays()
{
    OverlayImport::Told told;
    told.attached = [this](CaseId id, RevisionId revision) {
        for (ImportedCase& imported : m_outcome.cases)
            if (imported.id == id)
                imported.revision = revision;
    };
    told.warned = [this](CaseId id, const Warning& warning) {
        for (ImportedCase& imported : m_outcome.cases)
            for (Warning& known : imported.warnings)
                if (imported.id == id && known.code == warning.code)
                    known.text = warning.text;
    };
    return m_overlays.run(told, stageReport(m_report, "masks", 0.9, 1));
}

Result<ImportReport> Importer::run(std::vector<std::string> paths)
{
    if (const auto scanned = scan(paths); !scanned)
        return scanned.error();
    if (const auto sorted = sortOut(); !sorted)
        return sorted.error();
    if (const auto imported = importEach(); !imported)
        return imported.error();
    if (const auto attached = attachMasks(); !attached)
        return attached.error();
    if (const auto attached = attachOverlays(); !attached)
        return attached.error();
    reportStage(m_report, "importing", 1);
    return std::move(m_outcome);
}

} // namespace

Result<ImportReport> Workbench::importPaths(const std::vector<std::string>& paths, const ImportOptions& options,
                                            std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    if (paths.empty())
        return Error{ErrorCode::InvalidArgument, "import", "name at least one file or folder"};
    return Importer(workspace(), m_impl->reader, options, std::move(stop), report).run(paths);
}

} // namespace annotomy
