#include "app/workbench/training_job.h"

#include "app/workbench/segment_matching.h"
#include "app/workbench/workbench_impl.h"
#include "core/io/volume_file.h"
#include "app/workbench/model_files.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>
#include <filesystem>
#include <set>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t earlyValidationCases = 8; // figures during training; the gate uses the whole pool
constexpr double longestMinutes = 7 * 24 * 60;

SegmentTable tableOf(const std::vector<ModelClass>& classes)
{
    SegmentTable table;
    for (const ModelClass& one : classes) {
        Segment segment;
        segment.number = one.number;
        segment.name = one.name;
        segment.colour = one.colour;
        segment.category = one.category;
        segment.type = one.type;
        table.insert(segment);
    }
    return table;
}

// The classes' numbers for segments of the same name; 0 for the others.
Renumbering classNumbers(const SegmentTable& segments, const std::vector<ModelClass>& classes)
{
    Renumbering result{};
    for (const Segment& segment : segments.segments()) {
        const auto found = std::find_if(classes.begin(), classes.end(),
                                        [&](const ModelClass& one) { return one.name == segment.name; });
        if (found != classes.end())
            result[segment.number] = found->number;
    }
    return result;
}

void addClass(std::vector<ModelClass>& classes, const Segment& segment)
{
    const bool known = std::any_of(classes.begin(), classes.end(),
                                   [&](const ModelClass& one) { return one.name == segment.name; });
    if (known || segment.name.empty())
        return;
    const SegmentTable table = tableOf(classes);
    ModelClass added;
    added.output = static_cast<int>(classes.size()) + 1;
    added.name = segment.name;
    added.number = table.find(segment.number) ? table.firstFreeNumber() : segment.number;
    added.colour = segment.colour;
    added.category = segment.category;
    added.type = segment.type;
    if (added.number != 0)
        classes.push_back(std::move(added));
}

// A foreign model's outputs are what they are: segments of other names are left out.
Result<std::vector<ModelClass>> foreignClasses(Workspace& workspace, const std::vector<ApprovedMask>& masks, const ModelCard& model)
{
    std::string names;
    for (const ModelClass& one : model.classes)
        names += (names.empty() ? "" : ", ") + one.name;
    for (const ApprovedMask& mask : masks) {
        const Result<LabelMap> labels = workspace.loadMask(mask.revision.id);
        if (!labels)
            return labels.error();
        for (const ModelClass& one : model.classes)
            if (labels->segments().findByName(one.name))
                return model.classes;
    }
    return Error{ErrorCode::Conflict, "Training",
                 "no approved mask has a segment that is named like a class of the model (" + names.substr(0, 200) + ")"};
}

std::string newRunFolder()
{
    const QString time = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-hhmmss"));
    return ("runs/" + time + '-' + QUuid::createUuid().toString(QUuid::Id128).left(6)).toStdString();
}

std::string keyOf(CaseId id)
{
    return "case-" + std::to_string(id.value);
}

CaseId caseOfKey(const std::string& key)
{
    return {std::atoll(key.substr(key.find('-') + 1).c_str())};
}

Result<std::vector<TrainingCase>> writtenCases(Workspace& workspace, const std::vector<ApprovedMask>& masks,
                                               const TrainJob& job, const std::string& folder,
                                               const ImageProvider& imagePath, std::stop_token stop)
{
    std::vector<TrainingCase> cases;
    for (const ApprovedMask& mask : masks) {
        if (stop.stop_requested())
            return cancelledError();
        Result<TrainingCase> one = writeTrainingCase(workspace, mask, job.classes, folder, imagePath);
        if (!one)
            return one.error();
        cases.push_back(*std::move(one));
    }
    return cases;
}

// New work first: cases that the parent has not seen as they are now; the others are replayed.
struct Division {
    std::vector<ApprovedMask> train, replay;
};

Division divided(std::vector<ApprovedMask> masks, const ModelRecord* parent)
{
    Division result;
    for (ApprovedMask& mask : masks) {
        const bool seen = parent
            && std::find(parent->card.caseHashes.begin(), parent->card.caseHashes.end(), mask.revision.maskHash)
                != parent->card.caseHashes.end();
        (seen ? result.replay : result.train).push_back(std::move(mask));
    }
    if (result.train.empty())
        std::swap(result.train, result.replay);
    return result;
}

} // namespace

