#include "viewer/surface_builder.h"

#include <vtkPolyData.h>

#include <utility>

namespace annotomy {

namespace {

bool isStale(const SurfaceRequest& request, SegmentNumber number, const IndexBox& box)
{
    const auto known = request.known.find(number);
    return known == request.known.end() || known->second != box || !intersection(request.changed, box).empty();
}

// The mask is let go as soon as the segments are cut out: while it is held, a stroke has to copy the layer it writes.
SurfaceResult buildAll(SurfaceRequest request, std::stop_token stop)
{
    SurfaceResult result;
    std::vector<SegmentCrop> crops;
    const auto boxes = segmentBoxes(request.labels);
    for (const SegmentNumber number : request.numbers) {
        result.boxes[number] = boxes[number];
        if (isStale(request, number, boxes[number]) && !stop.stop_requested())
            crops.push_back(cropSegment(request.labels, number, boxes[number], SurfaceDetail::Full));
    }
    request.labels = {};
    for (const SegmentCrop& crop : crops) {
        vtkSmartPointer<vtkPolyData> mesh = surfaceOf(crop, stop);
        if (stop.stop_requested())
            return {};
        result.surfaces.push_back({crop.number, mesh, crop.labelled});
    }
    return result;
}

} // namespace

SurfaceBuilder::SurfaceBuilder(QObject* parent) : QObject(parent) {}

SurfaceBuilder::~SurfaceBuilder()
{
    m_worker.request_stop();
    if (m_worker.joinable())
        m_worker.join();
}

void SurfaceBuilder::build(SurfaceRequest request)
{
    auto shared = std::make_shared<SurfaceRequest>(std::move(request));
    start([shared](std::stop_token stop) { return buildAll(std::move(*shared), stop); });
}

void SurfaceBuilder::buildPreview(SegmentCrop crop)
{
    auto shared = std::make_shared<const SegmentCrop>(std::move(crop));
    start([shared](std::stop_token stop) {
        SurfaceResult result;
        result.detail = SurfaceDetail::Half;
        result.surfaces.push_back({shared->number, surfaceOf(*shared, stop), shared->labelled});
        return result;
    });
}

void SurfaceBuilder::cancel()
{
    m_worker.request_stop();
}

void SurfaceBuilder::start(std::function<SurfaceResult(std::stop_token)> work)
{
    Q_ASSERT(!m_busy);
    m_busy = true;
    m_worker = std::jthread([this, work = std::move(work)](std::stop_token stop) {
        auto result = std::make_shared<SurfaceResult>(work(stop));
        const bool cancelled = stop.stop_requested();
        QMetaObject::invokeMethod(
            this,
            [this, result, cancelled] {
                m_busy = false;
                if (!cancelled)
                    Q_EMIT built(*result);
                Q_EMIT ended(cancelled);
            },
            Qt::QueuedConnection);
    });
}

} // namespace annotomy
