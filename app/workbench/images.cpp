#include "app/workbench/image_cache.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

namespace annotomy {

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

} // namespace annotomy
