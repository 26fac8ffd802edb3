#include "core/io/series/dicom_sequence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace annotomy {

namespace {

constexpr std::array allKeys{OccasionKey::BValue,           OccasionKey::Echo,
                             OccasionKey::Component,        OccasionKey::TemporalPosition,
                             OccasionKey::Trigger,          OccasionKey::Acquisition,
                             OccasionKey::FrameReferenceTime, OccasionKey::AcquisitionTime,
                             OccasionKey::ContentTime,      OccasionKey::Dimensions,
                             OccasionKey::Stack};

// Part of the images, and the key by which it was first set apart.
struct Part {
    DicomPlanes planes;
    std::optional<OccasionKey> key; // absent: by the order of acquisition, or not at all
    std::string text;
};
using Parts = std::vector<Part>;

// Counts of images at each distinct position of ascending planes.
std::vector<std::size_t> countsByPosition(const DicomPlanes& sorted)
{
    std::vector<std::size_t> counts;
    for (std::size_t p = 0; p < sorted.size(); ++p) {
        if (p > 0 && sorted[p].along - sorted[p - 1].along < samePositionMm)
            ++counts.back();
        else
            counts.push_back(1);
    }
    return counts;
}

std::size_t mostAtOnePosition(const DicomPlanes& sorted)
{
    const auto counts = countsByPosition(sorted);
    return *std::max_element(counts.begin(), counts.end());
}

// Orders "2" before "10", and texts that are no numbers by their characters.
bool occasionLess(const std::string& a, const std::string& b)
{
    char *endA = nullptr, *endB = nullptr;
    const double x = std::strtod(a.c_str(), &endA), y = std::strtod(b.c_str(), &endB);
    if (endA != a.c_str() && endB != b.c_str() && x != y)
        return x < y;
    return a < b;
}

Parts partsBy(const DicomPlanes& sorted, OccasionKey key)
{
    std::map<std::string, DicomPlanes, decltype(&occasionLess)> byText(&occasionLess);
    for (const DicomPlane& plane : sorted)
        byText[plane.slice->occasion[key]].push_back(plane);
    Parts parts;
    for (auto& [text, planes] : byText)
        parts.push_back({std::move(planes), key, text});
    return parts;
}

// The planes by one of their header values, when each value accounts for its share of the images at a position.
Parts splitBy(const DicomPlanes& sorted, OccasionKey key, std::size_t most)
{
    Parts parts = partsBy(sorted, key);
    if (parts.size() < 2 || parts.size() > most)
        return {};
    std::size_t sum = 0;
    for (const Part& part : parts)
        sum += mostAtOnePosition(part.planes);
    return sum == most ? parts : Parts{};
}

// When an image was taken, to order those of one position.
using Moment = std::pair<double, int>;

Moment momentOf(const DicomPlane& plane)
{
    return {plane.slice->occasion.seconds.value_or(0), plane.slice->instanceNumber};
}

// The n-th image of every position by time, else by instance number. Empty when positions differ in their number of
// images and the times do not tell those of one position apart.
Parts splitByRank(const DicomPlanes& sorted, std::size_t most)
{
    Parts parts(most);
    const auto counts = countsByPosition(sorted);
    const bool allEqual = std::all_of(counts.begin(), counts.end(), [&](std::size_t c) { return c == most; });
    auto first = sorted.begin();
    for (const std::size_t count : counts) {
        DicomPlanes here(first, first + static_cast<std::ptrdiff_t>(count));
        first += static_cast<std::ptrdiff_t>(count);
        std::stable_sort(here.begin(), here.end(),
                         [](const DicomPlane& a, const DicomPlane& b) { return momentOf(a) < momentOf(b); });
        for (std::size_t n = 1; n < here.size(); ++n)
            if (!allEqual && here[n].slice->occasion.seconds == here[n - 1].slice->occasion.seconds)
                return {};
        for (std::size_t n = 0; n < count; ++n)
            parts[n].planes.push_back(here[n]);
    }
    return parts;
}

// The best image of each, of equals the first.
DicomPlanes bestOfEachPosition(const DicomPlanes& sorted, std::vector<std::string>& copies)
{
    DicomPlanes kept;
    for (const DicomPlane& plane : sorted) {
        if (kept.empty() || plane.along - kept.back().along >= samePositionMm)
            kept.push_back(plane);
        else
            copies.push_back((isBetterCopy(plane, kept.back()) ? std::exchange(kept.back(), plane) : plane).slice->path);
    }
    return kept;
}

Parts splitFrom(const DicomPlanes& sorted, std::size_t firstKey, std::vector<std::string>& copies)
{
    const std::size_t most = mostAtOnePosition(sorted);
    if (most == 1)
        return {{sorted, std::nullopt, {}}};
    for (std::size_t k = firstKey; k < allKeys.size(); ++k) {
        const Parts parts = splitBy(sorted, allKeys[k], most);
        Parts whole;
        for (const Part& part : parts)
            for (Part& inner : splitFrom(part.planes, k + 1, copies))
                whole.push_back({std::move(inner.planes), part.key, part.text});
        if (!whole.empty())
            return whole;
    }
    if (Parts parts = splitByRank(sorted, most); !parts.empty())
        return parts;
    return {{bestOfEachPosition(sorted, copies), std::nullopt, {}}};
}

// Single images that repeat a position of a real stack are no volume.
void leaveOutStrays(Parts& parts, std::vector<std::string>& copies)
{
    constexpr std::size_t stack = 4;
    const bool hasStack =
        std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.planes.size() >= stack; });
    if (!hasStack)
        return;
    std::erase_if(parts, [&](const Part& part) {
        if (part.planes.size() > 1)
            return false;
        copies.push_back(part.planes.front().slice->path);
        return true;
    });
}

