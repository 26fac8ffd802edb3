#include "storage/case_store.h"

#include "core/base/clock.h"
#include "storage/names.h"
#include "storage/series_json.h"

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace {

constexpr std::size_t largestThumbnail = std::size_t{4} << 20;

std::string selectCases(const char* condition)
{
    return std::string(
               "SELECT cases.id, patients.key, cases.channel, cases.copied, cases.state, patients.pool, "
               "cases.head, cases.added_ms, cases.thumbnail, series.content_key, series.format, "
               "series.transfer_syntax, series.header, series.geometry, series.id FROM cases "
               "JOIN series ON series.id = cases.series_id JOIN studies ON studies.id = series.study_id "
               "JOIN patients ON patients.id = studies.patient_id ") +
           condition;
}

Error noSuchCase(CaseId id)
{
    return {ErrorCode::NotFound, "case " + std::to_string(id.value), "no such case"};
}

Result<CaseRecord> caseFromRow(const Statement& row)
{
    auto series = seriesFromRow(row, 9);
    const auto state = valueNamed<CaseState>(row.text(4));
    const auto pool = valueNamed<Pool>(row.text(5));
    if (!series || !state || !pool)
        return series ? corruptRow("a case's state or pool") : series.error();
    CaseRecord record;
    record.id = row.id<CaseId>(0);
    record.patientKey = row.text(1);
    record.series = std::move(*series);
    record.channel = row.text(2);
    record.copied = row.integer(3) != 0;
    record.state = *state;
    record.pool = *pool;
    record.head = row.id<RevisionId>(6);
    record.addedMs = row.integer(7);
    record.thumbnailPng = row.bytes(8);
    return record;
}

} // namespace

Result<Workspace::AddedCase> CaseStore::add(const SeriesEntry& series, const std::string& channel,
                                            bool copied)
{
    if (auto checked = SeriesStore::check(series); !checked)
        return checked.error();
    return atomically(m_db, [&]() -> Result<Workspace::AddedCase> {
        const auto seriesId = m_series.findOrAdd(series);
        if (!seriesId)
            return seriesId.error();
        Statement known(m_db, "SELECT id FROM cases WHERE series_id = ?");
        if (auto done = known.run(*seriesId); !done)
            return done.error();
        const auto row = known.next();
        if (!row)
            return row.error();
        if (*row)
            return Workspace::AddedCase{known.id<CaseId>(0), false};
        Statement insert(m_db, "INSERT INTO cases(series_id, channel, copied, added_ms) VALUES(?, ?, ?, ?)");
        if (auto done = insert.run(*seriesId, channel.empty() ? "image" : channel, copied, nowMs()); !done)
            return done.error();
        return Workspace::AddedCase{CaseId{insert.insertedId()}, true};
    });
}

Result<void> CaseStore::addChannel(CaseId id, const std::string& name, const SeriesEntry& series)
{
    if (auto checked = SeriesStore::check(series); !checked)
        return checked;
    if (name.empty())
        return Error{ErrorCode::InvalidArgument, {}, "a channel without a name"};
    return atomically(m_db, [&]() -> Result<void> {
        const auto record = position(id);
        if (!record)
            return record.error();
        const auto seriesId = m_series.findOrAdd(series);
        if (!seriesId)
            return seriesId.error();
        const auto own = m_series.patientOf(record->seriesId), other = m_series.patientOf(*seriesId);
        if (!own || !other)
            return own ? other.error() : own.error();
        if (*own != *other)
            return Error{ErrorCode::Conflict, name, "a channel of another patient"};
        if (auto followed = followFiles(*seriesId, series); !followed)
            return followed;
        Statement insert(m_db, "INSERT INTO channels(case_id, name, series_id) VALUES(?, ?, ?) "
                               "ON CONFLICT(case_id, name) DO UPDATE SET series_id = excluded.series_id");
        return insert.run(id, name, *seriesId);
    });
}

// A series that is known already may have been moved, or copied into the workspace.
Result<void> CaseStore::followFiles(std::int64_t seriesId, const SeriesEntry& series)
{
    const auto known = m_series.read(seriesId);
    if (!known)
        return known.error();
    std::error_code error;
    const bool isGone = std::any_of(known->files.begin(), known->files.end(), [&](const std::string& file) {
        return !std::filesystem::exists(file, error);
    });
    const bool isElsewhere = known->files != series.files && (isGone || liesInWorkspace(series));
    return isElsewhere ? m_series.relink(seriesId, series) : Result<void>();
}

