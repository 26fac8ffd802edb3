#pragma once

#include "storage/records.h"

#include <string>

namespace annotomy {

// Which cases are open for editing in this process. The workspace's lease guards against other processes only; this
// guards a session's mask in memory against a job of the same program that would write the case behind its back.
// Safe from any thread.
class OpenSessionClaim {
public:
    OpenSessionClaim() = default;
    ~OpenSessionClaim();
    OpenSessionClaim(OpenSessionClaim&& other) noexcept;
    OpenSessionClaim& operator=(OpenSessionClaim&& other) noexcept;

    // Errors: CaseInUse.
    static Result<OpenSessionClaim> take(const std::string& workspaceFolder, CaseId id);

private:
    std::string m_key; // empty: nothing is held
};

} // namespace annotomy
