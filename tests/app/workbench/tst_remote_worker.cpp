// Jobs on "another host": a script in ssh's place runs the real worker here, with a cache of its own.
#include "app/workbench/file_carrier.h"
#include "app/workbench/worker_client.h"
#include "core/base/sha256.h"
#include "tests/ml/training_folder.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>

using namespace annotomy;
using namespace annotomy::test;

namespace {

// The worker's process number goes to worker.pid.
constexpr const char* fakeSsh = R"(#!/bin/sh
for last; do :; done
export ANNOTOMY_WORKER_CACHE="%1/cache"
case "$last" in
*--files*) exec sh -c "$last" ;;
esac
echo $$ > "%1/worker.pid"
exec sh -c "$last"
)";

constexpr const char* refusingSsh = "#!/bin/sh\necho 'ssh: connect to host gpu port 22: Connection refused' >&2\nexit 255\n";

} // namespace

class TestRemoteWorker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { qputenv("PATH", m_path); }
    void addressesAreSplit();
    void trainsElsewhere();
    void proposalsComeHome();
    void aLostConnectionIsASentenceAndResumes();
    void cancelBringsTheCheckpointHome();
    void anUnreachableHostIsNamed();
    void aFileThatIsMissingIsNamed();

private:
    void putSsh(const QString& script);
    QString remote(const QString& name) const { return QString::fromStdString(m_folder->path("remote/")) + name; }
    Result<WorkerResult> run(const WorkerRequest& request, const WorkerEventHandler& handle = {}, std::stop_token stop = {})
    {
        return runWorkerJob("ssh://gpu" ANNOTOMY_WORKER, request, m_folder->path("logs"), "run 1", handle, stop);
    }
    qsizetype cachedFiles() const { return QDir(remote("cache")).entryList(QDir::Files).size(); }

    const QByteArray m_path = qgetenv("PATH");
    std::unique_ptr<TrainingFolder> m_folder;
};

void TestRemoteWorker::init()
{
    m_folder = std::make_unique<TrainingFolder>();
    for (const char* name : {"remote", "logs", "bin"})
        QVERIFY(QDir().mkpath(QString::fromStdString(m_folder->path(name))));
    putSsh(QString::fromUtf8(fakeSsh).arg(QString::fromStdString(m_folder->path("remote"))));
}

void TestRemoteWorker::putSsh(const QString& script)
{
    const QString folder = QString::fromStdString(m_folder->path("bin"));
    QFile ssh(folder + "/ssh");
    QVERIFY(ssh.open(QFile::WriteOnly | QFile::Truncate) && ssh.write(script.toUtf8()) > 0);
    ssh.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("PATH", folder.toUtf8() + ':' + m_path);
}

void TestRemoteWorker::addressesAreSplit()
{
    QVERIFY(RemoteHost::isOne("ssh://gpu"));
    QVERIFY(!RemoteHost::isOne("/usr/bin/annotomy-worker"));
    const RemoteHost host("ssh://me@gpu:2222/opt/its place/annotomy-worker");
    QCOMPARE(host.name(), std::string("ssh://me@gpu:2222"));
    QCOMPARE(host.setup({"--files"}, {}).arguments.back(), std::string("'/opt/its place/annotomy-worker' '--files'"));
    QCOMPARE(RemoteHost("ssh://gpu").setup({}, {}).arguments.back(), std::string("'annotomy-worker'"));
}

void TestRemoteWorker::trainsElsewhere()
{
    const TrainJob job = m_folder->job(4);
    int epochs = 0, sent = 0;
    const auto handle = [&](const WorkerEvent& event) {
        epochs += std::holds_alternative<EpochRecord>(event);
        const auto* progress = std::get_if<WorkerProgress>(&event);
        sent += progress && progress->stage == "sending";
    };
    const auto result = run(job, handle);
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(epochs, 1);
    QCOMPARE(sent, 8); // images and masks
    QCOMPARE(cachedFiles(), qsizetype{8});
    QCOMPARE(result->outPath, job.outPath);
    QVERIFY(QFile::exists(QString::fromStdString(job.outPath)));
    QVERIFY(QDir(remote("cache/jobs")).isEmpty()); // nothing of the job stays
    for (const QString& name : QDir(remote("cache")).entryList(QDir::Files)) {
        QFile file(remote("cache/") + name);
        QVERIFY(file.open(QFile::ReadOnly));
        Sha256 sum;
        sum.update(file.readAll().toStdString());
        QCOMPARE(QString::fromStdString(hexText(sum.digest())), name);
    }
    sent = 0;
    TrainJob again = job;
    again.parentPath = job.outPath;
    QVERIFY(run(again, handle).has_value());
    QCOMPARE(sent, 1); // what lies there already, all but the parent, is not sent again
    const auto inspected = run(InspectJob{job.outPath});
    QVERIFY(inspected && inspected->card);
}