Result<std::vector<ChannelRecord>> CaseStore::channels(CaseId id)
{
    return consistently(m_db, [&]() -> Result<std::vector<ChannelRecord>> {
        if (const auto record = position(id); !record)
            return record.error();
        Statement select(m_db, "SELECT name, series_id FROM channels WHERE case_id = ? ORDER BY name");
        if (auto done = select.run(id); !done)
            return done.error();
        std::vector<ChannelRecord> channels;
        for (;;) {
            const auto row = select.next();
            if (!row)
                return row.error();
            if (!*row)
                return channels;
            const auto series = m_series.read(select.integer(1));
            if (!series)
                return series.error();
            channels.push_back({select.text(0), *series});
        }
    });
}

Result<CaseStore::FilesBySeries> CaseStore::filesOfAllCases()
{
    Statement select(m_db, "SELECT files.series_id, files.path FROM files JOIN cases ON cases.series_id = "
                           "files.series_id ORDER BY files.series_id, files.position");
    if (auto done = select.run(); !done)
        return done.error();
    FilesBySeries files;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return files;
        files[select.integer(0)].push_back(select.text(1));
    }
}

Result<std::vector<CaseRecord>> CaseStore::readRows(Statement& select, FilesBySeries files)
{
    std::vector<CaseRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        auto record = caseFromRow(select);
        if (!record)
            return record.error();
        record->series.files = std::move(files[select.integer(14)]);
        record->patientName = shownNameOf(record->series);
        records.push_back(std::move(*record));
    }
}

Result<std::vector<CaseRecord>> CaseStore::all()
{
    return consistently(m_db, [&]() -> Result<std::vector<CaseRecord>> {
        auto files = filesOfAllCases();
        if (!files)
            return files.error();
        Statement select(m_db, selectCases("ORDER BY cases.id"));
        if (auto done = select.run(); !done)
            return done.error();
        return readRows(select, std::move(*files));
    });
}

Result<CaseRecord> CaseStore::byId(CaseId id)
{
    return consistently(m_db, [&]() -> Result<CaseRecord> {
        const auto where = position(id);
        if (!where)
            return where.error();
        auto series = m_series.read(where->seriesId);
        if (!series)
            return series.error();
        Statement select(m_db, selectCases("WHERE cases.id = ?"));
        if (auto done = select.run(id); !done)
            return done.error();
        auto records = readRows(select, {{where->seriesId, std::move(series->files)}});
        if (!records)
            return records.error();
        if (records->size() != 1)
            return corruptRow("a case without a patient");
        return std::move(records->front());
    });
}

Result<void> CaseStore::setThumbnail(CaseId id, const std::vector<std::byte>& png)
{
    if (png.size() > largestThumbnail)
        return Error{ErrorCode::InvalidArgument, {}, "a thumbnail of more than 4 MiB"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement update(m_db, "UPDATE cases SET thumbnail = ? WHERE id = ?");
        if (auto done = update.run(png, id); !done)
            return done;
        if (update.changedRows() == 0)
            return noSuchCase(id);
        return {};
    });
}

bool CaseStore::liesInWorkspace(const SeriesEntry& series) const
{
    const std::string folder = m_db.path().substr(0, m_db.path().rfind('/') + 1);
    return std::all_of(series.files.begin(), series.files.end(),
                       [&](const std::string& file) { return file.starts_with(folder); });
}

Result<void> CaseStore::relink(CaseId id, const SeriesEntry& series)
{
    if (auto checked = SeriesStore::check(series); !checked)
        return checked;
    return atomically(m_db, [&]() -> Result<void> {
        const auto record = position(id);
        if (!record)
            return record.error();
        if (auto moved = m_series.relink(record->seriesId, series); !moved)
            return moved;
        Statement update(m_db, "UPDATE cases SET copied = ? WHERE id = ?");
        return update.run(liesInWorkspace(series), id);
    });
}