Result<std::vector<ModelClass>> classesToLearn(Workspace& workspace, const std::vector<ApprovedMask>& masks,
                                               const ModelCard* parent)
{
    if (parent && parent->network == foreignNetwork)
        return foreignClasses(workspace, masks, *parent);
    std::vector<ModelClass> classes = parent ? parent->classes : std::vector<ModelClass>();
    for (const ApprovedMask& mask : masks) {
        const Result<LabelMap> labels = workspace.loadMask(mask.revision.id);
        if (!labels)
            return labels.error();
        const std::vector<std::int64_t> counts = voxelCounts(*labels);
        for (const Segment& segment : labels->segments().segments()) {
            if (counts[segment.number] > 0)
                addClass(classes, segment);
        }
    }
    if (classes.empty())
        return Error{ErrorCode::Conflict, "Training", "the approved masks are all empty; approve a case with a segment"};
    return classes;
}

Result<TrainingCase> writeTrainingCase(Workspace& workspace, const ApprovedMask& mask,
                                       const std::vector<ModelClass>& classes, const std::string& folder,
                                       const ImageProvider& imagePath)
{
    Result<std::string> image = imagePath(mask.record.id);
    if (!image)
        return image.error();
    const Result<LabelMap> labels = workspace.loadMask(mask.revision.id);
    if (!labels)
        return labels.error();
    TrainingCase result;
    result.key = keyOf(mask.record.id);
    result.imagePath = *std::move(image);
    result.labelPath = workspace.folder() + '/' + folder + '/' + result.key + ".labels";
    result.modality = mask.record.series.info.modality;
    result.hash = mask.revision.maskHash;
    const LabelMap numbered = renumbered(*labels, classNumbers(labels->segments(), classes));
    if (const auto written = writeLabelFile(result.labelPath, numbered); !written)
        return written.error();
    return result;
}

Result<Recipe> chosenRecipe(const TrainOptions& options, bool hasParent)
{
    if (options.folds != 0 && (options.folds < 2 || options.folds > 100 || options.fold < 1 || options.fold > options.folds))
        return Error{ErrorCode::InvalidArgument, "fold", "give it as 1/5 to 5/5; there are 2 to 100 folds"};
    if (options.bytes > 0)
        return Error{ErrorCode::InvalidArgument, "memory", "only a planned recipe keeps to it: ask for that"};
    const std::string name = !options.recipe.empty() ? options.recipe : hasParent ? "fine-tune" : "standard";
    const std::vector<Recipe> presets = builtInRecipes();
    const auto preset = std::find_if(presets.begin(), presets.end(), [&](const Recipe& r) { return r.name == name; });
    if (preset == presets.end())
        return Error{ErrorCode::InvalidArgument, "recipe " + name, "choose planned, standard, light, fine-tune or quick"};
    Recipe recipe = *preset;
    if (options.minutes && !(*options.minutes > 0 && *options.minutes <= longestMinutes))
        return Error{ErrorCode::InvalidArgument, "training time", "give a number of minutes above 0, a week at most"};
    recipe.minutes = options.minutes.value_or(recipe.minutes);
    recipe.seed = options.seed.value_or(recipe.seed);
    return recipe;
}

Result<std::vector<ApprovedMask>> heldOutFold(std::vector<ApprovedMask>& masks, int fold, int folds)
{
    // By a hash of the patient's key, so that a fold keeps its patients when others join.
    const auto foldOf = [folds](const ApprovedMask& mask) {
        const std::string digest = sha256Hex(std::as_bytes(std::span<const char>("fold " + mask.record.patientKey)));
        return static_cast<int>(std::stoull(digest.substr(0, 8), nullptr, 16) % static_cast<unsigned>(folds)) + 1;
    };
    const auto held = std::stable_partition(masks.begin(), masks.end(),
                                            [&](const ApprovedMask& mask) { return foldOf(mask) != fold; });
    std::vector<ApprovedMask> out(std::make_move_iterator(held), std::make_move_iterator(masks.end()));
    masks.erase(held, masks.end());
    if (masks.empty() || out.empty())
        return Error{ErrorCode::Conflict, "Training",
                     "fold " + std::to_string(fold) + " of " + std::to_string(folds)
                         + " leaves no case on one side; approve more cases or ask for fewer folds"};
    return out;
}

