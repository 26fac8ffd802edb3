#include "app/workbench/image_cache.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

#include <filesystem>

namespace annotomy {

namespace {

// Files without UIDs are known by their path: a moved one is recognised by its name and grid instead.
std::optional<SeriesEntry> sameSeries(const CaseRecord& record, const std::vector<SeriesEntry>& found)
{
    for (SeriesEntry entry : found) {
        if (!sameGrid(entry.geometry, record.series.geometry))
            continue;
        const bool sameName = entry.format == record.series.format && entry.format != "dicom" && !entry.files.empty()
            && std::filesystem::path(entry.files.front()).filename()
                == std::filesystem::path(record.series.files.front()).filename();
        if (sameName)
            entry.contentKey = record.series.contentKey;
        if (entry.contentKey == record.series.contentKey)
            return entry;
    }
    return std::nullopt;
}

} // namespace

Result<Volume> Workbench::image(CaseId id, std::stop_token stop, const JobReport& report)
{
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    if (workspace().readOnly()) {
        if (std::optional<Volume> cached = ImageCache(workspace().folder(), m_impl->reader).find(record->series))
            return *std::move(cached);
        if (!m_impl->scratch)
            m_impl->scratch = std::make_unique<QTemporaryDir>();
    }
    const std::string folder = m_impl->scratch ? m_impl->scratch->path().toStdString() : workspace().folder();
    ImageCache cache(folder, m_impl->reader);
    Result<Volume> volume = cache.fetch(record->series, stop, stageReport(report, "decoding"));
    if (volume && record->thumbnailPng.empty() && !workspace().readOnly()) {
        if (const auto kept = workspace().setThumbnail(id, thumbnailPng(*volume, record->series.info)); !kept)
            return kept.error();
    }
    return volume;
}

Result<std::string> decodedImagePath(Workbench& workbench, ReaderClient& reader, CaseId id, std::stop_token stop)
{
    const Result<Volume> volume = workbench.image(id, stop);
    if (!volume)
        return volume.error();
    const Result<CaseRecord> record = workbench.workspace().caseById(id);
    if (!record)
        return record.error();
    return ImageCache(workbench.workspace().folder(), reader).pathFor(record->series);
}

Result<void> Workbench::relink(CaseId id, const std::string& folder, std::stop_token stop, const JobReport& report)
{
    if (const auto writable = requireWritable(workspace()); !writable)
        return writable;
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<ScanReport> scanned = m_impl->reader.scan({folder}, stop, stageReport(report, "scanning"));
    if (!scanned)
        return scanned.error();
    const std::optional<SeriesEntry> entry = sameSeries(*record, scanned->series);
    if (!entry)
        return Error{ErrorCode::NotFound, "the study of " + caseName(*record), "it is not in " + folder};
    return workspace().relink(id, *entry);
}

} // namespace annotomy
