#pragma once

#include "storage/records.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// How SQL sees our values. Text that is no UTF-8 (a file name) is bound as bytes and comes back unchanged.
QVariant sqlValue(std::int64_t value);
QVariant sqlValue(int value);
QVariant sqlValue(bool value);
QVariant sqlValue(double value);
QVariant sqlValue(const std::string& text);
QVariant sqlValue(const char* text);
QVariant sqlValue(const std::optional<double>& value);
QVariant sqlValue(std::span<const std::byte> bytes); // not copied: must outlive the statement's run
inline QVariant sqlValue(const std::vector<std::byte>& bytes)
{
    return sqlValue(std::span(bytes));
}
template <class Tag>
QVariant sqlValue(Id<Tag> id)
{
    return id ? QVariant(static_cast<qlonglong>(id.value)) : QVariant(); // 0 is NULL
}

// One SQLite connection with our settings. Private to storage, as is all that knows SQL. Used from one
// thread.
class Connection {
public:
    enum class Access { ReadWrite, ReadOnly, Immutable }; // Immutable: nobody writes; needs no -shm file

    static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> execute(const std::string& sql); // one statement without parameters
    Result<std::int64_t>
    readInteger(const std::string& sql); // first column of the first row; 0 when there is none

    const std::string& path() const { return m_path; }
    QSqlDatabase database() const;
    Error errorFrom(const QSqlError& error) const;

    // Why nothing may be written; empty when it may.
    const std::string& readOnlyReason() const { return m_readOnlyReason; }
    void setReadOnlyReason(const std::string& reason) { m_readOnlyReason = reason; }

private:
    Connection(std::string path, QString name) : m_path(std::move(path)), m_name(std::move(name)) {}
    Result<void> configure(Access access);

    std::string m_path;
    QString m_name;
    std::string m_readOnlyReason;
};

// A prepared statement. Parameters are given to run(), in order of the question marks.
class Statement {
public:
    Statement(Connection& connection, const std::string& sql);

    template <class... Values>
    Result<void> run(const Values&... values)
    {
        int position = 0;
        (m_query.bindValue(position++, sqlValue(values)), ...);
        return execute();
    }
    Result<void> runAll(const std::vector<std::string>& values); // as run, for as many as there are
    Result<bool> next(); // to the next row; false after the last one
    std::int64_t insertedId() const;
    std::int64_t changedRows() const;

    std::int64_t integer(int column) const;
    double number(int column) const;
    std::optional<double> optionalNumber(int column) const;
    std::string text(int column) const;
    std::vector<std::byte> bytes(int column) const;
    bool isNull(int column) const;
    template <class IdType>
    IdType id(int column) const
    {
        return IdType{integer(column)};
    }

private:
    Result<void> execute();

    Connection& m_connection;
    QSqlQuery m_query;
    bool m_prepared = false;
};

// BEGIN ... COMMIT; rolls back unless commit() has succeeded.
class Transaction {
public:
    enum class Kind { Write, Read }; // Write takes the lock at once; Read sees one state of the database
    static Result<Transaction> begin(Connection& connection, Kind kind);
    Transaction(Transaction&& other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

// Runs `work` (returning a Result) as one write transaction; committed when it succeeds. Errors: ReadOnly,
// besides.
template <class Work>
auto atomically(Connection& connection, const Work& work) -> decltype(work())
{
    if (!connection.readOnlyReason().empty())
        return Error{ErrorCode::ReadOnly, connection.path(), connection.readOnlyReason()};
    auto transaction = Transaction::begin(connection, Transaction::Kind::Write);
    if (!transaction)
        return transaction.error();
    auto result = work();
    if (!result)
        return result;
    if (auto committed = transaction->commit(); !committed)
        return committed.error();
    return result;
}

// Runs `work` with all its queries seeing one state of the database.
template <class Work>
auto consistently(Connection& connection, const Work& work) -> decltype(work())
{
    auto transaction = Transaction::begin(connection, Transaction::Kind::Read);
    if (!transaction)
        return transaction.error();
    return work();
}

Error corruptRow(const std::string& what);

} // namespace annotomy
