#include "tests/support/shared_data.h"

#include <QProcess>

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace annotomy::test {

namespace {

class FolderLock {
public:
    explicit FolderLock(const std::string& path)
        : m_file(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644))
    {
        if (m_file >= 0)
            ::flock(m_file, LOCK_EX);
    }
    ~FolderLock()
    {
        if (m_file >= 0)
            ::close(m_file);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int m_file = -1;
};

bool unpack(const fs::path& archive, const fs::path& folder)
{
    return QProcess::execute("tar", {"-xJf", QString::fromStdString(archive.string()), "-C",
                                     QString::fromStdString(folder.string())}) == 0;
}

bool unpackAll(const fs::path& from, const fs::path& to)
{
    for (const fs::directory_entry& entry : fs::directory_iterator(from))
        if (entry.path().string().ends_with(".tar.xz") && !unpack(entry.path(), to))
            return false;
    return true;
}

} // namespace

std::optional<std::string> sharedData(const std::string& set)
{
    const char* given = std::getenv("ANNOTOMY_TEST_DATA");
    const fs::path root = given ? fs::path(given) : fs::path(ANNOTOMY_SOURCE_DIR) / "../shared/data";
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(root / set, error);
    if (error || !fs::is_directory(folder, error))
        return std::nullopt;
    return folder.string();
}

std::optional<std::string> unpackedData(const std::string& set)
{
    const auto packed = sharedData(set);
    if (!packed)
        return std::nullopt;
    const fs::path root = fs::path(ANNOTOMY_BINARY_DIR) / "unpacked";
    std::error_code error;
    fs::create_directories(root, error);
    const FolderLock lock((root / (set + ".lock")).string());
    const fs::path folder = root / set, aside = root / (set + ".part");
    if (fs::exists(folder, error))
        return folder.string();
    fs::remove_all(aside, error);
    fs::create_directories(aside, error);
    if (!unpackAll(*packed, aside))
        return std::nullopt;
    fs::rename(aside, folder, error);
    return error ? std::nullopt : std::optional(folder.string());
}

} // namespace annotomy::test
