#pragma once

#include "app/desktop/case_controller.h"
#include "app/desktop/tool_settings.h"
#include "viewer/tool.h"

namespace annotomy {

// Carries the tools' selections to the open case: active segment, masking rules and author are added here,
// and a refusal is told to the user once. The first stroke on a mask without segments makes one.
class SessionSink : public EditSink {
public:
    SessionSink(CaseController& controller, const ToolSettings& settings);

    bool beginStroke(const char* tool, EditAction action) override;
    bool continueStroke(const VoxelSelection& selection) override;
    void endStroke() override;
    void cancelStroke() override;
    bool apply(const VoxelSelection& selection, const char* tool, EditAction action) override;

private:
    bool ensureSegment();
    EditContext context(const char* tool, EditAction action) const;
    bool refuse(const Error& error);

    CaseController& m_controller;
    const ToolSettings& m_settings;
};

} // namespace annotomy
