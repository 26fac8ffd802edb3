#include "app/desktop/panels/proposal_bar.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace annotomy {

namespace {

constexpr int restMs = 400;

double totalMl(const MaskFigures& figures)
{
    double sum = 0;
    for (const SegmentFigures& segment : figures.segments)
        sum += segment.volumeMl;
    return sum;
}

} // namespace

QString proposalSentence(const MaskFigures& figures)
{
    const double total = totalMl(figures);
    if (figures.changedMl == 0)
        return ProposalBar::tr("no change, %1").arg(paneltext::millilitres(total));
    const bool nothingOfOnesOwn =
        figures.removedMl == 0 && figures.addedMl == figures.changedMl && figures.dice.value_or(0) == 0;
    if (nothingOfOnesOwn)
        return ProposalBar::tr("%1 where nothing is marked yet").arg(paneltext::millilitres(total));
    return ProposalBar::tr("%1, %2, Dice to yours %3")
        .arg(paneltext::signedMillilitres(figures.addedMl), paneltext::signedMillilitres(-figures.removedMl),
             paneltext::dice(figures.dice));
}

ProposalBar::ProposalBar(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_model(makeLabel({}, "strong", this)),
      m_figures(makeLabel({}, "secondary", this)), m_difference(makeButton({}, "quiet", this)),
      m_reject(makeButton({}, "", this)), m_accept(makeButton({}, "primary", this))
{
    setObjectName(QStringLiteral("proposalBar"));
    theme::setRole(this, "card");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 8, 8, 8);
    row->setSpacing(8);
    m_figures->setFont(theme::tabularFont());
    row->addWidget(m_model);
    row->addWidget(m_figures, 1);
    row->addWidget(m_difference);
    row->addWidget(m_reject);
    row->addWidget(m_accept);
    m_difference->setCheckable(true);
    m_difference->setChecked(true);
    connect(m_difference, &QPushButton::toggled, this,
            [this](bool shown) { m_controller.compareWith(shown ? m_proposal.id : RevisionId{}); });
    connect(m_reject, &QPushButton::clicked, &m_controller, &CaseController::rejectProposal);
    connect(m_accept, &QPushButton::clicked, &m_controller, &CaseController::acceptProposal);
    connect(&m_controller, &CaseController::proposalChanged, this, &ProposalBar::refresh);
    connect(&m_controller, &CaseController::caseOpened, this, &ProposalBar::watchSession);
    connect(&m_controller, &CaseController::caseClosed, this, &ProposalBar::refresh);
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &ProposalBar::compute);
    retranslate();
    hide();
    if (m_controller.session())
        watchSession();
}

void ProposalBar::retranslate()
{
    m_difference->setText(tr("Show difference"));
    m_reject->setText(tr("Reject  X"));
    m_accept->setText(tr("Accept  Y"));
    m_model->setText(tr("%1 proposes:").arg(QString::fromStdString(m_proposal.author)));
}

void ProposalBar::watchSession()
{
    connect(m_controller.session(), &CaseSession::labelsChanged, &m_rest, qOverload<>(&QTimer::start));
    refresh();
}

void ProposalBar::refresh()
{
    const auto proposal = m_controller.session() ? m_controller.pendingProposal() : std::nullopt;
    if (!proposal) {
        ++m_generation;
        m_rest.stop();
        m_proposal = {};
        hide();
        return;
    }
    if (proposal->id == m_proposal.id)
        return;
    showProposal(*proposal);
    compute();
}

void ProposalBar::showProposal(const RevisionRecord& proposal)
{
    m_proposal = proposal;
    m_figures->clear();
    m_difference->blockSignals(true);
    m_difference->setChecked(true); // the controller shows a new proposal as a difference
    m_difference->blockSignals(false);
    retranslate();
    show();
    raise();
}

void ProposalBar::compute()
{
    if (!m_controller.session() || !m_proposal.id)
        return;
    if (m_controller.session()->document().strokeOpen())
        return m_rest.start();
    const LabelMap mine = m_controller.session()->document().labels();
    const RevisionId id = m_proposal.id;
    const quint64 generation = ++m_generation;
    m_controller.jobs().run<MaskFigures>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Measuring the proposal")}, this,
        [mine, id](Workbench& workbench, std::stop_token stop, const JobReport&) -> Result<MaskFigures> {
            const auto proposed = workbench.workspace().loadMask(id);
            if (!proposed)
                return proposed.error();
            return overlapFigures(mine, *proposed, stop);
        },
        [this, generation](Result<MaskFigures> figures) {
            if (generation == m_generation && figures)
                showFigures(*figures);
            else if (!figures && figures.error().code != ErrorCode::Cancelled)
                Q_EMIT m_controller.failed(figures.error());
        });
}

void ProposalBar::showFigures(const MaskFigures& figures)
{
    m_figures->setText(proposalSentence(figures));
}

void ProposalBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace annotomy
