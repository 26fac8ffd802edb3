// Training over two processes of one thread against one process of one thread with the same batch, on phantoms: steps a second,
// and steps a second of processor time of the busier process, which tells what the wall time would be on processors of its own.
// usage: bench_group_training [--check] [--steps N]   --check: fails below 1.5 times, where two processors are free
#include "tests/bench/cost.h"
#include "tests/ml/free_port.h"
#include "tests/ml/training_folder.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>

#include <unistd.h>

#include <cstdio>
#include <optional>

using namespace annotomy;
using namespace annotomy::test;

namespace {

constexpr double leastSpeedup = 1.5;
constexpr int patience = 600000; // ms

TrainJob jobOf(const TrainingFolder& folder, int steps)
{
    TrainJob job = folder.job(steps);
    job.recipe = Recipe{};
    job.recipe.patch = {48, 48, 48};
    job.recipe.batch = 4; // two patches a process: LibTorch 1.13 convolves single small samples without oneDNN, at half the speed
    job.recipe.maxSteps = steps;
    job.recipe.stepsPerEpoch = steps;
    job.recipe.minutes = 1000;
    job.checkpointPath.clear();
    job.train.clear();
    for (int n = 0; n < 4; ++n) {
        const VolumeGeometry grid = plainGrid({64, 60, 56}, {1, 1, 1});
        const Ball ball{grid.patientFromIndex({30.0 + 2 * n, 30, 28}), 9.0 + n};
        job.train.push_back(folder.add("case" + std::to_string(n), grid, ball, static_cast<unsigned>(n)));
    }
    return job;
}

struct Speed { // steps a second
    double wall = 0, processor = 0;
};

// Seconds of processor time that a process has taken so far, with all its threads.
double processorSeconds(const QProcess& process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process.processId()));
    if (!file.open(QFile::ReadOnly))
        return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return (fields.value(13).toDouble() + fields.value(14).toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

class Group {
public:
    explicit Group(int world)
    {
        const QString master = QStringLiteral("127.0.0.1:%1").arg(freePort());
        for (int rank = 0; rank < world; ++rank) {
            m_processes.push_back(std::make_unique<QProcess>());
            m_processes.back()->start(
                ANNOTOMY_WORKER, {"--rank", QString::number(rank), "--world", QString::number(world), "--master", master});
        }
    }
    ~Group()
    {
        for (const auto& process : m_processes) {
            process->closeWriteChannel();
            process->waitForFinished(patience);
        }
    }

    // Of the only epoch; none when the training failed.
    std::optional<Speed> speedOf(const TrainJob& job)
    {
        QProcess& first = *m_processes.front();
        first.write((toJsonLine(WorkerRequest(job)) + '\n').c_str());
        std::optional<Speed> speed;
        while (first.canReadLine() || first.waitForReadyRead(patience)) {
            while (first.canReadLine()) {
                const auto event = workerEventFromJson(first.readLine().trimmed().toStdString());
                if (!event)
                    continue;
                const auto* progress = std::get_if<WorkerProgress>(&*event);
                if (progress && progress->stage == "training" && m_begun.empty())
                    m_begun = processorTimes();
                if (const auto* epoch = std::get_if<EpochRecord>(&*event))
                    speed = Speed{epoch->stepsPerSecond, epoch->step / busiest()};
                if (std::holds_alternative<WorkerResult>(*event) || std::holds_alternative<WorkerError>(*event))
                    return speed;
            }
        }
        return std::nullopt;
    }

private:
    std::vector<double> processorTimes() const
    {
        std::vector<double> times;
        for (const auto& process : m_processes)
            times.push_back(processorSeconds(*process));
        return times;
    }

    double busiest() const
    {
        const std::vector<double> times = processorTimes();
        double longest = 0;
        for (std::size_t n = 0; n < m_begun.size(); ++n)
            longest = std::max(longest, times[n] - m_begun[n]);
        return longest;
    }

    std::vector<std::unique_ptr<QProcess>> m_processes;
    std::vector<double> m_begun; // processor times at the first step
};

double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const qsizetype at = words.indexOf(QStringLiteral("--steps"));
    const int steps = at > 0 && at + 1 < words.size() ? words[at + 1].toInt() : 20;
    const TrainingFolder folder;
    const TrainJob job = jobOf(folder, steps);
    std::vector<double> wall, processor; // how many times quicker two processes are
    std::printf("steps a second of wall time, and of the busier process's processor time\n"
                "(U-Net of 8 channels, patch 48^3, batch 4, %d steps)\n", steps);
    for (int round = 0; round < 3; ++round) { // alternately, so that what else runs hits both
        const auto one = Group(1).speedOf(job), two = Group(2).speedOf(job);
        if (!one || !two) {
            std::printf("a training failed\n");
            return 1;
        }
        wall.push_back(two->wall / one->wall);
        processor.push_back(two->processor / one->processor);
        std::printf("  1 process %.3f and %.3f, 2 processes %.3f and %.3f: %.2f and %.2f times\n", one->wall, one->processor,
                    two->wall, two->processor, wall.back(), processor.back());
        std::fflush(stdout);
    }
    std::printf("median %.2f and %.2f times\n", medianOf(wall), medianOf(processor));
    if (!words.contains(QStringLiteral("--check")) || medianOf(wall) >= leastSpeedup)
        return 0;
    if (bench::cores() < 2 || !bench::coresAreFree()) {
        std::printf("no two processors are free: not judged\n");
        return 0;
    }
    return 1;
}
