#pragma once

#include "core/base/result.h"
#include "core/edit/edit_history.h"
#include "core/edit/voxel_selection.h"
#include "core/image/volume.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

enum class PaintOver {
    All,      // every voxel but those of locked segments
    Empty,    // only voxels without a label in the segment's layer
};

// Where an edit may write. Locked segments are never changed, whatever the rule.
struct Masking {
    PaintOver paintOver = PaintOver::All;
    std::optional<ValueRange> onlyValues; // real values of the document's volume
    bool operator==(const Masking&) const = default;
};

enum class EditAction {
    Paint, // write the segment's number
    Erase, // clear the segment's number, leaving other segments as they are
};

struct EditContext {
    EditAction action = EditAction::Paint;
    SegmentNumber segment = 0;
    Masking masking;
    std::string tool;
    std::string author;
    std::int64_t timeMs = 0;
};

// A mask being edited, over its image. `apply` is the one door through which voxels change; every change is
// an Edit, performed and returned, to be journalled by the caller. Not thread-safe.
class Document {
public:
    // The volume may be null when only labels are at hand; `onlyValues` is then refused (Conflict).
    Document(Volume volume, LabelMap labels);

    const Volume& volume() const { return m_volume; }
    // Another image on the same grid, or none: the one whose values `onlyValues` means from now on.
    void setVolume(Volume volume);
    const LabelMap& labels() const { return m_labels; }
    const EditHistory& history() const { return m_history; }

    // Changes the selected voxels. Errors: Conflict when the segment is unknown or locked. An Edit without
    // changes is empty() and not recorded.
    Result<Edit> apply(const VoxelSelection& selection, const EditContext& context);

    // A stroke is several applies that undo as one: between begin and end the applies are performed at once but
    // recorded as one Edit, which endStroke returns (empty() when nothing changed). cancelStroke takes them back.
    // An apply within a stroke costs what its own selection costs, however long the stroke is.
    void beginStroke();
    bool strokeOpen() const { return m_stroke.has_value(); }
    Edit endStroke();
    IndexBox cancelStroke(); // the box to repaint

    // Turns the mask into `target` (same grid) where locks allow: an accepted proposal, a reverted revision, an
    // attached file. Rows of `target` replace or join those of the same number; a locked segment keeps its row and
    // exactly its voxels; a segment that `target` does not know keeps its row and loses its voxels.
    // Errors: GeometryMismatch.
    Result<Edit> replaceLabels(const LabelMap& target, const EditContext& context);

    // Segments: add, rename, recolour, lock, hide, delete (with its voxels) are edits, too.
    // Number 0 takes the first free one, and a black colour the palette's. Errors: TooManySegments; Conflict when the
    // number is taken; InvalidArgument for a layer outside 0 to 254.
    Result<Edit> addSegment(const Segment& segment, const EditContext& context);
    // Everything but the layer. Errors: Conflict for an unknown number.
    Result<Edit> updateSegment(const Segment& segment, const EditContext& context);
    // Errors: Conflict when unknown or locked.
    Result<Edit> removeSegment(SegmentNumber number, const EditContext& context);

    bool canUndo() const { return !m_stroke && m_history.canUndo(); }
    bool canRedo() const { return !m_stroke && m_history.canRedo(); }
    EditHistory::EditPtr undo(); // requires canUndo(); returns what was taken back
    EditHistory::EditPtr redo(); // requires canRedo(); returns what was done again

    // Rebuilds the history from a journal: `edits` in order, of which `cursor` are in force. The labels given to
    // the constructor are those before the first edit. Requires edits decoded for this grid and cursor <= edits.size().
    // Errors: Malformed when an edit changes other labels than those that are there; the document is of no use then.
    Result<void> restoreHistory(std::vector<Edit> edits, std::size_t cursor);

private:
    Edit performed(Edit edit);
    Edit record(Edit edit);

    Volume m_volume;
    LabelMap m_labels;
    EditHistory m_history;
    std::optional<std::vector<Edit>> m_stroke; // one per apply, merged when the stroke ends
};

} // namespace annotomy
