#include "app/desktop/panels/worklist_row.h"

#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/patient_name.h"
#include "app/desktop/theme.h"
#include "app/workbench/ranking.h"
#include "storage/workspace.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace annotomy {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(annotomy::WorklistRow)
};

QString sizeText(const Index3& size)
{
    return QStringLiteral("%1×%2×%3").arg(size[0]).arg(size[1]).arg(size[2]);
}

// Empty when it only repeats whose image it is, as with files that have no header.
QString descriptionText(const CaseRecord& record)
{
    const std::string& description = record.series.info.seriesDescription;
    const bool repeats = description == record.patientName || description == record.patientKey;
    return repeats ? QString() : QString::fromStdString(description).simplified();
}

// What tells the series of one patient apart.
QString detailsText(const CaseRecord& record)
{
    QStringList parts;
    if (const std::string& modality = record.series.info.modality; modality != "OT")
        parts << QString::fromStdString(modality);
    const QString description = descriptionText(record);
    parts << (description.isEmpty() ? sizeText(record.series.geometry.size) : description);
    return parts.join(QStringLiteral(" · "));
}

// What is wrong with the image; empty when nothing is.
QString warningText(const std::vector<Warning>& warnings)
{
    const auto isCode = [](const char* code) { return [code](const Warning& w) { return w.code == code; }; };
    const bool mended = std::any_of(warnings.begin(), warnings.end(), isCode("regularised"));
    const Warning* first = nullptr;
    int count = 0;
    for (const Warning& warning : warnings) {
        const bool over = mended && (warning.code == "gantryTilt" || warning.code == "unevenSpacing");
        if (!paneltext::isNotice(warning.code) && !over && count++ == 0)
            first = &warning;
    }
    if (!first)
        return {};
    const QString text = paneltext::warning(first->code, first->text);
    return count == 1 ? text : Words::tr("%1, and %2 more").arg(text).arg(count - 1);
}

// What is to be known of the image beside its size: "time 1 / 60", "values are SUV by body weight".
QString noticeText(const std::vector<Warning>& warnings)
{
    for (auto warning = warnings.rbegin(); warning != warnings.rend(); ++warning) // the last is the newest
        if (paneltext::isNotice(warning->code))
            return paneltext::warning(warning->code, warning->text);
    return {};
}

bool isSuggested(const CaseRecord& record, const CaseFacts& facts)
{
    return record.state != CaseState::Approved && !facts.servedReason.empty()
        && warningText(record.series.info.warnings).isEmpty();
}

QString reasonText(const CaseRecord& record, const CaseFacts& facts)
{
    if (record.state == CaseState::Approved && facts.diceToProposal)
        return Words::tr("Dice to proposal %1").arg(paneltext::dice(facts.diceToProposal));
    if (const QString warned = warningText(record.series.info.warnings); !warned.isEmpty())
        return warned;
    if (isSuggested(record, facts))
        return translatedSentence(facts.servedReason);
    if (record.state != CaseState::Approved && facts.entropy)
        return Words::tr("model unsure: %1").arg(*facts.entropy, 0, 'f', 2);
    if (const QString notice = noticeText(record.series.info.warnings); !notice.isEmpty())
        return notice;
    if (record.state == CaseState::New)
        return Words::tr("no mask yet");
    return descriptionText(record).isEmpty() ? QString() : sizeText(record.series.geometry.size);
}

int urgency(CaseState state)
{
    switch (state) {
    case CaseState::InWork:
        return 0;
    case CaseState::Proposed:
        return 1;
    case CaseState::New:
        return 2;
    case CaseState::Approved:
        break;
    }
    return 3;
}

std::optional<double> meanProposalDice(const std::vector<MetricRecord>& metrics)
{
    double sum = 0;
    int count = 0;
    for (const MetricRecord& record : metrics)
        if (record.purpose == "proposal" && record.metrics.overlap.dice) {
            sum += *record.metrics.overlap.dice;
            ++count;
        }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

CaseFacts readFacts(Workspace& workspace, CaseId id, CaseState state)
{
    CaseFacts facts;
    if (state == CaseState::Approved) {
        if (const auto metrics = workspace.metrics(id))
            facts.diceToProposal = meanProposalDice(*metrics);
    } else if (state == CaseState::Proposed || state == CaseState::InWork) {
        if (const auto revisions = workspace.revisions(id))
            for (const RevisionRecord& revision : *revisions)
                if (revision.authorKind == AuthorKind::Model)
                    facts.entropy = entropyOf(revision);
    }
    if (state != CaseState::Approved)
        if (auto reason = servedReason(workspace, id))
            facts.servedReason = *std::move(reason);
    return facts;
}

} // namespace

