#pragma once

#include "core/base/result.h"

#include <functional>
#include <stop_token>

namespace annotomy {

// Called with the finished fraction, 0 to 1, from the thread that does the work. May be empty.
using ProgressReport = std::function<void(double fraction)>;

inline Error cancelledError()
{
    return {ErrorCode::Cancelled, {}, "cancelled"};
}

inline void reportProgress(const ProgressReport& report, double fraction)
{
    if (report)
        report(fraction);
}

// The part of `report` between two fractions, for a job of several stages.
inline ProgressReport subProgress(const ProgressReport& report, double from, double to)
{
    if (!report)
        return {};
    return [report, from, to](double fraction) { report(from + (to - from) * fraction); };
}

} // namespace annotomy
