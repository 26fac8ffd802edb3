#include "app/workbench/relink.h"

#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <filesystem>
#include <map>

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

bool isGone(const CaseRecord& record)
{
    std::error_code error;
    return std::any_of(record.series.files.begin(), record.series.files.end(),
                       [&](const std::string& file) { return !fs::exists(file, error); });
}

// The cases whose files are missing, by what a moved series is recognised by.
class MissingCases {
public:
    void add(CaseRecord record)
    {
        record.thumbnailPng.clear();
        const std::string key = keyOf(record.series);
        m_cases.emplace(key, std::move(record));
    }
    bool isEmpty() const { return m_cases.empty(); }

    // The case that this series is, which is missing no more.
    std::optional<std::pair<CaseId, SeriesEntry>> take(const SeriesEntry& found)
    {
        for (auto [at, end] = m_cases.equal_range(keyOf(found)); at != end; ++at) {
            auto moved = asMoved(at->second, found);
            if (!moved)
                continue;
            const CaseId id = at->second.id;
            m_cases.erase(at);
            return std::pair(id, std::move(*moved));
        }
        return std::nullopt;
    }

    std::vector<CaseId> ids() const
    {
        std::vector<CaseId> ids;
        for (const auto& [key, record] : m_cases)
            ids.push_back(record.id);
        std::sort(ids.begin(), ids.end());
        return ids;
    }

private:
    static std::string keyOf(const SeriesEntry& entry)
    {
        return isKnownByPath(entry) ? fileName(entry) : entry.info.seriesUid;
    }

    std::multimap<std::string, CaseRecord> m_cases;
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
    Result<ScanReport> scanned = m_impl->reader.scan({folder}, stop, stageReport(report, "scanning"));
    if (!scanned)
        return scanned.error();
    const bool joins = record->series.regularised; // the stretches of a stack were one
    for (const SeriesEntry& found : joins ? regularised(std::move(scanned->series)) : scanned->series)
        if (const auto moved = asMoved(*record, found))
            return workspace().relink(id, *moved);
    return Error{ErrorCode::NotFound, "the study of " + caseName(*record), "it is not in " + folder};
}

Result<RelinkReport> Workbench::relinkMissing(const std::string& folder, std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable.error();
    auto cases = workspace().cases();
    if (!cases)
        return cases.error();
    MissingCases missing;
    for (CaseRecord& record : *cases)
        if (isGone(record))
            missing.add(std::move(record));
    RelinkReport outcome;
    if (missing.isEmpty())
        return outcome;
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
    ScanSink sink;
    sink.series = [&](const SeriesEntry& found) -> Result<void> {
        const auto moved = missing.take(found);
        if (!moved)
            return {};
        outcome.relinked.push_back(moved->first);
        return workspace().relink(moved->first, moved->second);
    };
    if (const auto read = readScanLines(lines, sink); !read)
        return read.error();
    std::sort(outcome.relinked.begin(), outcome.relinked.end());
    outcome.missing = missing.ids();
    return outcome;
}

} // namespace annotomy
