#include "app/workbench/image_cache.h"
#include "app/workbench/mask_export.h"
#include "app/workbench/thumbnail.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <optional>

namespace annotomy {

Result<void> keepDamage(Workspace& workspace, const SeriesEntry& series, const std::vector<Warning>& found)
{
    const auto damageOf = [](const std::vector<Warning>& warnings) {
        const auto it = std::find_if(warnings.begin(), warnings.end(),
                                     [](const Warning& warning) { return warning.code == damagedSliceCode; });
        return it != warnings.end() ? std::optional(*it) : std::nullopt;
    };
    const auto damage = damageOf(found);
    if (damage == damageOf(series.info.warnings))
        return {};
    return workspace.replaceWarning(series.contentKey, std::string(damagedSliceCode), damage);
}

Result<Volume> Workbench::Impl::fetch(const SeriesEntry& series, std::stop_token stop, const JobReport& report)
{
    if (workspace->readOnly()) {
        if (std::optional<CachedImage> cached = ImageCache(workspace->folder(), reader).find(series))
            return std::move(cached->volume);
        if (!scratch)
            scratch = std::make_unique<QTemporaryDir>();
    }
    const std::string folder = scratch ? scratch->path().toStdString() : workspace->folder();
    auto image = ImageCache(folder, reader).fetch(series, stop, stageReport(report, "decoding"));
    if (!image)
        return image.error();
    if (const auto kept = workspace->readOnly() ? Result<void>() : keepDamage(*workspace, series, image->warnings); !kept)
        return kept.error();
    return std::move(image->volume);
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
    const Result<SeriesEntry> series = m_impl->channelSeries(id, channel);
    return series ? m_impl->fetch(*series, stop, report) : series.error();
}

Result<SeriesEntry> Workbench::Impl::channelSeries(CaseId id, const std::string& channel)
{
    const Result<CaseRecord> record = workspace->caseById(id);
    if (!record)
        return record.error();
    if (channel.empty())
        return record->series;
    const Result<std::vector<ChannelRecord>> channels = workspace->channels(id);
    if (!channels)
        return channels.error();
    for (const ChannelRecord& candidate : *channels)
        if (candidate.name == channel)
            return candidate.series;
    if (channel == record->channel)
        return record->series;
    return Error{ErrorCode::NotFound, "the channel " + channel + " of " + caseName(*record), "the case has no such image"};
}

Result<std::vector<Warning>> Workbench::exportImage(CaseId id, const std::string& channel, const std::string& outPath,
                                                    std::stop_token stop, const JobReport& report)
{
    if (const auto valid = checkOutput(outPath); !valid)
        return valid.error();
    const Result<SeriesEntry> series = m_impl->channelSeries(id, channel);
    if (!series)
        return series.error();
    const Result<Volume> volume = m_impl->fetch(*series, stop, report);
    if (!volume)
        return volume.error();
    if (const auto written = writeVolumeAs(*volume, outPath, stop, stageReport(report, "saving")); !written)
        return written.error();
    const Result<SeriesEntry> told = m_impl->channelSeries(id, channel); // decoding may have found more
    return told ? Result(told->info.warnings) : Result<std::vector<Warning>>(told.error());
}

Result<std::string> Workbench::imagePath(CaseId id, std::stop_token stop)
{
    return decodedImagePath(*this, m_impl->reader, id, stop);
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
