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
    return gate;
}

QString gateSentence(const GateFigures& gate)
{
    if (!gate.known)
        return {};
    if (!gate.gated)
        return Words::tr("Provisional, not gated: %n patient(s) for validation, three are needed.", nullptr,
                         gate.validationPatients);
    const QString patients = Words::tr("%n validation patient(s)", nullptr, gate.validationPatients);
    const QString candidate = paneltext::dice(gate.candidateDice);
    if (!gate.currentDice)
        return gate.promoted ? Words::tr("Became current: Dice %1 on %2.").arg(candidate, patients)
                             : Words::tr("Not promoted: Dice %1 on %2.").arg(candidate, patients);
    const QString current = paneltext::dice(gate.currentDice);
    return gate.promoted
               ? Words::tr("Became current: Dice %1 against %2 before, on %3.").arg(candidate, current, patients)
               : Words::tr("The former model stays: %1 against its %2, on %3.").arg(candidate, current, patients);
}

std::optional<double> validationDice(const ModelRecord& model)
{
    if (const auto gate = gateFigures(model.gateJson); gate.candidateDice)
        return gate.candidateDice;
    const QJsonObject figures = objectOf(model.card.figuresJson);
    for (const char* key : {"validationDice", "meanDice", "dice"})
        if (const auto value = number(figures, key))
            return value;
    return std::nullopt;
}

QString statusName(ModelStatus status)
{
    switch (status) {
    case ModelStatus::Candidate: return Words::tr("Candidate");
    case ModelStatus::Current: return Words::tr("Current");
    case ModelStatus::Retired: return Words::tr("Retired");
    case ModelStatus::Rejected: return Words::tr("Not promoted");
    case ModelStatus::Provisional: break;
    }
    return Words::tr("Provisional");
}

} // namespace annotomy
