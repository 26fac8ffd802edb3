#include "core/io/pixels/frame_fragments.h"

#include "core/io/dicom/dicom_tags.h"

namespace annotomy {

namespace {

using Fragments = std::vector<std::span<const std::byte>>;
using Ranges = std::vector<FragmentRange>;

// Little endian, as encapsulated pixel data always is.
std::vector<std::uint64_t> offsetsOf(std::span<const std::byte> table, std::size_t size, std::size_t count)
{
    std::vector<std::uint64_t> offsets(count);
    for (std::size_t n = 0; n < count; ++n)
        for (std::size_t i = 0; i < size; ++i)
            offsets[n] |= std::to_integer<std::uint64_t>(table[size * n + i]) << (8 * i);
    return offsets;
}

// Each offset must be where a fragment begins, behind the one before.
std::optional<Ranges> rangesAt(const std::vector<std::uint64_t>& offsets, const Fragments& all)
{
    std::vector<std::size_t> begins;
    std::uint64_t at = 0;
    for (std::size_t f = 1; f < all.size() && begins.size() < offsets.size(); ++f) {
        if (at == offsets[begins.size()])
            begins.push_back(f);
        at += all[f].size() + 8;
    }
    if (begins.size() != offsets.size() || begins.front() != 1)
        return std::nullopt;
    Ranges ranges;
    for (std::size_t n = 0; n < begins.size(); ++n)
        ranges.emplace_back(begins[n], n + 1 < begins.size() ? begins[n + 1] : all.size());
    return ranges;
}

// JPEG, JPEG-LS and JPEG 2000 images begin with a marker of their own.
bool startsImage(std::span<const std::byte> fragment)
{
    return fragment.size() > 2 && fragment[0] == std::byte{0xFF} &&
           (fragment[1] == std::byte{0xD8} || fragment[1] == std::byte{0x4F});
}

Ranges rangesByStart(const Fragments& all)
{
    Ranges ranges;
    for (std::size_t f = 1; f < all.size(); ++f) {
        if (startsImage(all[f]))
            ranges.emplace_back(f, f + 1);
        else if (!ranges.empty())
            ranges.back().second = f + 1;
    }
    return ranges;
}

} // namespace

Result<Ranges> fragmentsOfFrames(const DicomFile& file, std::size_t frames, const std::string& path)
{
    const Fragments& all = file.pixels->fragments;
    if (all.size() < 2 || all.size() - 1 < frames)
        return Error{ErrorCode::Truncated, path, "the file ends within its pixel data"};
    if (frames == 1)
        return Ranges{{1, all.size()}};
    if (all.size() - 1 == frames) {
        Ranges ranges;
        for (std::size_t n = 1; n <= frames; ++n)
            ranges.emplace_back(n, n + 1);
        return ranges;
    }
    std::vector<std::uint64_t> offsets;
    const DicomElement* extended = file.dataSet.find(tag::extendedOffsets);
    if (extended && extended->value.size() >= 8 * frames)
        offsets = offsetsOf(extended->value, 8, frames);
    else if (all.front().size() >= 4 * frames)
        offsets = offsetsOf(all.front(), 4, frames);
    if (!offsets.empty())
        if (auto ranges = rangesAt(offsets, all))
            return std::move(*ranges);
    if (auto ranges = rangesByStart(all); ranges.size() == frames)
        return ranges;
    if (!offsets.empty())
        return Error{ErrorCode::Malformed, path, "the offset table contradicts the fragments of the frames"};
    return Error{ErrorCode::Unsupported, path, "frames in several fragments without an offset table"};
}

} // namespace annotomy
