#pragma once

#include "storage/connection.h"
#include "storage/process_identity.h"

#include <set>
#include <string>

namespace annotomy {

// The writer leases that one Workspace object holds. Another object of the same process is another owner when
// it asks for a lease, but may write to the case: a session's journal thread has a connection of its own.
class LeaseStore {
public:
    explicit LeaseStore(Connection& connection);
    ~LeaseStore(); // releases what is held
    LeaseStore(const LeaseStore&) = delete;
    LeaseStore& operator=(const LeaseStore&) = delete;

    Result<void> acquire(CaseId id); // renews one that is held
    void release(CaseId id);
    Result<void> keep(CaseId id); // see Workspace::keepLease
    // Inside a write transaction: errors with CaseInUse when another living process holds the case, or when a kept
    // lease is lost; else beats the heart of this process' lease.
    Result<void> checkMayWrite(CaseId id);

private:
    struct Lease {
        bool exists = false;
        std::string token;
        ProcessIdentity holder;
        std::int64_t heartbeatMs = 0;
    };
    Result<Lease> read(CaseId id);
    bool isHeld(const Lease& lease) const;
    Result<void> beat(CaseId id, const Lease& lease);

    Connection& m_db;
    std::string m_token;
    std::set<CaseId> m_held;
    std::set<CaseId> m_kept; // held by this process, perhaps by another store
};

} // namespace annotomy
