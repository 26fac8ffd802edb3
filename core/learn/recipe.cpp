#include "core/learn/recipe.h"

#include "core/learn/learn_json.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace annotomy {

namespace {

// By the enumerations' values.
const std::vector<std::string> networkNames{"unet", "residual-unet", "light-unet", "meshnet"};
const std::vector<std::string> optimiserNames{"adamw", "sgd"};
const std::vector<std::string> decayNames{"polynomial", "cosine"};

template <class Choice>
const std::string& nameOf(Choice choice, const std::vector<std::string>& names)
{
    return names.at(static_cast<std::size_t>(choice));
}

nlohmann::json toJson(const LossTerms& loss)
{
    return {{"crossEntropy", loss.crossEntropy},
            {"focalGamma", loss.focalGamma},
            {"dice", loss.dice},
            {"tversky", loss.tversky},
            {"tverskyFalsePositives", loss.tverskyFalsePositives},
            {"tverskyFalseNegatives", loss.tverskyFalseNegatives},
            {"boundary", loss.boundary}};
}

void readNetwork(JsonFields& fields, Recipe& recipe)
{
    fields.text("name", recipe.name, 200);
    fields.choice("network", recipe.network, networkNames);
    fields.integer("baseWidth", recipe.baseWidth, 1, 320);
    fields.integer("levels", recipe.levels, 1, 7);
    recipe.poolings.fill(recipe.levels - 1);
    fields.index("poolings", recipe.poolings, 0, recipe.levels - 1);
    fields.vector("spacing", recipe.spacing, 0, 100);
    fields.index("patch", recipe.patch, 1, 1024);
    fields.integer("batch", recipe.batch, 1, 1024);
    const Index3 multiple = patchMultiple(recipe);
    for (std::size_t a = 0; a < 3; ++a) {
        if (recipe.patch[a] % multiple[a] != 0)
            fields.problem("patch", "not a multiple of 2^poolings");
        if (recipe.spacing[a] > 0 && recipe.spacing[a] < 0.01)
            fields.problem("spacing", "below 0.01 mm");
    }
}

void readLoss(JsonFields& fields, LossTerms& loss)
{
    constexpr double most = 1000;
    fields.number("crossEntropy", loss.crossEntropy, 0, most);
    fields.number("focalGamma", loss.focalGamma, 0, 10);
    fields.number("dice", loss.dice, 0, most);
    fields.number("tversky", loss.tversky, 0, most);
    fields.number("tverskyFalsePositives", loss.tverskyFalsePositives, 0.01, 1);
    fields.number("tverskyFalseNegatives", loss.tverskyFalseNegatives, 0.01, 1);
    fields.number("boundary", loss.boundary, 0, most);
    if (loss.crossEntropy + loss.dice + loss.tversky <= 0)
        fields.problem("crossEntropy", "no term but the boundary's has a weight, and that one teaches nothing alone");
}

void readTraining(JsonFields& fields, Recipe& recipe)
{
    constexpr int many = 1000000;
    fields.number("foregroundShare", recipe.foregroundShare, 0, 1);
    fields.flag("augment", recipe.augment);
    fields.index("mirrorAxes", recipe.mirrorAxes, 0, 1);
    fields.number("leastClassShare", recipe.leastClassShare, 0, 0.5);
    fields.object("loss", [&](JsonFields& inner) { readLoss(inner, recipe.loss); });
    fields.choice("optimiser", recipe.optimiser, optimiserNames);
    fields.choice("decay", recipe.decay, decayNames);
    fields.number("learningRate", recipe.learningRate, 1e-12, 10);
    fields.number("weightDecay", recipe.weightDecay, 0, 10);
    fields.integer("warmUpSteps", recipe.warmUpSteps, 0, many);
    fields.number("gradientClip", recipe.gradientClip, 0, 1e6);
    fields.number("emaDecay", recipe.emaDecay, 0, 0.999999);
    fields.integer("maxSteps", recipe.maxSteps, 1, 1000 * many);
    fields.number("minutes", recipe.minutes, 1e-6, 1e6);
    fields.integer("stepsPerEpoch", recipe.stepsPerEpoch, 1, many);
    fields.integer("patienceEpochs", recipe.patienceEpochs, 0, many);
    fields.number("replayShare", recipe.replayShare, 0, 1);
    fields.integer("seed", recipe.seed);
}

} // namespace

nlohmann::json toJson(const Recipe& recipe)
{
    return {{"name", recipe.name},
            {"baseWidth", recipe.baseWidth},
            {"levels", recipe.levels},
            {"network", nameOf(recipe.network, networkNames)},
            {"poolings", recipe.poolings},
            {"spacing", recipe.spacing},
            {"patch", recipe.patch},
            {"batch", recipe.batch},
            {"foregroundShare", recipe.foregroundShare},
            {"augment", recipe.augment},
            {"mirrorAxes", recipe.mirrorAxes},
            {"leastClassShare", recipe.leastClassShare},
            {"loss", toJson(recipe.loss)},
            {"optimiser", nameOf(recipe.optimiser, optimiserNames)},
            {"decay", nameOf(recipe.decay, decayNames)},
            {"learningRate", recipe.learningRate},
            {"weightDecay", recipe.weightDecay},
            {"warmUpSteps", recipe.warmUpSteps},
            {"gradientClip", recipe.gradientClip},
            {"emaDecay", recipe.emaDecay},
            {"maxSteps", recipe.maxSteps},
            {"minutes", recipe.minutes},
            {"stepsPerEpoch", recipe.stepsPerEpoch},
            {"patienceEpochs", recipe.patienceEpochs},
            {"replayShare", recipe.replayShare},
            {"seed", recipe.seed}};
}

Index3 patchMultiple(const Recipe& recipe)
{
    if (recipe.network == NetworkKind::MeshNet)
        return {1, 1, 1};
    Index3 multiple{};
    for (std::size_t a = 0; a < 3; ++a)
        multiple[a] = 1 << recipe.poolings[a];
    return multiple;
}

void readRecipe(JsonFields& fields, Recipe& recipe)
{
    readNetwork(fields, recipe);
    readTraining(fields, recipe);
}

std::string toJsonText(const Recipe& recipe)
{
    return jsonLine(toJson(recipe));
}

Result<Recipe> recipeFromJson(const std::string& text)
{
    nlohmann::json json;
    if (auto parsed = parseJsonObject(text, json); !parsed)
        return parsed.error();
    JsonProblem problem;
    JsonFields fields(json, "recipe", problem);
    Recipe recipe;
    readRecipe(fields, recipe);
    if (problem.found())
        return problem.error();
    return recipe;
}

std::vector<Recipe> builtInRecipes()
{
    const Recipe standard;

    Recipe light = standard;
    light.name = "light";
    light.levels = 3;
    light.poolings = {2, 2, 2};
    light.patch = {32, 48, 32};

    Recipe fineTune = standard;
    fineTune.name = "fine-tune";
    fineTune.learningRate = 1e-3;

    Recipe quick = standard;
    quick.name = "quick";
    quick.patch = {64, 48, 32};
    quick.leastClassShare = 0.05; // small things would be found only after hundreds of steps
    quick.learningRate = 4e-3;
    quick.minutes = 1;
    quick.stepsPerEpoch = 10;
    quick.warmUpSteps = 5;
    return {standard, light, fineTune, quick};
}

} // namespace annotomy
