#include "app/desktop/panels/worklist_filter_bar.h"

#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QDateEdit>
#include <QDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

using Dates = WorklistFilterBar::Dates;

constexpr std::array allDates{Dates::Any, Dates::Today, Dates::Week, Dates::Month, Dates::Year, Dates::Between};

QString nameOf(Dates dates)
{
    switch (dates) {
    case Dates::Any:
        return WorklistFilterBar::tr("Any date");
    case Dates::Today:
        return WorklistFilterBar::tr("Today");
    case Dates::Week:
        return WorklistFilterBar::tr("Last 7 days");
    case Dates::Month:
        return WorklistFilterBar::tr("Last 30 days");
    case Dates::Year:
        return WorklistFilterBar::tr("Last 12 months");
    case Dates::Between:
        break;
    }
    return WorklistFilterBar::tr("Between two dates…");
}

std::string dicomDate(const QDate& date)
{
    return date.toString(QStringLiteral("yyyyMMdd")).toStdString();
}

QToolButton* menuButton(QMenu* menu, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMinimumHeight(24);
    return button;
}

} // namespace

WorklistFilterBar::WorklistFilterBar(QWidget* parent)
    : QWidget(parent), m_modalityButton(nullptr), m_dateButton(nullptr), m_modalityMenu(new QMenu(this)),
      m_dateMenu(new QMenu(this))
{
    m_modalityButton = menuButton(m_modalityMenu, this);
    m_dateButton = menuButton(m_dateMenu, this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_modalityButton);
    row->addWidget(m_dateButton);
    row->addStretch(1);
    retranslate();
}

void WorklistFilterBar::retranslate()
{
    m_modalityButton->setAccessibleName(tr("Modality"));
    m_dateButton->setAccessibleName(tr("Study date"));
    fillMenus();
    showTexts();
}

void WorklistFilterBar::fillMenus()
{
    m_modalityMenu->clear();
    connect(m_modalityMenu->addAction(tr("Any modality")), &QAction::triggered, this, [this] { setModality({}); });
    for (const QString& modality : m_modalities)
        connect(m_modalityMenu->addAction(modality), &QAction::triggered, this,
                [this, modality] { setModality(modality); });
    m_dateMenu->clear();
    for (const Dates dates : allDates)
        connect(m_dateMenu->addAction(nameOf(dates)), &QAction::triggered, this, [this, dates] {
            if (dates == Dates::Between)
                askForDates();
            else
                setDates(dates);
        });
}

void WorklistFilterBar::showTexts()
{
    const auto show = [](QToolButton* button, const QString& text, bool restricts) {
        button->setText(text + QStringLiteral("  ▾"));
        button->setStyleSheet(QStringLiteral("QToolButton { font-size: 12px; padding: 2px 6px; color: %1; }")
                                  .arg((restricts ? theme::blue : theme::secondaryText).name()));
    };
    show(m_modalityButton, m_modality.isEmpty() ? tr("Any modality") : m_modality, !m_modality.isEmpty());
    const QLocale locale;
    const QString dates = m_dates == Dates::Between
                              ? QStringLiteral("%1 – %2").arg(locale.toString(m_from, QLocale::ShortFormat),
                                                              locale.toString(m_to, QLocale::ShortFormat))
                              : nameOf(m_dates);
    show(m_dateButton, dates, m_dates != Dates::Any);
}

void WorklistFilterBar::setModalities(const QStringList& modalities)
{
    if (modalities == m_modalities)
        return;
    m_modalities = modalities;
    fillMenus();
}

void WorklistFilterBar::setModality(const QString& modality)
{
    if (modality == m_modality)
        return;
    m_modality = modality;
    showTexts();
    Q_EMIT changed();
}

void WorklistFilterBar::setDates(Dates dates)
{
    if (dates == m_dates && dates != Dates::Between)
        return;
    m_dates = dates;
    showTexts();
    Q_EMIT changed();
}

void WorklistFilterBar::setBetween(const QDate& from, const QDate& to)
{
    m_from = std::min(from, to);
    m_to = std::max(from, to);
    setDates(Dates::Between);
}

bool WorklistFilterBar::restricts() const
{
    return !m_modality.isEmpty() || m_dates != Dates::Any;
}

void WorklistFilterBar::clear()
{
    if (!restricts())
        return;
    m_modality.clear();
    m_dates = Dates::Any;
    showTexts();
    Q_EMIT changed();
}

void WorklistFilterBar::restrict(CaseFilter& filter, const QDate& today) const
{
    filter.modality = m_modality.toStdString();
    switch (m_dates) {
    case Dates::Any:
        return;
    case Dates::Today:
        filter.fromDate = dicomDate(today);
        break;
    case Dates::Week:
        filter.fromDate = dicomDate(today.addDays(-6));
        break;
    case Dates::Month:
        filter.fromDate = dicomDate(today.addDays(-29));
        break;
    case Dates::Year:
        filter.fromDate = dicomDate(today.addYears(-1).addDays(1));
        break;
    case Dates::Between:
        filter.fromDate = dicomDate(m_from);
        filter.toDate = dicomDate(m_to);
        return;
    }
    filter.toDate = dicomDate(today);
}

void WorklistFilterBar::askForDates()
{
    QDialog dialog(window());
    dialog.setWindowTitle(tr("Study date"));
    const QDate today = QDate::currentDate();
    auto* from = new QDateEdit(m_from.isValid() ? m_from : today.addMonths(-1), &dialog);
    auto* to = new QDateEdit(m_to.isValid() ? m_to : today, &dialog);
    auto* row = new QHBoxLayout;
    for (QDateEdit* field : {from, to}) {
        field->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
        field->setMinimumHeight(30);
        field->setMinimumWidth(120);
    }
    from->setAccessibleName(tr("From"));
    to->setAccessibleName(tr("To"));
    row->addWidget(makeLabel(tr("From"), "secondary", &dialog));
    row->addWidget(from);
    row->addWidget(makeLabel(tr("To"), "secondary", &dialog));
    row->addWidget(to);
    auto* buttons = new QHBoxLayout;
    auto* cancel = makeButton(tr("Cancel"), "quiet", &dialog);
    auto* show = makeButton(tr("Show"), "primary", &dialog);
    show->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(show);
    auto* column = new QVBoxLayout(&dialog);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addLayout(row);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    connect(show, &QPushButton::clicked, &dialog, &QDialog::accept);
    if (dialog.exec() == QDialog::Accepted)
        setBetween(from->date(), to->date());
}

} // namespace annotomy
