#include "tests/storage/samples.h"

#include "storage/file_system.h"
#include "storage/schema.h"

#include <QFile>
#include <QRegularExpression>
#include <QScopeGuard>

#include <set>

#include <sys/mount.h>
#include <unistd.h>

using namespace annotomy;
using namespace annotomy::samples;

class TestDatabase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void migrationsRunInOrderAfterABackup();
    void aFailedMigrationLeavesTheDatabaseAsItWas();
    void aNewerWorkspaceIsRefused();
    void aForeignDatabaseIsRefused();
    void aDamagedDatabaseIsRefused_data();
    void aDamagedDatabaseIsRefused();
    void damageAtRandomNeverCrashes();
    void impossibleValuesAreCorrupt_data();
    void impossibleValuesAreCorrupt();
    void aChangedMaskIsNoticed();
    void nothingIsOverwritten();
    void aFullDatabaseIsDiskFull();
    void aFullDiskIsDiskFull();
    void readOnlyReadsAndRefusesToWrite();
    void aReadOnlyDiskIsReadable();
    void aFileInTheWayIsAnError();
    void twoConnectionsWorkSideBySide();
    void aLeaseOfAnotherHostEndsWithItsHeartbeat();
    void aKeptLeaseIsRenewedAndItsLossNoticed();
    void networkFileSystemsAreKnown();
    void hashes();
};

namespace {

std::unique_ptr<Connection> connectTo(const std::string& path)
{
    auto connection = Connection::open(path, Connection::Access::ReadWrite);
    return connection ? std::move(*connection) : nullptr;
}

const std::vector<Migration>& threeVersions()
{
    static const std::vector<Migration> list{
        {1, {"CREATE TABLE a(x INTEGER)", "INSERT INTO a VALUES(7)"}},
        {2, {"ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x + 1"}},
        {3, {"CREATE TABLE b AS SELECT x + y AS z FROM a"}}};
    return list;
}

void tamper(const std::string& database, const std::string& sql)
{
    const auto connection = connectTo(database);
    QVERIFY(connection);
    QVERIFY(connection->execute("PRAGMA foreign_keys = OFF"));
    QVERIFY(connection->execute("PRAGMA ignore_check_constraints = ON"));
    const auto done = connection->execute(sql);
    QVERIFY2(done, why(done));
}

} // namespace

void TestDatabase::migrationsRunInOrderAfterABackup()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("it's a.db").toStdString();
    const std::span<const Migration> list(threeVersions());
    const auto connection = connectTo(path);
    QVERIFY(migrate(*connection, list.first(1)));
    QVERIFY(!QFile::exists(QString::fromStdString(path + ".backup-v0")));
    QVERIFY(migrate(*connection, list));
    QCOMPARE(*connection->readInteger("SELECT z FROM b"), std::int64_t{15});
    QCOMPARE(*connection->readInteger("PRAGMA user_version"), std::int64_t{3});
    const auto backup = connectTo(path + ".backup-v1");
    QVERIFY(backup);
    QCOMPARE(*backup->readInteger("PRAGMA user_version"), std::int64_t{1});
    QCOMPARE(*backup->readInteger("SELECT x FROM a"), std::int64_t{7});
    QVERIFY(migrate(*connection, list)); // nothing to do
    QVERIFY(!QFile::exists(QString::fromStdString(path + ".backup-v3")));
}

void TestDatabase::aFailedMigrationLeavesTheDatabaseAsItWas()
{
    QTemporaryDir folder;
    const auto connection = connectTo(folder.filePath("a.db").toStdString());
    std::vector<Migration> list = threeVersions();
    QVERIFY(migrate(*connection, std::span(list).first(1)));
    list[2].statements.push_back("SELECT nonsense FROM nowhere");
    QVERIFY(!migrate(*connection, list));
    QCOMPARE(*connection->readInteger("PRAGMA user_version"), std::int64_t{1});
    QVERIFY(!connection->readInteger("SELECT y FROM a"));
    QVERIFY(migrate(*connection, threeVersions())); // over the backup of the attempt
    QCOMPARE(*connection->readInteger("SELECT z FROM b"), std::int64_t{15});
}