void TestRemoteWorker::proposalsComeHome()
{
    const TrainJob job = m_folder->job(2);
    QVERIFY(run(job).has_value());
    ProposeJob proposal;
    proposal.modelPaths = {job.outPath};
    proposal.items = {{"a", job.train[0].imagePath, "MR", m_folder->path("a.labels"), m_folder->path("a.avol")},
                      {"b", job.train[1].imagePath, "MR", m_folder->path("b.labels")}};
    proposal.threads = 1;
    std::vector<std::string> paths;
    const auto result = run(proposal, [&](const WorkerEvent& event) {
        const auto* done = std::get_if<ProposeDone>(&event);
        if (done && readLabelFile(done->outPath)) // at once
            paths.push_back(done->outPath);
    });
    QVERIFY2(result.has_value(), result ? "" : result.error().detail.c_str());
    QCOMPARE(paths, (std::vector<std::string>{m_folder->path("a.labels"), m_folder->path("b.labels")}));
    QVERIFY(QFile::exists(QString::fromStdString(m_folder->path("a.avol"))));
    EvaluateJob evaluation;
    evaluation.modelPaths = {job.outPath};
    evaluation.cases = {job.train[0]};
    const auto figures = run(evaluation);
    QVERIFY(figures && figures->figures.size() == 1);
    QCOMPARE(figures->figures[0].modelPath, job.outPath);
}

void TestRemoteWorker::aLostConnectionIsASentenceAndResumes()
{
    TrainJob job = m_folder->job(100000);
    const auto lost = run(job, [&](const WorkerEvent& event) {
        const auto* epoch = std::get_if<EpochRecord>(&event);
        QFile pid(remote("worker.pid"));
        if (epoch && epoch->epoch == 3 && pid.open(QFile::ReadOnly))
            kill(pid.readAll().trimmed().toInt(), SIGKILL);
    });
    QVERIFY(!lost.has_value());
    QCOMPARE(lost.error().code, ErrorCode::WorkerDied);
    QCOMPARE(lost.error().subject, std::string("run 1"));
    QVERIFY2(lost.error().detail.find("ssh://gpu") != std::string::npos, lost.error().detail.c_str());
    QVERIFY(!QFile::exists(QString::fromStdString(job.outPath)));
    QVERIFY(!QFile::exists(QString::fromStdString(job.checkpointPath)));

    job.resume = true;
    std::stop_source stop;
    int first = 0;
    const auto resumed = run(job, [&](const WorkerEvent& event) {
        if (const auto* epoch = std::get_if<EpochRecord>(&event); epoch && first == 0) {
            first = epoch->epoch;
            stop.request_stop();
        }
    }, stop.get_token());
    QVERIFY(!resumed.has_value());
    QVERIFY(first > 1); // went on from the checkpoint there
}

void TestRemoteWorker::cancelBringsTheCheckpointHome()
{
    TrainJob job = m_folder->job(100000);
    std::stop_source stop;
    const auto cancelled = run(job, [&](const WorkerEvent& event) {
        if (std::holds_alternative<EpochRecord>(event))
            stop.request_stop();
    }, stop.get_token());
    QVERIFY(!cancelled.has_value());
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QVERIFY(QFile::exists(QString::fromStdString(job.checkpointPath)));
    job.resume = true;
    job.recipe.maxSteps = 5; // passed already: the model is written at once
    const auto finished = run(job);
    QVERIFY2(finished.has_value(), finished ? "" : finished.error().detail.c_str());
    QVERIFY(QFile::exists(QString::fromStdString(job.outPath)));
}

void TestRemoteWorker::anUnreachableHostIsNamed()
{
    putSsh(QString::fromUtf8(refusingSsh));
    const auto result = run(m_folder->job(4));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().code, ErrorCode::WorkerDied);
    QCOMPARE(result.error().subject, std::string("run 1"));
    QVERIFY(result.error().detail.find("Connection refused") != std::string::npos);
}

void TestRemoteWorker::aFileThatIsMissingIsNamed()
{
    TrainJob job = m_folder->job(4);
    job.train.front().imagePath = m_folder->path("absent.avol");
    const auto result = run(job);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().code, ErrorCode::NotFound);
    QCOMPARE(result.error().subject, job.train.front().imagePath);
}

QTEST_GUILESS_MAIN(TestRemoteWorker)
#include "tst_remote_worker.moc"
