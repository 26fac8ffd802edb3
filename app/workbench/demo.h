#pragma once

#include "app/workbench/workbench.h"

namespace annotomy {

struct DemoOptions {
    std::string workspaceFolder; // its DICOM files are written to <folder>/demo-dicom
    ProgramPaths programs;
    double firstMinutes = 1.7;
    double secondMinutes = 1.4;
    std::uint64_t seed = 1;
};

// Dice of the first model's proposal with the truth, and of the second model's. Null where neither holds the segment.
struct DicePair {
    std::optional<double> before, after;
};

struct SegmentDice {
    std::string segment;
    DicePair dice;
};

struct DemoRow {
    CaseId caseId;
    std::string patient;
    bool heldOut = false; // never trained on; the others were corrected and learnt from in between
    std::vector<SegmentDice> segments; // in the order of the truth's table
    std::int64_t correctedVoxels = 0;

    DicePair mean() const; // over the segments
};

struct DemoResult {
    std::vector<DemoRow> rows; // the corrected cases, then the held-out ones
    TrainOutcome first, second;

    DemoRow heldOutMean() const; // each segment's mean over the held-out cases
};

// The whole main job without a hand: a cohort of synthetic chest CTs is written as DICOM, imported, partly approved, learnt
// from, proposed on, corrected against the known truth, approved, learnt from again, and measured.
Result<DemoResult> runDemo(const DemoOptions& options, std::stop_token stop = {}, const JobReport& report = {});

} // namespace annotomy
