#include "storage/lease_store.h"

#include "core/base/clock.h"

#include <QUuid>

#include <mutex>

namespace annotomy {

namespace {

constexpr std::int64_t staleAfterMs =
    10 * 60 * 1000; // of a holder on another host, whose process cannot be seen
constexpr std::int64_t beatEveryMs = 30 * 1000;

// Tokens of the stores alive in this process: a lease by this process with another token is a leftover.
class LiveTokens {
public:
    void add(const std::string& token)
    {
        const std::scoped_lock lock(m_mutex);
        m_tokens.insert(token);
    }
    void remove(const std::string& token)
    {
        const std::scoped_lock lock(m_mutex);
        m_tokens.erase(token);
    }
    bool contains(const std::string& token)
    {
        const std::scoped_lock lock(m_mutex);
        return m_tokens.contains(token);
    }

private:
    std::mutex m_mutex; // guards m_tokens
    std::set<std::string> m_tokens;
};

LiveTokens& liveTokens()
{
    static LiveTokens tokens;
    return tokens;
}

Error inUse(CaseId id, const ProcessIdentity& holder)
{
    return {ErrorCode::CaseInUse, std::to_string(id.value),
            "process " + std::to_string(holder.pid) + " on " + holder.host};
}

} // namespace

LeaseStore::LeaseStore(Connection& connection)
    : m_db(connection), m_token(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString())
{
    liveTokens().add(m_token);
}

LeaseStore::~LeaseStore()
{
    while (!m_held.empty())
        release(*m_held.begin());
    liveTokens().remove(m_token);
}

Result<LeaseStore::Lease> LeaseStore::read(CaseId id)
{
    Statement select(m_db,
                     "SELECT token, host, pid, process_start, heartbeat_ms FROM leases WHERE case_id = ?");
    if (auto done = select.run(id); !done)
        return done.error();
    const auto row = select.next();
    if (!row)
        return row.error();
    if (!*row)
        return Lease{};
    return Lease{
        true, select.text(0), {select.text(1), select.integer(2), select.text(3)}, select.integer(4)};
}

// True when its holder still lives, as far as can be told.
bool LeaseStore::isHeld(const Lease& lease) const
{
    if (!lease.exists)
        return false;
    if (lease.holder == thisProcess())
        return liveTokens().contains(lease.token);
    switch (livenessOf(lease.holder)) {
    case Liveness::Alive:
        return true;
    case Liveness::Ended:
        return false;
    case Liveness::Unknown:
        return nowMs() - lease.heartbeatMs < staleAfterMs;
    }
    return false;
}

Result<void> LeaseStore::acquire(CaseId id)
{
    auto acquired = atomically(m_db, [&]() -> Result<void> {
        const auto lease = read(id);
        if (!lease)
            return lease.error();
        if (lease->token != m_token && isHeld(*lease))
            return inUse(id, lease->holder);
        const ProcessIdentity self = thisProcess();
        Statement known(m_db, "SELECT 1 FROM cases WHERE id = ?");
        if (auto done = known.run(id); !done)
            return done;
        const auto exists = known.next();
        if (!exists || !*exists)
            return exists ? Error{ErrorCode::NotFound, "case " + std::to_string(id.value), "no such case"}
                          : exists.error();
        Statement insert(m_db, "INSERT OR REPLACE INTO leases(case_id, token, host, pid, process_start, "
                               "heartbeat_ms) VALUES(?, ?, ?, ?, ?, ?)");
        return insert.run(id, m_token, self.host, std::int64_t{self.pid}, self.start, nowMs());
    });
    if (acquired)
        m_held.insert(id);
    return acquired;
}

void LeaseStore::release(CaseId id)
{
    m_held.erase(id);
    // A lease that cannot be released now is taken over later, when this store has ended.
    (void)atomically(m_db, [&]() -> Result<void> {
        Statement remove(m_db, "DELETE FROM leases WHERE case_id = ? AND token = ?");
        return remove.run(id, m_token);
    });
}

Result<void> LeaseStore::checkMayWrite(CaseId id)
{
    const auto lease = read(id);
    if (!lease)
        return lease.error();
    if (lease->exists && lease->holder == thisProcess())
        return beat(id, *lease);
    if (isHeld(*lease))
        return inUse(id, lease->holder);
    if (m_held.contains(id) || m_kept.contains(id)) // somebody else may have written meanwhile
        return Error{ErrorCode::CaseInUse, std::to_string(id.value),
                     "another program has taken it over; open it again"};
    return {};
}

Result<void> LeaseStore::beat(CaseId id, const Lease& lease)
{
    const std::int64_t now = nowMs();
    if (now - lease.heartbeatMs < beatEveryMs)
        return {};
    Statement update(m_db, "UPDATE leases SET heartbeat_ms = ? WHERE case_id = ?");
    return update.run(now, id);
}

Result<void> LeaseStore::keep(CaseId id)
{
    m_kept.insert(id);
    return atomically(m_db, [&] { return checkMayWrite(id); });
}

} // namespace annotomy
