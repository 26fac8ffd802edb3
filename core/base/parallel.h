#pragma once

#include <cstddef>
#include <functional>

namespace annotomy {

// Calls body(begin, end) on disjoint ranges that cover [0, count), on all cores; returns when all are done.
// `grain` is the smallest range worth a task. The body must not throw.
void parallelRanges(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t begin, std::size_t end)>& body);

} // namespace annotomy
