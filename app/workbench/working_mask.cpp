#include "app/workbench/working_mask.h"

namespace annotomy {

Result<ReplayedJournal> replayed(const std::vector<JournalEntry>& journal, const VolumeGeometry& geometry)
{
    const Error contradiction{ErrorCode::Malformed, "journal", "an undo or redo without an edit"};
    ReplayedJournal result;
    for (const JournalEntry& entry : journal) {
        switch (entry.kind) {
        case JournalKind::Edit: {
            Result<Edit> edit = decodeEdit(entry.edit, geometry);
            if (!edit)
                return edit.error();
            result.edits.resize(result.cursor);
            result.edits.push_back(*std::move(edit));
            ++result.cursor;
            break;
        }
        case JournalKind::Undo:
            if (result.cursor == 0)
                return contradiction;
            --result.cursor;
            break;
        case JournalKind::Redo:
            if (result.cursor == result.edits.size())
                return contradiction;
            ++result.cursor;
            break;
        }
    }
    return result;
}

Result<Document> workingDocument(const CaseHistory& history, const VolumeGeometry& geometry, Volume image)
{
    LabelMap base = history.base ? *history.base : LabelMap(geometry);
    if (!sameGrid(base.geometry(), geometry))
        return Error{ErrorCode::GeometryMismatch, "mask", "the stored mask lies on another grid than the image"};
    Result<ReplayedJournal> journal = replayed(history.journal, geometry);
    if (!journal)
        return journal.error();
    Document document(std::move(image), std::move(base));
    if (auto restored = document.restoreHistory(std::move(journal->edits), journal->cursor); !restored)
        return restored.error();
    return document;
}

} // namespace annotomy
