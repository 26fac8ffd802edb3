#pragma once

#include "app/desktop/job_runner.h"
#include "app/workbench/suspicion_tour.h"
#include "viewer/view_state.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <optional>

namespace annotomy {

class CaseController;

// What the current model is unsure of in the open case, and where it looks: maps over the slices, and a tour through the
// suspicious regions with a count of what was looked at. Gone with the case. GUI thread.
class CaseMaps : public QObject {
    Q_OBJECT

public:
    enum class Map { None, Uncertainty, Probability, Explanation };

    explicit CaseMaps(CaseController& controller);

    void startTour();                          // in the background; of a mask without a voxel, of the proposal's
    void explain(const std::string& method);   // the active segment: "grad-cam" or "occlusion", in the background
    void close();                              // stops what runs and forgets all

    bool busy() const { return m_job != nullptr; }
    QString work() const; // what is being done; empty when nothing is

    bool hasTour() const { return m_tour.has_value(); }
    int regionCount() const { return m_tour ? static_cast<int>(m_tour->regions.size()) : 0; }
    int current() const { return m_current; } // the region the crosshair was led to; -1: none yet
    const SuspiciousRegion& region(int index) const { return m_tour->regions[static_cast<std::size_t>(index)]; }
    QString segmentOf(const SuspiciousRegion& region) const; // its name; empty for none
    void step(int delta);                      // leads the crosshair to another region, round and round
    double coverage() const { return m_coverage.fraction(); }
    double coverageOf(int region) const { return m_coverage.fractionOf(static_cast<std::size_t>(region)); }
    void slicePainted(int axis, int slice);    // as SlicePane tells it

    bool has(Map map) const;
    void show(Map map); // requires has(map), or None
    Map shown() const { return m_shown; }
    double mostNats() const { return m_tour ? m_tour->uncertainty.mostNats : 0; } // the end of the uncertainty's colours
    QString explained() const { return m_explained; } // the segment of the explanation
    const std::string& method() const { return m_method; }

Q_SIGNALS:
    void changed();

private:
    void led(); // the crosshair goes to the current region
    void showTour(Result<SuspicionTour> tour);

    CaseController& m_controller;
    QPointer<Job> m_job;
    std::optional<SuspicionTour> m_tour;
    SegmentTable m_segments; // of the mask that was toured
    SuspicionCoverage m_coverage;
    int m_current = -1;
    std::optional<Explanation> m_explanation;
    QString m_explained;
    std::string m_method;
    Map m_shown = Map::None;
};

} // namespace annotomy
