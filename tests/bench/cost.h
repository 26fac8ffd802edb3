#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include <sched.h>
#include <sys/resource.h>

namespace annotomy::bench {

// What some work took, in ms; CPU time is that of all threads.
struct Cost {
    double wall = 0, cpu = 0;
};

inline double cpuMs(int who)
{
    rusage usage{};
    ::getrusage(who, &usage);
    const auto ms = [](const timeval& t) { return 1e3 * double(t.tv_sec) + 1e-3 * double(t.tv_usec); };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

inline Cost costOf(const std::function<void()>& work, int who = RUSAGE_SELF)
{
    const double cpu = cpuMs(who);
    const auto begun = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begun;
    return {wall.count(), cpuMs(who) - cpu};
}

inline Cost median(std::vector<Cost> costs)
{
    const auto middle = [&](double Cost::*member) {
        std::sort(costs.begin(), costs.end(), [&](const Cost& a, const Cost& b) { return a.*member < b.*member; });
        return costs[costs.size() / 2].*member;
    };
    return {middle(&Cost::wall), middle(&Cost::cpu)};
}

inline int cores()
{
    cpu_set_t set;
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// Whether wall times tell something now: the same arithmetic on every core at once takes no longer than on one, and that
// one was not shared. Where other programs run, or two cores are halves of one, it is not so.
inline bool coresAreFree()
{
    const auto spin = [] {
        volatile std::uint64_t sum = 1;
        for (int n = 0; n < 60'000'000; ++n)
            sum = sum * 6364136223846793005U + 1;
    };
    const Cost alone = costOf(spin);
    const Cost together = costOf([&spin] {
        std::vector<std::jthread> threads;
        for (int n = 0; n < cores(); ++n)
            threads.emplace_back(spin);
    });
    return alone.wall < 1.1 * alone.cpu && together.wall < 1.15 * alone.cpu;
}

} // namespace annotomy::bench
