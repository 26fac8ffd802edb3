#include "app/workbench/image_cache.h"
#include "app/workbench/image_copy.h"
#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

// Larger images are decoded, and get their thumbnail, when they are first opened.
constexpr std::size_t decodeAtImportVoxels = 8'000'000;

bool contains(const std::string& text, const std::string& word)
{
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

void flagScouts(SeriesEntry& entry)
{
    const std::string& description = entry.info.seriesDescription;
    const bool scout = contains(description, "localizer") || contains(description, "localiser")
        || contains(description, "scout") || contains(description, "topogram") || contains(description, "surview");
    if (scout && !hasWarning(entry.info, "localiser"))
        entry.info.warnings.push_back({"localiser", "This series is a localiser: it shows where others lie.", {}});
    if (entry.geometry.size[2] == 1 && !hasWarning(entry.info, "singleSlice"))
        entry.info.warnings.push_back({"singleSlice", "This series is a single slice, not a volume.", {}});
}

std::string patientKeyOf(const SeriesEntry& entry)
{
    if (!entry.info.patientId.empty())
        return entry.info.patientId;
    return entry.info.patientName;
}

// One import: scan, cases, masks.
class Importer {
public:
    Importer(Workspace& workspace, ReaderClient& reader, const ImportOptions& options, std::stop_token stop,
             const JobReport& report)
        : m_workspace(workspace), m_reader(reader), m_cache(workspace.folder(), reader), m_options(options),
          m_stop(std::move(stop)), m_report(report)
    {
    }

    Result<ImportReport> run(std::vector<std::string> paths);

private:
    struct Made {
        SeriesEntry entry;
        std::string source; // its first file, before it was copied
        std::size_t index;  // in m_outcome.cases
    };

    Result<void> readPaths(std::vector<std::string>& paths);
    Result<void> leaveOutMasks(const std::vector<std::string>& paths);
    Result<void> importEntry(const SeriesEntry& entry);
    Result<void> importMember(const SeriesEntry& entry);
    Result<SeriesEntry> prepared(const SeriesEntry& entry);
    Result<std::optional<CaseId>> joinedAsChannel(const SeriesEntry& entry);
    void decodeSmall(const SeriesEntry& entry, CaseId id);
    Result<void> attachMasks();
    Result<void> attachMask(const std::string& path, Made& made);
    void skip(const std::string& path, const Error& error);

    Workspace& m_workspace;
    ReaderClient& m_reader;
    ImageCache m_cache;
    const ImportOptions& m_options;
    std::stop_token m_stop;
    const JobReport& m_report;
    ScanReport m_scan;
    std::string m_masksFolder; // absolute; empty: none
    std::vector<Made> m_made;
    std::map<std::string, std::size_t> m_sequences; // where the case of each is, in m_outcome.cases
    ImportReport m_outcome;
};

void Importer::skip(const std::string& path, const Error& error)
{
    m_outcome.skipped.push_back({path, error.code, error.detail});
}

Result<void> Importer::readPaths(std::vector<std::string>& paths)
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
    }
    m_reader.setArchiveFolder(m_workspace.folder() + "/archives");
    Result<ScanReport> scan = m_reader.scan(paths, m_stop, stageReport(m_report, "scanning", 0, 0.3));
    if (!scan)
        return scan.error();
    m_scan = *std::move(scan);
    if (m_options.regularise)
        m_scan.series = regularised(std::move(m_scan.series));
    m_outcome.filesSeen = m_scan.filesSeen;
    m_outcome.skipped = m_scan.skipped;
    return leaveOutMasks(paths);
}

Result<void> Importer::leaveOutMasks(const std::vector<std::string>& paths)
{
    const std::vector<bool> beside = masksBesideImages(m_scan.series);
    // Images and masks in one folder are told apart by their names.
    const bool shared = !m_masksFolder.empty() && std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
        return liesIn(path, m_masksFolder);
    });
    std::vector<SeriesEntry> images;
    for (std::size_t n = 0; n < m_scan.series.size(); ++n) {
        const SeriesEntry& entry = m_scan.series[n];
        const bool named = !m_masksFolder.empty() && !entry.files.empty()
            && std::all_of(entry.files.begin(), entry.files.end(),
                           [&](const std::string& file) { return liesIn(file, m_masksFolder); });
        if (named && (!shared || beside[n]))
            continue;
        if (beside[n]) {
            skip(entry.files.front(),
                 {ErrorCode::Unsupported, {}, "a mask beside its image: attach it, or name its folder as masks"});
            continue;
        }
        images.push_back(entry);
    }
    if (images.empty())
        return Error{ErrorCode::EmptyFolder, m_masksFolder, "only masks were found"};
    m_scan.series = std::move(images);
    return {};
}

