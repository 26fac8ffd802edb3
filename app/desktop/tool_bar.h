#pragma once

#include "app/desktop/actions.h"
#include "app/desktop/case_controller.h"
#include "app/desktop/tool_settings.h"

#include <QFrame>
#include <QToolButton>

class QButtonGroup;
class QLabel;
class QPushButton;

namespace annotomy {

// A tool's name with its key beneath.
class KeyedButton : public QToolButton {
    Q_OBJECT

public:
    KeyedButton(const QString& name, const QString& key, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

// The bar on top: the case in work, the tools, undo and redo, and the one button that signs off.
class ToolBar : public QFrame {
    Q_OBJECT

public:
    ToolBar(CaseController& controller, ToolSettings& settings, const Actions& actions,
            QWidget* parent = nullptr);

    void setLeftWidth(int width); // the tools begin where the images begin

private:
    QWidget* brand();
    QWidget* studiesMenu();
    QPushButton* button(const char* actionId, const char* role, const QString& text);
    void showCase();
    void showHistory();

    CaseController& m_controller;
    const Actions& m_actions;
    QWidget* m_brand;
    QLabel* m_subject;
    QButtonGroup* m_tools;
    QPushButton *m_undo, *m_redo, *m_save, *m_approve;
};

} // namespace annotomy