std::optional<double> startOf(const Part& part)
{
    std::optional<double> start;
    for (const DicomPlane& plane : part.planes) {
        const auto& seconds = plane.slice->occasion.seconds;
        if (!seconds)
            return std::nullopt;
        start = std::min(start.value_or(*seconds), *seconds);
    }
    return start;
}

// Seconds since the first, when every volume has its own; a time without a date may pass midnight.
std::vector<double> secondsSinceFirst(const Parts& parts)
{
    constexpr double day = 86400;
    std::vector<double> values;
    const bool isByReference = parts.front().key == OccasionKey::FrameReferenceTime;
    for (const Part& part : parts) {
        const auto start = startOf(part);
        const auto first = startOf(parts.front());
        if (!isByReference && (!start || !first))
            return {};
        double since = isByReference ? (std::atof(part.text.c_str()) - std::atof(parts.front().text.c_str())) / 1000
                                     : *start - *first;
        if (!isByReference && since < 0 && since > -day && *first < day)
            since += day;
        values.push_back(since);
    }
    const std::set<double> distinct(values.begin(), values.end());
    return distinct.size() == values.size() ? values : std::vector<double>{};
}

struct Meaning {
    const char* kind;
    double factor = 0; // of the key's number; 0: the volumes are only counted
    const char* unit = "";
};

Meaning meaningOf(std::optional<OccasionKey> key)
{
    if (key == OccasionKey::BValue)
        return {"bValue", 1, "s/mm2"};
    if (key == OccasionKey::Echo)
        return {"echo", 1, "ms"};
    if (key == OccasionKey::Trigger)
        return {"trigger", 1e-3, "s"};
    if (key == OccasionKey::Component)
        return {"component", 0, ""};
    if (key == OccasionKey::Dimensions || key == OccasionKey::Stack)
        return {"other", 0, ""};
    return {"time", 0, ""};
}

// In the order of their times, from the first on.
void orderByTime(std::vector<DicomVolumePlanes>& volumes)
{
    std::stable_sort(volumes.begin(), volumes.end(), [](const DicomVolumePlanes& a, const DicomVolumePlanes& b) {
        return a.value < b.value;
    });
    const double first = volumes.front().value;
    for (DicomVolumePlanes& volume : volumes)
        volume.value -= first;
}

std::vector<DicomVolumePlanes> described(const Parts& parts)
{
    const Meaning meaning = meaningOf(parts.front().key);
    const bool isTime = std::string_view(meaning.kind) == "time";
    const auto times = isTime ? secondsSinceFirst(parts) : std::vector<double>();
    std::vector<DicomVolumePlanes> volumes;
    for (const Part& part : parts) {
        DicomVolumePlanes volume{part.planes, meaning.kind, static_cast<double>(volumes.size()), meaning.unit};
        if (meaning.factor > 0)
            volume.value = meaning.factor * std::atof(part.text.c_str());
        if (!times.empty()) {
            volume.value = times[volumes.size()];
            volume.unit = "s";
        }
        volumes.push_back(std::move(volume));
    }
    if (!times.empty())
        orderByTime(volumes);
    return volumes;
}

bool isEvenStack(const DicomPlanes& planes)
{
    constexpr std::size_t fewest = 3;
    if (planes.size() < fewest || mostAtOnePosition(planes) > 1)
        return false;
    const auto runs = runsOf(planes);
    return runs.size() == 1 && !runs[0].uneven && runs[0].missing == 0;
}

// Whether each stack begins before every other one ends.
bool overlap(const Parts& parts)
{
    double lastBegin = parts.front().planes.front().along, firstEnd = parts.front().planes.back().along;
    for (const Part& part : parts) {
        lastBegin = std::max(lastBegin, part.planes.front().along);
        firstEnd = std::min(firstEnd, part.planes.back().along);
    }
    return lastBegin < firstEnd;
}

} // namespace

std::vector<DicomVolumePlanes> volumesOf(const DicomPlanes& sorted, std::vector<std::string>& copies)
{
    Parts parts = splitFrom(sorted, 0, copies);
    leaveOutStrays(parts, copies);
    return described(parts);
}

std::vector<DicomPlanes> interleavedStacks(const DicomPlanes& sorted)
{
    constexpr std::size_t mostStacks = 8;
    if (const auto runs = runsOf(sorted); runs.size() == 1 && !runs[0].uneven)
        return {};
    for (const OccasionKey key : allKeys) {
        const Parts parts = partsBy(sorted, key);
        const bool isPlausible = parts.size() > 1 && parts.size() <= mostStacks && overlap(parts) &&
                                 std::all_of(parts.begin(), parts.end(),
                                             [](const Part& part) { return isEvenStack(part.planes); });
        if (!isPlausible)
            continue;
        std::vector<DicomPlanes> stacks;
        for (const Part& part : parts)
            stacks.push_back(part.planes);
        return stacks;
    }
    return {};
}

} // namespace annotomy
