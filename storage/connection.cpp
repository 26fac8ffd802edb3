#include "storage/connection.h"

#include <QCoreApplication>
#include <QSqlError>
#include <QThread>
#include <QUrl>

#include <atomic>
#include <cassert>

#include <sys/statvfs.h>

namespace annotomy {

namespace {

// Result codes of SQLite (sqlite3.h), which Qt hands through as numbers. The lowest byte is the primary code.
enum SqliteCode {
    Perm = 3,
    ReadOnlyCode = 8,
    IoErr = 10,
    Corrupt = 11,
    Full = 13,
    CantOpen = 14,
    Constraint = 19,
    NotADb = 26
};

QString uniqueConnectionName()
{
    static std::atomic<std::uint64_t> counter{0};
    return QStringLiteral("annotomy-%1-%2").arg(QCoreApplication::applicationPid()).arg(++counter);
}

bool diskIsFull(const std::string& path)
{
    constexpr std::uint64_t margin = 256 * 1024;
    struct statvfs disk {};
    return ::statvfs(path.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < margin;
}

ErrorCode codeOf(int sqliteCode, const std::string& path)
{
    switch (sqliteCode & 0xff) {
    case Full:
        return ErrorCode::DiskFull;
    case Corrupt:
    case NotADb:
        return ErrorCode::CorruptDatabase;
    case ReadOnlyCode:
        return ErrorCode::ReadOnly;
    case Perm:
        return ErrorCode::PermissionDenied;
    case Constraint: // a row that refers to one that is not there
        return ErrorCode::InvalidArgument;
    case IoErr:
    case CantOpen: // the -wal and -shm files cannot grow either when the disk is full
        return diskIsFull(path) ? ErrorCode::DiskFull : ErrorCode::DatabaseFailure;
    default:
        return ErrorCode::DatabaseFailure;
    }
}

QString uriOf(const std::string& path, Connection::Access access)
{
    QUrl url = QUrl::fromLocalFile(QString::fromStdString(path));
    const QString file = url.toString(QUrl::FullyEncoded).mid(QStringLiteral("file://").size());
    return QStringLiteral("file:") + file +
           (access == Connection::Access::Immutable ? QStringLiteral("?immutable=1") : QString());
}

} // namespace

QVariant sqlValue(std::int64_t value)
{
    return QVariant(static_cast<qlonglong>(value));
}

QVariant sqlValue(int value)
{
    return QVariant(value);
}

QVariant sqlValue(bool value)
{
    return QVariant(value ? 1 : 0);
}

QVariant sqlValue(double value)
{
    return QVariant(value);
}

QVariant sqlValue(const std::string& text)
{
    if (QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8())
        return QVariant(text.empty() ? QStringLiteral("") : QString::fromStdString(text));
    return QVariant(QByteArray::fromStdString(text));
}

QVariant sqlValue(const char* text)
{
    return QVariant(QString::fromUtf8(text));
}

QVariant sqlValue(const std::optional<double>& value)
{
    return value ? QVariant(*value) : QVariant();
}

QVariant sqlValue(std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return QVariant(QByteArray(""));
    return QVariant(QByteArray::fromRawData(reinterpret_cast<const char*>(bytes.data()),
                                            static_cast<qsizetype>(bytes.size())));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access)
{
    std::unique_ptr<Connection> connection(new Connection(path, uniqueConnectionName()));
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->m_name);
    QString options = QStringLiteral("QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=10000");
    if (access != Access::ReadWrite)
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    database.setConnectOptions(options);
    database.setDatabaseName(uriOf(path, access));
    if (!database.open())
        return connection->errorFrom(database.lastError());
    if (auto configured = connection->configure(access); !configured)
        return configured.error();
    return connection;
}

Connection::~Connection()
{
    QSqlDatabase::database(m_name, false).close();
    QSqlDatabase::removeDatabase(m_name);
}

// The first statements that touch the file: they fail when it is no database or may not be opened.
Result<void> Connection::configure(Access access)
{
    const char* settings[] = {"PRAGMA busy_timeout = 10000", "PRAGMA foreign_keys = ON",
                              "PRAGMA trusted_schema = OFF", "PRAGMA synchronous = FULL",
                              "PRAGMA cell_size_check = ON"};
    for (const char* setting : settings)
        if (auto done = execute(setting); !done)
            return done;
    if (auto tables = readInteger("SELECT count(*) FROM sqlite_master"); !tables)
        return tables.error();
    if (access != Access::ReadWrite)
        return {};
    // Changing to WAL needs the file alone for a moment and does not wait for it by itself.
    Result<void> changed;
    for (int attempt = 0; attempt < 50; ++attempt) {
        changed = execute("PRAGMA journal_mode = WAL");
        if (changed || changed.error().code != ErrorCode::DatabaseFailure)
            return changed;
        QThread::msleep(20);
    }
    return changed;
}

QSqlDatabase Connection::database() const
{
    return QSqlDatabase::database(m_name, false);
}

Error Connection::errorFrom(const QSqlError& error) const
{
    const int code = error.nativeErrorCode().toInt();
    return {codeOf(code, m_path), m_path,
            "SQLite " + std::to_string(code) + ": " + error.databaseText().toStdString()};
}

Result<void> Connection::execute(const std::string& sql)
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    if (!query.exec(QString::fromStdString(sql)))
        return errorFrom(query.lastError());
    return {};
}

