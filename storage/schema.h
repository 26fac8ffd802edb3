#pragma once

#include "storage/connection.h"

#include <span>
#include <vector>

namespace annotomy {

// The statements that bring a database from version `to - 1` to version `to` (PRAGMA user_version).
struct Migration {
    int to = 0;
    std::vector<const char*> statements;
};

// Ordered, from 1 on without a gap; docs/file-formats.md describes the outcome.
const std::vector<Migration>& migrations();

// Brings the database to the last version of `list`, in one transaction. A database with content is copied to
// "<path>.backup-v<old version>" first. Errors: NewerWorkspace, CorruptDatabase (not ours), DiskFull,
// DatabaseFailure; the database is then as before.
Result<void> migrate(Connection& connection, std::span<const Migration> list);

// Errors: NewerWorkspace, CorruptDatabase; and Conflict for an older version, which a reader cannot migrate.
Result<void> checkVersion(Connection& connection, int version);

// Errors: CorruptDatabase. Reads the whole file, so only files up to 64 MiB are checked through.
Result<void> checkIntegrity(Connection& connection);

} // namespace annotomy
