#pragma once

#include "app/workbench/workbench_impl.h"

namespace annotomy {

// Brings the overlay planes of imported images to the cases that were made of them, as segments beside those of the
// masks that came with them.
class OverlayImport {
public:
    OverlayImport(Workspace& workspace, ReaderClient& reader, std::stop_token stop);

    void add(CaseId id); // a case that nobody has worked on, whose image's `overlay` warning tells of them

    // `attached` is told the case and the revision of each; `warned` what the case's `overlay` warning says now: what
    // became of the planes.
    struct Told {
        std::function<void(CaseId, RevisionId)> attached;
        std::function<void(CaseId, const Warning&)> warned;
    };
    Result<void> run(const Told& told, const ProgressReport& report);

private:
    Result<void> attach(CaseId id, const Told& told);
    Result<RevisionRecord> attached(const CaseRecord& record, const LabelMap& overlays, const Warning& warning,
                                    const std::vector<std::string>& notes);

    Workspace& m_workspace;
    ReaderClient& m_reader;
    std::stop_token m_stop;
    std::vector<CaseId> m_cases;
};

} // namespace annotomy
