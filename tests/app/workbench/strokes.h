#pragma once

#include "app/workbench/case_session.h"

namespace annotomy::test {

// One journal entry a step: step 0 adds a segment; every fifth undoes; the others paint or erase a row of the grid.
inline bool performStep(CaseSession& session, int step)
{
    if (step == 0)
        return session.addSegment("lesion").has_value();
    if (step % 5 == 4)
        return session.undo().has_value();
    const VolumeGeometry& geometry = session.document().labels().geometry();
    const int j = step % geometry.size[1], k = (step / geometry.size[1]) % geometry.size[2];
    const int length = 2 + step % (geometry.size[0] - 2);
    VoxelSelection selection;
    selection.runs = {{geometry.offset({0, j, k}), static_cast<std::uint32_t>(length)}};
    selection.box = {{0, j, k}, {length, j + 1, k + 1}};
    EditContext context;
    context.segment = 1;
    // The label of the row's first voxel tells which action changes something.
    const bool painted = session.document().labels().labelAt(0, {0, j, k}) == 1;
    context.action = painted ? EditAction::Erase : EditAction::Paint;
    context.tool = painted ? "erase" : "brush";
    if (!session.beginStroke(context))
        return false;
    return session.continueStroke(selection).has_value() && session.endStroke().has_value();
}

} // namespace annotomy::test
