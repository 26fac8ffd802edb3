#pragma once

#include "app/workbench/workbench.h"
#include "core/metrics/mask_metrics.h"

namespace annotomy {

// One class of one case: what the approved mask and the model's say.
struct EvaluatedClass {
    std::string name;
    SegmentMetrics metrics; // reference: the approved mask
};

struct EvaluatedCase {
    CaseId id;
    RevisionId reference; // the approved revision
    std::vector<EvaluatedClass> classes; // the model's, in its order; those that the mask's table does not know are left out
};

struct Evaluation {
    ModelId model;
    std::string modelName, modelHash;
    Pool pool = Pool::None;
    int patients = 0;
    std::int64_t timeMs = 0;
    std::vector<std::string> classes;
    std::vector<EvaluatedCase> cases;
};

// What is measured of every class and case; the surface Dice at evaluationNsdMm, as the gate has it.
struct EvaluatedFigure {
    std::string name;  // "dice", "nsd", "hd95Mm", "assdMm", "volumeDifferenceMl"
    std::string title; // with its unit
};
const std::vector<EvaluatedFigure>& evaluatedFigures();
// nullopt where the figure is not defined (a distance to an empty mask).
std::optional<double> figureOf(const SegmentMetrics& metrics, const std::string& figure);
// Over the cases that know the class and define the figure.
std::vector<double> figuresOfClass(const Evaluation& evaluation, const std::string& name, const std::string& figure);

// Means are given with the 95 % interval of a percentile bootstrap over the cases. Writes report.html, report.pdf, cases.csv, summary.json and a plot of volumes per class into a folder that is made.
// English; cases by number, no patient data. Needs a QGuiApplication. Errors: those of writing.
Result<void> writeEvaluation(const Evaluation& evaluation, const std::string& folder);

} // namespace annotomy
