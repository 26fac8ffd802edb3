#pragma once

#include <cstdint>

namespace annotomy {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every platform, unlike std's distributions.
class SeededRandom {
public:
    explicit SeededRandom(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t bits()
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

    double uniform(double from, double to) { return from + (to - from) * static_cast<double>(bits() >> 11) * 0x1p-53; }

    // Nearly normal, mean 0, standard deviation 1: four uniform numbers summed, so never beyond 3.5.
    float normal()
    {
        const std::uint64_t b = bits();
        const auto sum = static_cast<float>((b & 0xFFFF) + (b >> 16 & 0xFFFF) + (b >> 32 & 0xFFFF) + (b >> 48));
        return (sum / 65536.0F - 2.0F) * 1.7320508F;
    }

private:
    std::uint64_t m_state;
};

} // namespace annotomy
