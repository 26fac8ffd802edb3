#pragma once

#include "app/workbench/workbench.h"

namespace annotomy {

struct DemoOptions {
    std::string workspaceFolder; // its DICOM files are written to <folder>/demo-dicom
    ProgramPaths programs;
    double firstMinutes = 1.6;
    double secondMinutes = 1.3;
    std::uint64_t seed = 1;
};

// Mean Dice over the segments of one case: of the first model's proposal, and of the second model's.
struct DemoRow {
    CaseId caseId;
    std::string patient;
    bool heldOut = false; // never trained on; the others were corrected and learnt from in between
    std::optional<double> before, after;
    std::int64_t correctedVoxels = 0;
};

struct DemoResult {
    std::vector<DemoRow> rows;
    TrainOutcome first, second;
    std::optional<double> heldOutBefore, heldOutAfter; // means
};

// The whole main job without a hand: a cohort of synthetic chest CTs is written as DICOM, imported, partly approved, learnt
// from, proposed on, corrected against the known truth, approved, learnt from again, and measured.
Result<DemoResult> runDemo(const DemoOptions& options, std::stop_token stop = {}, const JobReport& report = {});

} // namespace annotomy
