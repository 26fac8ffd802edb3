#pragma once

#include "storage/connection.h"

namespace annotomy {

// The narrow rows that lists are made of, one a series. Functions that write run inside the caller's transaction.
class WorklistStore {
public:
    explicit WorklistStore(Connection& connection) : m_db(connection) {}

    Result<void> put(std::int64_t seriesId, const SeriesEntry& series); // replaces the former row
    Result<void> fillIn(); // the rows of series that an older version has stored

    Result<std::vector<CaseRow>> find(const CaseFilter& filter);
    Result<std::int64_t> count(const CaseFilter& filter);
    Result<std::vector<CaseId>> casesOfSeries(const std::string& seriesUid);
    Result<std::vector<CaseId>> casesOfPatient(const std::string& patientKey);
    Result<std::optional<CaseId>> caseOfContent(const std::string& contentKey);

private:
    Result<std::vector<CaseId>> idsOf(const char* query, const std::string& value);

    Connection& m_db;
};

} // namespace annotomy
