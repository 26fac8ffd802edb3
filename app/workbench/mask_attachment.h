#pragma once

#include "app/workbench/open_sessions.h"
#include "storage/workspace.h"

#include <optional>
#include <string>

namespace annotomy {

struct Attachment {
    CaseId caseId;
    std::string author; // a user's name, or the file imported from
    AuthorKind authorKind = AuthorKind::Import;
    std::string note;
};

// A mask file that was read onto the grid of a case, for whoever holds the case to take it in.
struct MaskToAttach {
    Attachment attachment;
    LabelMap labels;
};

// The mask with the numbers of the work it joins, so that equal names stay one segment. Errors: TooManySegments.
Result<LabelMap> numberedAs(const SegmentTable& present, const LabelMap& labels, const std::string& subject);

// Stores a mask as the case's newest revision and head. Work that is there is not lost: the mask is then a journalled
// edit upon it, which undo takes back, and locked segments stay. Errors: CaseInUse, GeometryMismatch, those of storage.
Result<RevisionRecord> attachLabels(Workspace& workspace, const Attachment& attachment, const LabelMap& labels);

// A revision's note with what the reader had to say of the file, each on a line of its own.
std::string withNotes(std::string note, const std::vector<std::string>& notes);

// Stores edits that are only in the journal as a revision. Returns the head, or nothing when the case has no mask.
Result<std::optional<RevisionRecord>> saveWorkingMask(Workspace& workspace, CaseId id, const std::string& author);

// The head's segments; empty when there is no mask yet.
Result<SegmentTable> headSegments(Workspace& workspace, CaseId id);

// Releases a case's writer lease at the end of a scope.
class LeaseHold {
public:
    static Result<LeaseHold> take(Workspace& workspace, CaseId id);
    ~LeaseHold();
    LeaseHold(LeaseHold&& other) noexcept;
    LeaseHold& operator=(LeaseHold&&) = delete;

private:
    LeaseHold() = default;
    Workspace* m_workspace = nullptr;
    CaseId m_id;
    OpenSessionClaim m_claim;
};

} // namespace annotomy
