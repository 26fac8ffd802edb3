#pragma once

#include "storage/records.h"

#include <QByteArray>
#include <QColor>
#include <QString>

#include <optional>
#include <stop_token>
#include <vector>

namespace annotomy {

class Workspace;

// What is known of a case beside its record.
struct CaseFacts {
    std::optional<double> entropy;        // of the newest proposal: nats per foreground voxel
    std::optional<double> diceToProposal; // mean over segments, of what was approved
    std::string servedReason;             // why it was suggested, in English; empty when it never was
};

// One line of the worklist.
struct WorklistRow {
    CaseId id;
    QString patient;
    QString modality;
    QString details; // "MR · T1 MPRAGE", else "MR · 181×217×181"
    QString reason;  // one faint line: why it is next, what it cost, or what is odd about it
    CaseState state = CaseState::New;
    bool warned = false;
    bool suggested = false; // the reason is that of a suggestion
    bool complete = true; // false: reason, warning and thumbnail are still to be read
    std::optional<double> entropy;
    int rank = 0; // among the proposed, least sure first, from 1; 0: not ranked
    QByteArray thumbnailPng;
    bool operator==(const WorklistRow&) const = default;
};

WorklistRow worklistRow(const CaseRecord& record, const CaseFacts& facts);
WorklistRow worklistRow(const CaseRow& row, const CaseFacts& facts); // not complete
QString stateName(CaseState state);
QColor stateColour(CaseState state);

// Reads the line of every case that the filter leaves, in the order in which they are best worked on: in work, proposed (least
// sure first), new, approved. Lines are not complete. For a job's thread.
Result<std::vector<WorklistRow>> readWorklist(Workspace& workspace, const CaseFilter& filter = {}, std::stop_token stop = {});
// Complete lines of some cases; one that is gone is left out.
std::vector<WorklistRow> readWorklistRows(Workspace& workspace, const std::vector<CaseId>& cases, std::stop_token stop);
Result<WorklistRow> readWorklistRow(Workspace& workspace, CaseId id);
void sortByUrgency(std::vector<WorklistRow>& rows); // and ranks the proposed ones

// The figure that a proposal carries of how unsure its model was; nullopt when it says none.
std::optional<double> entropyOf(const RevisionRecord& proposal);

} // namespace annotomy
