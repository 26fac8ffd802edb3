#include "app/desktop/panels/worklist_panel.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/case_delegate.h"
#include "app/desktop/panels/case_menu.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/suggestion_bar.h"
#include "app/desktop/panels/worklist_filter_bar.h"
#include "app/desktop/theme.h"

#include <QButtonGroup>
#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace annotomy {

namespace {

constexpr std::array states{StateFilter::All, StateFilter::Next, StateFilter::Proposed, StateFilter::InWork,
                             StateFilter::Approved};

constexpr int typingMs = 120;

} // namespace

WorklistPanel::WorklistPanel(CaseController& controller, QWidget* parent)
    : WorklistPanel(controller, systemFileChooser(), parent)
{
}

WorklistPanel::WorklistPanel(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_chooser(chooser), m_model(new CaseListModel(this)),
      m_filter(new WorklistFilterModel(*m_model, this)), m_search(new QLineEdit(this)),
      m_chips(new QButtonGroup(this)), m_filters(new WorklistFilterBar(this)),
      m_suggestion(new SuggestionBar(controller, this)), m_typing(new QTimer(this)),
      m_stack(new QStackedWidget(this)), m_view(new QListView(this)),
      m_emptyText(new QLabel(this)), m_emptyAction(nullptr)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 4, 0);
    column->setSpacing(10);
    auto* head = new QVBoxLayout; // ends where the cases end, left of their scroll bar
    head->setContentsMargins(0, 0, 8, 0);
    head->setSpacing(10);
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(30);
    head->addWidget(m_search);
    auto* chips = new QWidget(this);
    buildChips(new FlowLayout(chips, 4));
    head->addWidget(chips);
    head->addWidget(m_filters);
    head->addWidget(m_suggestion);
    column->addLayout(head);
    buildView();
    column->addWidget(m_stack, 1);
    m_typing->setSingleShot(true);
    m_typing->setInterval(typingMs);
    connect(m_search, &QLineEdit::textChanged, m_typing, qOverload<>(&QTimer::start));
    connect(m_typing, &QTimer::timeout, this, &WorklistPanel::search);
    connect(m_filters, &WorklistFilterBar::changed, this, &WorklistPanel::search);
    connect(
        m_model, &CaseListModel::completionWanted, this, &WorklistPanel::completeRows, Qt::QueuedConnection);
    connect(m_suggestion, &SuggestionBar::suggested, this, &WorklistPanel::openCase);
    m_search->installEventFilter(this);
    connectController();
    retranslate();
    refresh();
}

void WorklistPanel::buildChips(QLayout* into)
{
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto* chip = new QToolButton(this);
        chip->setCheckable(true);
        chip->setFocusPolicy(Qt::TabFocus);
        theme::setRole(chip, "chip");
        chip->setStyleSheet(QStringLiteral("font-size: 12px; padding: 3px 8px;"));
        m_chips->addButton(chip, static_cast<int>(i));
        into->addWidget(chip);
    }
    m_chips->button(0)->setChecked(true);
    connect(m_chips, &QButtonGroup::idClicked, this, [this](int id) {
        m_filter->setFilter(states[static_cast<std::size_t>(id)]);
        selectOpenCase();
        showEmptyState();
    });
}

void WorklistPanel::buildView()
{
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new CaseDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->verticalScrollBar()->setSingleStep(24);
    m_view->installEventFilter(this);
    connect(m_view, &QListView::clicked, this, &WorklistPanel::openIndex);
    connect(m_view, &QListView::customContextMenuRequested, this, &WorklistPanel::showMenu);

    auto* empty = new QWidget(m_stack);
    auto* column = new QVBoxLayout(empty);
    column->setContentsMargins(8, 24, 8, 8);
    column->setSpacing(12);
    m_emptyText->setWordWrap(true);
    m_emptyText->setAlignment(Qt::AlignHCenter);
    theme::setRole(m_emptyText, "secondary");
    column->addWidget(m_emptyText);
    auto* import = makeButton({}, "quiet", empty);
    connect(import, &QPushButton::clicked, this, &WorklistPanel::importRequested);
    m_emptyAction = import;
    column->addWidget(import, 0, Qt::AlignHCenter);
    column->addStretch(1);
    m_stack->addWidget(m_view);
    m_stack->addWidget(empty);
}

