// What the open case is compared with: proposals, and older revisions; the rest of the class stands in case_controller.cpp.
#include "app/desktop/case_controller_impl.h"
#include "core/base/clock.h"

#include <algorithm>
#include <utility>

namespace annotomy {

namespace {

bool decided(const std::vector<DecisionRecord>& decisions, RevisionId revision)
{
    return std::any_of(decisions.begin(), decisions.end(), [revision](const DecisionRecord& decision) {
        return decision.revision == revision &&
               (decision.kind == "accept-proposal" || decision.kind == "reject-proposal");
    });
}

} // namespace

std::optional<RevisionRecord> CaseController::pendingProposal() const
{
    if (!m_impl->caseId)
        return {};
    Workspace& workspace = m_impl->workbench.workspace();
    const auto revisions = workspace.revisions(m_impl->caseId);
    const auto decisions = workspace.decisions(m_impl->caseId);
    if (!revisions || !decisions)
        return {};
    for (auto revision = revisions->rbegin(); revision != revisions->rend(); ++revision) {
        if (revision->authorKind != AuthorKind::Model)
            continue;
        const bool answered =
            std::any_of(revisions->begin(), revisions->end(), [&](const RevisionRecord& other) {
                return other.parent == revision->id ||
                       (other.approved && other.approvedMs >= revision->timeMs);
            });
        if (answered || decided(*decisions, revision->id))
            return {};
        return *revision;
    }
    return {};
}

void CaseController::showPendingProposal()
{
    const auto proposal = pendingProposal();
    const RevisionId former = std::exchange(m_impl->shownProposal, proposal ? proposal->id : RevisionId{});
    if (proposal)
        compareWith(proposal->id);
    else if (former)
        compareWith({});
    Q_EMIT proposalChanged();
}

bool CaseController::decideProposal(const RevisionRecord& proposal, const char* kind)
{
    DecisionRecord decision;
    decision.kind = kind;
    decision.who = userName().toStdString();
    decision.caseId = m_impl->caseId;
    decision.revision = proposal.id;
    decision.model = proposal.model;
    decision.timeMs = nowMs();
    Workspace& workspace = m_impl->workbench.workspace();
    if (const auto stored = workspace.addDecision(decision); !stored) {
        report(stored.error());
        return false;
    }
    if (const auto record = workspace.caseById(m_impl->caseId);
        record && record->state == CaseState::Proposed)
        if (const auto stored = workspace.setState(m_impl->caseId, CaseState::InWork); !stored)
            report(stored.error());
    return true;
}

void CaseController::acceptProposal()
{
    const auto proposal = pendingProposal();
    if (!proposal || !mayEdit())
        return;
    const auto mask = m_impl->workbench.workspace().loadMask(proposal->id);
    if (!mask)
        return report(mask.error());
    if (const auto box = m_impl->session->replaceLabels(*mask, "proposal"); !box)
        return report(box.error());
    decideProposal(*proposal, "accept-proposal");
    showPendingProposal();
    Q_EMIT revisionsChanged();
    Q_EMIT caseListChanged();
}

void CaseController::rejectProposal()
{
    const auto proposal = pendingProposal();
    if (!proposal || !mayEdit() || !decideProposal(*proposal, "reject-proposal"))
        return;
    showPendingProposal();
    Q_EMIT revisionsChanged();
    Q_EMIT caseListChanged();
}

void CaseController::revertTo(RevisionId revision)
{
    if (!mayEdit())
        return;
    const auto mask = m_impl->workbench.workspace().loadMask(revision);
    if (!mask)
        return report(mask.error());
    if (const auto box = m_impl->session->replaceLabels(*mask, "revert"); !box)
        report(box.error());
}

void CaseController::compareWith(RevisionId revision)
{
    m_impl->compared = {};
    m_impl->view.setComparison(nullptr);
    m_impl->comparison = {};
    if (!revision || !m_impl->session)
        return;
    auto mask = m_impl->workbench.workspace().loadMask(revision);
    if (!mask)
        return report(mask.error());
    if (!sameGrid(mask->geometry(), m_impl->session->document().labels().geometry()))
        return report({ErrorCode::GeometryMismatch, {}, "the revision lies on another grid"});
    m_impl->comparison = std::move(*mask);
    m_impl->compared = revision;
    m_impl->view.setComparison(&m_impl->comparison);
}

RevisionId CaseController::comparedWith() const
{
    return m_impl->compared;
}

RevisionId CaseController::shownProposal() const
{
    return m_impl->shownProposal;
}

} // namespace annotomy