void TestDatabase::aNewerWorkspaceIsRefused()
{
    TemporaryWorkspace fixture;
    fixture.workspace.reset();
    tamper(fixture.database(), "PRAGMA user_version = " + std::to_string(Workspace::schemaVersion() + 1));
    for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::ReadOnly})
        QVERIFY(failsWith(Workspace::open(fixture.path(), mode), ErrorCode::NewerWorkspace));
}

void TestDatabase::aForeignDatabaseIsRefused()
{
    TemporaryWorkspace fixture;
    fixture.workspace.reset();
    tamper(fixture.database(), "PRAGMA application_id = 4711");
    QVERIFY(failsWith(Workspace::open(fixture.path()), ErrorCode::CorruptDatabase));
    tamper(fixture.database(), "PRAGMA user_version = 0");
    QVERIFY(failsWith(Workspace::open(fixture.path()), ErrorCode::CorruptDatabase));
}

void TestDatabase::aDamagedDatabaseIsRefused_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("length"); // overwritten bytes; 0: the file is cut at `offset`
    QTest::newRow("header") << 0 << 100;
    QTest::newRow("first page") << 100 << 3000;
    QTest::newRow("everything") << 0 << 1000000;
    QTest::newRow("cut in the middle") << 20480 << 0;
}

void TestDatabase::aDamagedDatabaseIsRefused()
{
    QFETCH(int, offset);
    QFETCH(int, length);
    TemporaryWorkspace fixture;
    for (int n = 0; n < 20; ++n)
        fixture.addCase("P" + std::to_string(n), n);
    fixture.workspace.reset(); // the last connection folds the log into the file
    QFile file(QString::fromStdString(fixture.database()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (length == 0) {
        QVERIFY(file.resize(offset));
    } else {
        const qint64 size = std::min<qint64>(length, file.size() - offset);
        file.seek(offset);
        file.write(QByteArray(static_cast<int>(size), '\xA5'));
    }
    file.close();
    QVERIFY(failsWith(Workspace::open(fixture.path()), ErrorCode::CorruptDatabase));
}

void TestDatabase::damageAtRandomNeverCrashes()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(77);
    LabelMap labels = emptyMask();
    const CaseId id = fixture.addCase();
    for (int n = 0; n < 30; ++n)
        QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    fixture.addRevision(id, labels);
    fixture.workspace.reset();
    QFile file(QString::fromStdString(fixture.database()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray whole = file.readAll();
    for (int round = 0; round < 60; ++round) {
        QByteArray damaged = whole;
        for (int n = 0; n < 40; ++n)
            damaged[static_cast<int>(random() % static_cast<unsigned>(damaged.size()))] =
                static_cast<char>(random());
        file.seek(0);
        file.write(damaged);
        file.flush();
        auto opened = Workspace::open(fixture.path(), OpenMode::ReadOnly);
        if (!opened)
            continue;
        (void)(*opened)->cases();
        (void)(*opened)->revisions(id);
        (void)(*opened)->loadMask(RevisionId{1});
        if (const auto history = (*opened)->history(id))
            for (const JournalEntry& entry : history->journal)
                (void)decodeEdit(entry.edit, grid());
    }
}

void TestDatabase::impossibleValuesAreCorrupt_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("state") << QByteArray("UPDATE cases SET state = 'odd'");
    QTest::newRow("state as blob") << QByteArray("UPDATE cases SET state = x'00ff'");
    QTest::newRow("pool") << QByteArray("UPDATE patients SET pool = NULL OR 7");
    QTest::newRow("header") << QByteArray("UPDATE series SET header = '{'");
    QTest::newRow("window") << QByteArray("UPDATE series SET header = '{\"windows\":[{\"width\":-1}]}'");
    QTest::newRow("no grid") << QByteArray("UPDATE series SET geometry = '{}'");
    QTest::newRow("huge grid") << QByteArray(
        "UPDATE series SET geometry = replace(geometry, '[17,', '[1e30,')");
    QTest::newRow("fractional grid") << QByteArray(
        "UPDATE series SET geometry = replace(geometry, '[17,', '[1.5,')");
    QTest::newRow("no patient") << QByteArray("UPDATE studies SET patient_id = 99");
}

void TestDatabase::impossibleValuesAreCorrupt()
{
    QFETCH(QByteArray, sql);
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase();
    tamper(fixture.database(), sql.toStdString());
    const auto record = fixture.workspace->caseById(id);
    QVERIFY(failsWith(record, ErrorCode::CorruptDatabase));
    const auto all = fixture.workspace->cases();
    QVERIFY(!all || all->empty());
}

void TestDatabase::aChangedMaskIsNoticed()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(5);
    const CaseId id = fixture.addCase();
    const RevisionId revision = fixture.addRevision(id, randomMask(random), true);
    tamper(fixture.database(), "DROP TRIGGER masks_are_frozen");
    tamper(fixture.database(), "UPDATE revisions SET mask = x'00'");
    QVERIFY(failsWith(fixture.workspace->loadMask(revision), ErrorCode::HashMismatch));
    QVERIFY(failsWith(fixture.workspace->history(id), ErrorCode::HashMismatch));
    tamper(fixture.database(),
           "UPDATE revisions SET mask_hash = '" + sha256Hex(std::vector<std::byte>{std::byte{0}}) + "'");
    QVERIFY(failsWith(fixture.workspace->loadMask(revision), ErrorCode::CorruptDatabase));
    tamper(fixture.database(), "UPDATE revisions SET author_kind = 'ghost'");
    QVERIFY(failsWith(fixture.workspace->revision(revision), ErrorCode::CorruptDatabase));
}

void TestDatabase::nothingIsOverwritten()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(6);
    LabelMap labels = emptyMask();
    const CaseId id = fixture.addCase();
    QVERIFY(fixture.workspace->appendEdit(id, randomEdit(labels, random)));
    QVERIFY(fixture.workspace->approve(fixture.addRevision(id, labels), "Bea"));
    const auto connection = connectTo(fixture.database());
    for (const char* sql :
         {"DELETE FROM journal", "UPDATE journal SET edit = NULL", "DELETE FROM revisions",
          "UPDATE revisions SET mask = x''", "DELETE FROM decisions", "UPDATE decisions SET who = ''"})
        QVERIFY2(!connection->execute(sql), sql);
}

