#pragma once

#include "core/base/result.h"
#include "core/image/label_map.h"

#include <cstdint>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// Voxels of one layer that changed from one label to another: offsets start .. start + length - 1.
struct LabelRun {
    std::uint64_t start = 0;
    std::uint32_t length = 0;
    std::uint8_t before = 0;
    std::uint8_t after = 0;
    bool operator==(const LabelRun&) const = default;
};

struct LayerChange {
    int layer = 0;
    std::vector<LabelRun> runs; // ascending, disjoint, before != after
    bool operator==(const LayerChange&) const = default;
};

struct TableChange {
    SegmentTable before, after;
    bool operator==(const TableChange&) const = default;
};

// One reversible change of a LabelMap: a stroke, a fill, an accepted proposal, a renamed segment. Undo, redo,
// journal, provenance and telemetry are lists of these.
struct Edit {
    std::string tool;       // stable, lowerCamelCase: "brush", "erase", "threshold", "proposal", "segment", ...
    std::string author;     // who; never a patient
    std::int64_t timeMs = 0; // milliseconds since 1970-01-01 UTC
    IndexBox box;           // holds every changed voxel
    std::vector<LayerChange> layers;
    std::optional<TableChange> table;

    bool empty() const { return layers.empty() && !table; }
    std::int64_t changedVoxels() const;
    bool operator==(const Edit&) const = default;
};

enum class Direction { Forward, Backward };

// Whether `labels` hold, voxel for voxel, what the edit changes from. Requires an edit decoded for their grid.
bool follows(const Edit& edit, const LabelMap& labels);

// Performs (or takes back) an edit. Requires labels to hold the edit's `before` (or `after`) state.
void perform(const Edit& edit, LabelMap& labels, Direction direction);

// The edit that does `first` and then `second`; keeps first's tool, author and time.
Edit merged(const Edit& first, const Edit& second);

// The edit that turns `from` into `to` (same grid), segment table included.
Edit difference(const LabelMap& from, const LabelMap& to);

// The bytes kept in the journal: run-length coded and zstd-compressed (codec_stream.h, edit_codec.cpp).
std::vector<std::byte> encodeEdit(const Edit& edit);
// Checks every number against the grid, and the checksum. Errors: Malformed, Truncated, Unsupported (a later version).
Result<Edit> decodeEdit(std::span<const std::byte> bytes, const VolumeGeometry& geometry);
// The tool of an encoded edit, whatever grid it is of; what follows the tool is not looked at. Errors: as decodeEdit.
Result<std::string> toolOfEdit(std::span<const std::byte> bytes);

// The bytes of a whole mask with its table and grid: what a revision stores (codec_stream.h, edit_codec.cpp).
std::vector<std::byte> encodeLabelMap(const LabelMap& labels);
// Errors: as decodeEdit, and OutOfMemory.
Result<LabelMap> decodeLabelMap(std::span<const std::byte> bytes);

} // namespace annotomy
