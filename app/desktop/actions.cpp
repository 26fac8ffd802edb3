#include "app/desktop/actions.h"

#include <QAction>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace annotomy {

QString groupName(ActionGroup group)
{
    switch (group) {
    case ActionGroup::Tools:
        return Actions::tr("Tools");
    case ActionGroup::Segments:
        return Actions::tr("Segments");
    case ActionGroup::View:
        return Actions::tr("View");
    case ActionGroup::Navigation:
        return Actions::tr("Moving through the images");
    case ActionGroup::Case:
        return Actions::tr("Case");
    case ActionGroup::Window:
        break;
    }
    return Actions::tr("Window");
}

Actions::Actions(QWidget* window) : QObject(window), m_window(window) {}

QAction* Actions::add(const QString& id, ActionGroup group, const QString& text,
                      const QList<QKeySequence>& keys, std::function<void()> perform, QWidget* scope)
{
    auto* action = new QAction(text, this);
    action->setShortcuts(keys);
    action->setShortcutContext(scope ? Qt::WidgetWithChildrenShortcut : Qt::WindowShortcut);
    action->setObjectName(id);
    (scope ? scope : m_window)->addAction(action);
    connect(action, &QAction::triggered, this, [perform = std::move(perform)] { perform(); });
    m_entries.push_back({id, group, action});
    return action;
}

void Actions::describe(ActionGroup group, const QString& text, const QString& gesture)
{
    m_gestures.push_back({group, text, gesture});
}

QAction* Actions::find(const QString& id) const
{
    const auto entry =
        std::find_if(m_entries.begin(), m_entries.end(), [&id](const Entry& e) { return e.id == id; });
    return entry == m_entries.end() ? nullptr : entry->action;
}

QString keyText(const QAction* action)
{
    QStringList keys;
    for (const QKeySequence& sequence : action->shortcuts()) {
        QString text = sequence.toString(QKeySequence::PortableText); // Qt's translated names are long
        text.replace(QStringLiteral("Return"), QStringLiteral("⏎"));
        text.replace(QStringLiteral("Enter"), QStringLiteral("⏎"));
        text.replace(QStringLiteral("Left"), QStringLiteral("←"));
        text.replace(QStringLiteral("Right"), QStringLiteral("→"));
        text.replace(QStringLiteral("Up"), QStringLiteral("↑"));
        text.replace(QStringLiteral("Down"), QStringLiteral("↓"));
        text.replace(QStringLiteral("Pg↑"), QStringLiteral("PgUp"));
        text.replace(QStringLiteral("Pg↓"), QStringLiteral("PgDn"));
        text.replace(QStringLiteral("PgDown"), QStringLiteral("PgDn"));
        keys << text;
    }
    keys.removeDuplicates();
    return keys.join(QStringLiteral("  "));
}

} // namespace annotomy