void TestDatabase::aFullDatabaseIsDiskFull()
{
    QTemporaryDir folder;
    const auto connection = connectTo(folder.filePath("a.db").toStdString());
    QVERIFY(connection->execute("CREATE TABLE t(x BLOB)"));
    QVERIFY(connection->execute("PRAGMA max_page_count = 10"));
    const auto done = atomically(*connection, [&]() -> Result<void> {
        if (auto first = connection->execute("INSERT INTO t VALUES(1)"); !first)
            return first;
        return connection->execute("INSERT INTO t VALUES(zeroblob(1000000))");
    });
    QVERIFY(failsWith(done, ErrorCode::DiskFull));
    QCOMPARE(*connection->readInteger("SELECT count(*) FROM t"), std::int64_t{0});
    QVERIFY(atomically(*connection, [&] { return connection->execute("INSERT INTO t VALUES(2)"); }));
}

void TestDatabase::aFullDiskIsDiskFull()
{
    QTemporaryDir folder;
    const QByteArray disk = folder.path().toLocal8Bit();
    if (::mount("none", disk.constData(), "tmpfs", 0, "size=3m") != 0)
        QSKIP("a small disk cannot be mounted here");
    const auto unmount = qScopeGuard([&] { ::umount2(disk.constData(), MNT_DETACH); });
    auto workspace = Workspace::open(disk.toStdString() + "/w");
    QVERIFY2(workspace, why(workspace));
    const auto added = (*workspace)->addCase(series("P1", 1), "image", false);
    QVERIFY(added);
    std::mt19937 random(9);
    LabelMap labels = emptyMask();
    std::size_t confirmed = 0;
    Result<std::int64_t> last = std::int64_t{0};
    QFile filler(folder.filePath("filler"));
    QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    while (filler.write(QByteArray(4096, 'x')) > 0) {
    }
    for (int n = 0; n < 5000 && last; ++n) {
        last = (*workspace)->appendEdit(added->id, randomEdit(labels, random));
        confirmed += last.has_value();
    }
    QVERIFY2(failsWith(last, ErrorCode::DiskFull), why(last));
    filler.close();
    QVERIFY(filler.remove());
    QVERIFY((*workspace)
                ->appendEdit(added->id, randomEdit(labels, random))); // room again: the same session goes on
    QCOMPARE((*workspace)->history(added->id)->journal.size(), confirmed + 1);
    workspace->reset();
}