Result<SeriesEntry> Importer::prepared(const SeriesEntry& entry)
{
    SeriesEntry result = entry;
    flagScouts(result);
    if (!m_options.copy)
        return result;
    const std::string key = sha256Hex(std::as_bytes(std::span<const char>(entry.contentKey))).substr(0, 16);
    Result<SeriesEntry> copy = copySeries(result, m_workspace.folder() + "/images", key, m_stop);
    if (copy || copy.error().code != ErrorCode::Unsupported)
        return copy;
    result.info.warnings.push_back({"notCopied", "This image stays where it is: " + copy.error().detail + ".",
                                    entry.files});
    return result;
}

Result<std::optional<CaseId>> Importer::joinedAsChannel(const SeriesEntry& entry)
{
    if (m_options.channel.empty() || entry.info.frameOfReferenceUid.empty())
        return std::optional<CaseId>();
    const Result<std::vector<CaseRecord>> cases = m_workspace.cases();
    if (!cases)
        return cases.error();
    for (const CaseRecord& record : *cases) {
        if (record.series.info.frameOfReferenceUid != entry.info.frameOfReferenceUid
            || record.patientKey != patientKeyOf(entry) || record.series.contentKey == entry.contentKey)
            continue;
        if (const auto added = m_workspace.addChannel(record.id, m_options.channel, entry); !added)
            return added.error();
        return std::optional(record.id);
    }
    return std::optional<CaseId>();
}

void Importer::decodeSmall(const SeriesEntry& entry, CaseId id)
{
    if (entry.geometry.voxelCount() > decodeAtImportVoxels)
        return;
    const Result<Volume> volume = m_cache.fetch(entry, m_stop, {});
    if (!volume) {
        if (volume.error().code != ErrorCode::Cancelled)
            skip(entry.files.front(), volume.error());
        return;
    }
    if (const auto kept = m_workspace.setThumbnail(id, thumbnailPng(*volume, entry.info)); !kept)
        skip(entry.files.front(), kept.error());
}

Result<void> Importer::importEntry(const SeriesEntry& entry)
{
    const Result<SeriesEntry> ready = prepared(entry);
    if (!ready)
        return ready.error();
    const Result<std::optional<CaseId>> channelOf = joinedAsChannel(*ready);
    if (!channelOf)
        return channelOf.error();
    ImportedCase imported;
    if (*channelOf) {
        imported.id = **channelOf;
    } else {
        const std::string channel = m_options.channel.empty() ? "image" : m_options.channel;
        const auto added = m_workspace.addCase(*ready, channel, ready->files != entry.files);
        if (!added)
            return added.error();
        imported.id = added->id;
        imported.isNew = added->isNew;
        if (added->isNew)
            decodeSmall(*ready, added->id);
        else if (m_options.copy) // known, perhaps only by where it was
            if (const auto linked = m_workspace.relink(added->id, *ready); !linked)
                return linked.error();
    }
    const Result<CaseRecord> record = m_workspace.caseById(imported.id);
    if (!record)
        return record.error();
    imported.patient = record->patientName;
    imported.modality = ready->info.modality;
    imported.size = ready->geometry.size;
    imported.warnings = ready->info.warnings;
    if (!entry.sequence.key.empty())
        m_sequences[entry.sequence.key] = m_outcome.cases.size();
    m_made.push_back({*ready, entry.files.front(), m_outcome.cases.size()});
    m_outcome.cases.push_back(std::move(imported));
    return {};
}

// A later volume of a sequence: a channel of the case that its first one made.
Result<void> Importer::importMember(const SeriesEntry& entry)
{
    const auto sequence = m_sequences.find(entry.sequence.key);
    if (sequence == m_sequences.end()) // the first one was left out
        return importEntry(entry);
    const Result<SeriesEntry> ready = prepared(entry);
    if (!ready)
        return ready.error();
    ImportedCase& imported = m_outcome.cases[sequence->second];
    const std::string prefix = m_options.channel.empty() ? "" : m_options.channel + " ";
    const std::string name = prefix + entry.sequence.kind + " " + std::to_string(entry.sequence.index + 1);
    ++imported.volumes;
    return m_workspace.addChannel(imported.id, name, *ready);
}

