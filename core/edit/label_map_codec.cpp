#include "core/edit/edit.h"

#include "core/edit/codec_stream.h"

#include <algorithm>
#include <new>

// Payload of a mask: three sizes, 15 doubles (spacing, origin, direction by rows), the segment table, the number of
// layers, and per layer runs of one label byte and a length until every voxel is covered.
namespace annotomy {

namespace {

constexpr std::string_view magic = "ANLM";
constexpr std::uint8_t version = 1;
constexpr std::uint64_t mostLabelBytes = std::uint64_t{1} << 34; // over all layers; more is taken for damage

void writeGeometry(CodecWriter& out, const VolumeGeometry& g)
{
    for (const int size : g.size)
        out.number(static_cast<std::uint64_t>(size));
    for (const Vec3& triple : {g.spacing, g.origin, g.direction[0], g.direction[1], g.direction[2]})
        for (const double value : triple)
            out.real(value);
}

VolumeGeometry readGeometry(CodecReader& in)
{
    VolumeGeometry g;
    for (int& size : g.size)
        size = static_cast<int>(in.number(65535));
    for (Vec3* triple : {&g.spacing, &g.origin, &g.direction[0], &g.direction[1], &g.direction[2]})
        for (double& value : *triple)
            value = in.real();
    if (!in.failed() && !isPlausible(g))
        in.fail("an impossible grid");
    return g;
}

void writeLayer(CodecWriter& out, std::span<const std::uint8_t> voxels)
{
    for (auto at = voxels.begin(); at != voxels.end();) {
        const std::uint8_t label = *at;
        const auto end = std::find_if(at, voxels.end(), [label](std::uint8_t l) { return l != label; });
        out.byte(label);
        out.number(static_cast<std::uint64_t>(end - at));
        at = end;
    }
}

std::vector<std::uint8_t> readLayer(CodecReader& in, std::size_t voxelCount)
{
    std::vector<std::uint8_t> voxels(voxelCount);
    for (std::size_t at = 0; at < voxelCount && !in.failed();) {
        const std::uint8_t label = in.byte();
        const std::uint64_t length = in.number(voxelCount - at);
        if (length == 0)
            in.fail("an empty run");
        std::fill_n(voxels.begin() + static_cast<std::ptrdiff_t>(at), length, label);
        at += length;
    }
    return voxels;
}

Result<LabelMap> readLabelMap(CodecReader& in)
{
    const VolumeGeometry geometry = readGeometry(in);
    SegmentTable table = in.table();
    const std::uint64_t layers = in.number(255);
    if (!in.failed() && geometry.voxelCount() > mostLabelBytes / std::max<std::uint64_t>(layers, 1))
        return Error{ErrorCode::OutOfMemory, {}, "a mask of more than 16 GiB"};
    LabelMap labels(in.failed() ? VolumeGeometry{} : geometry);
    labels.segments() = std::move(table);
    for (std::uint64_t n = 0; n < layers && !in.failed(); ++n) {
        std::vector<std::uint8_t> voxels = readLayer(in, geometry.voxelCount());
        if (!in.failed())
            labels.setLayer(static_cast<int>(n), std::move(voxels));
    }
    if (const Result<void> whole = in.finish(); !whole)
        return whole.error();
    return labels;
}

} // namespace

std::vector<std::byte> encodeLabelMap(const LabelMap& labels)
{
    CodecWriter out;
    writeGeometry(out, labels.geometry());
    out.table(labels.segments());
    out.number(static_cast<std::uint64_t>(labels.layerCount()));
    for (int layer = 0; layer < labels.layerCount(); ++layer)
        writeLayer(out, labels.layer(layer));
    return out.compressed(magic, version);
}

Result<LabelMap> decodeLabelMap(std::span<const std::byte> bytes)
{
    CodecReader in(bytes, magic, version);
    try {
        return readLabelMap(in);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, {}, "not enough memory for the mask"};
    }
}

} // namespace annotomy
