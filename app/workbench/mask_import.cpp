#include "app/workbench/mask_import.h"

#include "app/workbench/mask_attachment.h"
#include "app/workbench/mask_matching.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace annotomy {

MaskImport::MaskImport(Workspace& workspace, ReaderClient& reader, std::stop_token stop)
    : m_workspace(workspace), m_reader(reader), m_stop(std::move(stop))
{
}

void MaskImport::addMask(const MaskFile& mask)
{
    m_masks.push_back(mask);
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

bool MaskImport::knows(const std::string& path) const
{
    return std::any_of(m_images.begin(), m_images.end(),
                       [&](const Image& image) { return image.entry.files.front() == path; }) ||
           std::any_of(m_masks.begin(), m_masks.end(), [&](const MaskFile& mask) { return mask.path == path; });
}

Result<RevisionId> MaskImport::attach(const std::string& path, const Image& image, const std::string& matched)
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
    attachment.note = withNotes("imported with the image" + matched, notes);
    const Result<RevisionRecord> attached = attachLabels(m_workspace, attachment, *labels);
    return attached ? Result(attached->id) : Result<RevisionId>(attached.error());
}

// The images that a mask may belong to, in the order in which they are tried; `matched` is for the revision's note.
Result<std::vector<const MaskImport::Image*>> MaskImport::imagesOf(const MaskFile& mask, std::string& matched) const
{
    std::map<MaskLink, std::vector<const Image*>> linked;
    for (const Image& image : m_images)
        linked[linkOf(mask, image.entry)].push_back(&image);
    if (linked.empty() || linked.rbegin()->first == MaskLink::None) {
        const bool single = m_images.size() == 1 && m_masks.size() == 1; // no name is needed to match them
        if (single && mask.referencedSeriesUid.empty())
            return std::vector<const Image*>{&m_images.front()};
        return Error{ErrorCode::NotFound, mask.path, "no image belongs to this mask"};
    }
    auto& [link, images] = *linked.rbegin();
    if (link == MaskLink::FrameOfReference)
        matched = ", by its frame of reference, since it names no series";
    if (link != MaskLink::Grid)
        return images;
    matched = ", by its grid alone, since it names neither series nor frame of reference";
    if (images.size() > 1)
        std::erase_if(images, [&](const Image* image) { return !maskBelongsTo(mask.path, image->entry); });
    if (images.size() == 1)
        return images;
    return Error{ErrorCode::Conflict, mask.path,
                 "the mask names no series, and lies on the grid of several images: attach it to the right one"};
}

Result<void> MaskImport::attachTo(const MaskFile& mask, const Told& told)
{
    std::string matched;
    const auto images = imagesOf(mask, matched);
    std::optional<Error> problem = images ? std::nullopt : std::optional(images.error());
    for (const Image* image : images ? *images : std::vector<const Image*>()) {
        const Result<RevisionId> attached = attach(mask.path, *image, matched);
        problem = attached ? std::nullopt : std::optional(attached.error());
        if (attached) {
            told.attached(image->id, *attached);
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