Result<std::int64_t> Connection::readInteger(const std::string& sql)
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    if (!query.exec(QString::fromStdString(sql)))
        return errorFrom(query.lastError());
    if (query.next())
        return static_cast<std::int64_t>(query.value(0).toLongLong());
    if (query.lastError().isValid())
        return errorFrom(query.lastError());
    return std::int64_t{0};
}

Statement::Statement(Connection& connection, const std::string& sql)
    : m_connection(connection), m_query(connection.database())
{
    m_query.setForwardOnly(true);
    m_prepared = m_query.prepare(QString::fromStdString(sql));
}

Result<void> Statement::runAll(const std::vector<std::string>& values)
{
    for (std::size_t position = 0; position < values.size(); ++position)
        m_query.bindValue(static_cast<int>(position), sqlValue(values[position]));
    return execute();
}

Result<void> Statement::execute()
{
    if (!m_prepared || !m_query.exec())
        return m_connection.errorFrom(m_query.lastError());
    return {};
}

Result<bool> Statement::next()
{
    if (m_query.next())
        return true;
    if (m_query.lastError().isValid())
        return m_connection.errorFrom(m_query.lastError());
    return false;
}

std::int64_t Statement::insertedId() const
{
    return m_query.lastInsertId().toLongLong();
}

std::int64_t Statement::changedRows() const
{
    return m_query.numRowsAffected();
}

std::int64_t Statement::integer(int column) const
{
    return m_query.value(column).toLongLong();
}

double Statement::number(int column) const
{
    return m_query.value(column).toDouble();
}

std::optional<double> Statement::optionalNumber(int column) const
{
    const QVariant value = m_query.value(column);
    return value.isNull() ? std::optional<double>() : value.toDouble();
}

std::string Statement::text(int column) const
{
    return m_query.value(column).toByteArray().toStdString();
}

std::vector<std::byte> Statement::bytes(int column) const
{
    const QByteArray array = m_query.value(column).toByteArray();
    const auto* first = reinterpret_cast<const std::byte*>(array.constData());
    return std::vector<std::byte>(first, first + array.size());
}

bool Statement::isNull(int column) const
{
    return m_query.value(column).isNull();
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind)
{
    // Qt's own transaction() begins a deferred one, which fails at its first write when another writer came
    // between.
    if (auto begun = connection.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun)
        return begun.error();
    return Transaction(connection);
}

Transaction::~Transaction()
{
    if (m_connection)
        (void)m_connection->execute("ROLLBACK"); // fails harmlessly where SQLite has rolled back by itself
}

Result<void> Transaction::commit()
{
    assert(m_connection);
    auto committed = m_connection->execute("COMMIT");
    if (committed)
        m_connection = nullptr;
    return committed;
}

Error corruptRow(const std::string& what)
{
    return {ErrorCode::CorruptDatabase, {}, "the database holds an impossible value: " + what};
}

} // namespace annotomy
