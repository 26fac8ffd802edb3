#include "storage/worklist_store.h"

#include "storage/folded_text.h"
#include "storage/names.h"
#include "storage/series_store.h"

namespace annotomy {

namespace {

// A condition of SQL with the values of its question marks.
class Condition {
public:
    void require(const std::string& text, const std::vector<std::string>& values)
    {
        m_text += (m_text.empty() ? " WHERE " : " AND ") + text;
        m_values.insert(m_values.end(), values.begin(), values.end());
    }
    // instr() instead of LIKE: nothing in what was typed is a wildcard, and both sides are folded.
    void requireWords(const std::string& text, const std::vector<std::string>& columns)
    {
        for (const std::string& word : foldedWords(text)) {
            std::string found;
            for (const std::string& column : columns)
                found += (found.empty() ? "(" : " OR ") + ("instr(" + column + ", ?) > 0");
            require(found + ")", std::vector<std::string>(columns.size(), word));
        }
    }
    const std::string& text() const { return m_text; }
    const std::vector<std::string>& values() const { return m_values; }

private:
    std::string m_text;
    std::vector<std::string> m_values;
};

Condition conditionOf(const CaseFilter& filter)
{
    Condition condition;
    if (filter.state)
        condition.require("cases.state = ?", {nameOf(*filter.state)});
    if (!filter.modality.empty())
        condition.require("worklist.modality = ?", {filter.modality});
    if (!filter.fromDate.empty())
        condition.require("worklist.study_date >= ?", {filter.fromDate});
    if (!filter.toDate.empty())
        condition.require("worklist.study_date <= ? AND worklist.study_date <> ''", {filter.toDate});
    condition.requireWords(filter.text, {"worklist.patient_folded", "worklist.description_folded"});
    condition.requireWords(filter.patient, {"worklist.patient_folded"});
    condition.requireWords(filter.description, {"worklist.description_folded"});
    return condition;
}

// Words are sought in the rows as they lie, then those found are sorted: the planner's own way, in the wanted order and
// through the rows of cases with their thumbnails, takes five times as long when a word is rare.
std::string listOf(const CaseFilter& filter)
{
    const bool hasWords = !filter.text.empty() || !filter.patient.empty() || !filter.description.empty();
    const std::string join = hasWords ? " NOT INDEXED CROSS JOIN " : " JOIN ";
    return " FROM worklist" + join + "cases ON cases.series_id = worklist.series_id";
}

std::string orderOf(const CaseFilter& filter)
{
    const std::string way = filter.descending ? " DESC" : "";
    switch (filter.order) {
    case CaseOrder::ByPatient:
        return " ORDER BY worklist.patient_folded" + way + ", worklist.series_id" + way;
    case CaseOrder::ByDate:
        return " ORDER BY worklist.study_date" + way + ", worklist.series_id" + way;
    case CaseOrder::ByNumber:
        break;
    }
    return " ORDER BY cases.id" + way;
}

Result<CaseRow> rowFrom(const Statement& select)
{
    const auto state = valueNamed<CaseState>(select.text(8));
    const auto pool = valueNamed<Pool>(select.text(9));
    if (!state || !pool)
        return corruptRow("a case's state or pool");
    CaseRow row;
    row.id = select.id<CaseId>(0);
    row.patientKey = select.text(1);
    row.patientName = select.text(2);
    row.modality = select.text(3);
    row.studyDate = select.text(4);
    row.description = select.text(5);
    row.size = {static_cast<int>(select.integer(6)), static_cast<int>(select.integer(7)),
                static_cast<int>(select.integer(10))};
    row.state = *state;
    row.pool = *pool;
    row.addedMs = select.integer(11);
    row.head = select.id<RevisionId>(12);
    row.copied = select.integer(13) != 0;
    return row;
}

} // namespace

Result<void> WorklistStore::put(std::int64_t seriesId, const SeriesEntry& series)
{
    const ImageInfo& info = series.info;
    const std::string& description = info.seriesDescription.empty() ? info.studyDescription : info.seriesDescription;
    const Index3& size = series.geometry.size;
    Statement insert(m_db, "INSERT OR REPLACE INTO worklist(series_id, series_uid, modality, study_date, patient, "
                           "description, columns_count, rows_count, slices, patient_folded, description_folded) "
                           "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    return insert.run(seriesId, info.seriesUid, info.modality, info.studyDate, shownNameOf(series), description, size[0],
                      size[1], size[2], foldedText(shownNameOf(series) + " " + info.patientId),
                      foldedText(info.seriesDescription + " " + info.studyDescription));
}

Result<void> WorklistStore::fillIn()
{
    SeriesStore stored(m_db);
    std::vector<std::int64_t> missing;
    Statement select(m_db, "SELECT id FROM series WHERE id NOT IN (SELECT series_id FROM worklist)");
    if (auto done = select.run(); !done)
        return done;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            break;
        missing.push_back(select.integer(0));
    }
    for (const std::int64_t id : missing) {
        const auto series = stored.read(id);
        if (!series)
            return series.error();
        if (auto put = this->put(id, *series); !put)
            return put;
    }
    return {};
}

