// A case in work: editing, journal, saving, and a program killed in the middle of its strokes.
#include "tests/app/workbench/strokes.h"
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/case_session.h"
#include "app/workbench/journal_writer.h"
#include "app/workbench/mask_attachment.h"
#include "storage/connection.h"

#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

#include <future>
#include <random>

#include <sys/mount.h>

using namespace annotomy;
using namespace annotomy::test;

class TestCaseSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void editsAreConfirmedInOrder();
    void undoCrossesRestartButNotASignOff();
    void saveMakesARevision();
    void anIdleWriterKeepsItsLease();
    void aFullDiskStopsPaintingUntilThereIsRoom();
    void nothingIsApprovedOnlyWhenConfirmed();
    void killLosesNoConfirmedEdit();

private:
    std::unique_ptr<CaseSession> openSession();

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
    CaseId m_id;
};

void TestCaseSession::init()
{
    m_bench.reset();
    m_files = std::make_unique<WorkbenchFixture>();
    auto opened = Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::fakePrograms());
    QVERIFY(opened);
    m_bench = *std::move(opened);
    QVERIFY(!m_files->writeImage(0, false).empty());
    const auto report = m_bench->importPaths({m_files->path("images")}, {});
    QVERIFY(report);
    m_id = report->cases.front().id;
}

std::unique_ptr<CaseSession> TestCaseSession::openSession()
{
    auto session = CaseSession::open(*m_bench, m_id, {}, "Dr Test");
    return session ? *std::move(session) : nullptr;
}

void TestCaseSession::editsAreConfirmedInOrder()
{
    const auto session = openSession();
    QVERIFY(session);
    QSignalSpy confirmed(session.get(), &CaseSession::confirmed);
    QSignalSpy failed(session.get(), &CaseSession::journalFailed);
    for (int step = 0; step < 12; ++step)
        QVERIFY(performStep(*session, step));
    QVERIFY(session->flush());
    QTRY_COMPARE(confirmed.size(), 12);
    for (int n = 1; n < confirmed.size(); ++n)
        QVERIFY(confirmed[n][0].toLongLong() > confirmed[n - 1][0].toLongLong());
    QVERIFY(failed.isEmpty());
    QVERIFY(session->hasUnsavedEdits());
}

void TestCaseSession::undoCrossesRestartButNotASignOff()
{
    auto session = openSession();
    for (int step = 0; step < 4; ++step)
        QVERIFY(performStep(*session, step));
    const LabelMap before = session->document().labels();
    session.reset();
    session = openSession();
    QVERIFY(session->document().labels() == before);
    QVERIFY(session->hasUnsavedEdits());
    QVERIFY(session->save("first"));
    QVERIFY(session->document().canUndo()); // a save is no border
    session.reset();
    session = openSession();
    QVERIFY(!session->hasUnsavedEdits());
    QVERIFY(session->undo());
    QVERIFY(!(session->document().labels() == before));
    QVERIFY(session->redo());
    QVERIFY(session->document().labels() == before);
    QVERIFY(session->approve("Dr Test"));
    QVERIFY(!session->document().canUndo());
    session.reset();
    session = openSession();
    QVERIFY(!session->document().canUndo());
    QVERIFY(session->document().labels() == before);
}

void TestCaseSession::saveMakesARevision()
{
    const auto session = openSession();
    QVERIFY(performStep(*session, 0));
    QVERIFY(performStep(*session, 1));
    const auto revision = session->save("a note");
    QVERIFY(revision);
    QCOMPARE(revision->note, std::string("a note"));
    QCOMPARE(session->record().head, revision->id);
    QVERIFY(!session->hasUnsavedEdits());
    QVERIFY(*m_bench->workspace().loadMask(revision->id) == session->document().labels());
}

namespace {

Result<void> tamper(const std::string& workspaceFolder, const std::string& sql)
{
    const auto connection = Connection::open(workspaceFolder + "/annotomy.db", Connection::Access::ReadWrite);
    return connection ? (*connection)->execute(sql) : connection.error();
}

} // namespace

