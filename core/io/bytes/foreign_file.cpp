#include "core/io/bytes/foreign_file.h"

#include <atomic>

namespace annotomy {

namespace {

thread_local const char* currentPath = nullptr;
std::atomic<const char*> latestPath{nullptr};

} // namespace

ForeignFile::ForeignFile(const std::string& path) : m_own(path.c_str()), m_outer(currentPath)
{
    currentPath = m_own;
    latestPath = m_own;
}

ForeignFile::~ForeignFile()
{
    currentPath = m_outer;
    const char* own = m_own;
    latestPath.compare_exchange_strong(own, m_outer);
}

const char* ForeignFile::current()
{
    return currentPath ? currentPath : latestPath.load();
}

} // namespace annotomy
