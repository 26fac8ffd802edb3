#include "core/io/plain/modality_guess.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr std::uint64_t pieces = 64, pieceBytes = 4096, firstBytes = std::uint64_t{1} << 20;

void appendValues(std::span<const std::byte> bytes, const StoredVoxels& voxels, std::vector<double>& values)
{
    for (std::size_t i = 0; i < bytes.size() / rawSize(voxels.type); ++i)
        values.push_back(voxels.rescale.slope * rawValueAt(bytes, voxels.type, voxels.order, i) +
                         voxels.rescale.intercept);
}

std::vector<double> firstValues(ByteReader reader, const StoredVoxels& voxels)
{
    const std::uint64_t size = rawSize(voxels.type);
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(firstBytes / size, voxels.count) * size));
    std::vector<double> values;
    if (auto got = reader.read(bytes); got)
        appendValues(bytes, voxels, values);
    return values;
}

} // namespace

std::vector<double> sampledValues(ByteReader reader, Compression compression, const StoredVoxels& voxels)
{
    const std::uint64_t size = rawSize(voxels.type), total = voxels.count * size;
    if (compression != Compression::None || total <= pieces * pieceBytes)
        return firstValues(std::move(reader), voxels);
    std::vector<double> values;
    std::vector<std::byte> piece(static_cast<std::size_t>(pieceBytes));
    const std::uint64_t stride = total / pieces / size * size;
    for (std::uint64_t n = 0; n < pieces; ++n) {
        if (auto got = reader.read(piece); !got)
            break;
        appendValues(piece, voxels, values);
        if (auto skipped = reader.skip(stride - pieceBytes); !skipped)
            break;
    }
    return values;
}

std::string guessedModality(const std::vector<double>& values)
{
    constexpr double leastAir = 0.02; // of all voxels
    constexpr double largestHu = 40000;
    std::size_t air = 0, betweenAirAndFat = 0, below = 0, padding = 0;
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        if (value < least)
            padding = 0;
        least = std::min(least, value);
        most = std::max(most, value);
        padding += value == least;
        air += value >= -1100 && value < -850;
        betweenAirAndFat += value >= -600 && value < -350;
        below += value < -1100;
    }
    if (least < -1100)
        below -= padding;
    const bool hasAir = static_cast<double>(air) >= leastAir * static_cast<double>(values.size());
    const bool isHounsfield = air > 0 && hasAir && air >= betweenAirAndFat && 10 * below <= air;
    return isHounsfield && least > -largestHu && most < largestHu ? "CT" : "OT";
}

} // namespace annotomy