void TestCaseSession::anIdleWriterKeepsItsLease()
{
    const auto hold = LeaseHold::take(m_bench->workspace(), m_id);
    QVERIFY(hold);
    std::promise<Error> lost;
    JournalWriter::Callbacks callbacks;
    callbacks.failed = [&](const Error& error) { lost.set_value(error); };
    JournalWriter writer(m_files->workspaceFolder(), m_id, callbacks, std::chrono::milliseconds(20));
    QVERIFY(tamper(m_files->workspaceFolder(), "UPDATE leases SET heartbeat_ms = 1"));
    const auto heartbeat = [&] {
        const auto connection =
            Connection::open(m_files->workspaceFolder() + "/annotomy.db", Connection::Access::ReadWrite);
        return *(*connection)->readInteger("SELECT heartbeat_ms FROM leases");
    };
    QTRY_VERIFY(heartbeat() > 1);
    QVERIFY(!writer.failure());
    QVERIFY(tamper(m_files->workspaceFolder(), "DELETE FROM leases")); // as if another host had taken it over
    auto told = lost.get_future();
    QVERIFY(told.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    QCOMPARE(told.get().code, ErrorCode::CaseInUse);
    writer.pushMove(JournalKind::Undo);
    QVERIFY(!writer.flush()); // nothing is written over the other's work
    QVERIFY(m_bench->workspace().history(m_id)->journal.empty());
}

void TestCaseSession::aFullDiskStopsPaintingUntilThereIsRoom()
{
    m_bench.reset();
    const std::string disk = m_files->path("disk");
    std::filesystem::create_directory(disk);
    if (::mount("none", disk.c_str(), "tmpfs", 0, "size=4m") != 0)
        QSKIP("a small disk cannot be mounted here");
    const auto unmount = qScopeGuard([&] {
        m_bench.reset();
        ::umount2(disk.c_str(), MNT_DETACH);
    });
    auto opened = Workbench::open(disk + "/workspace", WorkbenchFixture::fakePrograms());
    QVERIFY(opened);
    m_bench = *std::move(opened);
    const auto report = m_bench->importPaths({m_files->path("images")}, {});
    QVERIFY(report);
    m_id = report->cases.front().id;
    auto session = openSession();
    QSignalSpy failed(session.get(), &CaseSession::journalFailed);
    QSignalSpy recovered(session.get(), &CaseSession::journalRecovered);
    QVERIFY(performStep(*session, 0));
    QVERIFY(session->flush());

    QFile filler(QString::fromStdString(disk + "/filler"));
    QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    while (filler.write(QByteArray(4096, 'x')) > 0) {
    }
    int step = 1;
    while (step < 5000 && performStep(*session, step) && session->flush())
        ++step;
    QVERIFY(!session->flush());
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!performStep(*session, step + 1)); // painting stops
    QCOMPARE(session->save({}).error().code, ErrorCode::DiskFull);
    const LabelMap painted = session->document().labels();

    QVERIFY(filler.remove());
    session->retryJournal();
    QVERIFY(session->flush());
    QTRY_COMPARE(recovered.size(), 1);
    session.reset();
    session = openSession();
    QVERIFY(session->document().labels() == painted); // with the edit that had found no room
}

void TestCaseSession::nothingIsApprovedOnlyWhenConfirmed()
{
    auto session = openSession();
    const auto refused = session->approve("Dr Test");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(m_bench->workspace().revisions(m_id)->empty());
    QVERIFY(session->approve("Dr Test", NoMask::Confirm));
    QCOMPARE(session->record().state, CaseState::Approved);

    session.reset();
    init();
    session = openSession();
    QVERIFY(session->addSegment("lesion")); // looked for, and not found
    QVERIFY(session->approve("Dr Test"));
}

void TestCaseSession::killLosesNoConfirmedEdit()
{
    std::mt19937 random(7);
    for (int round = 0; round < 5; ++round) {
        init();
        QProcess painter;
        painter.start(ANNOTOMY_SESSION_PAINTER, {QString::fromStdString(m_files->workspaceFolder()),
                                                 QString::number(m_id.value)});
        QVERIFY(painter.waitForReadyRead(20000));
        QTest::qWait(static_cast<int>(random() % 200));
        painter.kill();
        QVERIFY(painter.waitForFinished(20000));
        const auto confirmed = static_cast<std::size_t>(painter.readAllStandardOutput().count('\n'));
        QVERIFY(confirmed > 0);

        const auto history = m_bench->workspace().history(m_id);
        QVERIFY(history);
        const std::size_t kept = history->journal.size();
        QVERIFY2(kept >= confirmed, qPrintable(QString("%1 kept of %2").arg(kept).arg(confirmed)));
        const auto session = openSession();
        QVERIFY(session && !session->readOnly()); // the lease of the killed program is taken over

        // The same steps performed here give the same mask and the same undo history.
        WorkbenchFixture other;
        QVERIFY(!other.writeImage(0, false).empty());
        auto bench = Workbench::open(other.workspaceFolder(), WorkbenchFixture::fakePrograms());
        QVERIFY(bench);
        const auto imported = (*bench)->importPaths({other.path("images")}, {});
        auto expected = CaseSession::open(**bench, imported->cases.front().id, {}, "Dr Test");
        QVERIFY(expected);
        for (std::size_t step = 0; step < kept; ++step)
            QVERIFY(performStep(**expected, static_cast<int>(step)));
        QVERIFY(session->document().labels() == (*expected)->document().labels());
        QCOMPARE(session->document().history().cursor(), (*expected)->document().history().cursor());
        while (session->document().canUndo()) {
            QVERIFY(session->undo() && (*expected)->undo());
            QVERIFY(session->document().labels() == (*expected)->document().labels());
        }
        QVERIFY(session->flush() && (*expected)->flush());
    }
}

QTEST_GUILESS_MAIN(TestCaseSession)
#include "tst_case_session.moc"
