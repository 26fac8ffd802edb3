#include "storage/schema.h"

#include "storage/file_system.h"

#include <QSqlError>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace annotomy {

namespace {

constexpr int applicationId = 0x416e6e6f; // "Anno"

std::string quoted(const std::string& text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

// A backup of an earlier, interrupted attempt is replaced: this one holds at least as much.
Result<void> backUp(Connection& connection, std::int64_t version)
{
    const std::string backup = connection.path() + ".backup-v" + std::to_string(version);
    const std::string aside = backup + ".part";
    std::remove(aside.c_str());
    if (auto copied = connection.execute("VACUUM INTO " + quoted(aside)); !copied) {
        std::remove(aside.c_str());
        return copied;
    }
    if (auto synced = syncToDisk(aside); !synced)
        return synced;
    if (std::rename(aside.c_str(), backup.c_str()) != 0)
        return Error{ErrorCode::IoFailure, backup, std::strerror(errno)};
    return syncToDisk(std::filesystem::path(backup).parent_path().string());
}

Result<void> applyFrom(Connection& connection, std::int64_t version, std::span<const Migration> list)
{
    for (const Migration& migration : list) {
        if (migration.to <= version)
            continue;
        for (const char* statement : migration.statements)
            if (auto done = connection.execute(statement); !done)
                return done;
    }
    const std::string target = std::to_string(list.back().to);
    if (auto done = connection.execute("PRAGMA application_id = " + std::to_string(applicationId)); !done)
        return done;
    return connection.execute("PRAGMA user_version = " + target);
}

// The version of our database; 0 for an empty file.
Result<std::int64_t> versionOf(Connection& connection)
{
    const auto version = connection.readInteger("PRAGMA user_version");
    if (!version)
        return version;
    const auto owner = connection.readInteger("PRAGMA application_id");
    if (!owner)
        return owner;
    const auto tables = connection.readInteger("SELECT count(*) FROM sqlite_master");
    if (!tables)
        return tables;
    const bool fresh = *version == 0 && *owner == 0 && *tables == 0;
    if (!fresh && (*owner != applicationId || *version <= 0))
        return Error{ErrorCode::CorruptDatabase, connection.path(), "a database, but not of Annotomy"};
    return version;
}

Error newerThan(const Connection& connection, std::int64_t version, int known)
{
    return {ErrorCode::NewerWorkspace, connection.path(),
            "version " + std::to_string(version) + ", known up to " + std::to_string(known)};
}

} // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> list)
{
    const int target = list.back().to;
    const auto before = versionOf(connection);
    if (!before)
        return before.error();
    if (*before > target)
        return newerThan(connection, *before, target);
    if (*before == target)
        return {};
    if (*before > 0)
        if (auto saved = backUp(connection, *before); !saved)
            return saved;
    return atomically(connection, [&]() -> Result<void> {
        const auto version = versionOf(connection); // another process may have been quicker
        if (!version)
            return version.error();
        return *version >= target ? Result<void>() : applyFrom(connection, *version, list);
    });
}

Result<void> checkVersion(Connection& connection, int version)
{
    const auto found = versionOf(connection);
    if (!found)
        return found.error();
    if (*found > version)
        return newerThan(connection, *found, version);
    if (*found < version)
        return Error{ErrorCode::Conflict, connection.path(),
                     "an older version, to be opened for writing once"};
    return {};
}

Result<void> checkIntegrity(Connection& connection)
{
    constexpr std::int64_t mostBytes = std::int64_t{64} << 20;
    const auto pages = connection.readInteger("PRAGMA page_count");
    const auto pageSize = connection.readInteger("PRAGMA page_size");
    if (!pages || !pageSize)
        return pages ? pageSize.error() : pages.error();
    if (*pages * *pageSize > mostBytes)
        return {};
    Statement check(connection, "PRAGMA quick_check(1)");
    if (auto done = check.run(); !done)
        return done;
    const auto row = check.next();
    if (!row)
        return row.error();
    const std::string verdict = *row ? check.text(0) : "no answer";
    if (verdict != "ok")
        return Error{ErrorCode::CorruptDatabase, connection.path(), verdict};
    return {};
}

} // namespace annotomy
