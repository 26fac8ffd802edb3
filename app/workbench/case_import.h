#pragma once

#include "app/workbench/image_cache.h"
#include "app/workbench/workbench.h"

namespace annotomy {

// Makes a case of one series, or finds the case that it is already.
class CaseImport {
public:
    CaseImport(Workspace& workspace, ReaderClient& reader, const ImportOptions& options, std::stop_token stop);

    struct Outcome {
        ImportedCase imported;
        SeriesEntry entry;                // as the case keeps it
        std::optional<Error> notDecoded;  // its voxels could not be read; there is no case unless there was one before
    };
    Result<Outcome> run(const SeriesEntry& entry);
    // A later volume of a sequence: a channel of the case that its first one made.
    Result<void> addMember(const SeriesEntry& entry, CaseId id);

private:
    Result<SeriesEntry> prepared(const SeriesEntry& entry);
    Result<std::optional<CaseId>> joinedAsChannel(const SeriesEntry& entry);
    Result<std::optional<CaseRecord>> relative(const SeriesEntry& entry);
    Result<void> known(CaseId id, Outcome& outcome);
    Result<void> grown(const CaseRecord& former, Outcome& outcome);
    Result<void> added(Outcome& outcome);
    Result<void> decodeSmall(Outcome& outcome);
    Result<std::vector<std::byte>> smallThumbnail(SeriesEntry& entry);
    bool isOurs(const SeriesEntry& entry) const;

    Workspace& m_workspace;
    ImageCache m_cache;
    const ImportOptions& m_options;
    std::stop_token m_stop;
};

} // namespace annotomy
