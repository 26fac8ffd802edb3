// Trainings over two processes of annotomy-worker against the same in one.
#include "ml/worker_jobs.h"

#include "ml/internal/model.h"
#include "ml/internal/torch_module.h"
#include "tests/ml/free_port.h"
#include "tests/ml/training_folder.h"

#include <QFile>
#include <QProcess>
#include <QTest>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr int patience = 240000; // ms; the machine may be busy

// One process of a group.
class Member {
public:
    Member(int rank, int port, const QStringList& more = {})
    {
        const QString master = QStringLiteral("127.0.0.1:%1").arg(port);
        m_process.start(ANNOTOMY_WORKER, QStringList{"--rank", QString::number(rank), "--world", "2", "--master", master} + more);
    }
    ~Member()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void send(const std::string& line) { m_process.write((line + '\n').c_str()); }
    void send(const TrainJob& job) { send(toJsonLine(WorkerRequest(job))); }

    // Up to the result or the error; every epoch goes to `atEpoch`.
    std::optional<WorkerEvent> awaitEnd(const std::function<void(const EpochRecord&)>& atEpoch = {})
    {
        while (m_process.canReadLine() || m_process.waitForReadyRead(patience)) {
            while (m_process.canReadLine()) {
                const auto event = workerEventFromJson(m_process.readLine().trimmed().toStdString());
                if (!event)
                    return std::nullopt;
                if (std::holds_alternative<WorkerResult>(*event) || std::holds_alternative<WorkerError>(*event))
                    return *event;
                if (const auto* epoch = std::get_if<EpochRecord>(&*event); epoch && atEpoch)
                    atEpoch(*epoch);
            }
        }
        return std::nullopt;
    }

    Error awaitError(const std::function<void(const EpochRecord&)>& atEpoch = {})
    {
        const auto end = awaitEnd(atEpoch);
        const auto* error = end ? std::get_if<WorkerError>(&*end) : nullptr;
        return error ? error->error : Error{};
    }

    int exitCode() { return m_process.waitForFinished(patience) ? m_process.exitCode() : -1; }
    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

// A training in which noise stays noise: Adam's steps would blow it up where a gradient is nearly 0.
TrainJob jobOf(const TrainingFolder& folder, int steps)
{
    TrainJob job = folder.job(steps);
    job.recipe.batch = 2;
    job.recipe.optimiser = OptimiserKind::Sgd;
    job.recipe.learningRate = 1e-2;
    job.recipe.leastClassShare = 0.05;
    job.recipe.loss.boundary = 0.1;
    return job;
}

// The largest difference between the weights of two model files; infinite when they do not fit.
double weightDifference(const std::string& a, const std::string& b)
{
    const auto one = Model::load(a), other = Model::load(b);
    if (!one || !other)
        return std::numeric_limits<double>::infinity();
    const auto weights = one->torchModule().parameters(), others = other->torchModule().parameters();
    double largest = 0;
    for (std::size_t n = 0; n < weights.size(); ++n)
        largest = std::max(largest, (weights[n] - others.at(n)).abs().max().item<double>());
    return largest;
}

} // namespace

class TestGroupTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoProcessesGiveTheModelOfOne_data();
    void twoProcessesGiveTheModelOfOne();
    void stopsAndResumes();
    void aKilledPeerEndsItInASentence();
    void aMissingFileEndsItEverywhere();
    void aBatchTooSmallIsRefused();
    void onlyTrainingsAreForGroups();
};

void TestGroupTraining::twoProcessesGiveTheModelOfOne_data()
{
    QTest::addColumn<int>("batch");
    QTest::newRow("even shares") << 2;
    QTest::newRow("uneven shares") << 3;
}

