// A workspace with a sound database in which the input changes single values, past the constraints: opened and read through.
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"
#include "tests/fuzz/support/workspace_check.h"

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <fuzzer/FuzzedDataProvider.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

using namespace annotomy;

namespace {

struct Field {
    QString table, column;
};

std::vector<Field> fieldsOf(QSqlDatabase& database)
{
    std::vector<Field> fields;
    QSqlQuery query("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
                    " AND m.name NOT LIKE 'sqlite%' ORDER BY 1, c.cid",
                    database);
    while (query.next())
        fields.push_back({query.value(0).toString(), query.value(1).toString()});
    return fields;
}

QVariant chosenValue(FuzzedDataProvider& input)
{
    switch (input.ConsumeIntegralInRange(0, 5)) {
    case 0:
        return QVariant(static_cast<qlonglong>(input.ConsumeIntegral<std::int64_t>()));
    case 1:
        return QVariant(static_cast<qlonglong>(input.ConsumeIntegralInRange<std::int64_t>(-2, 10)));
    case 2:
        return QVariant(input.ConsumeFloatingPoint<double>());
    case 3:
        return {};
    case 4:
        return QVariant(QByteArray::fromStdString(input.ConsumeRandomLengthString()));
    default:
        return QVariant(QString::fromStdString(input.ConsumeRandomLengthString()));
    }
}

// The database that every input starts from, with all that guards its rows taken out.
class Template {
public:
    Template()
    {
        const fuzz::InputFiles files;
        const auto made = fuzz::makeSampleWorkspace(files.folder());
        FUZZ_CHECK(made);
        const std::string path = files.folder() + "/annotomy.db";
        FUZZ_CHECK(fuzz::shrinkDatabase(path));
        std::ifstream file(path, std::ios::binary);
        m_bytes.assign(std::istreambuf_iterator<char>(file), {});
    }
    fuzz::Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(m_bytes.data()), m_bytes.size()}; }

private:
    std::string m_bytes;
};

void changeRows(const std::string& path, FuzzedDataProvider& input)
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "change");
        database.setDatabaseName(QString::fromStdString(path));
        FUZZ_CHECK(database.open());
        QSqlQuery query(database);
        for (const char* sql : {"PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA ignore_check_constraints = ON",
                                "DROP TRIGGER journal_is_frozen", "DROP TRIGGER masks_are_frozen",
                                "DROP TRIGGER decisions_are_frozen"})
            FUZZ_CHECK(query.exec(sql));
        static const std::vector<Field> fields = fieldsOf(database);
        for (int change = 0; change < 4 && input.remaining_bytes() > 0; ++change) {
            const Field& field = fields[input.ConsumeIntegralInRange<std::size_t>(0, fields.size() - 1)];
            query.prepare("UPDATE OR IGNORE " + field.table + " SET " + field.column + " = ?");
            query.addBindValue(chosenValue(input));
            query.exec();
        }
    }
    QSqlDatabase::removeDatabase("change");
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv)
{
    static QCoreApplication application(*argc, *argv);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Template original;
    static const fuzz::InputFiles files;
    for (const char* beside : {"annotomy.db-wal", "annotomy.db-shm", "annotomy.db-journal"})
        ::unlink((files.folder() + "/" + beside).c_str());
    const std::string path = files.write("annotomy.db", original.bytes());
    FuzzedDataProvider input(data, size);
    changeRows(path, input);
    if (auto workspace = Workspace::open(files.folder())) {
        fuzz::readEverything(**workspace);
        fuzz::writeSomething(**workspace);
    }
    return 0;
}
