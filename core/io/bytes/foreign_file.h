#pragma once

#include <string>

namespace annotomy {

// Names the foreign file that this thread is busy with, so that a process which dies of it can still say
// which one it was. `path` must outlive the object.
class ForeignFile {
public:
    explicit ForeignFile(const std::string& path);
    ~ForeignFile();
    ForeignFile(const ForeignFile&) = delete;
    ForeignFile& operator=(const ForeignFile&) = delete;

    // The path of the innermost object of this thread; on a thread without one (a decoder's own worker), of
    // the newest object of any thread; null when there is none. Safe in a signal handler.
    static const char* current();

private:
    const char* m_own;
    const char* m_outer;
};

} // namespace annotomy
