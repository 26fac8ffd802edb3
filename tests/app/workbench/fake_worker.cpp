// Stands in for annotomy-worker in tests. The recipe's seed tells how it behaves: a "model" is a text file with that seed.
// 13: dies in the middle. 14: hangs and ignores a cancel. 15: a bad model (Dice 0.5 in the gate). Else: a good one (0.9).
#include "core/io/bytes/atomic_file.h"
#include "core/io/volume_file.h"
#include "core/learn/worker_messages.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

using namespace annotomy;

namespace {

void emit(const WorkerEvent& event)
{
    std::cout << toJsonLine(event) << std::endl;
}

[[noreturn]] void hang()
{
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        emit(WorkerHeartbeat{});
    }
}

ModelCard cardFor(const TrainJob& job)
{
    ModelCard card;
    card.name = "fake";
    card.network = "unet3d";
    card.channels.resize(1);
    card.channels.front().name = "image";
    card.channels.front().modality = "OT";
    card.classes = job.classes;
    card.recipe = job.recipe;
    for (const TrainingCase& one : job.train)
        card.caseHashes.push_back(one.hash);
    return card;
}

WorkerEvent train(const TrainJob& job)
{
    emit(WorkerProgress{"training", 0.5, 1});
    const int first = job.resume ? 2 : 1;
    for (int epoch = first; epoch < first + 2; ++epoch) {
        EpochRecord record;
        record.epoch = epoch;
        record.step = 10 * epoch;
        record.trainLoss = 1.0 / epoch;
        emit(record);
    }
    if (job.recipe.seed == 13 && !job.resume)
        std::abort();
    if (job.recipe.seed == 14)
        hang();
    for (const TrainingCase& one : job.train) {
        if (!mapVolumeFile(one.imagePath) || !readLabelFile(one.labelPath))
            return WorkerError{{ErrorCode::NotFound, one.key, "its files"}};
    }
    std::ofstream(job.outPath) << job.recipe.seed;
    WorkerResult result;
    result.outPath = job.outPath;
    result.card = cardFor(job);
    return result;
}

// Half the offset of each voxel, in parts of all: nats and probabilities alike.
Result<void> writeRamp(const std::string& path, const VolumeGeometry& grid)
{
    std::vector<float> values(grid.voxelCount());
    for (std::size_t n = 0; n < values.size(); ++n)
        values[n] = 0.5F * static_cast<float>(n) / static_cast<float>(values.size());
    return writeVolumeFile(path, Volume::fromVoxels(grid, std::move(values)));
}

WorkerEvent explain(const ExplainJob& job)
{
    const Result<Volume> volume = mapVolumeFile(job.imagePath);
    if (!volume)
        return WorkerError{volume.error()};
    emit(WorkerProgress{"explaining", 0.5, -1});
    if (const auto written = writeRamp(job.outPath, volume->geometry()); !written)
        return WorkerError{written.error()};
    WorkerResult result;
    result.outPath = job.outPath;
    return result;
}

// Thresholds the image: the ball of the tests' images.
WorkerEvent propose(const ProposeJob& job)
{
    for (const ProposeItem& item : job.items) {
        const Result<Volume> volume = mapVolumeFile(item.imagePath);
        if (!volume)
            return WorkerError{volume.error()};
        LabelMap labels(volume->geometry());
        labels.segments().add("Segment 2");
        labels.ensureLayers(1);
        const auto out = labels.writableLayer(0);
        for (std::size_t n = 0; n < out.size(); ++n)
            out[n] = volume->valueAt(volume->geometry().indexAt(n)) > 100 ? 1 : 0;
        if (const auto written = writeLabelFile(item.outPath, labels); !written)
            return WorkerError{written.error()};
        for (const std::string& path : {item.probabilitiesPath, item.uncertaintyPath})
            if (const auto written = path.empty() ? Result<void>() : writeRamp(path, volume->geometry()); !written)
                return WorkerError{written.error()};
        emit(ProposeDone{item.key, item.outPath, 0.1, 0.25});
    }
    return WorkerResult{};
}

WorkerEvent evaluate(const EvaluateJob& job)
{
    WorkerResult result;
    for (const std::string& path : job.modelPaths) {
        std::string seed;
        std::ifstream(path) >> seed;
        ModelFigures figures{path, {}};
        for (const TrainingCase& one : job.cases)
            figures.cases.push_back({one.key, {{"1", seed == "15" ? 0.5 : 0.9}, {"2", 0.8}}});
        result.figures.push_back(std::move(figures));
    }
    return result;
}

// The later a case, the less sure; a case whose image is gone is left out.
WorkerEvent score(const ScoreJob& job)
{
    for (const ScoreItem& item : job.items) {
        if (!mapVolumeFile(item.imagePath)) {
            emit(ItemFailed{item.key, {ErrorCode::NotFound, item.key, "its image is gone"}});
            continue;
        }
        CaseScores scores;
        scores.key = item.key;
        scores.entropy = std::atof(item.key.substr(5).c_str()) / 100;
        scores.disagreement = job.modelPaths.size() > 1 ? 1 - scores.entropy : 0;
        scores.classes = {{"ball", 1, scores.entropy, 1}};
        scores.embedding = {scores.entropy};
        emit(scores);
    }
    return WorkerResult{};
}

// A foreign "model" is a text file; one that says "13" is the worker's death.
WorkerEvent import(const ImportModelJob& job)
{
    std::string content;
    std::ifstream(job.path) >> content;
    if (content == "13")
        std::abort();
    if (content.empty())
        return WorkerError{{ErrorCode::Truncated, job.path, "it is cut short"}};
    std::ofstream(job.outPath) << content;
    TrainJob like;
    like.classes = {{1, "Lesion", 1, {}, {}, {}}};
    WorkerResult result;
    result.outPath = job.outPath;
    result.card = cardFor(like);
    result.card->name = "foreign " + content + (job.cardJson.empty() ? "" : " with a card");
    return result;
}

} // namespace

int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        const Result<WorkerRequest> request = workerRequestFromJson(line);
        if (!request)
            continue;
        if (const auto* t = std::get_if<TrainJob>(&*request))
            emit(train(*t));
        else if (const auto* p = std::get_if<ProposeJob>(&*request))
            emit(propose(*p));
        else if (const auto* why = std::get_if<ExplainJob>(&*request))
            emit(explain(*why));
        else if (const auto* e = std::get_if<EvaluateJob>(&*request))
            emit(evaluate(*e));
        else if (const auto* s = std::get_if<ScoreJob>(&*request))
            emit(score(*s));
        else if (const auto* i = std::get_if<ImportModelJob>(&*request))
            emit(import(*i));
        return 0;
    }
    return 0;
}
