#include "storage/settings_store.h"

#include "core/base/clock.h"
#include "storage/series_json.h"

namespace annotomy {

Result<void> SettingsStore::addUser(const std::string& name)
{
    if (name.empty())
        return Error{ErrorCode::InvalidArgument, {}, "a user without a name"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement insert(m_db, "INSERT INTO users(name, added_ms) VALUES(?, ?) ON CONFLICT(name) DO NOTHING");
        return insert.run(name, nowMs());
    });
}

Result<std::vector<std::string>> SettingsStore::users()
{
    Statement select(m_db, "SELECT name FROM users ORDER BY id");
    if (auto done = select.run(); !done)
        return done.error();
    std::vector<std::string> names;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return names;
        names.push_back(select.text(0));
    }
}

Result<void> SettingsStore::addDecision(const DecisionRecord& decision)
{
    return atomically(m_db, [&] { return insertDecision(decision); });
}

Result<void> SettingsStore::insertDecision(const DecisionRecord& decision)
{
    if (decision.kind.empty() || !isJsonObject(decision.detailsJson))
        return Error{
            ErrorCode::InvalidArgument, {}, "a decision without a kind, or with details that are no JSON"};
    Statement insert(m_db,
                     "INSERT INTO decisions(kind, who, case_id, revision_id, model_id, details, time_ms) "
                     "VALUES(?, ?, ?, ?, ?, ?, ?)");
    return insert.run(decision.kind, decision.who, decision.caseId, decision.revision, decision.model,
                      decision.detailsJson, decision.timeMs > 0 ? decision.timeMs : nowMs());
}

Result<std::vector<DecisionRecord>> SettingsStore::decisions(CaseId id)
{
    Statement select(m_db,
                     "SELECT id, kind, who, case_id, revision_id, model_id, details, time_ms FROM decisions "
                     "WHERE ? IS NULL OR case_id = ? ORDER BY id");
    if (auto done = select.run(id, id); !done)
        return done.error();
    std::vector<DecisionRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        if (!isJsonObject(select.text(6)))
            return corruptRow("a decision's details");
        records.push_back({select.integer(0), select.text(1), select.text(2), select.id<CaseId>(3),
                           select.id<RevisionId>(4), select.id<ModelId>(5), select.text(6),
                           select.integer(7)});
    }
}

Result<std::string> SettingsStore::read(const std::string& key)
{
    Statement select(m_db, "SELECT value FROM settings WHERE key = ?");
    if (auto done = select.run(key); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? select.text(0) : std::string();
}

Result<void> SettingsStore::write(const std::string& key, const std::string& value)
{
    if (key.empty() || key == "pool.salt")
        return Error{ErrorCode::InvalidArgument, key, "not a setting that can be written"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement insert(m_db, "INSERT INTO settings(key, value) VALUES(?, ?) "
                               "ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        return insert.run(key, value);
    });
}

} // namespace annotomy
