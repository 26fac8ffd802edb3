#include "core/edit/edit.h"

#include "core/edit/codec_stream.h"

#include <algorithm>
#include <limits>
#include <new>

// Payload of an edit: tool, author, time; the box's six numbers; 1 and two segment tables, or 0; the number of
// layers; each layer: its index, the number of runs, and per run the gap since the end of the last run, the length, and one
// byte each for the label before and after.
namespace annotomy {

namespace {

constexpr std::string_view magic = "ANED";
constexpr std::uint8_t version = 1;
constexpr std::uint64_t lastLayer = 254;

void writeRuns(CodecWriter& out, const std::vector<LabelRun>& runs)
{
    out.number(runs.size());
    std::uint64_t end = 0;
    for (const LabelRun& run : runs) {
        out.number(run.start - end);
        out.number(run.length);
        out.byte(run.before);
        out.byte(run.after);
        end = run.start + run.length;
    }
}

std::vector<LabelRun> readRuns(CodecReader& in, std::uint64_t voxelCount)
{
    std::vector<LabelRun> runs;
    const std::uint64_t count = in.number(voxelCount);
    std::uint64_t end = 0;
    for (std::uint64_t n = 0; n < count && !in.failed(); ++n) {
        LabelRun run;
        run.start = end + in.number(voxelCount - end);
        run.length = static_cast<std::uint32_t>(
            in.number(std::min<std::uint64_t>(voxelCount - run.start, std::numeric_limits<std::uint32_t>::max())));
        run.before = in.byte();
        run.after = in.byte();
        end = run.start + run.length;
        if (run.length == 0 || run.before == run.after)
            in.fail("a run that changes nothing");
        if (!in.failed())
            runs.push_back(run);
    }
    return runs;
}

IndexBox readBox(CodecReader& in, const VolumeGeometry& geometry)
{
    IndexBox box;
    for (std::size_t a = 0; a < 3; ++a) {
        const auto size = static_cast<std::uint64_t>(geometry.size[a]);
        box.lo[a] = static_cast<int>(in.number(size));
        box.hi[a] = static_cast<int>(in.number(size));
    }
    return box;
}

bool holds(const IndexBox& box, const std::vector<LabelRun>& runs, const VolumeGeometry& geometry)
{
    for (const LabelRun& run : runs)
        if (!box.contains(geometry.indexAt(run.start)) || !box.contains(geometry.indexAt(run.start + run.length - 1)))
            return false;
    return true;
}

void readLayers(CodecReader& in, const VolumeGeometry& geometry, Edit& edit)
{
    const std::uint64_t count = in.number(lastLayer + 1);
    for (std::uint64_t n = 0; n < count && !in.failed(); ++n) {
        LayerChange change;
        change.layer = static_cast<int>(in.number(lastLayer));
        change.runs = readRuns(in, geometry.voxelCount());
        if (!edit.layers.empty() && change.layer <= edit.layers.back().layer)
            in.fail("layers out of order");
        if (!in.failed() && (change.runs.empty() || !holds(edit.box, change.runs, geometry)))
            in.fail("changes outside the edit's box");
        edit.layers.push_back(std::move(change));
    }
}

Result<Edit> readEdit(CodecReader& in, const VolumeGeometry& geometry)
{
    Edit edit;
    edit.tool = in.text();
    edit.author = in.text();
    edit.timeMs = in.signedNumber();
    edit.box = readBox(in, geometry);
    const std::uint8_t hasTable = in.byte();
    if (hasTable > 1)
        in.fail("neither with nor without a segment table");
    if (hasTable == 1) {
        TableChange table;
        table.before = in.table();
        table.after = in.table();
        edit.table = std::move(table);
    }
    readLayers(in, geometry, edit);
    if (const Result<void> whole = in.finish(); !whole)
        return whole.error();
    return edit;
}

} // namespace

std::vector<std::byte> encodeEdit(const Edit& edit)
{
    CodecWriter out;
    out.text(edit.tool);
    out.text(edit.author);
    out.signedNumber(edit.timeMs);
    for (std::size_t a = 0; a < 3; ++a) {
        out.number(static_cast<std::uint64_t>(edit.box.lo[a]));
        out.number(static_cast<std::uint64_t>(edit.box.hi[a]));
    }
    out.byte(edit.table ? 1 : 0);
    if (edit.table) {
        out.table(edit.table->before);
        out.table(edit.table->after);
    }
    out.number(edit.layers.size());
    for (const LayerChange& change : edit.layers) {
        out.number(static_cast<std::uint64_t>(change.layer));
        writeRuns(out, change.runs);
    }
    return out.compressed(magic, version);
}

Result<Edit> decodeEdit(std::span<const std::byte> bytes, const VolumeGeometry& geometry)
{
    CodecReader in(bytes, magic, version);
    try {
        return readEdit(in, geometry);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, {}, "not enough memory for the edit"};
    }
}

Result<std::string> toolOfEdit(std::span<const std::byte> bytes)
{
    CodecReader in(bytes, magic, version);
    std::string tool = in.text();
    return in.failed() ? Result<std::string>(in.error()) : tool;
}

} // namespace annotomy
