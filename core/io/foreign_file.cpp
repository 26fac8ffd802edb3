#include "core/io/foreign_file.h"

namespace annotomy {

namespace {

thread_local const char* currentPath = nullptr;

} // namespace

ForeignFile::ForeignFile(const std::string& path) : m_outer(currentPath)
{
    currentPath = path.c_str();
}

ForeignFile::~ForeignFile()
{
    currentPath = m_outer;
}

const char* ForeignFile::current()
{
    return currentPath;
}

} // namespace annotomy