Result<std::vector<CaseRow>> WorklistStore::find(const CaseFilter& filter)
{
    const Condition condition = conditionOf(filter);
    // The page is chosen in narrow rows; only its own are joined with the wide ones.
    const std::string page = "SELECT worklist.series_id AS chosen" + listOf(filter)
        + condition.text() + orderOf(filter) + " LIMIT " + std::to_string(filter.limit) + " OFFSET "
        + std::to_string(filter.offset);
    Statement select(m_db, "SELECT cases.id, patients.key, worklist.patient, worklist.modality, worklist.study_date, "
                           "worklist.description, worklist.columns_count, worklist.rows_count, cases.state, "
                           "patients.pool, worklist.slices, cases.added_ms, cases.head, cases.copied "
                           "FROM (" + page + ") JOIN worklist ON worklist.series_id = chosen "
                           "JOIN cases ON cases.series_id = chosen JOIN series ON series.id = worklist.series_id JOIN studies ON studies.id = series.study_id "
                           "JOIN patients ON patients.id = studies.patient_id" + orderOf(filter));
    if (auto done = select.runAll(condition.values()); !done)
        return done.error();
    std::vector<CaseRow> rows;
    for (;;) {
        const auto more = select.next();
        if (!more)
            return more.error();
        if (!*more)
            return rows;
        auto row = rowFrom(select);
        if (!row)
            return row.error();
        rows.push_back(std::move(*row));
    }
}

Result<std::int64_t> WorklistStore::count(const CaseFilter& filter)
{
    const Condition condition = conditionOf(filter);
    Statement select(m_db, "SELECT count(*)" + listOf(filter) + condition.text());
    if (auto done = select.runAll(condition.values()); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? select.integer(0) : std::int64_t{0};
}

Result<std::vector<CaseId>> WorklistStore::casesOfSeries(const std::string& seriesUid)
{
    if (seriesUid.empty())
        return std::vector<CaseId>();
    return idsOf("SELECT cases.id FROM worklist JOIN cases ON cases.series_id = worklist.series_id "
                 "WHERE worklist.series_uid = ? ORDER BY cases.id",
                 seriesUid);
}

Result<std::vector<CaseId>> WorklistStore::casesOfPatient(const std::string& patientKey)
{
    return idsOf("SELECT cases.id FROM patients JOIN studies ON studies.patient_id = patients.id "
                 "JOIN series ON series.study_id = studies.id JOIN cases ON cases.series_id = series.id "
                 "WHERE patients.key = ? ORDER BY cases.id",
                 patientKey);
}

// The ids that `select` gives for the one value of its question mark.
Result<std::vector<CaseId>> WorklistStore::idsOf(const char* query, const std::string& value)
{
    Statement select(m_db, query);
    if (auto done = select.run(value); !done)
        return done.error();
    std::vector<CaseId> cases;
    for (;;) {
        const auto row = select.next();
        if (!row)
            return row.error();
        if (!*row)
            return cases;
        cases.push_back(select.id<CaseId>(0));
    }
}

Result<std::optional<CaseId>> WorklistStore::caseOfContent(const std::string& contentKey)
{
    Statement select(m_db, "SELECT cases.id FROM series JOIN cases ON cases.series_id = series.id "
                           "WHERE series.content_key = ?");
    if (auto done = select.run(contentKey); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    return *row ? std::optional(select.id<CaseId>(0)) : std::nullopt;
}

} // namespace annotomy
