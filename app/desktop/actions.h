#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QAction;
class QWidget;

namespace annotomy {

enum class ActionGroup { Tools, Segments, View, Navigation, Case, Window };
QString groupName(ActionGroup group);

// Every action of the window with its keys: the one list that the window obeys and the shortcut sheet shows.
class Actions : public QObject {
    Q_OBJECT

public:
    explicit Actions(QWidget* window);

    struct Entry {
        QString id; // stable, English
        ActionGroup group;
        QAction* action;
    };
    struct Gesture { // of the mouse: shown in the sheet, performed by the panes
        ActionGroup group;
        QString text, gesture;
    };

    // Works in the whole window; `scope` narrows it to a widget and its children (arrow keys).
    QAction* add(const QString& id, ActionGroup group, const QString& text, const QList<QKeySequence>& keys,
                 std::function<void()> perform, QWidget* scope = nullptr);
    void describe(ActionGroup group, const QString& text, const QString& gesture);

    QAction* find(const QString& id) const; // null when there is none
    const std::vector<Entry>& entries() const { return m_entries; }
    const std::vector<Gesture>& gestures() const { return m_gestures; }

private:
    QWidget* m_window;
    std::vector<Entry> m_entries;
    std::vector<Gesture> m_gestures;
};

QString keyText(const QAction* action); // "Ctrl+Z", "1 … 9", as shown

} // namespace annotomy
