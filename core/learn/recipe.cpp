#include "core/learn/recipe.h"

#include "core/learn/learn_json.h"

#include <nlohmann/json.hpp>

namespace annotomy {

namespace {

void readNetwork(JsonFields& fields, Recipe& recipe)
{
    fields.text("name", recipe.name, 200);
    fields.integer("baseWidth", recipe.baseWidth, 1, 320);
    fields.integer("levels", recipe.levels, 1, 7);
    fields.flag("residual", recipe.residual);
    fields.vector("spacing", recipe.spacing, 0, 100);
    fields.index("patch", recipe.patch, 1, 1024);
    fields.integer("batch", recipe.batch, 1, 1024);
    const int multiple = 1 << (recipe.levels - 1);
    for (std::size_t a = 0; a < 3; ++a) {
        if (recipe.patch[a] % multiple != 0)
            fields.problem("patch", "not a multiple of 2^(levels - 1)");
        if (recipe.spacing[a] > 0 && recipe.spacing[a] < 0.01)
            fields.problem("spacing", "below 0.01 mm");
    }
}

void readTraining(JsonFields& fields, Recipe& recipe)
{
    constexpr int many = 1000000;
    fields.number("foregroundShare", recipe.foregroundShare, 0, 1);
    fields.flag("augment", recipe.augment);
    fields.number("leastClassShare", recipe.leastClassShare, 0, 0.5);
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
            {"residual", recipe.residual},
            {"spacing", recipe.spacing},
            {"patch", recipe.patch},
            {"batch", recipe.batch},
            {"foregroundShare", recipe.foregroundShare},
            {"augment", recipe.augment},
            {"leastClassShare", recipe.leastClassShare},
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
