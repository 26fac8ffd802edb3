#pragma once

#include "app/desktop/actions.h"

#include <QWidget>

class QFrame;
class QVBoxLayout;

namespace annotomy {

// The keys of the window on one sheet, laid over it. Any key or click closes it.
class ShortcutSheet : public QWidget {
    Q_OBJECT

public:
    ShortcutSheet(const Actions& actions, QWidget* parent);

    QStringList shownActions() const { return m_shown; } // ids, in order

Q_SIGNALS:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void addGroup(const Actions& actions, ActionGroup group, QVBoxLayout* column);
    void dismiss();

    QFrame* m_card;
    QStringList m_shown;
};

} // namespace annotomy
