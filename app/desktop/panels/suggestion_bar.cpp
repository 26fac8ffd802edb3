#include "app/desktop/panels/suggestion_bar.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

constexpr const char* strategyKey = "ranking/strategy";
constexpr int casesAtOnce = 5;
constexpr int mostLookedAt = 60; // a large worklist is sampled, so that a suggestion takes minutes at most

QString nameOf(std::optional<RankingStrategy> strategy)
{
    if (!strategy)
        return SuggestionBar::tr("Automatic");
    switch (*strategy) {
    case RankingStrategy::ClaspPe:
        return SuggestionBar::tr("Unsure, by segment");
    case RankingStrategy::Random:
        return SuggestionBar::tr("At random");
    case RankingStrategy::ForegroundRandom:
        return SuggestionBar::tr("At random, by segment");
    case RankingStrategy::Entropy:
        return SuggestionBar::tr("Unsure");
    case RankingStrategy::Margin:
        return SuggestionBar::tr("Undecided");
    case RankingStrategy::Disagreement:
        return SuggestionBar::tr("Models disagree");
    case RankingStrategy::Diversity:
        break;
    }
    return SuggestionBar::tr("Unlike the others");
}

QString meaningOf(std::optional<RankingStrategy> strategy)
{
    if (!strategy)
        return SuggestionBar::tr("Where the model is unsure, by segment; at random as long as there is no model");
    switch (*strategy) {
    case RankingStrategy::ClaspPe:
        return SuggestionBar::tr(
            "Each segment in turn, where the model is unsure of it; more strictly from model to model (ClaSP PE)");
    case RankingStrategy::Random:
        return SuggestionBar::tr("Each case is as likely as any other");
    case RankingStrategy::ForegroundRandom:
        return SuggestionBar::tr("Cases in which the model finds much are more likely, for each segment alike");
    case RankingStrategy::Entropy:
        return SuggestionBar::tr("Where the model is least sure of what it finds (entropy)");
    case RankingStrategy::Margin:
        return SuggestionBar::tr("Where the two likeliest segments lie closest together (margin)");
    case RankingStrategy::Disagreement:
        return SuggestionBar::tr("Where the last models contradict one another");
    case RankingStrategy::Diversity:
        break;
    }
    return SuggestionBar::tr("What looks least like the approved cases (k-centre)");
}

std::vector<std::optional<RankingStrategy>> choices()
{
    std::vector<std::optional<RankingStrategy>> all{std::nullopt};
    for (std::size_t n = 0; n < rankingStrategyNames().size(); ++n)
        all.emplace_back(static_cast<RankingStrategy>(n));
    return all;
}

Result<ServedCase> suggestion(Workbench& workbench, CaseId open, const RankOptions& options, std::stop_token stop,
                              const JobReport& report)
{
    const auto left = nextServed(workbench.workspace(), open, options.strategy);
    if (!left)
        return left.error();
    if (*left)
        return **left;
    auto ranking = rankCases(workbench, options, stop, report);
    if (!ranking)
        return ranking.error();
    const bool isOpen = ranking->cases.front().id == open && ranking->cases.size() > 1;
    return ranking->cases[isOpen ? 1 : 0];
}

} // namespace

SuggestionBar::SuggestionBar(CaseController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_button(makeButton({}, "", this)), m_choice(new QToolButton(this)),
      m_reason(makeLabel({}, "secondary", this))
{
    m_button->setFocusPolicy(Qt::TabFocus);
    m_choice->setMenu(new QMenu(this));
    m_choice->menu()->setToolTipsVisible(true);
    m_choice->setPopupMode(QToolButton::InstantPopup);
    m_choice->setFocusPolicy(Qt::TabFocus);
    m_choice->setMinimumHeight(24);
    m_choice->setStyleSheet(
        QStringLiteral("QToolButton { font-size: 12px; padding: 2px 6px; color: %1; }").arg(theme::secondaryText.name()));
    m_reason->setWordWrap(true);
    m_reason->setStyleSheet(QStringLiteral("font-size: 12px;"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_reason);
    row->addWidget(m_button, 1);
    row->addWidget(m_choice);
    connect(m_button, &QPushButton::clicked, this, &SuggestionBar::suggest);
    for (const auto signal : {&CaseController::caseOpened, &CaseController::caseClosed, &CaseController::caseListChanged})
        connect(&m_controller, signal, this, &SuggestionBar::showReason);
    retranslate();
}

void SuggestionBar::retranslate()
{
    m_button->setText(m_job ? tr("Cancel") : tr("Suggest next"));
    m_button->setToolTip(tr("Opens the case from whose correction the model would learn most, and tells why"));
    m_choice->setAccessibleName(tr("How the next case is chosen"));
    fillMenu();
    showReason();
}

void SuggestionBar::showReason()
{
    Workspace& workspace = m_controller.workbench().workspace();
    const auto record = m_controller.caseId() ? workspace.caseById(m_controller.caseId()) : Error{};
    const auto reason = record && record->state != CaseState::Approved ? servedReason(workspace, record->id) : Error{};
    m_reason->setText(reason ? translatedSentence(*reason) : QString());
    m_reason->setVisible(!m_reason->text().isEmpty());
}

void SuggestionBar::fillMenu()
{
    QMenu* menu = m_choice->menu();
    menu->clear();
    auto* group = new QActionGroup(menu);
    for (const auto& choice : choices()) {
        QAction* action = group->addAction(nameOf(choice));
        action->setToolTip(meaningOf(choice));
        action->setCheckable(true);
        action->setChecked(choice == strategy());
        connect(action, &QAction::triggered, this, [this, choice] { setStrategy(choice); });
        menu->addAction(action);
    }
    m_choice->setText(nameOf(strategy()) + QStringLiteral("  ▾"));
    m_choice->setToolTip(meaningOf(strategy()));
}

std::optional<RankingStrategy> SuggestionBar::strategy() const
{
    const std::string kept = QSettings().value(QLatin1String(strategyKey)).toString().toStdString();
    const auto& names = rankingStrategyNames();
    const auto found = std::find(names.begin(), names.end(), kept);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<RankingStrategy>(found - names.begin()));
}

void SuggestionBar::setStrategy(std::optional<RankingStrategy> strategy)
{
    const std::string name = strategy ? rankingStrategyNames()[static_cast<std::size_t>(*strategy)] : std::string();
    QSettings().setValue(QLatin1String(strategyKey), QString::fromStdString(name));
    fillMenu();
}

void SuggestionBar::suggest()
{
    if (m_job)
        return m_job->cancel();
    RankOptions options;
    options.strategy = strategy();
    options.count = casesAtOnce;
    options.candidates = mostLookedAt;
    options.userName = m_controller.userName().toStdString();
    m_job = m_controller.jobs().run<ServedCase>(
        Job::Kind::Propose, {staticMetaObject, QT_TR_NOOP("Choosing the next case")}, this,
        [options, open = m_controller.caseId()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return suggestion(workbench, open, options, stop, report);
        },
        [this](Result<ServedCase> served) { showServed(served); });
    retranslate();
}

void SuggestionBar::showServed(const Result<ServedCase>& served)
{
    m_job = nullptr;
    retranslate();
    if (!served)
        return m_controller.report(served.error());
    Q_EMIT m_controller.caseListChanged(); // lines tell why
    Q_EMIT suggested(served->id);
}

} // namespace annotomy
