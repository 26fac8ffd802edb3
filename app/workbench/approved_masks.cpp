#include "app/workbench/approved_masks.h"

#include <algorithm>
#include <set>

namespace annotomy {

Result<std::vector<ApprovedMask>> approvedMasks(Workspace& workspace, Pool pool)
{
    Result<std::vector<CaseRecord>> cases = workspace.cases();
    if (!cases)
        return cases.error();
    std::vector<ApprovedMask> masks;
    for (CaseRecord& record : *cases) {
        if (record.pool != pool)
            continue;
        const Result<std::vector<RevisionRecord>> revisions = workspace.revisions(record.id);
        if (!revisions)
            return revisions.error();
        const auto newest = std::find_if(revisions->rbegin(), revisions->rend(),
                                         [](const RevisionRecord& revision) { return revision.approved; });
        if (newest != revisions->rend())
            masks.push_back({std::move(record), *newest});
    }
    return masks;
}

int patientCount(const std::vector<ApprovedMask>& masks)
{
    std::set<std::string> patients;
    for (const ApprovedMask& mask : masks)
        patients.insert(mask.record.patientKey);
    return static_cast<int>(patients.size());
}

} // namespace annotomy
