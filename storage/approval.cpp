#include "core/base/clock.h"
#include "storage/names.h"
#include "storage/revision_store.h"
#include "storage/settings_store.h"

#include <QCryptographicHash>

namespace annotomy {

namespace {

struct Patient {
    std::int64_t id = 0;
    std::string key;
    Pool pool = Pool::None;
};

// The only row of a query for id, key and pool.
Result<Patient> patientFrom(Statement& select)
{
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, {}, "no such patient"};
    const auto pool = valueNamed<Pool>(select.text(2));
    if (!pool)
        return corruptRow("a patient's pool");
    return Patient{select.integer(0), select.text(1), *pool};
}

Result<void> writePool(Connection& connection, std::int64_t patientId, Pool pool)
{
    Statement update(connection, "UPDATE patients SET pool = ?, pool_ms = ? WHERE id = ?");
    return update.run(nameOf(pool), nowMs(), patientId);
}

Result<bool> hasApproval(Connection& connection, std::int64_t patientId)
{
    Statement select(connection,
                     "SELECT 1 FROM revisions JOIN cases ON cases.id = revisions.case_id JOIN series ON "
                     "series.id = cases.series_id JOIN studies ON studies.id = series.study_id "
                     "WHERE studies.patient_id = ? AND revisions.approved_by IS NOT NULL LIMIT 1");
    if (auto done = select.run(patientId); !done)
        return done.error();
    return select.next();
}

} // namespace

Pool drawnPool(const std::string& patientKey, const std::string& salt)
{
    const std::string text = patientKey + salt;
    const QByteArray hash = QCryptographicHash::hash(
        QByteArrayView(text.data(), static_cast<qsizetype>(text.size())), QCryptographicHash::Sha256);
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i)
        number = number << 8U | static_cast<std::uint8_t>(hash[i]);
    const double fraction = static_cast<double>(number >> 11U) * 0x1p-53; // [0, 1)
    return fraction < 0.8 ? Pool::Train : Pool::Validation;
}

Result<Pool> RevisionStore::poolFor(CaseId id)
{
    Statement select(m_db,
                     "SELECT patients.id, patients.key, patients.pool FROM cases JOIN series ON series.id = "
                     "cases.series_id JOIN studies ON studies.id = series.study_id JOIN patients ON "
                     "patients.id = studies.patient_id WHERE cases.id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto patient = patientFrom(select);
    if (!patient)
        return patient.error();
    if (patient->pool != Pool::None)
        return patient->pool;
    const auto salt = SettingsStore(m_db).read("pool.salt");
    if (!salt)
        return salt.error();
    const Pool pool = drawnPool(patient->key, *salt);
    if (auto done = writePool(m_db, patient->id, pool); !done)
        return done.error();
    return pool;
}

// Signing off closes the journal; edits that no revision holds yet would be out of reach.
Result<void> RevisionStore::checkNothingIsLost(const RevisionRecord& record)
{
    const auto where = m_cases.position(record.caseId);
    const auto last = lastSequence(m_db, record.caseId);
    if (!where || !last)
        return where ? last.error() : where.error();
    std::int64_t stored = where->historyStart;
    if (where->head) {
        const auto head = m_db.readInteger("SELECT journal_position FROM revisions WHERE id = " +
                                           std::to_string(where->head.value));
        if (!head)
            return head.error();
        stored = std::max(stored, *head);
    }
    if (*last > stored)
        return Error{ErrorCode::Conflict, "case " + std::to_string(record.caseId.value),
                     "the case has edits that no revision holds: save it first"};
    return {};
}

Result<void> RevisionStore::sign(const RevisionRecord& record, const std::string& userName, Pool pool)
{
    const std::int64_t now = nowMs();
    // A second sign-off of the same revision leaves the first one's name; the decision tells of both.
    Statement update(m_db, "UPDATE revisions SET approved_by = ?, approved_ms = ? WHERE id = ? AND "
                           "approved_by IS NULL");
    if (auto done = update.run(userName, now, record.id); !done)
        return done;
    if (auto done = m_cases.moveHead(record.caseId, record.id, CaseState::Approved); !done)
        return done;
    const auto last = lastSequence(m_db, record.caseId);
    if (!last)
        return last.error();
    if (auto done = m_cases.startHistory(record.caseId, record.id, *last); !done)
        return done;
    Statement decision(m_db, "INSERT INTO decisions(kind, who, case_id, revision_id, details, time_ms) "
                             "VALUES('approve', ?, ?, ?, ?, ?)");
    return decision.run(userName, record.caseId, record.id, "{\"pool\":\"" + nameOf(pool) + "\"}", now);
}

Result<Pool> RevisionStore::approve(RevisionId id, const std::string& userName)
{
    if (userName.empty())
        return Error{ErrorCode::InvalidArgument, {}, "a revision is approved by a named person"};
    return atomically(m_db, [&]() -> Result<Pool> {
        const auto record = byId(id);
        if (!record)
            return record.error();
        if (auto allowed = m_leases.checkMayWrite(record->caseId); !allowed)
            return allowed.error();
        if (auto checked = checkNothingIsLost(*record); !checked)
            return checked.error();
        const auto pool = poolFor(record->caseId);
        if (!pool)
            return pool;
        if (auto done = sign(*record, userName, *pool); !done)
            return done.error();
        return pool;
    });
}

Result<void> RevisionStore::reservePool(const std::string& patientKey, Pool pool)
{
    if (pool == Pool::None)
        return Error{ErrorCode::InvalidArgument, {}, "no pool to reserve"};
    return atomically(m_db, [&]() -> Result<void> {
        Statement select(m_db, "SELECT id, key, pool FROM patients WHERE key = ?");
        if (auto done = select.run(patientKey); !done)
            return done;
        const auto patient = patientFrom(select);
        if (!patient)
            return patient.error();
        const auto approved = hasApproval(m_db, patient->id);
        if (!approved)
            return approved.error();
        if (*approved)
            return Error{ErrorCode::Conflict, {}, "the pool was drawn at the patient's first approval"};
        return writePool(m_db, patient->id, pool);
    });
}

} // namespace annotomy
