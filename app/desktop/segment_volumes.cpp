#include "app/desktop/segment_volumes.h"

#include <algorithm>

namespace annotomy {

namespace {

std::vector<EditHistory::EditPtr> editsInForce(const EditHistory& history)
{
    return {history.edits().begin(), history.edits().begin() + static_cast<std::ptrdiff_t>(history.cursor())};
}

} // namespace

SegmentVolumes::SegmentVolumes(CaseController& controller, QObject* parent)
    : QObject(parent), m_controller(controller)
{
    connect(&controller, &CaseController::caseOpened, this, &SegmentVolumes::connectSession);
    connect(&controller, &CaseController::caseClosed, this, [this] {
        m_known = false;
        ++m_generation;
        Q_EMIT changed();
    });
    if (controller.session())
        connectSession();
}

void SegmentVolumes::connectSession()
{
    connect(m_controller.session(), &CaseSession::historyChanged, this, &SegmentVolumes::follow,
            Qt::UniqueConnection);
    countAll();
}

std::optional<double> SegmentVolumes::millilitres(SegmentNumber number) const
{
    if (!m_known || !m_controller.session())
        return {};
    const double voxelMm3 = m_controller.session()->document().labels().geometry().voxelVolumeMm3();
    return static_cast<double>(m_voxels[number]) * voxelMm3 / 1000;
}

double SegmentVolumes::totalMillilitres() const
{
    double total = 0;
    for (int number = 1; number < 256; ++number)
        total += millilitres(static_cast<SegmentNumber>(number)).value_or(0);
    return total;
}

void SegmentVolumes::countAll()
{
    m_known = false;
    const quint64 generation = ++m_generation;
    const Document& document = m_controller.session()->document();
    m_inForce = editsInForce(document.history());
    // The copy shares its voxels with the document; a stroke that begins meanwhile detaches from it.
    auto labels = std::make_shared<const LabelMap>(document.labels());
    m_controller.jobs().run<std::vector<std::int64_t>>(
        Job::Kind::Other, {}, this,
        [labels](Workbench&, std::stop_token, const JobReport&) -> Result<std::vector<std::int64_t>> {
            return voxelCounts(*labels);
        },
        [this, generation](Result<std::vector<std::int64_t>> counts) {
            if (generation != m_generation || !counts || !m_controller.session())
                return;
            std::copy_n(counts->begin(), std::min(counts->size(), m_voxels.size()), m_voxels.begin());
            m_known = true;
            follow();
        });
    Q_EMIT changed();
}

void SegmentVolumes::follow()
{
    if (!m_known || !m_controller.session())
        return;
    const auto now = editsInForce(m_controller.session()->document().history());
    const auto [before, after] = std::mismatch(m_inForce.begin(), m_inForce.end(), now.begin(), now.end());
    for (auto edit = m_inForce.end(); edit != before;)
        add(**--edit, -1);
    for (auto edit = after; edit != now.end(); ++edit)
        add(**edit, +1);
    if (now.empty() && !m_inForce.empty() && !m_controller.session()->document().canRedo()) {
        countAll(); // the history began anew (a sign-off); what was in force stays in the mask
        return;
    }
    m_inForce = now;
    Q_EMIT changed();
}

void SegmentVolumes::add(const Edit& edit, std::int64_t sign)
{
    for (const LayerChange& change : edit.layers)
        for (const LabelRun& run : change.runs) {
            m_voxels[run.before] -= sign * run.length;
            m_voxels[run.after] += sign * run.length;
        }
}

} // namespace annotomy
