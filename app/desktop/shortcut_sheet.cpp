#include "app/desktop/shortcut_sheet.h"

#include "app/desktop/theme.h"

#include <QAction>
#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace annotomy {

namespace {

QWidget* keyRow(const QString& text, const QStringList& keys, QWidget* parent)
{
    auto* row = new QWidget(parent);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 1, 0, 1);
    layout->setSpacing(4);
    layout->addWidget(new QLabel(text, row), 1);
    for (const QString& key : keys) {
        auto* cap = new QLabel(key, row);
        cap->setObjectName(QStringLiteral("keyCap"));
        cap->setAlignment(Qt::AlignCenter);
        layout->addWidget(cap);
    }
    return row;
}

} // namespace

ShortcutSheet::ShortcutSheet(const Actions& actions, QWidget* parent)
    : QWidget(parent), m_card(new QFrame(this))
{
    setFocusPolicy(Qt::StrongFocus);
    theme::setRole(m_card, "card");
    m_card->setStyleSheet(QStringLiteral(
        "QLabel#keyCap { background: #242c34; border: 1px solid #37424d; border-bottom-width: 2px; "
        "border-radius: 4px; padding: 1px 6px; color: #d5dbe1; font-size: 12px; }"));
    auto* heading = new QLabel(tr("Keys and mouse"), m_card);
    theme::setRole(heading, "heading");
    auto* hint = new QLabel(tr("Any key closes this sheet"), m_card);
    theme::setRole(hint, "faint");

    auto* columns = new QHBoxLayout;
    columns->setSpacing(48);
    const std::vector<std::vector<ActionGroup>> plan{{ActionGroup::Tools, ActionGroup::Segments},
                                                     {ActionGroup::Navigation, ActionGroup::View},
                                                     {ActionGroup::Case, ActionGroup::Window}};
    for (const auto& groups : plan) {
        auto* column = new QVBoxLayout;
        column->setSpacing(2);
        for (const ActionGroup group : groups)
            addGroup(actions, group, column);
        column->addStretch(1);
        columns->addLayout(column, 1);
    }
    auto* top = new QHBoxLayout;
    top->addWidget(heading, 1);
    top->addWidget(hint);
    auto* layout = new QVBoxLayout(m_card);
    layout->setContentsMargins(32, 24, 32, 28);
    layout->setSpacing(16);
    layout->addLayout(top);
    layout->addLayout(columns);
    auto* outer = new QHBoxLayout(this);
    outer->addStretch(1);
    outer->addWidget(m_card, 0, Qt::AlignCenter);
    outer->addStretch(1);

    parent->installEventFilter(this);
    setGeometry(parent->rect());
    raise();
    show();
    setFocus();
}

void ShortcutSheet::addGroup(const Actions& actions, ActionGroup group, QVBoxLayout* column)
{
    auto* title = new QLabel(groupName(group), m_card);
    title->setStyleSheet(QStringLiteral("color: %1; font-weight: 600;").arg(theme::blue.name()));
    column->addSpacing(column->count() > 0 ? 14 : 0);
    column->addWidget(title);
    for (const Actions::Entry& entry : actions.entries()) {
        if (entry.group != group)
            continue;
        m_shown << entry.id;
        const bool numbered = entry.id.startsWith(QLatin1String("segment")); // nine that fit on one line
        if (numbered && entry.id != QLatin1String("segment1"))
            continue;
        const QStringList keys = keyText(entry.action).split(QStringLiteral("  "), Qt::SkipEmptyParts);
        column->addWidget(numbered ? keyRow(tr("Segments of the list"), {QStringLiteral("1 … 9")}, m_card)
                                   : keyRow(entry.action->text(), keys, m_card));
    }
    for (const Actions::Gesture& gesture : actions.gestures())
        if (gesture.group == group)
            column->addWidget(keyRow(gesture.text, {gesture.gesture}, m_card));
}

void ShortcutSheet::dismiss()
{
    Q_EMIT closed();
    deleteLater();
    hide();
}

bool ShortcutSheet::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void ShortcutSheet::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), QColor(0, 0, 0, 170));
}

bool ShortcutSheet::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept(); // the next key closes the sheet instead of acting
        return true;
    }
    return QWidget::event(event);
}

void ShortcutSheet::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Shift:
    case Qt::Key_Control:
    case Qt::Key_Alt:
    case Qt::Key_Meta:
        return;
    default:
        dismiss();
    }
}

void ShortcutSheet::mousePressEvent(QMouseEvent*)
{
    dismiss();
}

} // namespace annotomy
