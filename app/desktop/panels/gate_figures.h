#pragma once

#include "storage/records.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace annotomy {

// The gate's decision as stored with a model.
struct GateFigures {
    bool known = false; // false: the model was never judged
    bool gated = false;
    bool promoted = false;
    std::optional<double> candidateDice, currentDice;
    int validationPatients = 0;
    double doubt = 0;   // by how much Dice or surface Dice may be lower, case by case (95 %); 0: by no more than is let pass
    QStringList fallen; // classes whose Dice fell by more than the gate allows
};

GateFigures gateFigures(const std::string& gateJson); // of text that is no such decision: known = false
QString gateSentence(const GateFigures& gate);

// Mean validation Dice of a model: the gate's figure, else that of its card; nullopt when it has neither.
std::optional<double> validationDice(const ModelRecord& model);
QString statusName(ModelStatus status);

} // namespace annotomy
