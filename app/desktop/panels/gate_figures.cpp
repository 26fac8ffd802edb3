#include "app/desktop/panels/gate_figures.h"

#include "app/desktop/panels/panel_text.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace annotomy {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(annotomy::GateFigures)
};

constexpr double greatestFall = 0.02; // as the gate in app/workbench has it
constexpr double greatestDoubt = 0.005;

QJsonObject objectOf(const std::string& json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

std::optional<double> number(const QJsonObject& object, const char* key)
{
    const QJsonValue value = object.value(QLatin1String(key));
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

} // namespace

GateFigures gateFigures(const std::string& gateJson)
{
    const QJsonObject object = objectOf(gateJson);
    GateFigures gate;
    gate.known = object.contains(QStringLiteral("gated"));
    gate.gated = object.value(QStringLiteral("gated")).toBool();
    gate.promoted = object.value(QStringLiteral("promoted")).toBool();
    gate.candidateDice = number(object, "candidateDice");
    gate.currentDice = number(object, "currentDice");
    gate.validationPatients = object.value(QStringLiteral("validationPatients")).toInt();
    for (const char* figure : {"nsdDifference", "diceDifference"})
        if (const auto low = number(object.value(QLatin1String(figure)).toObject(), "low"); low && *low < -greatestDoubt)
            gate.doubt = -*low;
    const QJsonObject differences = object.value(QStringLiteral("classDifference")).toObject();
    for (auto entry = differences.begin(); entry != differences.end(); ++entry)
        if (entry.value().toDouble() < -greatestFall)
            gate.fallen << entry.key();
    return gate;
}

QString gateSentence(const GateFigures& gate)
{
    if (!gate.known)
        return {};
    if (!gate.gated)
        return Words::tr("Provisional: not gated. Three validation patients are needed, there are %1.")
            .arg(gate.validationPatients);
    const QString patients = gate.validationPatients == 1
                                 ? Words::tr("1 validation patient")
                                 : Words::tr("%1 validation patients").arg(gate.validationPatients);
    const QString candidate = paneltext::dice(gate.candidateDice);
    if (!gate.currentDice)
        return gate.promoted ? Words::tr("Became current: Dice %1 on %2.").arg(candidate, patients)
                             : Words::tr("Not promoted: it finds nothing on %1.").arg(patients);
    const QString current = paneltext::dice(gate.currentDice);
    if (gate.promoted)
        return Words::tr("Became current: Dice %1, before %2, on %3.").arg(candidate, current, patients);
    if (gate.candidateDice.value_or(0) >= *gate.currentDice && !gate.fallen.isEmpty())
        return Words::tr("Not promoted: Dice fell for %1.").arg(gate.fallen.join(QStringLiteral(", ")));
    if (gate.candidateDice.value_or(0) > *gate.currentDice && gate.doubt > 0)
        return Words::tr("Not promoted: Dice %1, before %2, but it may be %3 lower on other cases (95 % interval).")
            .arg(candidate, current, paneltext::dice(gate.doubt));
    return Words::tr("Not promoted: Dice %1, the current model's %2, on %3.")
        .arg(candidate, current, patients);
}

std::optional<double> validationDice(const ModelRecord& model)
{
    if (const auto gate = gateFigures(model.gateJson); gate.candidateDice)
        return gate.candidateDice;
    return number(objectOf(model.card.figuresJson), "validationDice");
}

QString statusName(ModelStatus status)
{
    switch (status) {
    case ModelStatus::Candidate:
        return Words::tr("Candidate");
    case ModelStatus::Current:
        return Words::tr("Current");
    case ModelStatus::Retired:
        return Words::tr("Retired");
    case ModelStatus::Rejected:
        return Words::tr("Not promoted");
    case ModelStatus::Provisional:
        break;
    }
    return Words::tr("Provisional");
}

} // namespace annotomy
