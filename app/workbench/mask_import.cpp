#include "app/workbench/mask_import.h"

#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_matching.h"

#include <algorithm>
#include <filesystem>

namespace annotomy {

MaskImport::MaskImport(Workspace& workspace, ReaderClient& reader, std::stop_token stop)
    : m_workspace(workspace), m_reader(reader), m_stop(std::move(stop))
{
}

void MaskImport::addMask(const std::string& path, const std::string& seriesUid)
{
    m_masks.push_back({path, seriesUid});
}

void MaskImport::addImage(const SeriesEntry& entry, CaseId id)
{
    Image image{entry, id};
    image.entry.files.resize(1);
    image.entry.info.warnings.clear();
    image.entry.irregular.reset();
    image.entry.frames.clear();
    m_images.push_back(std::move(image));
}

bool MaskImport::isImage(const std::string& path) const
{
    return std::any_of(m_images.begin(), m_images.end(),
                       [&](const Image& image) { return image.entry.files.front() == path; });
}

Result<RevisionId> MaskImport::attach(const std::string& path, const Image& image)
{
    std::vector<std::string> notes;
    const Result<LabelMap> labels = m_reader.readMask(path, &image.entry.geometry, {}, m_stop, {}, &notes);
    if (!labels)
        return labels.error();
    const std::string hash = sha256Hex(encodeLabelMap(*labels));
    const Result<std::vector<RevisionRecord>> revisions = m_workspace.revisions(image.id);
    if (!revisions)
        return revisions.error();
    for (const RevisionRecord& revision : *revisions)
        if (revision.authorKind == AuthorKind::Import && revision.maskHash == hash)
            return revision.id;
    Attachment attachment;
    attachment.caseId = image.id;
    attachment.author = std::filesystem::path(path).filename().string();
    attachment.note = withNotes("imported with the image", notes);
    const Result<RevisionRecord> attached = attachLabels(m_workspace, attachment, *labels);
    return attached ? Result(attached->id) : Result<RevisionId>(attached.error());
}

Result<void> MaskImport::attachTo(const Mask& mask, const Told& told)
{
    const bool single = m_images.size() == 1 && m_masks.size() == 1; // no name is needed to match them
    std::optional<Error> problem = Error{ErrorCode::NotFound, mask.path, "no image belongs to this mask"};
    for (const Image& image : m_images) {
        const bool belongs = mask.seriesUid.empty() ? single || maskBelongsTo(mask.path, image.entry)
                                                    : image.entry.info.seriesUid == mask.seriesUid;
        if (!belongs)
            continue;
        const Result<RevisionId> attached = attach(mask.path, image);
        problem = attached ? std::nullopt : std::optional(attached.error());
        if (attached) {
            told.attached(image.id, *attached);
            break;
        }
    }
    if (problem && (problem->code == ErrorCode::DiskFull || problem->code == ErrorCode::Cancelled))
        return *problem;
    if (problem)
        told.skipped(mask.path, *problem);
    return {};
}

Result<void> MaskImport::run(const Told& told, const ProgressReport& report)
{
    for (std::size_t n = 0; n < m_masks.size(); ++n) {
        if (m_stop.stop_requested())
            return cancelledError();
        reportProgress(report, static_cast<double>(n) / static_cast<double>(m_masks.size()));
        if (const auto done = attachTo(m_masks[n], told); !done)
            return done;
    }
    return {};
}

} // namespace annotomy
