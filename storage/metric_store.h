#pragma once

#include "storage/connection.h"

namespace annotomy {

class MetricStore {
public:
    explicit MetricStore(Connection& connection) : m_db(connection) {}

    Result<void> store(CaseId id, const std::vector<MetricRecord>& metrics);
    Result<std::vector<MetricRecord>> ofCase(CaseId id);

private:
    Result<void> removePair(CaseId id, const MetricRecord& metric);
    Result<void> insert(CaseId id, const MetricRecord& metric);

    Connection& m_db;
};

} // namespace annotomy
