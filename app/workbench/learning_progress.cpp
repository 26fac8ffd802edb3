#include "app/workbench/learning_progress.h"

#include "app/workbench/approved_masks.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace annotomy {

namespace {

nlohmann::json parsedOrEmpty(const std::string& text)
{
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    return json.is_object() ? json : nlohmann::json::object();
}

std::optional<double> shareIn(const nlohmann::json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number())
        return std::nullopt;
    const double value = found->get<double>();
    return value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

std::optional<ModelPoint> pointOf(const ModelRecord& model)
{
    const nlohmann::json gate = parsedOrEmpty(model.gateJson), figures = parsedOrEmpty(model.card.figuresJson);
    const std::optional<double> judged = shareIn(gate, "candidateDice");
    const std::optional<double> dice = judged ? judged : shareIn(figures, "validationDice");
    if (!dice || model.trainedOn.empty())
        return std::nullopt;
    ModelPoint point{model.id, model.name, model.status, model.timeMs, static_cast<int>(model.trainedOn.size()),
                     *dice,    judged.has_value(), {}};
    const nlohmann::json classes = figures.value("classDice", nlohmann::json::object());
    for (const auto& [name, value] : classes.items())
        if (const auto share = shareIn(classes, name.c_str()))
            point.classDice[name] = *share;
    return point;
}

template <class... Numbers>
std::string formatted(const char* pattern, Numbers... numbers)
{
    char text[300];
    std::snprintf(text, sizeof text, pattern, numbers...);
    return text;
}

std::string plateauText(const PlateauFit& fit)
{
    const DiceForecast plateau = fit.plateau();
    return formatted("%.3f (%.3f to %.3f, 95 %%)", plateau.dice, plateau.low, plateau.high);
}

} // namespace

Result<LearningProgress> learningProgress(Workspace& workspace)
{
    const Result<std::vector<ModelRecord>> models = workspace.models();
    if (!models)
        return models.error();
    const Result<std::vector<ApprovedMask>> approved = approvedMasks(workspace, Pool::Train);
    if (!approved)
        return approved.error();
    std::vector<ModelPoint> points;
    for (const ModelRecord& model : *models)
        if (auto point = pointOf(model))
            points.push_back(*std::move(point));
    return learningProgress(std::move(points), static_cast<int>(approved->size()));
}

LearningProgress learningProgress(std::vector<ModelPoint> points, int approvedCases)
{
    LearningProgress progress;
    progress.approvedCases = approvedCases;
    progress.points = std::move(points);
    std::sort(progress.points.begin(), progress.points.end(), [](const ModelPoint& a, const ModelPoint& b) {
        return std::tie(a.cases, a.model) < std::tie(b.cases, b.model);
    });
    std::vector<LearningPoint> measured;
    for (const ModelPoint& point : progress.points)
        measured.push_back({static_cast<double>(point.cases), point.dice});
    progress.missing = missingPoints(measured);
    progress.fit = fitPlateau(measured);
    if (progress.fit)
        progress.advice = stopAdvice(*progress.fit);
    return progress;
}

std::string adviceSentence(const LearningProgress& progress)
{
    if (!progress.fit)
        return progress.missing == 1
                   ? "One more model, trained on another number of cases, makes a forecast possible."
                   : formatted("%d more models, trained on other numbers of cases, make a forecast possible.",
                               progress.missing);
    const PlateauFit& fit = *progress.fit;
    const double now = fit.curve.at(fit.mostCases);
    if (fit.curve.gap == 0)
        return "Further cases like these are not expected to help: Dice does not rise with their number.";
    if (!progress.advice->helps) {
        const std::string near =
            formatted("Further cases like these are not expected to help: at Dice %.3f the curve is near its plateau, %s", now,
                      plateauText(fit).c_str());
        const double more = progress.advice->highestGain;
        return more < worthwhileGain ? near + '.' : near + formatted("; a gain of up to %.3f is not ruled out.", more);
    }
    const int more = progress.advice->moreCases;
    const DiceForecast next = fit.at(fit.mostCases + more);
    const std::string count = more == 1 ? "1 more case is" : formatted("About %d more cases are", more);
    return formatted("%s expected to raise Dice from %.3f to %.3f (%.3f to %.3f, 95 %%); the plateau is %s.",
                     count.c_str(), now, next.dice, next.low, next.high, plateauText(fit).c_str());
}

} // namespace annotomy
