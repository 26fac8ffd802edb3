#include "ml/worker_jobs.h"

#include "core/io/volume_file.h"
#include "ml/internal/back_projection.h"
#include "ml/internal/case_dice.h"
#include "ml/internal/case_embedding.h"
#include "ml/internal/job_support.h"
#include "ml/internal/mirroring.h"
#include "ml/internal/preprocess.h"
#include "ml/internal/probability_scores.h"
#include "ml/internal/segmentation.h"

#include <algorithm>
#include <chrono>
#include <new>

namespace annotomy {

namespace {

using Classes = std::vector<std::uint8_t>; // the output of every voxel

constexpr double embeddingPart = 0.2; // of the time: encoders alone, of tiles that do not overlap

// What one model says of an image.
struct Opinion {
    CaseScores scores;
    Classes classes; // on the grid that all models are compared on
};

// 1 - the mean over all pairs of the mean Dice of their classes; 0 for fewer than two.
double disagreement(const std::vector<Classes>& predictions, int outputs)
{
    double sum = 0;
    int pairs = 0;
    for (std::size_t a = 0; a < predictions.size(); ++a)
        for (std::size_t b = a + 1; b < predictions.size(); ++b) {
            double dice = 0;
            int present = 0;
            for (const std::optional<double>& one : dicePerClass(predictions[a], predictions[b], outputs))
                if (one) {
                    dice += *one;
                    ++present;
                }
            sum += present > 0 ? 1 - dice / present : 0;
            ++pairs;
        }
    return pairs > 0 ? sum / pairs : 0;
}

// Runs a model over its own view of an image; of mirror images the mean counts. `common` is the grid of the classes.
class CaseScorer {
public:
    CaseScorer(const Model& model, const NetworkImage& image, const VolumeGeometry& common,
               const InferenceOptions& options)
        : m_model(model), m_image(image), m_common(common), m_overlap(std::clamp(options.overlap, 0.0, 0.9)),
          m_axes(options.mirror ? model.card().recipe.mirrorAxes : Index3{0, 0, 0})
    {
    }

    Result<Opinion> opinion(std::stop_token stop, const ProgressReport& report)
    {
        const ModelCard& card = m_model.card();
        const auto outputs = static_cast<std::size_t>(m_model.outputs());
        const ClassRule rule(card);
        ProbabilityScores scores(m_image.grid, card);
        BackProjection projection(m_common, m_image.grid, rule, m_model.outputs());
        std::vector<Classes> mirrored(mirrorings(m_axes).size());
        std::vector<float> mean;
        const PlaneSink sink = [&](int k, std::span<const float> all) {
            const std::size_t each = all.size() / mirrored.size();
            mean.assign(each, 0);
            for (std::size_t m = 0; m < mirrored.size(); ++m) {
                const std::span<const float> one = all.subspan(m * each, each);
                for (std::size_t n = 0; n < each; ++n)
                    mean[n] += one[n] / static_cast<float>(mirrored.size());
                if (mirrored.size() > 1)
                    addClasses(one, rule, outputs, mirrored[m]);
            }
            scores.addPlane(mean);
            projection.addPlane(k, mean);
        };
        const SlidingWindow window{m_image.grid.size, card.patch, static_cast<int>(outputs * mirrored.size()), m_overlap,
                                   paddingValue(card.channels.front())};
        const auto predict = mirroredEach(m_model.predictor(card.patch), card.patch, m_axes);
        const auto done = slideWindow(window, m_image.values, predict, sink, stop, subProgress(report, 0, 1 - embeddingPart));
        if (!done)
            return done.error();
        auto embedding = caseEmbedding(m_image, m_model, stop, subProgress(report, 1 - embeddingPart, 1));
        if (!embedding)
            return embedding.error();
        Opinion result{scores.scores(), projection.takeClasses()};
        result.scores.disagreement = disagreement(mirrored, m_model.outputs());
        result.scores.embedding = embedding->empty() ? scores.moments() : *std::move(embedding);
        return result;
    }

private:
    static void addClasses(std::span<const float> probabilities, const ClassRule& rule, std::size_t outputs, Classes& classes)
    {
        const std::size_t size = probabilities.size() / outputs;
        for (std::size_t n = 0; n < size; ++n)
            classes.push_back(rule.classOf([&](std::size_t c) { return probabilities[c * size + n]; }));
    }