void TestGroupTraining::twoProcessesGiveTheModelOfOne()
{
    QFETCH(int, batch);
    const TrainingFolder folder;
    TrainJob job = jobOf(folder, 12);
    job.recipe.batch = batch;
    job.validation = folder.addSeveral("validation", 3);
    std::vector<EpochRecord> alone, together;
    const auto sink = [&](const WorkerEvent& event) {
        if (const auto* epoch = std::get_if<EpochRecord>(&event))
            alone.push_back(*epoch);
    };
    QVERIFY(runTraining(job, sink, {}).has_value());
    const std::string expected = job.outPath;
    job.outPath = folder.path("shared.pt");
    job.checkpointPath = folder.path("shared checkpoint.pt");
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(job);
    const auto end = first.awaitEnd([&](const EpochRecord& epoch) { together.push_back(epoch); });
    QVERIFY(end && std::holds_alternative<WorkerResult>(*end));
    first.process().closeWriteChannel();
    QCOMPARE(first.exitCode(), 0);
    QCOMPARE(second.process().readAllStandardOutput(), QByteArray());

    const double difference = weightDifference(expected, job.outPath);
    QVERIFY2(difference < 1e-4, qPrintable(QString::number(difference)));
    QVERIFY(difference > 0 || batch != 2); // two processes did share the work: their sums round differently
    QCOMPARE(together.size(), alone.size());
    for (std::size_t n = 0; n < alone.size(); ++n)
        QVERIFY(std::abs(together[n].trainLoss - alone[n].trainLoss) < 1e-4);
    QVERIFY(alone.back().validationDice && together.back().validationDice);
    QVERIFY(std::abs(*together.back().validationDice - *alone.back().validationDice) < 1e-3);
}

void TestGroupTraining::stopsAndResumes()
{
    const TrainingFolder folder;
    TrainJob job = jobOf(folder, 100000);
    {
        const int port = freePort();
        Member first(0, port), second(1, port);
        first.send(job);
        const Error error = first.awaitError([&](const EpochRecord&) { first.send(std::string(cancelLine)); });
        QCOMPARE(error.code, ErrorCode::Cancelled);
        QCOMPARE(second.exitCode(), 1);
    }
    QVERIFY(QFile::exists(QString::fromStdString(job.checkpointPath)));
    job.resume = true;
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(job);
    int firstEpoch = 0;
    first.awaitError([&](const EpochRecord& epoch) {
        firstEpoch = firstEpoch == 0 ? epoch.epoch : firstEpoch;
        first.send(std::string(cancelLine));
    });
    QVERIFY(firstEpoch > 1);
}

void TestGroupTraining::aKilledPeerEndsItInASentence()
{
    const TrainingFolder folder;
    const TrainJob job = jobOf(folder, 100000);
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(job);
    const Error error = first.awaitError([&](const EpochRecord&) { second.process().kill(); });
    QCOMPARE(error.code, ErrorCode::WorkerDied);
    QVERIFY2(error.detail.find("another process") != std::string::npos, error.detail.c_str());
    QCOMPARE(first.exitCode(), 1);
    QVERIFY(QFile::exists(QString::fromStdString(job.checkpointPath))); // nothing that was learnt is lost
    QVERIFY(!QFile::exists(QString::fromStdString(job.outPath)));

    const int other = freePort();
    Member leader(0, other), follower(1, other);
    leader.send(job);
    leader.awaitError([&](const EpochRecord&) { leader.process().kill(); });
    QCOMPARE(follower.exitCode(), 1);
    QVERIFY(follower.process().readAllStandardError().contains("another process"));
}

void TestGroupTraining::aMissingFileEndsItEverywhere()
{
    const TrainingFolder folder;
    TrainJob job = jobOf(folder, 10);
    job.train.front().labelPath = folder.path("absent.alab");
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(job);
    QCOMPARE(first.awaitError().code, ErrorCode::NotFound);
    QCOMPARE(first.exitCode(), 1);
    QCOMPARE(second.exitCode(), 1);
}

void TestGroupTraining::aBatchTooSmallIsRefused()
{
    const TrainingFolder folder;
    TrainJob job = jobOf(folder, 10);
    job.recipe.batch = 1;
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(job);
    const Error error = first.awaitError();
    QCOMPARE(error.code, ErrorCode::InvalidArgument);
    QVERIFY(error.detail.find("2 processes") != std::string::npos);
}

void TestGroupTraining::onlyTrainingsAreForGroups()
{
    const int port = freePort();
    Member first(0, port), second(1, port);
    first.send(toJsonLine(WorkerRequest(InspectJob{"model.pt"})));
    QCOMPARE(first.awaitError().code, ErrorCode::InvalidArgument);
    QCOMPARE(second.exitCode(), 1);
}

QTEST_GUILESS_MAIN(TestGroupTraining)
#include "tst_group_training.moc"
