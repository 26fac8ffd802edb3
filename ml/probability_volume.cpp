#include "ml/internal/probability_volume.h"

#include "core/base/parallel.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

namespace annotomy {

namespace {

constexpr std::size_t grain = 1 << 16;

Error scratchError(int code, const std::string& folder)
{
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    return {full ? ErrorCode::DiskFull : ErrorCode::IoFailure, folder, std::strerror(code)};
}

// A file that vanishes with its descriptor, every block of it already given: a full disk shows here, not as a signal later.
Result<int> scratchFile(const std::string& folder, std::size_t bytes)
{
    std::string name = folder + "/probabilities-XXXXXX";
    const int file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0)
        return scratchError(errno, folder);
    unlink(name.c_str());
    if (const int code = posix_fallocate(file, 0, static_cast<off_t>(bytes)); code != 0) {
        close(file);
        return scratchError(code, folder);
    }
    return file;
}

} // namespace

Result<ProbabilityVolume> ProbabilityVolume::create(const std::string& folder, std::size_t voxels, int outputs)
{
    const std::size_t bytes = std::max<std::size_t>(1, voxels * static_cast<std::size_t>(outputs - 1)) * sizeof(float);
    const Result<int> file = scratchFile(folder, bytes);
    if (!file)
        return file.error();
    void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *file, 0);
    const int code = errno;
    close(*file);
    if (mapped == MAP_FAILED)
        return scratchError(code, folder);
    const std::shared_ptr<float> values(static_cast<float*>(mapped), [bytes](float* begin) { munmap(begin, bytes); });
    return ProbabilityVolume(values, voxels, outputs);
}

float ProbabilityVolume::probability(std::size_t voxel, std::size_t output) const
{
    if (output > 0)
        return m_values.get()[(output - 1) * m_voxels + voxel];
    float left = 1;
    for (std::size_t c = 1; c < static_cast<std::size_t>(m_outputs); ++c)
        left -= m_values.get()[(c - 1) * m_voxels + voxel];
    return std::max(0.0F, left);
}

double ProbabilityVolume::entropyAt(std::size_t voxel) const
{
    double entropy = 0;
    for (std::size_t c = 0; c < static_cast<std::size_t>(m_outputs); ++c) {
        const double p = static_cast<double>(probability(voxel, c));
        if (p > 1e-9)
            entropy -= p * std::log(p);
    }
    return std::max(0.0, entropy);
}

std::vector<std::uint8_t> ProbabilityVolume::classes(const ClassRule& rule) const
{
    std::vector<std::uint8_t> classes(m_voxels);
    parallelRanges(m_voxels, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n)
            classes[n] = rule.classOf([&](std::size_t output) { return probability(n, output); });
    });
    return classes;
}

std::vector<float> ProbabilityVolume::foreground() const
{
    std::vector<float> values(m_voxels);
    for (std::size_t n = 0; n < m_voxels; ++n)
        values[n] = 1 - probability(n, 0);
    return values;
}

std::vector<float> ProbabilityVolume::entropy() const
{
    std::vector<float> values(m_voxels);
    parallelRanges(m_voxels, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n)
            values[n] = static_cast<float>(entropyAt(n));
    });
    return values;
}

double ProbabilityVolume::meanEntropy(std::span<const std::uint8_t> classes) const
{
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t n = 0; n < m_voxels; ++n)
        if (classes[n] != 0) {
            sum += entropyAt(n);
            ++count;
        }
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

} // namespace annotomy
