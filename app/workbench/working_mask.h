#pragma once

#include "core/edit/document.h"
#include "storage/records.h"

namespace annotomy {

// The edits of a journal and how many of them are in force: undo and redo are moves of a cursor, and an edit after an undo
// drops what had been undone. Errors: Malformed for a journal that contradicts itself.
struct ReplayedJournal {
    std::vector<Edit> edits;
    std::size_t cursor = 0;
};
Result<ReplayedJournal> replayed(const std::vector<JournalEntry>& journal, const VolumeGeometry& geometry);

// The mask of a case as it was left: its base with every journalled edit in force, and the undo history.
// Errors: GeometryMismatch when base and image disagree; Malformed.
Result<Document> workingDocument(const CaseHistory& history, const VolumeGeometry& geometry, Volume image = {});

} // namespace annotomy
