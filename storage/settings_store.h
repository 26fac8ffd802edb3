#pragma once

#include "storage/connection.h"

namespace annotomy {

// Users, decisions and settings.
class SettingsStore {
public:
    explicit SettingsStore(Connection& connection) : m_db(connection) {}

    Result<void> addUser(const std::string& name);
    Result<std::vector<std::string>> users();
    Result<void> addDecision(const DecisionRecord& decision);
    // Inside the caller's transaction.
    Result<void> insertDecision(const DecisionRecord& decision);
    Result<std::vector<DecisionRecord>> decisions(CaseId id);
    Result<std::string> read(const std::string& key);
    Result<void> write(const std::string& key, const std::string& value);

private:
    Connection& m_db;
};

} // namespace annotomy
