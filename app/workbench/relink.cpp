#include "app/workbench/relink.h"

#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

std::string fileName(const SeriesEntry& entry)
{
    return entry.files.empty() ? std::string() : fs::path(entry.files.front()).filename().string();
}

bool isKnownByPath(const SeriesEntry& entry)
{
    return entry.format != "dicom" || entry.info.seriesUid.empty();
}

bool isGone(const SeriesEntry& entry)
{
    std::error_code error;
    return std::any_of(entry.files.begin(), entry.files.end(),
                       [&](const std::string& file) { return !fs::exists(file, error); });
}

// One volume of a case: its image, or a channel.
struct Part {
    CaseRecord record;   // `series` is the part's own
    std::string channel; // empty: the image
};

Result<std::vector<Part>> partsOf(Workspace& workspace, CaseRecord record)
{
    record.thumbnailPng.clear();
    auto channels = workspace.channels(record.id);
    if (!channels)
        return channels.error();
    std::vector<Part> parts;
    for (ChannelRecord& channel : *channels) {
        Part& part = parts.emplace_back(Part{record, channel.name});
        part.record.series = std::move(channel.series);
    }
    parts.push_back({std::move(record), {}});
    return parts;
}

// Parts of cases that are looked for, by what a moved series is recognised by.
class MissingParts {
public:
    void add(Part part)
    {
        m_hasRegularised |= part.record.series.regularised;
        const std::string key = keyOf(part.record.series);
        m_parts.emplace(key, std::move(part));
    }
    bool isEmpty() const { return m_parts.empty(); }
    bool hasRegularised() const { return m_hasRegularised; }

    // Links what this series is, which is missing no more: all parts of its UID, else the first one of its name.
    Result<void> link(const SeriesEntry& found, Workspace& workspace)
    {
        auto [at, end] = m_parts.equal_range(keyOf(found));
        while (at != end) {
            const Part& part = at->second;
            const auto moved = asMoved(part.record, found);
            if (!moved) {
                ++at;
                continue;
            }
            const Result<void> linked = part.channel.empty() ? workspace.relink(part.record.id, *moved)
                                                             : workspace.addChannel(part.record.id, part.channel, *moved);
            if (!linked)
                return linked;
            m_linked.insert(part.record.id.value);
            at = m_parts.erase(at);
            if (isKnownByPath(found))
                break;
        }
        return {};
    }

    RelinkReport report() const
    {
        std::set<std::int64_t> missing;
        for (const auto& [key, part] : m_parts)
            missing.insert(part.record.id.value);
        RelinkReport report;
        for (const std::int64_t id : missing)
            report.missing.push_back({id});
        for (const std::int64_t id : m_linked)
            if (!missing.contains(id))
                report.relinked.push_back({id});
        return report;
    }

private:
    static std::string keyOf(const SeriesEntry& entry)
    {
        return isKnownByPath(entry) ? fileName(entry) : entry.info.seriesUid;
    }

    std::multimap<std::string, Part> m_parts;
    std::set<std::int64_t> m_linked;
    bool m_hasRegularised = false;
};

// Looks through a scan's finds; study by study for regularised series, since the stretches of a stack were joined.
class FindReader {
public:
    FindReader(MissingParts& missing, Workspace& workspace) : m_missing(missing), m_workspace(workspace) {}

    Result<void> take(SeriesEntry found)
    {
        if (auto linked = m_missing.link(found, m_workspace); !linked || !m_missing.hasRegularised())
            return linked;
        const bool isOther = !m_study.empty() && m_study.back().info.studyUid != found.info.studyUid;
        const Result<void> finished = isOther ? finish() : Result<void>();
        m_study.push_back(std::move(found));
        return finished;
    }

    Result<void> finish()
    {
        for (const SeriesEntry& entry : regularised(std::exchange(m_study, {})))
            if (auto linked = entry.regularised ? m_missing.link(entry, m_workspace) : Result<void>(); !linked)
                return linked;
        return {};
    }

private:
    MissingParts& m_missing;
    Workspace& m_workspace;
    std::vector<SeriesEntry> m_study;
};

} // namespace

std::optional<SeriesEntry> asMoved(const CaseRecord& record, const SeriesEntry& scanned)
{
    const SeriesEntry& known = record.series;
    const SeriesEntry found = known.regularised && !scanned.regularised ? regularised(scanned) : scanned;
    if (!sameGrid(found.geometry, known.geometry) || found.format != known.format)
        return std::nullopt;
    SeriesEntry entry = found;
    const bool sameName = isKnownByPath(found) && isKnownByPath(known) && fileName(found) == fileName(known)
        && found.frames == known.frames && found.info.patientId == known.info.patientId;
    if (sameName)
        entry.contentKey = known.contentKey;
    return entry.contentKey == known.contentKey ? std::optional(entry) : std::nullopt;
}

Result<void> Workbench::relink(CaseId id, const std::string& folder, std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable;
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    Result<std::vector<Part>> parts = partsOf(workspace(), *record);
    if (!parts)
        return parts.error();
    MissingParts missing;
    for (Part& part : *parts)
        if (part.channel.empty() || isGone(part.record.series))
            missing.add(std::move(part));
    Result<ScanReport> scanned = m_impl->reader.scan({folder}, stop, stageReport(report, "scanning"));
    if (!scanned)
        return scanned.error();
    FindReader finds(missing, workspace());
    for (SeriesEntry& found : scanned->series)
        if (auto taken = finds.take(std::move(found)); !taken)
            return taken;
    if (auto finished = finds.finish(); !finished)
        return finished;
    return missing.isEmpty() ? Result<void>()
                             : Error{ErrorCode::NotFound, "the study of " + caseName(*record), "it is not in " + folder};
}

Result<RelinkReport> Workbench::relinkMissing(const std::string& folder, std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    auto cases = workspace().cases();
    if (!cases)
        return cases.error();
    MissingParts missing;
    for (CaseRecord& record : *cases) {
        auto parts = partsOf(workspace(), std::move(record));
        if (!parts)
            return parts.error();
        for (Part& part : *parts)
            if (isGone(part.record.series))
                missing.add(std::move(part));
    }
    if (missing.isEmpty())
        return RelinkReport();
    std::error_code error;
    const fs::path full = fs::canonical(folder, error);
    if (error)
        return Error{ErrorCode::NotFound, folder, "there is no such folder"};
    const QTemporaryDir scratch;
    const std::string lines = scratch.filePath(QStringLiteral("scan.jsonl")).toStdString();
    const ProgressReport progress = stageReport(report, "scanning");
    const auto totals = m_impl->reader.scanTo(lines, {full.string()}, stop, [&progress](const ScanProgress& p) {
        reportProgress(progress, p.fraction);
    });
    if (!totals)
        return totals.error();
    FindReader finds(missing, workspace());
    ScanSink sink;
    sink.series = [&](SeriesEntry found) { return finds.take(std::move(found)); };
    if (const auto read = readScanLines(lines, sink); !read)
        return read.error();
    if (auto finished = finds.finish(); !finished)
        return finished.error();
    return missing.report();
}

} // namespace annotomy
