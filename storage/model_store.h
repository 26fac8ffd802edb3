#pragma once

#include "storage/run_store.h"
#include "storage/settings_store.h"

namespace annotomy {

class ModelStore {
public:
    ModelStore(Connection& connection, SettingsStore& settings) : m_db(connection), m_settings(settings) {}

    Result<ModelRecord> add(const ModelRecord& model);
    Result<std::vector<ModelRecord>> all();
    Result<ModelRecord> byId(ModelId id);
    Result<std::optional<ModelRecord>> current();
    Result<void> promote(ModelId id, ModelStatus asStatus, const DecisionRecord& decision);
    Result<void> setStatus(ModelId id, ModelStatus status, const DecisionRecord& decision);

private:
    Result<ModelRecord> insert(const ModelRecord& model);
    Result<void> write(ModelId id, ModelStatus status, bool isCurrent);
    Result<void> insertDecision(ModelId id, DecisionRecord decision);
    Result<std::vector<ModelRecord>> read(Statement& select);

    Connection& m_db;
    SettingsStore& m_settings;
};

} // namespace annotomy
