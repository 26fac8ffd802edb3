#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <mutex>
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

// Progress of `total` equal steps that several threads finish: reports ascending fractions, one at a time.
class SharedProgress {
public:
    SharedProgress(const ProgressReport& report, std::size_t total) : m_report(report), m_total(total) {}

    void finish(std::size_t steps = 1)
    {
        if (!m_report)
            return;
        const std::scoped_lock lock(m_mutex);
        m_done += steps;
        m_report(static_cast<double>(m_done) / static_cast<double>(m_total));
    }

private:
    const ProgressReport& m_report;
    std::size_t m_total;
    std::mutex m_mutex;
    std::size_t m_done = 0; // guarded by m_mutex
};

} // namespace annotomy
