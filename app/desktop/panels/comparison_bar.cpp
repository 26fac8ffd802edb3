#include "app/desktop/panels/comparison_bar.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/case_panel.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"
#include "viewer/colours.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace annotomy {

namespace {

QString inked(const QColor& colour, const QString& text)
{
    return QStringLiteral("<span style='color:%1'>╌╌ %2</span>").arg(colour.name(), text.toHtmlEscaped());
}

} // namespace

ComparisonBar::ComparisonBar(CaseController& controller, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_with(makeLabel({}, "strong", this))
{
    theme::setRole(this, "card");
    auto* legend =
        new QLabel(inked(colours::added, tr("only in the other")) + QStringLiteral("&nbsp;&nbsp; ") +
                       inked(colours::removed, tr("only in yours")),
                   this);
    legend->setTextFormat(Qt::RichText);
    auto* end = makeButton(tr("End the comparison"), "", this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 8, 8, 8);
    row->setSpacing(16);
    row->addWidget(m_with);
    row->addWidget(legend, 1);
    row->addWidget(end);
    connect(end, &QPushButton::clicked, this, [this] { m_controller.compareWith({}); });
    connect(m_controller.view(), &ViewState::comparisonChanged, this, &ComparisonBar::refresh);
    connect(&m_controller, &CaseController::proposalChanged, this, &ComparisonBar::refresh);
    refresh();
}

void ComparisonBar::refresh()
{
    const RevisionId shown = m_controller.comparedWith();
    const auto revision = shown && shown != m_controller.shownProposal()
                              ? m_controller.workbench().workspace().revision(shown)
                              : Result<RevisionRecord>(Error{ErrorCode::NotFound, {}, {}});
    setVisible(revision.has_value());
    if (revision)
        m_with->setText(tr("Compared with: %1").arg(revisionName(*revision)));
}

} // namespace annotomy