WorklistRow worklistRow(const CaseRecord& record, const CaseFacts& facts)
{
    WorklistRow row;
    row.id = record.id;
    row.patient = readableName(record.patientName.empty() ? record.patientKey : record.patientName);
    row.modality = QString::fromStdString(record.series.info.modality);
    row.details = detailsText(record);
    row.reason = reasonText(record, facts);
    row.state = record.state;
    row.warned = !warningText(record.series.info.warnings).isEmpty();
    row.suggested = isSuggested(record, facts);
    row.entropy = facts.entropy;
    row.thumbnailPng = QByteArray(reinterpret_cast<const char*>(record.thumbnailPng.data()),
                                  static_cast<qsizetype>(record.thumbnailPng.size()));
    return row;
}

WorklistRow worklistRow(const CaseRow& row, const CaseFacts& facts)
{
    CaseRecord record;
    record.id = row.id;
    record.patientKey = row.patientKey;
    record.patientName = row.patientName;
    record.state = row.state;
    record.series.info.modality = row.modality;
    record.series.info.seriesDescription = row.description;
    record.series.geometry.size = row.size;
    WorklistRow shown = worklistRow(record, facts);
    shown.complete = false;
    return shown;
}

QString stateName(CaseState state)
{
    switch (state) {
    case CaseState::New:
        return Words::tr("New");
    case CaseState::InWork:
        return Words::tr("In work");
    case CaseState::Proposed:
        return Words::tr("Proposed");
    case CaseState::Approved:
        break;
    }
    return Words::tr("Approved");
}

QColor stateColour(CaseState state)
{
    switch (state) {
    case CaseState::New:
        return theme::faintText;
    case CaseState::InWork:
        return theme::blue;
    case CaseState::Proposed:
        return theme::amber;
    case CaseState::Approved:
        break;
    }
    return theme::green;
}

void sortByUrgency(std::vector<WorklistRow>& rows)
{
    std::stable_sort(rows.begin(), rows.end(), [](const WorklistRow& a, const WorklistRow& b) {
        if (a.state != b.state)
            return urgency(a.state) < urgency(b.state);
        return a.state == CaseState::Proposed && a.entropy.value_or(-1) > b.entropy.value_or(-1);
    });
    int rank = 0;
    for (WorklistRow& row : rows)
        row.rank = row.state == CaseState::Proposed && row.entropy ? ++rank : 0;
}

// What decides on the order is read at once; what is merely shown, when it comes into view.
Result<std::vector<WorklistRow>> readWorklist(Workspace& workspace, const CaseFilter& filter, std::stop_token stop)
{
    const auto found = workspace.findCases(filter);
    if (!found)
        return found.error();
    std::vector<WorklistRow> rows;
    rows.reserve(found->size());
    for (const CaseRow& row : *found) {
        if (stop.stop_requested())
            return cancelledError();
        rows.push_back(worklistRow(
            row, row.state == CaseState::Proposed ? readFacts(workspace, row.id, row.state) : CaseFacts{}));
    }
    sortByUrgency(rows);
    return rows;
}

std::vector<WorklistRow> readWorklistRows(Workspace& workspace, const std::vector<CaseId>& cases, std::stop_token stop)
{
    std::vector<WorklistRow> rows;
    for (const CaseId id : cases) {
        if (stop.stop_requested())
            break;
        if (auto row = readWorklistRow(workspace, id))
            rows.push_back(*std::move(row));
    }
    return rows;
}

Result<WorklistRow> readWorklistRow(Workspace& workspace, CaseId id)
{
    const auto record = workspace.caseById(id);
    if (!record)
        return record.error();
    return worklistRow(*record, readFacts(workspace, id, record->state));
}

std::optional<double> entropyOf(const RevisionRecord& proposal)
{
    static const QRegularExpression figure(QStringLiteral("entropy\\D{0,6}?([0-9]+(?:\\.[0-9]+)?)"),
                                           QRegularExpression::CaseInsensitiveOption);
    const auto match = figure.match(QString::fromStdString(proposal.note));
    if (!match.hasMatch())
        return std::nullopt;
    return match.captured(1).toDouble();
}

} // namespace annotomy