void WorklistPanel::connectController()
{
    connect(&m_controller, &CaseController::caseListChanged, this, [this] {
        refreshOpenCase();
        refresh();
    });
    connect(&m_controller, &CaseController::caseOpened, this, [this] {
        m_requested = {};
        refreshOpenCase(); // it may have got its thumbnail
        selectOpenCase();
    });
    connect(&m_controller, &CaseController::caseClosed, this, &WorklistPanel::selectOpenCase);
    connect(&m_controller, &CaseController::failed, this, [this] { m_requested = {}; });
    connect(&m_controller, &CaseController::fileMissing, this, [this] { m_requested = {}; });
}

void WorklistPanel::retranslate()
{
    m_search->setPlaceholderText(tr("Search patients, studies…"));
    m_search->setAccessibleName(tr("Search the worklist"));
    m_view->setAccessibleName(tr("Worklist"));
    m_filters->retranslate();
    m_suggestion->retranslate();
    static_cast<QPushButton*>(m_emptyAction)->setText(tr("Import images…"));
    showCounts();
    showEmptyState();
}

void WorklistPanel::showCounts()
{
    const std::array names{tr("All"), tr("Next"), tr("Proposed"), tr("In work"), tr("Approved")};
    for (std::size_t i = 0; i < states.size(); ++i)
        m_chips->button(static_cast<int>(i))
            ->setText(QStringLiteral("%1 %2").arg(names[i], QLocale().toString(m_model->count(states[i]))));
}

void WorklistPanel::showEmptyState()
{
    const bool none = m_model->rowCount() == 0 && m_search->text().trimmed().isEmpty() && !m_filters->restricts();
    m_emptyText->setText(
        none ? tr("No cases yet. Import a folder with CT or MR studies, or drop it on this window.")
             : tr("No case matches."));
    m_emptyAction->setVisible(none);
    m_filters->setVisible(!none);
    m_suggestion->setVisible(!none);
    m_stack->setCurrentIndex(m_everRead && m_filter->rowCount() == 0 ? 1 : 0);
}

void WorklistPanel::refresh()
{
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    m_readJob = m_controller.jobs().run<std::vector<WorklistRow>>(
        Job::Kind::Other, {}, this, // untitled: it runs at every letter typed
        [filter = wantedCases()](Workbench& workbench, std::stop_token stop, const JobReport&) {
            return readWorklist(workbench.workspace(), filter, stop);
        },
        [this](Result<std::vector<WorklistRow>> rows) {
            m_reading = false;
            if (rows)
                showRows(std::move(*rows));
            else if (rows.error().code != ErrorCode::Cancelled)
                Q_EMIT m_controller.failed(rows.error());
            if (std::exchange(m_readAgain, false))
                refresh();
        });
}

void WorklistPanel::search()
{
    m_fromTop = true;
    if (m_readJob)
        m_readJob->cancel(); // nobody waits for that answer any more
    refresh();
}

// A modality among the words is one, as in "smith ct": the workspace looks for words in names and descriptions.
CaseFilter WorklistPanel::wantedCases() const
{
    CaseFilter filter;
    m_filters->restrict(filter);
    QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype n = 0; n < words.size() && filter.modality.empty(); ++n)
        if (const QString word = words[n].toUpper(); m_filters->modalities().contains(word)) {
            filter.modality = word.toStdString();
            words.removeAt(n);
        }
    filter.text = words.join(QLatin1Char(' ')).toStdString();
    return filter;
}

void WorklistPanel::completeRows()
{
    if (m_completing)
        return;
    const std::vector<CaseId> wanted = m_model->takeWanted();
    if (wanted.empty())
        return;
    m_completing = true;
    m_controller.jobs().run<std::vector<WorklistRow>>(
        Job::Kind::Other, {}, this,
        [wanted](Workbench& workbench, std::stop_token stop, const JobReport&) -> Result<std::vector<WorklistRow>> {
            return readWorklistRows(workbench.workspace(), wanted, stop);
        },
        [this](Result<std::vector<WorklistRow>> rows) {
            m_completing = false;
            if (rows)
                for (const WorklistRow& row : *rows)
                    m_model->updateRow(row);
            completeRows(); // what was looked at meanwhile
        });
}

