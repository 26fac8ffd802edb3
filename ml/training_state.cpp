#include "ml/internal/training_state.h"

#include <nlohmann/json.hpp>

namespace annotomy {

std::string toJsonText(const TrainingState& state)
{
    nlohmann::json json{{"step", state.step},
                        {"epoch", state.epoch},
                        {"budgetSeconds", state.budgetSeconds},
                        {"trainingSeconds", state.trainingSeconds},
                        {"validationSeconds", state.validationSeconds},
                        {"validationCost", state.validationCost},
                        {"validationCases", state.validationCases},
                        {"bestDice", state.bestDice},
                        {"epochsSinceBest", state.epochsSinceBest},
                        {"bestClassDice", state.bestClassDice},
                        {"bestValidationDice", state.bestValidationDice}};
    if (state.averageDice)
        json["averageDice"] = *state.averageDice;
    return json.dump();
}

Result<TrainingState> trainingStateFromJson(const std::string& text)
try {
    const nlohmann::json json = nlohmann::json::parse(text);
    TrainingState state;
    json.at("step").get_to(state.step);
    json.at("epoch").get_to(state.epoch);
    json.at("budgetSeconds").get_to(state.budgetSeconds);
    json.at("trainingSeconds").get_to(state.trainingSeconds);
    json.at("validationSeconds").get_to(state.validationSeconds);
    json.at("validationCost").get_to(state.validationCost);
    json.at("validationCases").get_to(state.validationCases);
    json.at("bestDice").get_to(state.bestDice);
    json.at("epochsSinceBest").get_to(state.epochsSinceBest);
    json.at("bestClassDice").get_to(state.bestClassDice);
    json.at("bestValidationDice").get_to(state.bestValidationDice);
    if (json.contains("averageDice"))
        state.averageDice = json.at("averageDice").get<double>();
    if (state.step < 0 || state.epoch < 0 || state.validationCases < 0)
        return Error{ErrorCode::Malformed, {}, "the checkpoint's counters are negative"};
    return state;
} catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::Malformed, {}, e.what()};
}

} // namespace annotomy