void TestDatabase::readOnlyReadsAndRefusesToWrite()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(3);
    LabelMap labels = emptyMask();
    const CaseId id = fixture.addCase();
    const auto reader = fixture.reopen(OpenMode::ReadOnly);
    QVERIFY(reader && reader->readOnly() && !reader->readOnlyReason().empty());
    QCOMPARE(reader->cases()->size(), std::size_t{1});
    QVERIFY(failsWith(reader->appendEdit(id, randomEdit(labels, random)), ErrorCode::ReadOnly));
    QVERIFY(failsWith(reader->acquireLease(id), ErrorCode::ReadOnly));
    QVERIFY(failsWith(reader->addUser("Ann"), ErrorCode::ReadOnly));
    QVERIFY(reader->interruptedRuns());
    QVERIFY(fixture.addCase("P2", 2)); // the writer goes on, and the reader sees it
    QCOMPARE(reader->cases()->size(), std::size_t{2});
    QVERIFY(failsWith(Workspace::open(fixture.path() + "/nowhere", OpenMode::ReadOnly), ErrorCode::NotFound));
    QVERIFY(!QFile::exists(QString::fromStdString(fixture.path() + "/nowhere")));
}

void TestDatabase::aReadOnlyDiskIsReadable()
{
    QTemporaryDir folder;
    const QByteArray disk = folder.path().toLocal8Bit();
    if (::mount("none", disk.constData(), "tmpfs", 0, "size=8m") != 0)
        QSKIP("a small disk cannot be mounted here");
    const auto unmount = qScopeGuard([&] { ::umount2(disk.constData(), MNT_DETACH); });
    {
        auto workspace = Workspace::open(disk.toStdString());
        QVERIFY(workspace && (*workspace)->addCase(series("P1", 1), "image", false));
    }
    QCOMPARE(::mount("none", disk.constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=8m"), 0);
    for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::ReadOnly}) {
        const auto workspace = Workspace::open(disk.toStdString(), mode);
        QVERIFY2(workspace, why(workspace));
        QVERIFY((*workspace)->readOnly() && !(*workspace)->readOnlyReason().empty());
        QCOMPARE((*workspace)->cases()->size(), std::size_t{1});
        QVERIFY(failsWith((*workspace)->addUser("Ann"), ErrorCode::ReadOnly));
    }
    QVERIFY(!Workspace::open(disk.toStdString() + "/new"));
}

void TestDatabase::aFileInTheWayIsAnError()
{
    QTemporaryDir folder;
    QFile file(folder.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!Workspace::open(folder.filePath("file").toStdString()));
    QVERIFY(!Workspace::open(folder.filePath("file/below").toStdString()));
    QVERIFY(failsWith(Workspace::open(""), ErrorCode::InvalidArgument));
}

void TestDatabase::twoConnectionsWorkSideBySide()
{
    TemporaryWorkspace fixture;
    const auto second = fixture.reopen();
    const CaseId id = fixture.addCase();
    LabelMap labels = emptyMask();
    std::mt19937 random(4);
    std::set<std::int64_t> sequences;
    for (int n = 0; n < 50; ++n) {
        Workspace& workspace = n % 2 ? *second : *fixture.workspace;
        const auto sequence = workspace.appendEdit(id, randomEdit(labels, random));
        QVERIFY2(sequence, why(sequence));
        sequences.insert(*sequence);
    }
    QCOMPARE(sequences.size(), std::size_t{50});
    QVERIFY(*replayed(*second->history(id), emptyMask()) == labels);
}

