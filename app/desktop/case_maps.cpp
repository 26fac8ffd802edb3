#include "app/desktop/case_maps.h"

#include "app/desktop/case_controller.h"

#include <algorithm>

namespace annotomy {

namespace {

bool isEmpty(const LabelMap& labels)
{
    const std::vector<std::int64_t> counts = voxelCounts(labels);
    return std::all_of(counts.begin(), counts.end(), [](std::int64_t count) { return count == 0; });
}

} // namespace

CaseMaps::CaseMaps(CaseController& controller) : QObject(&controller), m_controller(controller)
{
    connect(&controller, &CaseController::caseClosed, this, &CaseMaps::close);
}

void CaseMaps::startTour()
{
    if (!m_controller.session() || busy())
        return;
    LabelMap labels = m_controller.session()->document().labels();
    if (m_controller.view()->comparison() && isEmpty(labels))
        labels = *m_controller.view()->comparison();
    const CaseId id = m_controller.caseId();
    m_segments = labels.segments();
    m_job = m_controller.jobs().run<SuspicionTour>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Looking for suspicious regions")}, this,
        [id, labels](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return suspicionTour(workbench, id, labels, {}, stop, report);
        },
        [this, id](Result<SuspicionTour> tour) {
            m_job = nullptr;
            if (id == m_controller.caseId())
                showTour(std::move(tour));
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void CaseMaps::showTour(Result<SuspicionTour> tour)
{
    if (!tour)
        return m_controller.report(tour.error());
    m_tour = *std::move(tour);
    m_coverage = SuspicionCoverage(m_tour->uncertainty.entropy.geometry().size, m_tour->regions);
    m_current = m_tour->regions.empty() ? -1 : 0;
    led();
    show(Map::Uncertainty); // the panes paint, and tell what they show
}

void CaseMaps::explain(const std::string& method)
{
    const Segment* segment =
        m_controller.session()
            ? m_controller.session()->document().labels().segments().find(m_controller.view()->activeSegment())
            : nullptr;
    if (!segment || busy())
        return;
    ExplainOptions options;
    options.segment = segment->name;
    options.method = method;
    const CaseId id = m_controller.caseId();
    m_job = m_controller.jobs().run<Explanation>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Asking the model why")}, this,
        [id, options](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return explainSegment(workbench, id, options, stop, report);
        },
        [this, id, options](Result<Explanation> explanation) {
            m_job = nullptr;
            if (!explanation) {
                m_controller.report(explanation.error());
            } else if (id == m_controller.caseId()) {
                m_explanation = *std::move(explanation);
                m_explained = QString::fromStdString(options.segment);
                m_method = options.method;
                show(Map::Explanation);
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void CaseMaps::close()
{
    if (m_job)
        m_job->cancel();
    m_tour.reset();
    m_coverage = {};
    m_current = -1;
    m_explanation.reset();
    show(Map::None);
}

QString CaseMaps::work() const
{
    return m_job ? m_job->title() : QString();
}

QString CaseMaps::segmentOf(const SuspiciousRegion& region) const
{
    const Segment* segment = m_segments.find(region.segment);
    return segment ? QString::fromStdString(segment->name) : QString();
}

void CaseMaps::step(int delta)
{
    const int count = regionCount();
    if (count == 0)
        return;
    m_current = ((m_current + delta) % count + count) % count;
    led();
    Q_EMIT changed();
}

void CaseMaps::led()
{
    if (m_current >= 0)
        m_controller.view()->setCursor(region(m_current).centre);
}

void CaseMaps::slicePainted(int axis, int slice)
{
    if (!m_tour)
        return;
    const double before = coverage();
    m_coverage.look(axis, slice);
    if (coverage() != before)
        Q_EMIT changed();
}

bool CaseMaps::has(Map map) const
{
    return map == Map::Explanation ? m_explanation.has_value() : map != Map::None && m_tour.has_value();
}

void CaseMaps::show(Map map)
{
    m_shown = map;
    std::optional<HeatMap> heat;
    if (map == Map::Uncertainty)
        heat = HeatMap{m_tour->uncertainty.entropy, 0, m_tour->uncertainty.mostNats};
    else if (map == Map::Probability)
        heat = HeatMap{m_tour->uncertainty.probability, 0, 1};
    else if (map == Map::Explanation)
        heat = HeatMap{m_explanation->map, 0, 1};
    m_controller.view()->setHeatMap(heat);
    Q_EMIT changed();
}

} // namespace annotomy
