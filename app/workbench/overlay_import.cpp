#include "app/workbench/overlay_import.h"

#include "app/workbench/mask_attachment.h"
#include "core/io/masks/segment_layers.h"

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace {

constexpr const char* carries = "The image carries overlay planes (drawings or text over it), which are ";

std::vector<StridedRun> runsOf(const LabelMap& labels, const Segment& segment)
{
    std::vector<StridedRun> runs;
    const auto voxels = labels.layer(segment.layer);
    for (auto at = std::find(voxels.begin(), voxels.end(), segment.number); at != voxels.end();) {
        const auto end = std::find_if(at, voxels.end(), [&](std::uint8_t label) { return label != segment.number; });
        runs.push_back({static_cast<std::size_t>(at - voxels.begin()), 1, static_cast<std::size_t>(end - at)});
        at = std::find(end, voxels.end(), segment.number);
    }
    return runs;
}

// The segments of both, none of which hides another's voxels.
Result<LabelMap> together(LabelMap labels, const LabelMap& overlays, const std::string& subject)
{
    for (Segment segment : overlays.segments().segments()) {
        const std::vector<StridedRun> runs = runsOf(overlays, segment);
        if (labels.segments().find(segment.number)) {
            segment.number = labels.segments().firstFreeNumber();
            segment.colour = paletteColour(segment.number);
        }
        if (segment.number == background)
            return Error{ErrorCode::TooManySegments, subject, "more than 255 segments together with those of its mask"};
        addSegment(labels, segment, runs);
    }
    return labels;
}

} // namespace

OverlayImport::OverlayImport(Workspace& workspace, ReaderClient& reader, std::stop_token stop)
    : m_workspace(workspace), m_reader(reader), m_stop(std::move(stop))
{
}

void OverlayImport::add(CaseId id)
{
    m_cases.push_back(id);
}

Result<RevisionRecord> OverlayImport::attached(const CaseRecord& record, const LabelMap& overlays,
                                               const Warning& warning, const std::vector<std::string>& notes)
{
    const std::string& file = warning.files.empty() ? record.series.files.front() : warning.files.front();
    Attachment attachment;
    attachment.caseId = record.id;
    attachment.author = std::filesystem::path(file).filename().string();
    attachment.note = withNotes("overlay planes of the image", notes);
    if (!record.head)
        return attachLabels(m_workspace, attachment, overlays);
    const Result<LabelMap> present = m_workspace.loadMask(record.head);
    if (!present)
        return present.error();
    const Result<LabelMap> both = together(*present, overlays, file);
    return both ? attachLabels(m_workspace, attachment, *both) : both.error();
}

Result<void> OverlayImport::attach(CaseId id, const Told& told)
{
    const Result<CaseRecord> record = m_workspace.caseById(id);
    if (!record)
        return record.error();
    const auto& warnings = record->series.info.warnings;
    const auto known =
        std::find_if(warnings.begin(), warnings.end(), [](const Warning& warning) { return warning.code == "overlay"; });
    Warning warning{"overlay", {}, known == warnings.end() ? std::vector<std::string>() : known->files};
    std::vector<std::string> notes;
    const Result<LabelMap> overlays = m_reader.readOverlays(record->series, m_stop, {}, &notes);
    const bool isBlank = overlays && overlays->segments().empty();
    const Result<RevisionRecord> revision = !overlays ? overlays.error()
                                            : isBlank ? Result(RevisionRecord())
                                                      : attached(*record, *overlays, warning, notes);
    if (!revision && (revision.error().code == ErrorCode::DiskFull || revision.error().code == ErrorCode::Cancelled))
        return revision.error();
    warning.text = carries + (!revision ? "not shown: " + revision.error().detail + "."
                              : isBlank ? std::string("blank.")
                                        : std::string("kept as segments."));
    if (revision && !isBlank)
        told.attached(id, revision->id);
    told.warned(id, warning);
    return m_workspace.addWarning(id, warning);
}

Result<void> OverlayImport::run(const Told& told, const ProgressReport& report)
{
    for (std::size_t n = 0; n < m_cases.size(); ++n) {
        if (m_stop.stop_requested())
            return cancelledError();
        reportProgress(report, static_cast<double>(n) / static_cast<double>(m_cases.size()));
        if (const auto done = attach(m_cases[n], told); !done)
            return done;
    }
    return {};
}

} // namespace annotomy
