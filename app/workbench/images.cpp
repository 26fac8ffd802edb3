#include "app/workbench/image_cache.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

#include <filesystem>

namespace annotomy {

namespace {

// Files without UIDs are known by their path: a moved one is recognised by its name and grid instead.
std::optional<SeriesEntry> sameSeries(const CaseRecord& record, std::vector<SeriesEntry> found)
{
    if (record.series.regularised)
        found = regularised(std::move(found));
    for (SeriesEntry& entry : found) {
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

Result<Volume> Workbench::Impl::fetch(const SeriesEntry& series, std::stop_token stop, const JobReport& report)
{
    if (workspace->readOnly()) {
        if (std::optional<Volume> cached = ImageCache(workspace->folder(), reader).find(series))
            return *std::move(cached);
        if (!scratch)
            scratch = std::make_unique<QTemporaryDir>();
    }
    const std::string folder = scratch ? scratch->path().toStdString() : workspace->folder();
    return ImageCache(folder, reader).fetch(series, stop, stageReport(report, "decoding"));
}

Result<Volume> Workbench::image(CaseId id, std::stop_token stop, const JobReport& report)
{
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    Result<Volume> volume = m_impl->fetch(record->series, stop, report);
    if (volume && record->thumbnailPng.empty() && !workspace().readOnly()) {
        if (const auto kept = workspace().setThumbnail(id, thumbnailPng(*volume, record->series.info)); !kept)
            return kept.error();
    }
    return volume;
}

Result<Volume> Workbench::channelImage(CaseId id, const std::string& channel, std::stop_token stop,
                                       const JobReport& report)
{
    if (channel.empty())
        return image(id, stop, report);
    const Result<CaseRecord> record = workspace().caseById(id);
    if (!record)
        return record.error();
    const Result<std::vector<ChannelRecord>> channels = workspace().channels(id);
    if (!channels)
        return channels.error();
    for (const ChannelRecord& candidate : *channels)
        if (candidate.name == channel)
            return m_impl->fetch(candidate.series, stop, report);
    if (channel == record->channel)
        return image(id, stop, report);
    return Error{ErrorCode::NotFound, "the channel " + channel + " of " + caseName(*record), "the case has no such image"};
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
