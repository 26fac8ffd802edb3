#include "app/desktop/panels/case_panel.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/segment_figures_model.h"
#include "app/desktop/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int restMs = 700;
constexpr int compareWidth = 184;
constexpr int rowHeight = 24;
constexpr int rowsShown = 8;

// The newest proposal, else the newest imported reference, else nothing.
RevisionId naturalComparison(const std::vector<RevisionRecord>& revisions)
{
    RevisionId reference;
    for (auto revision = revisions.rbegin(); revision != revisions.rend(); ++revision) {
        if (revision->authorKind == AuthorKind::Model)
            return revision->id;
        if (revision->authorKind == AuthorKind::Import && !reference)
            reference = revision->id;
    }
    return reference;
}

} // namespace

QString revisionName(const RevisionRecord& revision)
{
    const QString author = QString::fromStdString(revision.author);
    switch (revision.authorKind) {
    case AuthorKind::Model:
        return CasePanel::tr("Proposal of %1").arg(author);
    case AuthorKind::Import:
        return CasePanel::tr("Reference %1").arg(QFileInfo(author).fileName());
    case AuthorKind::Person:
        break;
    }
    const QString time =
        QDateTime::fromMSecsSinceEpoch(revision.timeMs).toString(QStringLiteral("MM-dd HH:mm"));
    return revision.approved ? CasePanel::tr("Approved %1, %2").arg(time, author)
                             : CasePanel::tr("Saved %1, %2").arg(time, author);
}

CasePanel::CasePanel(CaseController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_card(new Card({}, this)),
      m_compareWith(new QComboBox(m_card)), m_dice(new FigureRow({}, m_card)),
      m_hd95(new FigureRow({}, m_card)), m_changed(new FigureRow({}, m_card)),
      m_note(makeLabel({}, "", m_card)), m_model(new SegmentFiguresModel(this)), m_table(new QTableView(m_card))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    m_compareWith->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_compareWith->setMinimumContentsLength(8);
    m_compareWith->setFixedWidth(compareWidth);
    m_card->addToTitle(m_compareWith);
    auto* figures = new QVBoxLayout;
    figures->setSpacing(4);
    for (FigureRow* row : {m_dice, m_hd95, m_changed})
        figures->addWidget(row);
    m_card->body()->addLayout(figures);
    m_note->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("caseNote"));
    m_card->body()->addWidget(m_note);
    buildTable();
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &CasePanel::compute);
    connect(m_compareWith, &QComboBox::activated, this, &CasePanel::compute);
    connectController();
    retranslate();
    m_controller.session() ? watchSession() : clear();
}

void CasePanel::buildTable()
{
    m_table->setModel(m_model);
    makeCalm(*m_table, rowHeight, 4);
    m_table->setTextElideMode(Qt::ElideMiddle); // left and right often stand at the end
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->setIconSize({10, 10});
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    m_table->horizontalHeader()->setSectionResizeMode(SegmentFiguresModel::Name, QHeaderView::Stretch);
    for (int column : {SegmentFiguresModel::Volume, SegmentFiguresModel::Dice, SegmentFiguresModel::Hd95})
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_card->body()->addWidget(m_table);
}

void CasePanel::connectController()
{
    connect(&m_controller, &CaseController::caseOpened, this, &CasePanel::watchSession);
    connect(&m_controller, &CaseController::caseClosed, this, &CasePanel::clear);
    connect(&m_controller, &CaseController::revisionsChanged, this, [this] {
        fillRevisions();
        invalidate();
    });
    connect(&m_controller, &CaseController::proposalChanged, this, [this] {
        fillRevisions();
        invalidate();
    });
}

void CasePanel::retranslate()
{
    m_card->titleLabel()->setText(tr("THIS CASE"));
    m_compareWith->setAccessibleName(tr("Compare with"));
    m_compareWith->setToolTip(tr("What the present mask is compared with"));
    m_dice->setName(tr("Dice, mean of segments"));
    m_hd95->setName(tr("HD95, largest"));
    m_changed->setName(tr("Changed"));
    m_changed->setToolTip(tr("What differs, and the strokes since the last sign-off"));
}

void CasePanel::watchSession()
{
    CaseSession* session = m_controller.session();
    connect(session, &CaseSession::labelsChanged, this, &CasePanel::invalidate);
    connect(session, &CaseSession::segmentsChanged, this, &CasePanel::invalidate);
    connect(session, &CaseSession::historyChanged, this,
            [this, session] { showStrokes(static_cast<int>(session->document().history().cursor())); });
    m_compareWith->clear();
    m_compareWith->setEnabled(true);
    showNote();
    fillRevisions();
    showStrokes(static_cast<int>(session->document().history().cursor()));
    compute();
}