// Those of the cases shown while nothing restricts them: a choice made does not take the others away.
void WorklistPanel::offerModalities()
{
    if (m_filters->restricts() || !m_search->text().trimmed().isEmpty())
        return;
    QStringList modalities;
    for (const WorklistRow& row : m_model->rows())
        if (!row.modality.isEmpty() && !modalities.contains(row.modality))
            modalities << row.modality;
    modalities.sort();
    m_filters->setModalities(modalities);
}

void WorklistPanel::showRows(std::vector<WorklistRow> rows)
{
    const int scroll = std::exchange(m_fromTop, false) ? 0 : m_view->verticalScrollBar()->value();
    m_everRead = true;
    m_model->setRows(std::move(rows));
    offerModalities();
    showCounts();
    showEmptyState();
    selectOpenCase();
    m_view->verticalScrollBar()->setValue(scroll);
    openTopIfWanted();
}

void WorklistPanel::openTopWhenRead()
{
    m_openTop = true;
    if (m_everRead)
        openTopIfWanted();
}

void WorklistPanel::openTopIfWanted()
{
    const bool wanted = std::exchange(m_openTop, false);
    if (wanted && !m_controller.caseId() && !m_controller.opening())
        openIndex(m_filter->index(0, 0));
}

void WorklistPanel::refreshOpenCase()
{
    if (!m_controller.caseId())
        return;
    const auto row = readWorklistRow(m_controller.workbench().workspace(), m_controller.caseId());
    if (!row)
        return;
    m_model->updateRow(*row);
    showCounts();
}

void WorklistPanel::selectOpenCase()
{
    const int row = m_model->rowOf(m_requested ? m_requested : m_controller.caseId());
    const QModelIndex index = row < 0 ? QModelIndex() : m_filter->mapFromSource(m_model->index(row));
    if (index == m_view->currentIndex())
        return;
    m_view->setCurrentIndex(index);
    if (index.isValid())
        m_view->scrollTo(index);
    else
        m_view->clearSelection();
}

CaseId WorklistPanel::caseAt(const QModelIndex& index) const
{
    return CaseId{index.data(CaseListModel::IdRole).value<qint64>()};
}

void WorklistPanel::openIndex(const QModelIndex& index)
{
    openCase(caseAt(index));
}

void WorklistPanel::openCase(CaseId id)
{
    if (!id || id == m_controller.caseId())
        return;
    m_requested = id;
    m_controller.openCase(id);
}

void WorklistPanel::step(int rows)
{
    const QModelIndex current = m_view->currentIndex();
    const QModelIndex next = m_filter->index(current.isValid() ? current.row() + rows : 0, 0);
    if (!next.isValid())
        return;
    m_view->setCurrentIndex(next);
    m_view->scrollTo(next);
    openIndex(next);
}

void WorklistPanel::openNext()
{
    step(1);
}

void WorklistPanel::openPrevious()
{
    step(-1);
}

void WorklistPanel::suggestNext()
{
    m_suggestion->suggest();
}

void WorklistPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

bool WorklistPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (watched == m_search && key == Qt::Key_Down) {
        m_view->setFocus(Qt::OtherFocusReason);
        if (!m_view->currentIndex().isValid())
            m_view->setCurrentIndex(m_filter->index(0, 0));
        return true;
    }
    if (watched == m_view && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        openIndex(m_view->currentIndex());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void WorklistPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    QWidget::changeEvent(event);
}

void WorklistPanel::showMenu(const QPoint& position)
{
    const QModelIndex index = m_view->indexAt(position);
    if (const CaseId id = caseAt(index))
        showCaseMenu(m_controller, m_chooser, id, index.data(Qt::DisplayRole).toString(), this,
                     m_view->viewport()->mapToGlobal(position));
}

} // namespace annotomy
