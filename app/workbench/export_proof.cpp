#include "app/workbench/export_proof.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace annotomy {

namespace {

constexpr double leastDice = 0.99;

// Voxels of one segment on one slice.
struct SliceCount {
    std::int64_t written = 0, readBack = 0, both = 0;
};

struct SegmentCount {
    std::vector<SliceCount> slices;
    SliceCount all() const
    {
        SliceCount sum;
        for (const SliceCount& slice : slices) {
            sum.written += slice.written;
            sum.readBack += slice.readBack;
            sum.both += slice.both;
        }
        return sum;
    }
};

using Numbers = std::array<SegmentNumber, 256>; // the written number of each number read back

// The labels at one voxel, over the layers.
struct Stack {
    std::array<SegmentNumber, 256> labels{};
    std::size_t count = 0;
    void push(SegmentNumber label)
    {
        if (label != background && !contains(label) && count < labels.size())
            labels[count++] = label;
    }
    bool contains(SegmentNumber label) const
    {
        return std::find(labels.begin(), labels.begin() + count, label) != labels.begin() + count;
    }
};

// DICOM does not keep spaces at the ends of a text.
std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Result<Numbers> matched(const LabelMap& written, const LabelMap& readBack, const std::string& subject)
{
    const auto &before = written.segments().segments(), &after = readBack.segments().segments();
    if (before.size() != after.size())
        return Error{ErrorCode::HashMismatch, subject,
                     std::to_string(before.size()) + " segments were written and " +
                         std::to_string(after.size()) + " were read back"};
    Numbers numbers{};
    for (std::size_t n = 0; n < before.size(); ++n) {
        if (trimmed(before[n].name) != trimmed(after[n].name))
            return Error{ErrorCode::HashMismatch, subject,
                         "segment \"" + before[n].name + "\" was read back as \"" + after[n].name + "\""};
        numbers[after[n].number] = before[n].number;
    }
    return numbers;
}

std::vector<std::span<const std::uint8_t>> layersOf(const LabelMap& labels)
{
    std::vector<std::span<const std::uint8_t>> layers;
    for (int layer = 0; layer < labels.layerCount(); ++layer)
        layers.push_back(labels.layer(layer));
    return layers;
}

// One pass over both masks; most voxels are background in all layers of both.
std::vector<SegmentCount> counted(const LabelMap& written, const LabelMap& readBack, const Numbers& numbers)
{
    const Index3 size = written.geometry().size;
    const auto planeSize = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
    std::vector<SegmentCount> counts(256);
    for (const Segment& segment : written.segments().segments())
        counts[segment.number].slices.resize(static_cast<std::size_t>(size[2]));
    const auto before = layersOf(written), after = layersOf(readBack);
    for (std::size_t v = 0, k = 0; k < static_cast<std::size_t>(size[2]); ++k) {
        for (const std::size_t end = v + planeSize; v < end; ++v) {
            std::uint8_t any = 0;
            for (const auto& layer : before)
                any |= layer[v];
            for (const auto& layer : after)
                any |= layer[v];
            if (any == 0)
                continue;
            Stack a, b;
            for (const auto& layer : before)
                a.push(layer[v]);
            for (const auto& layer : after)
                b.push(numbers[layer[v]]);
            for (std::size_t n = 0; n < a.count; ++n) {
                if (counts[a.labels[n]].slices.empty())
                    continue; // a label without a row in the table
                SliceCount& slice = counts[a.labels[n]].slices[k];
                ++slice.written;
                slice.both += b.contains(a.labels[n]);
            }
            for (std::size_t n = 0; n < b.count; ++n)
                ++counts[b.labels[n]].slices[k].readBack;
        }
    }
    return counts;
}

Error differs(const std::string& subject, const Segment& segment, const SegmentCount& count,
              std::size_t slice, const std::string& how)
{
    const SliceCount all = count.all(), here = count.slices[slice];
    return {ErrorCode::HashMismatch, subject,
            "segment \"" + segment.name + "\" " + how + " on slice " + std::to_string(slice + 1) + ": " +
                std::to_string(here.written) + " voxels were written there and " +
                std::to_string(here.readBack) + " read back, " + std::to_string(all.written) + " and " +
                std::to_string(all.readBack) + " in all"};
}

template <class Check>
Result<void> proved(const LabelMap& written, const LabelMap& readBack, const std::string& subject,
                    const Check& check)
{
    if (!sameGrid(written.geometry(), readBack.geometry()))
        return Error{ErrorCode::HashMismatch, subject, "the exported file lies on another grid"};
    const auto numbers = matched(written, readBack, subject);
    if (!numbers)
        return numbers.error();
    const std::vector<SegmentCount> counts = counted(written, readBack, *numbers);
    for (const Segment& segment : written.segments().segments())
        if (const Result<void> one = check(segment, counts[segment.number]); !one)
            return one;
    return {};
}

// The slice on which most voxels differ.
std::size_t worstSlice(const SegmentCount& count)
{
    const auto wrong = [](const SliceCount& s) { return s.written + s.readBack - 2 * s.both; };
    const auto worst =
        std::max_element(count.slices.begin(), count.slices.end(),
                         [&](const SliceCount& a, const SliceCount& b) { return wrong(a) < wrong(b); });
    return static_cast<std::size_t>(worst - count.slices.begin());
}

} // namespace

Result<void> provedVoxels(const LabelMap& written, const LabelMap& readBack, const std::string& subject)
{
    return proved(written, readBack, subject,
                  [&](const Segment& segment, const SegmentCount& count) -> Result<void> {
                      for (std::size_t k = 0; k < count.slices.size(); ++k) {
                          const SliceCount& slice = count.slices[k];
                          if (slice.written != slice.both || slice.readBack != slice.both)
                              return differs(subject, segment, count, k, "differs");
                      }
                      return {};
                  });
}

Result<void> provedContours(const LabelMap& written, const LabelMap& readBack, const std::string& subject)
{
    return proved(written, readBack, subject,
                  [&](const Segment& segment, const SegmentCount& count) -> Result<void> {
                      for (std::size_t k = 0; k < count.slices.size(); ++k)
                          if ((count.slices[k].written > 0) != (count.slices[k].readBack > 0))
                              return differs(subject, segment, count, k, "was lost or appeared");
                      const SliceCount all = count.all();
                      const auto sum = static_cast<double>(all.written + all.readBack);
                      const double dice = sum > 0 ? 2.0 * static_cast<double>(all.both) / sum : 1.0;
                      if (dice >= leastDice)
                          return {};
                      std::array<char, 64> how{};
                      std::snprintf(how.data(), how.size(), "has a Dice of only %.4f, worst", dice);
                      return differs(subject, segment, count, worstSlice(count), how.data());
                  });
}

} // namespace annotomy
