#include "core/base/parallel.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace annotomy {

namespace {

// ThreadSanitizer does not see how TBB, which is not instrumented, hands work out and in again: told here.
void handOver([[maybe_unused]] char& point)
{
#ifdef __SANITIZE_THREAD__
    __tsan_release(&point);
#endif
}

void takeOver([[maybe_unused]] char& point)
{
#ifdef __SANITIZE_THREAD__
    __tsan_acquire(&point);
#endif
}

} // namespace

void parallelRanges(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t, std::size_t)>& body)
{
    if (count <= grain) {
        if (count > 0)
            body(0, count);
        return;
    }
    char begun = 0, ended = 0;
    handOver(begun);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, grain),
                      [&](const tbb::blocked_range<std::size_t>& range) {
                          takeOver(begun);
                          body(range.begin(), range.end());
                          handOver(ended);
                      });
    takeOver(ended);
}

} // namespace annotomy