    const Model& m_model;
    const NetworkImage& m_image;
    const VolumeGeometry& m_common;
    double m_overlap;
    Index3 m_axes; // mirrored
};

// Calls the classes of `opinion`, a model's with the card `other`, as the first model does.
Result<void> renameClasses(Opinion& opinion, const ModelCard& first, const ModelCard& other)
{
    const auto outputs = outputsByName(first, other);
    if (!outputs)
        return outputs.error();
    for (std::uint8_t& label : opinion.classes)
        label = static_cast<std::uint8_t>((*outputs)[label]);
    std::vector<ClassScore> ordered(opinion.scores.classes.size());
    for (std::size_t n = 0; n < first.classes.size(); ++n)
        for (const ClassScore& score : opinion.scores.classes)
            if (score.name == first.classes[n].name)
                ordered[n] = score;
    opinion.scores.classes = std::move(ordered);
    return {};
}

// Means over the models; the embedding is the first one's.
CaseScores meanScores(const std::vector<Opinion>& opinions)
{
    CaseScores mean = opinions.front().scores;
    const auto add = [&](double CaseScores::*member) {
        double sum = 0;
        for (const Opinion& one : opinions)
            sum += one.scores.*member;
        mean.*member = sum / static_cast<double>(opinions.size());
    };
    add(&CaseScores::entropy);
    add(&CaseScores::margin);
    add(&CaseScores::disagreement);
    for (std::size_t c = 0; c < mean.classes.size(); ++c) {
        const auto addOfClass = [&](double ClassScore::*member) {
            double sum = 0;
            for (const Opinion& one : opinions)
                sum += one.scores.classes[c].*member;
            mean.classes[c].*member = sum / static_cast<double>(opinions.size());
        };
        addOfClass(&ClassScore::volumeMl);
        addOfClass(&ClassScore::entropy);
        addOfClass(&ClassScore::probability);
    }
    return mean;
}

Result<CaseScores> scoreCase(const ScoreItem& item, const std::vector<Model>& models, const InferenceOptions& options,
                             std::stop_token stop, const ProgressReport& report)
try {
    const auto begin = std::chrono::steady_clock::now();
    const Result<Volume> volume = mapVolumeFile(item.imagePath);
    if (!volume)
        return volume.error();
    std::vector<Opinion> opinions;
    VolumeGeometry common;
    for (std::size_t n = 0; n < models.size(); ++n) {
        const ModelCard& card = models[n].card();
        const Result<NetworkImage> image = networkImage(*volume, card.channels.front(), card.spacing, stop);
        if (!image)
            return image.error();
        if (n == 0)
            common = image->grid;
        const auto count = static_cast<double>(models.size());
        const auto from = static_cast<double>(n);
        CaseScorer scorer(models[n], *image, common, options);
        Result<Opinion> one = scorer.opinion(stop, subProgress(report, from / count, (from + 1) / count));
        const Result<void> renamed = one ? renameClasses(*one, models.front().card(), card) : one.error();
        if (!renamed)
            return renamed.error();
        opinions.push_back(*std::move(one));
    }
    CaseScores scores = meanScores(opinions);
    if (opinions.size() > 1) {
        std::vector<Classes> predictions;
        for (Opinion& one : opinions)
            predictions.push_back(std::move(one.classes));
        scores.disagreement = disagreement(predictions, models.front().outputs());
    }
    scores.key = item.key;
    scores.seconds = secondsSince(begin);
    return scores;
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, item.key, "not enough memory for this image"};
}

Result<std::vector<Model>> loadedModels(const ScoreJob& job, const std::string& device)
{
    std::vector<Model> models;
    for (const std::string& path : job.modelPaths) {
        Result<Model> model = loadedModel(path, device);
        if (!model)
            return model.error();
        models.push_back(*std::move(model));
        if (const auto same = outputsByName(models.front().card(), models.back().card()); !same)
            return same.error();
    }
    return models;
}

} // namespace

Result<WorkerResult> scoreCases(const ScoreJob& job, const WorkerEventSink& emit, std::stop_token stop)
{
    const Result<ComputeDevice> device = preparedDevice(job.device, job.threads, emit);
    if (!device)
        return device.error();
    const Result<std::vector<Model>> models = loadedModels(job, device->name);
    if (!models)
        return models.error();
    ItemProgress progress("tiles", job.items.size(), emit);
    for (std::size_t n = 0; n < job.items.size(); ++n) {
        const Result<CaseScores> scores = scoreCase(job.items[n], *models, job.options, stop, progress.forItem(n));
        if (!scores && scores.error().code == ErrorCode::Cancelled)
            return scores.error();
        if (scores)
            emit(*scores);
        else // one image is no reason to go without the others
            emit(ItemFailed{job.items[n].key, scores.error()});
    }
    return WorkerResult{};
}

} // namespace annotomy