void TestDatabase::aLeaseOfAnotherHostEndsWithItsHeartbeat()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase();
    QVERIFY(fixture.workspace->acquireLease(id));
    tamper(fixture.database(), "UPDATE leases SET host = 'elsewhere', heartbeat_ms = heartbeat_ms - 500000");
    const auto other = fixture.reopen();
    QVERIFY(failsWith(other->acquireLease(id), ErrorCode::CaseInUse));
    tamper(fixture.database(), "UPDATE leases SET heartbeat_ms = heartbeat_ms - 500000");
    QVERIFY(other->acquireLease(id));
}

void TestDatabase::aKeptLeaseIsRenewedAndItsLossNoticed()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(8);
    LabelMap labels = emptyMask();
    const CaseId id = fixture.addCase();
    const auto writer = fixture.reopen(); // as a session's journal thread
    QVERIFY(failsWith(writer->keepLease(id), ErrorCode::CaseInUse)); // none is held yet
    QVERIFY(fixture.workspace->acquireLease(id));
    tamper(fixture.database(), "UPDATE leases SET heartbeat_ms = 1");
    QVERIFY(writer->keepLease(id));
    QVERIFY(*connectTo(fixture.database())->readInteger("SELECT heartbeat_ms FROM leases") > 1);
    QVERIFY(writer->appendEdit(id, randomEdit(labels, random)));

    tamper(fixture.database(), "DELETE FROM leases"); // another host took it over, wrote, and has gone
    QVERIFY(failsWith(writer->keepLease(id), ErrorCode::CaseInUse));
    const Edit edit = randomEdit(labels, random);
    QVERIFY(failsWith(writer->appendEdit(id, edit), ErrorCode::CaseInUse));
    QVERIFY(failsWith(fixture.workspace->appendEdit(id, edit), ErrorCode::CaseInUse));
    QVERIFY(fixture.workspace->acquireLease(id)); // opened again
    QVERIFY(writer->appendEdit(id, edit));
}

void TestDatabase::networkFileSystemsAreKnown()
{
    QCOMPARE(networkFileSystemName(0x6969, ""), std::string("NFS"));
    QCOMPARE(networkFileSystemName(0xFF534D42, ""), std::string("CIFS"));
    QCOMPARE(networkFileSystemName(0xFFFFFFFFFF534D42, ""), std::string("CIFS")); // sign-extended
    QCOMPARE(networkFileSystemName(0x65735546, "fuse.sshfs"), std::string("fuse.sshfs"));
    QVERIFY(networkFileSystemName(0x65735546, "fuseblk").empty()); // a local disk
    QVERIFY(networkFileSystemName(0xEF53, "ext4").empty());
    const std::string mounts = "1 0 8:1 / / rw - ext4 /dev/a rw\n"
                               "2 1 0:5 / /mnt/far\\040away rw shared:1 master:2 - fuse.sshfs host:/ rw\n";
    QCOMPARE(mountTypeOf("/mnt/far away/w", mounts), std::string("fuse.sshfs"));
    QCOMPARE(mountTypeOf("/mnt/far awayness", mounts), std::string("ext4"));
    QVERIFY(mountTypeOf("/x", "garbage\n\n7").empty());
    QVERIFY(networkFileSystem("/no/such/folder").empty());
}

void TestDatabase::hashes()
{
    QCOMPARE(sha256Hex({}), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QTemporaryDir folder;
    QFile file(folder.filePath("big"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    std::vector<std::byte> bytes((3 << 20) + 7, std::byte{0x5a});
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    file.close();
    QCOMPARE(*sha256OfFile(file.fileName().toStdString()), sha256Hex(bytes));
    QVERIFY(failsWith(sha256OfFile(folder.filePath("none").toStdString()), ErrorCode::NotFound));
    QVERIFY(failsWith(sha256OfFile(folder.path().toStdString()), ErrorCode::IoFailure));
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
