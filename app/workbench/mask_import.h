#pragma once

#include "app/workbench/workbench_impl.h"

namespace annotomy {

// Attaches the masks that came with an import to the cases that were made of it. Of the images it keeps what is needed
// to match them, and not their file lists.
class MaskImport {
public:
    MaskImport(Workspace& workspace, ReaderClient& reader, std::stop_token stop);

    void addMask(const MaskFile& mask); // of which only the path is known: matched by name
    void addImage(const SeriesEntry& entry, CaseId id);                  // as it was scanned
    bool knows(const std::string& path) const; // as an image or a mask
    std::size_t count() const { return m_masks.size(); }

    // `attached` is told the case and the revision of each; `skipped` the masks that could not be used.
    struct Told {
        std::function<void(CaseId, RevisionId)> attached;
        std::function<void(const std::string& path, const Error&)> skipped;
    };
    Result<void> run(const Told& told, const ProgressReport& report);

private:
    struct Image {
        SeriesEntry entry; // one file
        CaseId id;
    };
    Result<RevisionId> attach(const std::string& path, const Image& image, const std::string& matched);
    Result<std::vector<const Image*>> imagesOf(const MaskFile& mask, std::string& matched) const;
    Result<void> attachTo(const MaskFile& mask, const Told& told);

    Workspace& m_workspace;
    ReaderClient& m_reader;
    std::stop_token m_stop;
    std::vector<MaskFile> m_masks;
    std::vector<Image> m_images;
};

} // namespace annotomy
