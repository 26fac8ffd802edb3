#include "app/workbench/dataset_folder.h"

#include "core/io/bytes/atomic_file.h"
#include "storage/workspace.h"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr const char* marker = ".annotomy-export"; // tells an export that was cut off from somebody's folder

Error failure(const std::error_code& error, const std::string& path)
{
    return systemError(error.value() != 0 ? error.value() : EIO, path);
}

Result<void> syncDiskOf(const std::string& folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int problem = file < 0 || ::syncfs(file) != 0 ? errno : 0;
    if (file >= 0)
        ::close(file);
    return problem == 0 ? Result<void>() : systemError(problem, folder);
}

} // namespace

Result<DatasetFolder> DatasetFolder::create(const std::string& path)
{
    std::error_code error;
    fs::path target = fs::absolute(path).lexically_normal();
    if (target.filename().empty())
        target = target.parent_path();
    if (!fs::is_directory(target.parent_path(), error))
        return Error{ErrorCode::NotFound, target.parent_path().string(), "the folder to write to"};
    if (fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        return Error{ErrorCode::Conflict, "Writing to " + target.string(),
                     "it is there and not an empty folder: choose a new one"};
    const std::string aside = target.string() + ".part";
    if (fs::exists(aside, error)) {
        if (!fs::exists(fs::path(aside) / marker, error))
            return Error{ErrorCode::Conflict, "Writing to " + target.string(), aside + " is in the way"};
        fs::remove_all(aside, error);
    }
    if (!fs::create_directory(aside, error))
        return failure(error, aside);
    DatasetFolder folder(target.string(), aside);
    if (const auto marked = writeFileAtomically(aside + "/" + marker, {}); !marked)
        return marked.error();
    return folder;
}

DatasetFolder::DatasetFolder(DatasetFolder&& other) noexcept
    : m_path(std::move(other.m_path)), m_aside(std::exchange(other.m_aside, {}))
{
}

DatasetFolder::~DatasetFolder()
{
    std::error_code ignored;
    if (!m_aside.empty())
        fs::remove_all(m_aside, ignored);
}

Result<std::string> DatasetFolder::pathFor(const std::string& relative)
{
    const fs::path path = fs::path(m_aside) / relative;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error)
        return failure(error, path.string());
    return path.string();
}

Result<void> DatasetFolder::writeText(const std::string& relative, const std::string& text)
{
    const auto path = pathFor(relative);
    return path ? writeFileAtomically(*path, std::as_bytes(std::span(text))) : path.error();
}

Result<DatasetFolder::File> DatasetFolder::described(const std::string& relative) const
{
    const std::string path = m_aside + "/" + relative;
    const auto hash = sha256OfFile(path);
    if (!hash)
        return hash.error();
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    if (error)
        return failure(error, path);
    return File{relative, *hash, static_cast<std::int64_t>(bytes)};
}

Result<void> DatasetFolder::commit()
{
    std::error_code error;
    fs::remove(fs::path(m_aside) / marker, error);
    if (const auto synced = syncDiskOf(m_aside); !synced)
        return synced;
    fs::rename(m_aside, m_path, error);
    if (error)
        return failure(error, m_path);
    m_aside.clear();
    return {};
}

} // namespace annotomy
