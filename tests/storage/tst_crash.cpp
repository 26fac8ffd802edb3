#include "tests/storage/samples.h"

#include <QProcess>

#include <set>

#include <signal.h>
#include <unistd.h>

using namespace annotomy;
using namespace annotomy::samples;

class TestCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void aKilledProcessLosesNothingConfirmed();
    void leasesAreExclusiveAndTakenOverFromTheDead();
};

namespace {

// A child that appends edits; killed in the destructor at the latest.
class Victim {
public:
    Victim(const std::string& folder, CaseId id, int seed)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(ANNOTOMY_JOURNAL_APPENDER,
                        {QString::fromStdString(folder), QString::number(id.value), QString::number(seed)});
    }
    ~Victim() { kill(); }

    bool appendsAtLeast(int count)
    {
        while (m_output.count('\n') < count) {
            if (!m_process.waitForReadyRead(30000))
                return false;
            m_output += m_process.readAllStandardOutput();
        }
        return true;
    }
    void kill()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        ::kill(static_cast<pid_t>(m_process.processId()), SIGKILL);
        m_process.waitForFinished(30000);
        m_output += m_process.readAllStandardOutput();
    }
    // Numbers whose line is complete; a torn last line was not yet told to anybody.
    std::vector<std::int64_t> confirmed() const
    {
        std::vector<std::int64_t> numbers;
        for (const QByteArray& line : m_output.left(m_output.lastIndexOf('\n') + 1).split('\n'))
            if (!line.isEmpty())
                numbers.push_back(line.toLongLong());
        return numbers;
    }

private:
    QProcess m_process;
    QByteArray m_output;
};

} // namespace

void TestCrash::aKilledProcessLosesNothingConfirmed()
{
    TemporaryWorkspace fixture;
    const CaseId id = fixture.addCase();
    fixture.workspace.reset();
    std::mt19937 random(42);
    std::set<std::int64_t> confirmed;
    for (int round = 0; round < 20; ++round) {
        Victim victim(fixture.path(), id, round);
        QVERIFY(victim.appendsAtLeast(1 + static_cast<int>(random() % 5)));
        ::usleep(static_cast<useconds_t>(random() % 20000));
        victim.kill();
        for (const std::int64_t sequence : victim.confirmed())
            confirmed.insert(sequence);

        fixture.workspace = fixture.reopen();
        QVERIFY(fixture.workspace);
        const auto history = fixture.workspace->history(id);
        QVERIFY2(history, why(history));
        std::set<std::int64_t> present;
        for (const JournalEntry& entry : history->journal)
            present.insert(entry.sequence);
        QVERIFY(std::includes(present.begin(), present.end(), confirmed.begin(), confirmed.end()));
        QVERIFY(present.size() <=
                confirmed.size() + static_cast<std::size_t>(round) + 1); // one untold per kill
        const auto labels = replayed(*history, emptyMask());
        QVERIFY2(labels, why(labels));
        fixture.workspace.reset();
    }
    QVERIFY(confirmed.size() >= 20);
    fixture.workspace = fixture.reopen();
    QCOMPARE(fixture.workspace->interruptedRuns()->size(), std::size_t{20});
}

void TestCrash::leasesAreExclusiveAndTakenOverFromTheDead()
{
    TemporaryWorkspace fixture;
    std::mt19937 random(43);
    const CaseId id = fixture.addCase("P1", 1), other = fixture.addCase("P2", 2);
    LabelMap labels = emptyMask();
    Victim victim(fixture.path(), id, 1);
    QVERIFY(victim.appendsAtLeast(1));

    const auto refused = fixture.workspace->acquireLease(id);
    QVERIFY(failsWith(refused, ErrorCode::CaseInUse));
    QVERIFY(refused.error().detail.find("process ") != std::string::npos);
    LabelMap copy = labels;
    QVERIFY(failsWith(fixture.workspace->appendEdit(id, randomEdit(copy, random)), ErrorCode::CaseInUse));
    Workspace::NewRevision revision;
    revision.caseId = id;
    revision.labels = &labels;
    QVERIFY(failsWith(fixture.workspace->addRevision(revision), ErrorCode::CaseInUse));
    revision.becomesHead = false; // a proposal needs no lease
    QVERIFY(fixture.workspace->addRevision(revision));
    QVERIFY(fixture.workspace->acquireLease(other));

    RunRecord run = fixture.workspace->runs()->front(); // one that the victim is at
    QVERIFY(failsWith(fixture.workspace->beginRun(run), ErrorCode::Conflict));
    victim.kill();
    QVERIFY(fixture.workspace->beginRun(run));
    QVERIFY(fixture.workspace->acquireLease(id));
    QVERIFY(fixture.workspace->acquireLease(id)); // renewed
    const auto second = fixture.reopen();
    QVERIFY(failsWith(second->acquireLease(id), ErrorCode::CaseInUse));
    QVERIFY(second->appendEdit(id, randomEdit(labels, random))); // a session's journal thread
    fixture.workspace->releaseLease(id);
    QVERIFY(second->acquireLease(id));
    fixture.workspace.reset(); // releases `other`, too
    QVERIFY(second->acquireLease(other));
}

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
