#include "storage/model_store.h"

#include "core/base/clock.h"
#include "storage/names.h"
#include "storage/series_json.h"

namespace annotomy {

namespace {

std::string selectModels(const char* condition)
{
    return std::string(
               "SELECT id, name, parent, run_id, file, hash, card, status, gate, time_ms FROM models ") +
           condition;
}

Result<ModelRecord> modelFromRow(const Statement& row)
{
    auto card = modelCardFromJson(row.text(6));
    const auto status = valueNamed<ModelStatus>(row.text(7));
    if (!card || !status || !isJsonObject(row.text(8)))
        return corruptRow("a model's card, status or gate");
    ModelRecord record;
    record.id = row.id<ModelId>(0);
    record.name = row.text(1);
    record.parent = row.id<ModelId>(2);
    record.run = row.id<RunId>(3);
    record.file = row.text(4);
    record.hash = row.text(5);
    record.card = std::move(*card);
    record.status = *status;
    record.gateJson = row.text(8);
    record.timeMs = row.integer(9);
    return record;
}

Error noSuchModel(ModelId id)
{
    return {ErrorCode::NotFound, "model " + std::to_string(id.value), "no such model"};
}

// A model's file lies in the workspace and nowhere else.
bool staysInside(const std::string& file)
{
    return !file.empty() && file.front() != '/' && ("/" + file + "/").find("/../") == std::string::npos;
}

Result<void> check(const ModelRecord& model)
{
    if (model.status == ModelStatus::Current)
        return Error{ErrorCode::InvalidArgument, model.name, "a model becomes current by promotion"};
    if (!staysInside(model.file) || !isJsonObject(model.gateJson))
        return Error{ErrorCode::InvalidArgument, model.name, "a model's file or gate decision"};
    if (auto valid = modelCardFromJson(toJsonText(model.card)); !valid)
        return Error{ErrorCode::InvalidArgument, model.name, valid.error().detail};
    return {};
}

} // namespace

Result<ModelRecord> ModelStore::add(const ModelRecord& model)
{
    if (auto checked = check(model); !checked)
        return checked.error();
    return atomically(m_db, [&] { return insert(model); });
}

Result<ModelRecord> ModelStore::insert(const ModelRecord& model)
{
    Statement statement(m_db,
                        "INSERT INTO models(name, parent, run_id, file, hash, card, status, gate, time_ms) "
                        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (auto done =
            statement.run(model.name, model.parent, model.run, model.file, model.hash, toJsonText(model.card),
                          nameOf(model.status), model.gateJson, model.timeMs > 0 ? model.timeMs : nowMs());
        !done)
        return done.error();
    const ModelId id{statement.insertedId()};
    if (model.name.empty()) {
        Statement update(m_db, "UPDATE models SET name = ? WHERE id = ?");
        if (auto done = update.run("model-" + std::to_string(id.value), id); !done)
            return done.error();
    }
    if (auto done =
            insertCaseList(m_db, "INSERT INTO model_cases(model_id, position, case_id) VALUES(?, ?, ?)",
                           id.value, model.trainedOn);
        !done)
        return done.error();
    return byId(id);
}

Result<std::vector<ModelRecord>> ModelStore::read(Statement& select)
{
    std::vector<ModelRecord> records;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return records;
        auto record = modelFromRow(select);
        if (!record)
            return record.error();
        auto cases = readCaseList(
            m_db, "SELECT case_id FROM model_cases WHERE model_id = ? ORDER BY position", record->id.value);
        if (!cases)
            return cases.error();
        record->trainedOn = std::move(*cases);
        records.push_back(std::move(*record));
    }
}

Result<std::vector<ModelRecord>> ModelStore::all()
{
    return consistently(m_db, [&]() -> Result<std::vector<ModelRecord>> {
        Statement select(m_db, selectModels("ORDER BY id"));
        if (auto done = select.run(); !done)
            return done.error();
        return read(select);
    });
}

Result<ModelRecord> ModelStore::byId(ModelId id)
{
    Statement select(m_db, selectModels("WHERE id = ?"));
    if (auto done = select.run(id); !done)
        return done.error();
    auto records = read(select);
    if (!records)
        return records.error();
    if (records->empty())
        return noSuchModel(id);
    return std::move(records->front());
}

Result<std::optional<ModelRecord>> ModelStore::current()
{
    Statement select(m_db, selectModels("WHERE is_current = 1"));
    if (auto done = select.run(); !done)
        return done.error();
    auto records = read(select);
    if (!records)
        return records.error();
    return records->empty() ? std::optional<ModelRecord>() : std::move(records->front());
}

Result<void> ModelStore::write(ModelId id, ModelStatus status, bool isCurrent)
{
    Statement update(m_db, "UPDATE models SET status = ?, is_current = ? WHERE id = ?");
    if (auto done = update.run(nameOf(status), isCurrent, id); !done)
        return done;
    if (update.changedRows() == 0)
        return noSuchModel(id);
    return {};
}

Result<void> ModelStore::insertDecision(ModelId id, DecisionRecord decision)
{
    decision.model = id;
    return m_settings.insertDecision(decision);
}

Result<void> ModelStore::promote(ModelId id, ModelStatus asStatus, const DecisionRecord& decision)
{
    if (asStatus != ModelStatus::Current && asStatus != ModelStatus::Provisional)
        return Error{ErrorCode::InvalidArgument, {}, "a model is promoted as current or provisional"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement retire(
            m_db, "UPDATE models SET status = 'retired', is_current = 0 WHERE is_current = 1 AND id <> ?");
        if (auto done = retire.run(id); !done)
            return done;
        if (auto done = write(id, asStatus, true); !done)
            return done;
        return insertDecision(id, decision);
    });
}

Result<void> ModelStore::setStatus(ModelId id, ModelStatus status, const DecisionRecord& decision)
{
    if (status == ModelStatus::Current)
        return Error{ErrorCode::InvalidArgument, {}, "a model becomes current by promotion"};
    return atomically(m_db, [&]() -> Result<void> {
        if (auto done = write(id, status, false); !done)
            return done;
        return insertDecision(id, decision);
    });
}

} // namespace annotomy
