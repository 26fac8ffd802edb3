#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace annotomy {

// A small generator with equal results on every platform (splitmix64, Steele et al. 2014). Streams of
// different `stream` numbers are independent, so that a patch's randomness depends on the seed and its number
// alone.
class Random {
public:
    Random(std::uint64_t seed, std::uint64_t stream)
        : m_state(mixed(seed) ^ mixed(stream + 0x632be59bd9b4e019ULL))
    {
    }

    std::uint64_t next() { return mixed(m_state += 0x9e3779b97f4a7c15ULL); }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; } // [0, 1)
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    std::size_t below(std::size_t count)
    {
        return static_cast<std::size_t>(next() % count);
    } // requires count > 0
    bool chance(double probability) { return uniform() < probability; }
    double normal() // Box and Muller
    {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint64_t m_state;
};

} // namespace annotomy
