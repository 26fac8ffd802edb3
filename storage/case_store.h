#pragma once

#include "storage/series_store.h"
#include "storage/workspace.h"

#include <map>

namespace annotomy {

class CaseStore {
public:
    explicit CaseStore(Connection& connection) : m_db(connection), m_series(connection) {}

    Result<Workspace::AddedCase> add(const SeriesEntry& series, const std::string& channel, bool copied);
    Result<void> addChannel(CaseId id, const std::string& name, const SeriesEntry& series);
    Result<std::vector<ChannelRecord>> channels(CaseId id);
    Result<std::vector<CaseRecord>> all();
    Result<CaseRecord> byId(CaseId id);
    Result<void> setThumbnail(CaseId id, const std::vector<std::byte>& png);
    Result<void> relink(CaseId id, const SeriesEntry& series);
    Result<void> setState(CaseId id, CaseState state);
    Result<void> regrow(CaseId id, const SeriesEntry& series);
    Result<void> addWarning(CaseId id, const Warning& warning);
    Result<void> replaceWarning(const std::string& contentKey, const std::string& code,
                                const std::optional<Warning>& warning);

    // For the other stores, inside their transactions. Errors: NotFound.
    struct Position {
        CaseState state = CaseState::New;
        RevisionId head;
        RevisionId historyBase;
        std::int64_t historyStart = 0; // the journal's entries after this sequence number can be undone
        std::int64_t seriesId = 0;
    };
    Result<Position> position(CaseId id);
    Result<VolumeGeometry> geometry(CaseId id);
    Result<void> moveHead(CaseId id, RevisionId head, CaseState state);
    Result<void> startHistory(CaseId id, RevisionId base, std::int64_t afterSequence);
    Result<void> writeState(CaseId id, CaseState state);

private:
    using FilesBySeries = std::map<std::int64_t, std::vector<std::string>>;
    Result<FilesBySeries> filesOfAllCases();
    Result<bool> hasWork(CaseId id);
    bool liesInWorkspace(const SeriesEntry& series) const;
    Result<void> followFiles(std::int64_t seriesId, const SeriesEntry& series);
    Result<std::vector<CaseRecord>> readRows(Statement& select, FilesBySeries files);

    Connection& m_db;
    SeriesStore m_series;
};

} // namespace annotomy
