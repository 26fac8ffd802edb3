#pragma once

#include "app/desktop/session_sink.h"
#include "app/desktop/tool_settings.h"
#include "viewer/brush_tool.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <vector>

namespace annotomy {

class SeedTool;
class SlicePane;

// Puts the chosen tool into the panes' hands, keeps its options up to date, and runs fill and threshold in
// the background, since they may walk the whole volume. GUI thread.
class ToolController : public QObject {
    Q_OBJECT

public:
    ToolController(CaseController& controller, ToolSettings& settings, QObject* parent = nullptr);
    ~ToolController() override;

    void addPane(SlicePane* pane); // not owned; outlives this or is removed with it
    void applyThreshold();         // to the active segment, in the axial slice or the whole volume

Q_SIGNALS:
    void selectionEmpty(); // a fill or threshold found nothing

private:
    void rebuildTools();
    void handToPanes();
    void fillFrom(const SlicePoint& point);
    bool valuesReady(); // false: the shown image's values are not at hand yet, which is told
    IndexBox thresholdBox() const;
    void showPreview();
    // Runs a search for voxels as a job, then paints what it found.
    void paintFound(const JobTitle& title, const char* tool, EditAction action,
                    std::function<Result<VoxelSelection>(std::stop_token, const ProgressReport&)> search);

    CaseController& m_controller;
    ToolSettings& m_settings;
    SessionSink m_sink;
    std::unique_ptr<BrushTool> m_brush, m_eraser;
    std::unique_ptr<SeedTool> m_fill;
    std::vector<SlicePane*> m_panes;
    QPointer<Job> m_search; // at most one at a time
};

} // namespace annotomy