Result<PreparedRun> prepareRun(Workspace& workspace, const TrainOptions& options, const Recipe* planned,
                               const ModelRecord* parent, const ImageProvider& imagePath, std::stop_token stop,
                               const JobReport& report)
{
    reportStage(report, "preparing", 0);
    Result<Recipe> recipe = planned ? Result(*planned) : chosenRecipe(options, parent != nullptr);
    if (!recipe)
        return recipe.error();
    Result<std::vector<ApprovedMask>> pool = approvedMasks(workspace, Pool::Train);
    if (!pool)
        return pool.error();
    if (pool->empty())
        return Error{ErrorCode::Conflict, "Training", "no case of the training pool is approved; approve more cases"};
    Result<std::vector<ApprovedMask>> validation =
        options.folds > 0 ? heldOutFold(*pool, options.fold, options.folds) : approvedMasks(workspace, Pool::Validation);
    if (!validation)
        return validation.error();
    validation->resize(std::min(validation->size(), earlyValidationCases));
    auto classes = classesToLearn(workspace, *pool, parent ? &parent->card : nullptr);
    if (!classes)
        return classes.error();

    PreparedRun run;
    run.folder = newRunFolder();
    const std::string folder = workspace.folder() + '/' + run.folder;
    std::error_code error;
    fs::create_directories(folder, error);
    run.job.recipe = *std::move(recipe);
    run.job.classes = *std::move(classes);
    run.job.device = options.device;
    run.job.checkpointPath = folder + "/checkpoint.pt";
    run.job.outPath = folder + "/model.pt";
    if (parent) {
        Result<std::string> path = verifiedModelPath(workspace, *parent);
        if (!path)
            return path.error();
        run.job.parentPath = *std::move(path);
    }
    for (const ApprovedMask& mask : *pool)
        run.cases.push_back(mask.record.id);
    const Division division = divided(*pool, parent);
    const auto write = [&](const std::vector<ApprovedMask>& masks) {
        return writtenCases(workspace, masks, run.job, run.folder, imagePath, stop);
    };
    auto train = write(division.train);
    auto replay = train ? write(division.replay) : train;
    auto early = replay ? write(*validation) : replay;
    if (!early)
        return early.error();
    run.job.train = *std::move(train);
    run.job.replay = *std::move(replay);
    run.job.validation = *std::move(early);
    return run;
}

Result<PreparedRun> resumedRun(Workspace& workspace, const RunRecord& run, const ImageProvider& imagePath)
{
    Result<WorkerRequest> request = workerRequestFromJson(run.jobJson);
    if (!request)
        return request.error();
    auto* job = std::get_if<TrainJob>(&*request);
    if (!job)
        return Error{ErrorCode::Malformed, "run " + std::to_string(run.id.value), "its request is not a training"};
    PreparedRun result;
    result.folder = run.folder;
    result.cases = run.cases;
    const std::string folder = workspace.folder() + '/' + run.folder + '/';
    const auto inFolder = [](const std::string& base, const std::string& path) {
        return base + fs::path(path).filename().string();
    };
    job->checkpointPath = inFolder(folder, job->checkpointPath);
    job->outPath = inFolder(folder, job->outPath);
    if (!job->parentPath.empty())
        job->parentPath = inFolder(workspace.folder() + "/models/", job->parentPath);
    for (std::vector<TrainingCase>* cases : {&job->train, &job->replay, &job->validation}) {
        for (TrainingCase& one : *cases) {
            Result<std::string> image = imagePath(caseOfKey(one.key));
            if (!image)
                return image.error();
            one.imagePath = *std::move(image);
            one.labelPath = inFolder(folder, one.labelPath);
        }
    }
    job->resume = true;
    result.job = std::move(*job);
    return result;
}

} // namespace annotomy
