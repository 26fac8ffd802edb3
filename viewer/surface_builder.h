#pragma once

#include "viewer/surface_mesher.h"

#include <QObject>

#include <functional>
#include <map>
#include <thread>

namespace annotomy {

// Which surfaces a mask needs anew: those of segments that were never built, whose box moved, or that lie where labels
// changed.
struct SurfaceRequest {
    LabelMap labels;
    std::vector<SegmentNumber> numbers;       // the visible ones
    std::map<SegmentNumber, IndexBox> known;  // boxes of those already shown
    IndexBox changed;
};

struct SurfaceResult {
    SurfaceDetail detail = SurfaceDetail::Full;
    std::vector<SegmentSurface> surfaces;
    std::map<SegmentNumber, IndexBox> boxes;
};

// Builds surfaces on a thread of its own, one request at a time. GUI thread.
class SurfaceBuilder : public QObject {
    Q_OBJECT

public:
    explicit SurfaceBuilder(QObject* parent = nullptr);
    ~SurfaceBuilder() override; // cancels and waits

    bool busy() const { return m_busy; }
    void build(SurfaceRequest request);      // full detail; requires !busy()
    void buildPreview(SegmentCrop crop);     // requires !busy()
    void cancel();                           // `ended` still comes

Q_SIGNALS:
    void built(const annotomy::SurfaceResult& result);
    void ended(bool cancelled);

private:
    void start(std::function<SurfaceResult(std::stop_token)> work);

    std::jthread m_worker;
    bool m_busy = false;
};

} // namespace annotomy
