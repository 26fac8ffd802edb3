#include "core/learn/worker_messages.h"

#include "tests/ml/training_folder.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <functional>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr int patience = 120000; // ms; the machine may be busy

class Worker {
public:
    Worker() { m_process.start(ANNOTOMY_WORKER, QStringList()); }
    ~Worker()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void send(const std::string& line) { m_process.write((line + '\n').c_str()); }

    // The next event that `wanted` accepts; nullopt when the worker ends or takes too long.
    std::optional<WorkerEvent> await(const std::function<bool(const WorkerEvent&)>& wanted)
    {
        while (m_process.canReadLine() || m_process.waitForReadyRead(patience)) {
            while (m_process.canReadLine()) {
                const auto event = workerEventFromJson(m_process.readLine().trimmed().toStdString());
                if (!event) {
                    m_garbage = true;
                    continue;
                }
                if (wanted(*event))
                    return *event;
            }
        }
        return std::nullopt;
    }

    std::optional<WorkerEvent> awaitEnd()
    {
        return await([](const WorkerEvent& e) {
            return std::holds_alternative<WorkerResult>(e) || std::holds_alternative<WorkerError>(e);
        });
    }

    ErrorCode awaitError()
    {
        const auto end = awaitEnd();
        const auto* error = end ? std::get_if<WorkerError>(&*end) : nullptr;
        return error ? error->error.code : ErrorCode::WorkerDied;
    }

    QProcess& process() { return m_process; }
    bool printedGarbage() const { return m_garbage; }

private:
    QProcess m_process;
    bool m_garbage = false;
};

bool isEpoch(const WorkerEvent& event)
{
    return std::holds_alternative<EpochRecord>(event);
}

} // namespace

class TestProtocol : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsItsVersion();
    void answersBadRequestsAndLivesOn();
    void cancelsAndResumes();
    void survivesBeingKilled();
    void endsWhenInputCloses();
    void finishesWhatAFileAsks_data();
    void finishesWhatAFileAsks();
    void refusesUnknownOptions();
};

void TestProtocol::tellsItsVersion()
{
    QProcess process;
    process.start(ANNOTOMY_WORKER, {"--version"});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().startsWith("annotomy-worker "));
}

void TestProtocol::answersBadRequestsAndLivesOn()
{
    const TrainingFolder folder;
    Worker worker;
    worker.send("{\"type\":\"dance\"}");
    QVERIFY(worker.awaitError() != ErrorCode::WorkerDied);
    worker.send("no JSON at all");
    QVERIFY(worker.awaitError() != ErrorCode::WorkerDied);
    worker.send(toJsonLine(WorkerRequest(InspectJob{folder.path("absent.pt")})));
    QCOMPARE(worker.awaitError(), ErrorCode::NotFound);
    QFile half(QString::fromStdString(folder.path("half.pt")));
    QVERIFY(half.open(QFile::WriteOnly) && half.write("PK\003\004 and then nothing") > 0);
    half.close();
    ProposeJob job;
    job.modelPaths = {folder.path("half.pt")};
    job.items = {{"a", folder.path("a.avol"), "MR", folder.path("out")}};
    worker.send(toJsonLine(WorkerRequest(job)));
    const ErrorCode code = worker.awaitError();
    QVERIFY(code == ErrorCode::Truncated || code == ErrorCode::Malformed);
    QCOMPARE(worker.process().state(), QProcess::Running);
    QVERIFY(!worker.printedGarbage());
}

