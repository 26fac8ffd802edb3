#include "app/workbench/dataset_cases.h"

#include "app/workbench/approved_masks.h"
#include "app/workbench/workbench_impl.h"

#include <algorithm>
#include <map>
#include <set>

namespace annotomy {

namespace {

Error refused(ErrorCode code, const std::string& detail)
{
    return {code, "the export of the data set", detail};
}

std::string paddedNumber(std::int64_t number)
{
    const std::string digits = std::to_string(number);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

Result<std::vector<ApprovedMask>> chosenMasks(Workspace& workspace, const DatasetExportOptions& options)
{
    std::vector<ApprovedMask> masks;
    for (const Pool pool : {Pool::Train, Pool::Validation, Pool::Test}) {
        auto some = approvedMasks(workspace, pool);
        if (!some)
            return some.error();
        for (ApprovedMask& mask : *some) {
            const bool isAsked = options.cases.empty() ||
                                 std::find(options.cases.begin(), options.cases.end(), mask.record.id) != options.cases.end();
            const bool isOfModality = options.modality.empty() || mask.record.series.info.modality == options.modality;
            if (isAsked && isOfModality)
                masks.push_back(std::move(mask));
        }
    }
    for (const CaseId id : options.cases) {
        const bool isThere = std::any_of(masks.begin(), masks.end(), [&](const ApprovedMask& mask) { return mask.record.id == id; });
        if (!isThere)
            return refused(ErrorCode::InvalidArgument, "case " + std::to_string(id.value) + " has no approved mask" +
                                                           (options.modality.empty() ? "" : " of " + options.modality));
    }
    if (masks.empty())
        return refused(ErrorCode::Conflict, "no case is approved yet");
    std::sort(masks.begin(), masks.end(), [](const auto& a, const auto& b) { return a.record.id < b.record.id; });
    return masks;
}

Split splitOf(Pool pool)
{
    switch (pool) {
    case Pool::Train: return Split::Train;
    case Pool::Validation: return Split::Validation;
    case Pool::Test: return Split::Test;
    case Pool::None: break;
    }
    return Split::None;
}

// Files without a header are shown as "OT" and taken for MR by the models, too.
std::string modalityName(const std::string& modality)
{
    return modality == "OT" || modality == "MR" ? "MRI" : modality;
}

std::string primaryChannel(const CaseRecord& record)
{
    const bool isUnnamed = record.channel == "image" || record.channel.empty();
    return isUnnamed || record.series.info.modality == "CT" ? modalityName(record.series.info.modality) : record.channel;
}

Result<ExportCase> exportCase(Workspace& workspace, ApprovedMask mask)
{
    auto channels = workspace.channels(mask.record.id);
    if (!channels)
        return channels.error();
    ExportCase one;
    one.name = "case_" + paddedNumber(mask.record.id.value);
    one.split = splitOf(mask.record.pool);
    one.images = {mask.record.series};
    one.channels = {primaryChannel(mask.record)};
    for (ChannelRecord& channel : *channels) {
        if (channel.series.contentKey == mask.record.series.contentKey)
            continue;
        one.images.push_back(std::move(channel.series));
        one.channels.push_back(channel.name);
    }
    one.record = std::move(mask.record);
    one.revision = std::move(mask.revision);
    return one;
}

// The channels of all cases in the first one's order.
Result<void> unifyChannels(ExportCases& all)
{
    const std::vector<std::string>& wanted = all.cases.front().channels;
    for (ExportCase& one : all.cases) {
        std::vector<SeriesEntry> images{one.images.front()};
        for (std::size_t n = 1; n < wanted.size(); ++n) {
            const auto at = std::find(one.channels.begin() + 1, one.channels.end(), wanted[n]);
            if (at == one.channels.end())
                return refused(ErrorCode::Conflict, caseName(one.record) + " has no channel \"" + wanted[n] + "\", which " +
                                                        caseName(all.cases.front().record) + " has; choose cases with the same");
            images.push_back(one.images[static_cast<std::size_t>(at - one.channels.begin())]);
        }
        for (std::size_t n = 1; n < one.channels.size(); ++n)
            if (std::find(wanted.begin() + 1, wanted.end(), one.channels[n]) == wanted.end())
                all.notes.push_back(one.name + ": its channel \"" + one.channels[n] + "\" is left out; other cases lack it.");
        if (one.channels.front() != wanted.front())
            all.notes.push_back(one.name + ": its image \"" + one.channels.front() + "\" is taken as \"" + wanted.front() + "\".");
        one.images = std::move(images);
        one.channels = wanted;
    }
    all.description.channels = wanted;
    return {};
}

Result<void> checkModalities(const std::vector<ExportCase>& cases)
{
    std::set<std::string> modalities;
    for (const ExportCase& one : cases)
        modalities.insert(modalityName(one.record.series.info.modality));
    if (modalities.size() < 2)
        return {};
    std::string names;
    for (const std::string& name : modalities)
        names += (names.empty() ? "" : " and ") + name;
    return refused(ErrorCode::InvalidArgument, "the cases are of " + names + "; choose one modality, or the cases");
}

// One pass over all masks: their segments' names, and whether segments overlap.
Result<void> readMasks(Workspace& workspace, ExportCases& all, bool flatten, bool holdsOverlaps, const std::stop_token& stop)
{
    for (const ExportCase& one : all.cases) {
        if (stop.stop_requested())
            return cancelledError();
        const auto labels = workspace.loadMask(one.revision.id);
        if (!labels)
            return labels.error();
        all.labels.add(one.name, labels->segments());
        const auto overlaps = holdsOverlaps ? std::vector<std::string>() : overlappingSegments(*labels);
        if (overlaps.empty())
            continue;
        std::string names = overlaps.front();
        for (std::size_t n = 1; n < overlaps.size(); ++n)
            names += (n + 1 == overlaps.size() ? ", and " : ", ") + overlaps[n];
        if (!flatten)
            return refused(ErrorCode::Conflict, "in " + caseName(one.record) + " segments overlap: " + names +
                                                    "; this layout holds one label a voxel: flatten them, or separate them first");
        all.notes.push_back(one.name + ": segments overlap (" + names + "); where they do, the file holds the first named.");
    }
    all.description.labels = all.labels.labels();
    all.notes.insert(all.notes.end(), all.labels.notes().begin(), all.labels.notes().end());
    return {};
}

// BIDS names by patient, and by session where a patient has several cases.
void nameByPatient(std::vector<ExportCase>& cases)
{
    std::map<std::string, std::vector<ExportCase*>> patients;
    for (ExportCase& one : cases)
        patients[one.record.patientKey].push_back(&one);
    for (auto& [key, own] : patients) {
        const std::string subject = "sub-" + paddedNumber(own.front()->record.id.value);
        for (std::size_t n = 0; n < own.size(); ++n)
            own[n]->name = own.size() == 1 ? subject : subject + "_ses-" + paddedNumber(static_cast<std::int64_t>(n + 1));
    }
}

bool isSheared(const VolumeGeometry& g)
{
    return std::abs(dot(g.axis(0), g.axis(1))) > 1e-4 || std::abs(dot(g.axis(0), g.axis(2))) > 1e-4 ||
           std::abs(dot(g.axis(1), g.axis(2))) > 1e-4;
}

} // namespace

Result<ExportCases> casesToExport(Workspace& workspace, const DatasetExportOptions& options, bool needsSameChannels,
                                  bool holdsOverlaps, std::stop_token stop)
{
    auto masks = chosenMasks(workspace, options);
    if (!masks)
        return masks.error();
    ExportCases all;
    for (ApprovedMask& mask : *masks) {
        auto one = exportCase(workspace, std::move(mask));
        if (!one)
            return one.error();
        all.cases.push_back(*std::move(one));
    }
    if (options.layout == "bids")
        nameByPatient(all.cases);
    else if (const auto same = checkModalities(all.cases); !same)
        return same.error();
    if (needsSameChannels)
        if (const auto unified = unifyChannels(all); !unified)
            return unified.error();
    if (const auto read = readMasks(workspace, all, options.flatten, holdsOverlaps, stop); !read)
        return read.error();
    for (const ExportCase& one : all.cases) {
        all.description.cases.emplace_back(one.name, one.split);
        all.description.hasShearedGrid |= isSheared(one.record.series.geometry);
    }
    return all;
}

} // namespace annotomy