Result<bool> CaseStore::hasWork(CaseId id)
{
    Statement select(m_db, "SELECT EXISTS(SELECT 1 FROM revisions WHERE case_id = ?) "
                           "OR EXISTS(SELECT 1 FROM journal WHERE case_id = ?) "
                           "OR EXISTS(SELECT 1 FROM leases WHERE case_id = ?) "
                           "OR EXISTS(SELECT 1 FROM cases WHERE id = ? AND (state <> 'new' OR head IS NOT NULL))");
    if (auto done = select.run(id, id, id, id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row && select.integer(0) != 0;
}

Result<void> CaseStore::regrow(CaseId id, const SeriesEntry& series)
{
    if (auto checked = SeriesStore::check(series); !checked)
        return checked;
    return atomically(m_db, [&]() -> Result<void> {
        const auto record = position(id);
        if (!record)
            return record.error();
        const auto works = hasWork(id);
        if (!works)
            return works.error();
        if (*works)
            return Error{ErrorCode::Conflict, "case " + std::to_string(id.value), "there is work on its grid"};
        if (auto replaced = m_series.replace(record->seriesId, series); !replaced)
            return replaced;
        Statement update(m_db, "UPDATE cases SET copied = ?, thumbnail = NULL WHERE id = ?");
        return update.run(liesInWorkspace(series), id);
    });
}

Result<void> CaseStore::addWarning(CaseId id, const Warning& warning)
{
    return atomically(m_db, [&]() -> Result<void> {
        const auto record = position(id);
        if (!record)
            return record.error();
        auto series = m_series.read(record->seriesId);
        if (!series)
            return series.error();
        putWarning(warning, series->info.warnings);
        return m_series.replaceHeader(record->seriesId, *series);
    });
}

Result<void> CaseStore::replaceWarning(const std::string& contentKey, const std::string& code,
                                       const std::optional<Warning>& warning)
{
    return atomically(m_db, [&]() -> Result<void> {
        const auto id = m_series.find(contentKey);
        if (!id)
            return id.error();
        if (*id == 0)
            return Error{ErrorCode::NotFound, contentKey, "no such series"};
        auto series = m_series.read(*id);
        if (!series)
            return series.error();
        auto& warnings = series->info.warnings;
        std::erase_if(warnings, [&](const Warning& known) { return known.code == code; });
        if (warning)
            warnings.push_back(*warning);
        return m_series.replaceHeader(*id, *series);
    });
}

Result<void> CaseStore::setState(CaseId id, CaseState state)
{
    if (state == CaseState::Approved)
        return Error{ErrorCode::InvalidArgument, {}, "a case is approved by approving a revision"};
    return atomically(m_db, [&] { return writeState(id, state); });
}

Result<void> CaseStore::writeState(CaseId id, CaseState state)
{
    Statement update(m_db, "UPDATE cases SET state = ? WHERE id = ?");
    if (auto done = update.run(nameOf(state), id); !done)
        return done;
    if (update.changedRows() == 0)
        return noSuchCase(id);
    return {};
}

Result<CaseStore::Position> CaseStore::position(CaseId id)
{
    Statement select(m_db,
                     "SELECT state, head, history_base, history_start, series_id FROM cases WHERE id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return noSuchCase(id);
    const auto state = valueNamed<CaseState>(select.text(0));
    if (!state)
        return corruptRow("a case's state");
    return Position{*state, select.id<RevisionId>(1), select.id<RevisionId>(2), select.integer(3),
                    select.integer(4)};
}

Result<VolumeGeometry> CaseStore::geometry(CaseId id)
{
    Statement select(m_db, "SELECT series.geometry FROM cases JOIN series ON series.id = cases.series_id "
                           "WHERE cases.id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return noSuchCase(id);
    const auto geometry = geometryFromJson(select.text(0));
    if (!geometry)
        return corruptRow("a series' grid");
    return *geometry;
}

Result<void> CaseStore::moveHead(CaseId id, RevisionId head, CaseState state)
{
    Statement update(m_db, "UPDATE cases SET head = ?, state = ? WHERE id = ?");
    return update.run(head, nameOf(state), id);
}

Result<void> CaseStore::startHistory(CaseId id, RevisionId base, std::int64_t afterSequence)
{
    Statement update(m_db, "UPDATE cases SET history_base = ?, history_start = ? WHERE id = ?");
    return update.run(base, afterSequence, id);
}

} // namespace annotomy