void CasePanel::fillRevisions()
{
    const bool first = m_compareWith->count() == 0;
    const RevisionId chosen = comparedWith();
    m_compareWith->clear();
    m_compareWith->addItem(tr("Compare with nothing"), QVariant::fromValue<qint64>(0));
    if (!m_controller.caseId())
        return;
    const auto revisions = m_controller.workbench().workspace().revisions(m_controller.caseId());
    if (!revisions)
        return;
    for (auto revision = revisions->rbegin(); revision != revisions->rend(); ++revision)
        m_compareWith->addItem(revisionName(*revision), QVariant::fromValue<qint64>(revision->id.value));
    const RevisionId wanted = first || !chosen ? naturalComparison(*revisions) : chosen;
    m_compareWith->setCurrentIndex(
        std::max(0, m_compareWith->findData(QVariant::fromValue<qint64>(wanted.value))));
}

RevisionId CasePanel::comparedWith() const
{
    return RevisionId{m_compareWith->currentData().value<qint64>()};
}

void CasePanel::invalidate()
{
    ++m_generation;
    if (m_job)
        m_job->cancel();
    m_rest.start();
}

void CasePanel::compute()
{
    m_rest.stop();
    if (m_job)
        m_job->cancel();
    if (!m_controller.session())
        return;
    if (m_controller.session()->document().strokeOpen())
        return m_rest.start();
    const LabelMap present = m_controller.session()->document().labels();
    const RevisionId other = comparedWith();
    const quint64 generation = ++m_generation;
    m_job = m_controller.jobs().run<MaskFigures>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Measuring the mask")}, this,
        [present, other](Workbench& workbench, std::stop_token stop,
                         const JobReport&) -> Result<MaskFigures> {
            if (!other)
                return volumeFigures(present);
            const auto mask = workbench.workspace().loadMask(other);
            if (!mask)
                return mask.error();
            return compareMasks(*mask, present, stop);
        },
        [this, generation](Result<MaskFigures> figures) {
            if (generation != m_generation)
                return;
            if (figures)
                showFigures(*figures);
            else if (figures.error().code != ErrorCode::Cancelled)
                Q_EMIT m_controller.failed(figures.error());
        });
}

void CasePanel::showFigures(const MaskFigures& figures)
{
    const bool several = figures.segments.size() > 1; // the table tells it of a single one
    m_dice->setVisible(several && figures.compared);
    m_hd95->setVisible(several && figures.compared);
    m_dice->setFigure(paneltext::dice(figures.dice));
    m_hd95->setFigure(paneltext::millimetres(figures.hd95Mm));
    m_changedMl = figures.compared ? std::optional(figures.changedMl) : std::nullopt;
    showChanged();
    m_model->setFigures(figures.segments);
    const int rows = std::clamp(m_model->rowCount(), 0, rowsShown);
    m_table->setVisible(rows > 0);
    m_table->setFixedHeight(rows * rowHeight + m_table->horizontalHeader()->sizeHint().height() + 2);
}

void CasePanel::showNote()
{
    const CaseSession* session = m_controller.session();
    const ImageInfo info = session ? session->record().series.info : ImageInfo{};
    const bool measurable = isMeasurable(info);
    QString text;
    if (!measurable)
        text = tr("Not to be measured: volumes and distances are those of an approximate grid.");
    else if (hasWarning(info, "regularised"))
        text = tr("The slices were resampled onto an even grid.");
    QStringList reasons;
    for (const Warning& warning : info.warnings)
        reasons << translatedSentence(warning.text);
    m_note->setText(text);
    m_note->setToolTip(reasons.join(QLatin1Char('\n')));
    m_note->setVisible(!text.isEmpty());
    m_note->setStyleSheet(QStringLiteral("color: %1;").arg((measurable ? theme::secondaryText : theme::amber).name()));
}

void CasePanel::showStrokes(int strokes)
{
    m_strokes = strokes;
    showChanged();
}

void CasePanel::showChanged()
{
    const QString strokes = m_strokes == 1 ? tr("1 stroke") : tr("%1 strokes").arg(m_strokes);
    m_changed->setFigure(m_changedMl ? paneltext::millilitres(m_changedMl) + QStringLiteral(" · ") + strokes
                                     : strokes);
}

void CasePanel::clear()
{
    ++m_generation;
    m_rest.stop();
    m_compareWith->clear();
    m_compareWith->setEnabled(false);
    showFigures({});
    showNote();
    m_changed->setFigure(QStringLiteral("–"));
}

void CasePanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showNote();
        fillRevisions();
    }
    QWidget::changeEvent(event);
}

} // namespace annotomy