void TestProtocol::cancelsAndResumes()
{
    const TrainingFolder folder;
    TrainJob job = folder.job(100000);
    Worker worker;
    worker.send(toJsonLine(WorkerRequest(job)));
    const auto before = worker.await(isEpoch);
    QVERIFY(before.has_value());
    worker.send(cancelLine);
    QCOMPARE(worker.awaitError(), ErrorCode::Cancelled);
    QVERIFY(QFile::exists(QString::fromStdString(job.checkpointPath)));

    job.resume = true;
    job.recipe.maxSteps =
        std::get<EpochRecord>(*before).step + 1; // already passed: the model is written at once
    worker.send(toJsonLine(WorkerRequest(job)));
    const auto end = worker.awaitEnd();
    QVERIFY(end && std::holds_alternative<WorkerResult>(*end));
    QVERIFY(QFile::exists(QString::fromStdString(job.outPath)));
    worker.send(toJsonLine(WorkerRequest(InspectJob{job.outPath})));
    const auto inspected = worker.awaitEnd();
    QVERIFY(inspected && std::holds_alternative<WorkerResult>(*inspected));
    QVERIFY(!worker.printedGarbage());
}

void TestProtocol::survivesBeingKilled()
{
    const TrainingFolder folder;
    TrainJob job = folder.job(100000);
    {
        Worker worker;
        worker.send(toJsonLine(WorkerRequest(job)));
        for (int epoch = 0; epoch < 3; ++epoch)
            QVERIFY(worker.await(isEpoch).has_value());
        worker.process().kill();
        QVERIFY(worker.process().waitForFinished(patience));
    }
    QVERIFY(QFile::exists(QString::fromStdString(job.checkpointPath)));
    QVERIFY(!QFile::exists(QString::fromStdString(job.outPath)));
    job.resume = true;
    Worker worker;
    worker.send(toJsonLine(WorkerRequest(job)));
    const auto epoch = worker.await(isEpoch);
    QVERIFY(epoch.has_value());
    QVERIFY(std::get<EpochRecord>(*epoch).epoch > 1); // not from the start
}

void TestProtocol::endsWhenInputCloses()
{
    const TrainingFolder folder;
    Worker worker;
    worker.send(toJsonLine(WorkerRequest(folder.job(100000))));
    QVERIFY(worker.await([](const WorkerEvent& e) { return std::holds_alternative<WorkerHeartbeat>(e); })
                .has_value());
    worker.process().closeWriteChannel();
    QVERIFY(worker.process().waitForFinished(patience));
    QCOMPARE(worker.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(worker.process().exitCode(), 0);
}

void TestProtocol::finishesWhatAFileAsks_data()
{
    QTest::addColumn<bool>("file");
    QTest::newRow("a file on standard input") << true;
    QTest::newRow("--finish") << false;
}

void TestProtocol::finishesWhatAFileAsks()
{
    QFETCH(bool, file);
    const TrainingFolder folder;
    const TrainJob job = folder.job(4);
    const std::string line = toJsonLine(WorkerRequest(job)) + '\n';
    QFile request(QString::fromStdString(folder.path("job.json")));
    QVERIFY(request.open(QFile::WriteOnly) && request.write(line.c_str()) > 0);
    request.close();
    QProcess worker;
    if (file)
        worker.setStandardInputFile(request.fileName());
    worker.start(ANNOTOMY_WORKER, file ? QStringList() : QStringList{"--finish"});
    if (!file) {
        worker.write(line.c_str());
        worker.closeWriteChannel();
    }
    QVERIFY(worker.waitForFinished(patience));
    QCOMPARE(worker.exitCode(), 0);
    QVERIFY(worker.readAllStandardOutput().contains("\"type\":\"result\""));
    QVERIFY(QFile::exists(QString::fromStdString(job.outPath)));
}

void TestProtocol::refusesUnknownOptions()
{
    for (const QStringList& words : {QStringList{"--dance"}, QStringList{"--rank"}, QStringList{"--rank", "2", "--world", "2"},
                                     QStringList{"--timeout", "0"}}) {
        QProcess process;
        process.start(ANNOTOMY_WORKER, words);
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAllStandardError().startsWith(words.first().toUtf8()));
    }
}

QTEST_GUILESS_MAIN(TestProtocol)
#include "tst_protocol.moc"
