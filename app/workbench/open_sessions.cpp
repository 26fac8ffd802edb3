#include "app/workbench/open_sessions.h"

#include <mutex>
#include <set>
#include <utility>

namespace annotomy {

namespace {

struct Registry {
    std::mutex mutex;
    std::set<std::string> keys; // guarded by mutex
};

Registry& registry()
{
    static Registry instance;
    return instance;
}

} // namespace

OpenSessionClaim::~OpenSessionClaim()
{
    if (m_key.empty())
        return;
    const std::lock_guard lock(registry().mutex);
    registry().keys.erase(m_key);
}

OpenSessionClaim::OpenSessionClaim(OpenSessionClaim&& other) noexcept : m_key(std::exchange(other.m_key, {})) {}

OpenSessionClaim& OpenSessionClaim::operator=(OpenSessionClaim&& other) noexcept
{
    std::swap(m_key, other.m_key);
    return *this;
}

Result<OpenSessionClaim> OpenSessionClaim::take(const std::string& workspaceFolder, CaseId id)
{
    OpenSessionClaim claim;
    std::string key = workspaceFolder + '\n' + std::to_string(id.value);
    const std::lock_guard lock(registry().mutex);
    if (!registry().keys.insert(key).second)
        return Error{ErrorCode::CaseInUse, std::to_string(id.value), "it is open in this program"};
    claim.m_key = std::move(key);
    return claim;
}

} // namespace annotomy
