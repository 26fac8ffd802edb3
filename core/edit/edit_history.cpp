#include "core/edit/edit_history.h"

#include <cassert>

namespace annotomy {

void EditHistory::push(EditPtr edit)
{
    m_edits.resize(m_cursor);
    m_edits.push_back(std::move(edit));
    ++m_cursor;
}

EditHistory::EditPtr EditHistory::undo()
{
    assert(canUndo());
    return m_edits[--m_cursor];
}

EditHistory::EditPtr EditHistory::redo()
{
    assert(canRedo());
    return m_edits[m_cursor++];
}

void EditHistory::clear()
{
    m_edits.clear();
    m_cursor = 0;
}

} // namespace annotomy
