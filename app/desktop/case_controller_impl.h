#pragma once

#include "app/desktop/case_controller.h"
#include "app/desktop/case_maps.h"
#include "app/desktop/inbox_control.h"

#include <QPointer>

namespace annotomy {

struct CaseController::Impl {
    Impl(Workbench& bench, JobRunner& runner) : workbench(bench), jobs(runner) {}

    Workbench& workbench;
    JobRunner& jobs;
    ViewState view;
    CaseChannels channels{jobs, view};
    std::unique_ptr<CaseSession> session;
    CaseId caseId;
    CaseId openingId;
    QPointer<Job> openingJob;
    LabelMap comparison;      // what view.comparison() points to
    RevisionId compared;      // whose mask that is
    RevisionId shownProposal; // the proposal drawn as a difference; 0: none
    std::function<QString()> namePrompt;
    std::function<bool()> emptyPrompt{};
    CaseMaps* maps = nullptr; // a child of the controller
    std::unique_ptr<InboxControl> inbox;
};

} // namespace annotomy
