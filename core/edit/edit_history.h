#pragma once

#include "core/edit/edit.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace annotomy {

// The edits of a case since its last sign-off, and how many of them are in force. The journal in the workspace
// holds the same list; nothing is deleted there, a cursor move is appended.
class EditHistory {
public:
    using EditPtr = std::shared_ptr<const Edit>;

    void push(EditPtr edit); // drops what had been undone
    bool canUndo() const { return m_cursor > 0; }
    bool canRedo() const { return m_cursor < m_edits.size(); }
    EditPtr undo(); // moves the cursor back and returns the edit to take back; requires canUndo()
    EditPtr redo(); // moves the cursor on and returns the edit to do again; requires canRedo()

    const std::vector<EditPtr>& edits() const { return m_edits; }
    std::size_t cursor() const { return m_cursor; } // edits in force
    void clear();

private:
    std::vector<EditPtr> m_edits;
    std::size_t m_cursor = 0;
};

} // namespace annotomy
