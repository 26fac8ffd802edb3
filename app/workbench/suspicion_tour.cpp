#include "app/workbench/suspicion_tour.h"

#include "app/workbench/approved_masks.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>

namespace annotomy {

namespace {

constexpr std::size_t mostCases = 100;
constexpr double uncertaintyPart = 0.9; // of the progress

Result<std::map<std::string, SizeStatistics>> approvedSizes(Workspace& workspace, CaseId except, std::stop_token stop,
                                                            const ProgressReport& report)
{
    std::vector<ApprovedMask> masks;
    for (const Pool pool : {Pool::Train, Pool::Validation}) {
        const auto found = approvedMasks(workspace, pool);
        if (!found)
            return found.error();
        std::copy_if(found->begin(), found->end(), std::back_inserter(masks),
                     [except](const ApprovedMask& mask) { return mask.record.id != except; });
    }
    std::sort(masks.begin(), masks.end(), [](const ApprovedMask& a, const ApprovedMask& b) {
        return a.revision.approvedMs > b.revision.approvedMs;
    });
    masks.resize(std::min(masks.size(), mostCases));
    std::map<std::string, std::vector<double>> volumes;
    for (std::size_t n = 0; n < masks.size(); ++n) {
        if (stop.stop_requested())
            return cancelledError();
        const auto labels = workspace.loadMask(masks[n].revision.id);
        if (!labels)
            return labels.error();
        const std::vector<std::int64_t> counts = voxelCounts(*labels);
        for (const Segment& segment : labels->segments().segments())
            if (counts[segment.number] > 0)
                volumes[segment.name].push_back(static_cast<double>(counts[segment.number]) *
                                                labels->geometry().voxelVolumeMm3() / 1000);
        reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(masks.size()));
    }
    std::map<std::string, SizeStatistics> sizes;
    for (const auto& [name, values] : volumes)
        sizes[name] = sizeStatistics(values);
    return sizes;
}

} // namespace

Result<SuspicionTour> suspicionTour(Workbench& workbench, CaseId id, const LabelMap& labels, const ProposeOptions& options,
                                    std::stop_token stop, const JobReport& report)
{
    const JobReport first = [&](const JobUpdate& update) {
        JobUpdate part = update;
        part.fraction *= uncertaintyPart;
        if (report)
            report(part);
    };
    Result<Uncertainty> uncertainty = uncertaintyOf(workbench, id, options, stop, first);
    if (!uncertainty)
        return uncertainty.error();
    const auto sizes =
        approvedSizes(workbench.workspace(), id, stop, stageReport(report, "comparing", uncertaintyPart, 1));
    if (!sizes)
        return sizes.error();
    auto regions = suspiciousRegions(labels, uncertainty->entropy, *sizes, {}, stop);
    if (!regions)
        return regions.error();
    return SuspicionTour{*std::move(uncertainty), *std::move(regions)};
}

} // namespace annotomy
