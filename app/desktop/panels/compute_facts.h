#pragma once

#include "core/learn/compute_report.h"

#include <QString>

#include <vector>

namespace annotomy {

// One line of what models are computed with.
struct ComputeFact {
    QString name, value;
    bool warns = false;
};

std::vector<ComputeFact> computeFacts(const ComputeReport& report);

// What the self-test found, in a sentence.
QString selfTestSentence(const ComputeReport& report);
bool selfTestPassed(const ComputeReport& report);

} // namespace annotomy
