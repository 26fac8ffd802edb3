#include "app/workbench/approval_metrics.h"

#include "app/workbench/segment_matching.h"
#include "core/metrics/mask_metrics.h"

namespace annotomy {

namespace {

constexpr double nsdToleranceMm = 1;

struct Pair {
    RevisionId reference, mask;
    std::string purpose;
};

Result<std::vector<MetricRecord>> measured(Workspace& workspace, const Pair& pair, std::stop_token stop)
{
    const Result<LabelMap> reference = workspace.loadMask(pair.reference);
    if (!reference)
        return reference.error();
    const Result<LabelMap> mask = workspace.loadMask(pair.mask);
    if (!mask)
        return mask.error();
    const LabelMap aligned = renumbered(*mask, renumberingByName(mask->segments(), reference->segments()));
    const auto metrics = compareLabelMaps(*reference, aligned, nsdToleranceMm, stop);
    if (!metrics)
        return metrics.error();
    std::vector<MetricRecord> records;
    for (const SegmentMetrics& segment : *metrics)
        records.push_back({pair.reference, pair.mask, pair.purpose, segment});
    return records;
}

} // namespace

Result<void> storeApprovalMetrics(Workspace& workspace, CaseId id, RevisionId approved, std::stop_token stop)
{
    const Result<std::vector<RevisionRecord>> revisions = workspace.revisions(id);
    if (!revisions)
        return revisions.error();
    RevisionId proposal, truth;
    for (const RevisionRecord& revision : *revisions) {
        if (revision.authorKind == AuthorKind::Model)
            proposal = revision.id;
        else if (revision.authorKind == AuthorKind::Import)
            truth = revision.id;
    }
    std::vector<Pair> pairs;
    if (proposal && proposal != approved)
        pairs.push_back({approved, proposal, "proposal"});
    if (truth && truth != approved)
        pairs.push_back({truth, approved, "reference"});
    std::vector<MetricRecord> records;
    for (const Pair& pair : pairs) {
        const Result<std::vector<MetricRecord>> some = measured(workspace, pair, stop);
        if (!some)
            return some.error();
        records.insert(records.end(), some->begin(), some->end());
    }
    if (records.empty())
        return {};
    return workspace.storeMetrics(id, records);
}

} // namespace annotomy