Result<void> Importer::attachMask(const std::string& path, Made& made)
{
    std::vector<std::string> notes;
    const Result<LabelMap> labels = m_reader.readMask(path, &made.entry.geometry, {}, m_stop, {}, &notes);
    if (!labels)
        return labels.error();
    ImportedCase& imported = m_outcome.cases[made.index];
    const std::string hash = sha256Hex(encodeLabelMap(*labels));
    const Result<std::vector<RevisionRecord>> revisions = m_workspace.revisions(imported.id);
    if (!revisions)
        return revisions.error();
    for (const RevisionRecord& revision : *revisions) {
        if (revision.authorKind == AuthorKind::Import && revision.maskHash == hash) {
            imported.revision = revision.id;
            return {};
        }
    }
    Attachment attachment;
    attachment.caseId = imported.id;
    attachment.author = fs::path(path).filename().string();
    attachment.note = withNotes("imported with the image", notes);
    const Result<RevisionRecord> attached = attachLabels(m_workspace, attachment, *labels);
    if (!attached)
        return attached.error();
    imported.revision = attached->id;
    return {};
}

Result<void> Importer::attachMasks()
{
    struct Candidate {
        std::string path;
        std::string seriesUid; // empty: matched by name
    };
    std::vector<Candidate> masks;
    for (const MaskFile& mask : m_scan.masks) {
        if (m_masksFolder.empty() || !liesIn(mask.path, m_masksFolder))
            masks.push_back({mask.path, mask.referencedSeriesUid});
    }
    const auto isImage = [&](const std::string& path) {
        return std::any_of(m_made.begin(), m_made.end(),
                           [&](const Made& made) { return made.source == path; });
    };
    if (!m_masksFolder.empty()) {
        for (const std::string& path : maskFilesIn(m_masksFolder)) {
            if (!isImage(path))
                masks.push_back({path, {}});
        }
    }
    const bool single = m_made.size() == 1 && masks.size() == 1; // no name is needed to match them
    for (std::size_t n = 0; n < masks.size(); ++n) {
        if (m_stop.stop_requested())
            return cancelledError();
        reportStage(m_report, "masks", 0.7 + 0.3 * static_cast<double>(n) / static_cast<double>(masks.size()));
        const Candidate& mask = masks[n];
        std::optional<Error> problem = Error{ErrorCode::NotFound, mask.path, "no image belongs to this mask"};
        for (Made& made : m_made) {
            const bool belongs = mask.seriesUid.empty() ? single || maskBelongsTo(mask.path, made.entry)
                                                        : made.entry.info.seriesUid == mask.seriesUid;
            if (!belongs)
                continue;
            const Result<void> attached = attachMask(mask.path, made);
            problem = attached ? std::nullopt : std::optional(attached.error());
            if (attached)
                break;
        }
        if (problem && (problem->code == ErrorCode::DiskFull || problem->code == ErrorCode::Cancelled))
            return *problem;
        if (problem)
            skip(mask.path, *problem);
    }
    return {};
}

Result<ImportReport> Importer::run(std::vector<std::string> paths)
{
    if (const auto read = readPaths(paths); !read)
        return read.error();
    // The first volumes of sequences make the cases that the others join.
    std::stable_sort(m_scan.series.begin(), m_scan.series.end(), [](const SeriesEntry& a, const SeriesEntry& b) {
        return a.sequence.index < b.sequence.index;
    });
    for (std::size_t n = 0; n < m_scan.series.size(); ++n) {
        if (m_stop.stop_requested())
            return cancelledError();
        const double done = static_cast<double>(n) / static_cast<double>(m_scan.series.size());
        reportStage(m_report, "importing", 0.3 + 0.4 * done);
        const SeriesEntry& entry = m_scan.series[n];
        if (const auto imported = entry.sequence.index == 0 ? importEntry(entry) : importMember(entry); !imported)
            return imported.error();
    }
    if (const auto attached = attachMasks(); !attached)
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
