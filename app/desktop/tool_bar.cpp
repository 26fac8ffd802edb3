#include "app/desktop/tool_bar.h"

#include "app/desktop/theme.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionToolButton>

#include <algorithm>

namespace annotomy {

namespace {

constexpr int barHeight = 50;

QFont keyFont(const QFont& font)
{
    QFont small = font;
    small.setPixelSize(10);
    return small;
}

} // namespace

KeyedButton::KeyedButton(const QString& name, const QString& key, QWidget* parent)
    : QToolButton(parent), m_key(key)
{
    setText(name);
    setToolTip(QStringLiteral("%1  %2").arg(name, key));
    setAccessibleName(name);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
}

QSize KeyedButton::sizeHint() const
{
    return {std::max(44, fontMetrics().horizontalAdvance(text()) + 24), 38};
}

void KeyedButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ground = isChecked()    ? theme::selection
                          : isDown()     ? theme::line
                          : underMouse() ? QColor(0x1d, 0x23, 0x29)
                                         : QColor();
    if (ground.isValid() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(theme::blue, 1) : QPen(Qt::NoPen));
        painter.setBrush(ground.isValid() ? QBrush(ground) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    const QRect nameRect = rect().adjusted(0, 4, 0, -15);
    painter.setPen(!isEnabled() ? QColor(0x5a, 0x65, 0x70) : isChecked() ? QColor(Qt::white) : theme::text);
    painter.drawText(nameRect, Qt::AlignCenter, text());
    painter.setFont(keyFont(font()));
    painter.setPen(!isEnabled() ? QColor(0x4b, 0x55, 0x5f) : isChecked() ? QColor(0xb4, 0xd4, 0xee) : theme::faintText);
    painter.drawText(rect().adjusted(0, 21, 0, -4), Qt::AlignCenter, m_key);
}

ToolBar::ToolBar(CaseController& controller, ToolSettings& settings, const Actions& actions, QWidget* parent)
    : QFrame(parent), m_controller(controller), m_actions(actions), m_brand(brand()),
      m_tools(new QButtonGroup(this)), m_undo(button("undo", nullptr, tr("Undo"))),
      m_redo(button("redo", nullptr, tr("Redo"))), m_save(button("save", nullptr, tr("Save"))),
      m_approve(button("approve", "primary", tr("Approve  Ctrl ⏎")))
{
    theme::setRole(this, "bar");
    setFixedHeight(barHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 12, 0);
    layout->setSpacing(4);
    layout->addWidget(m_brand);
    for (const ToolKind kind : allTools) {
        const QAction* action = actions.find(QStringLiteral("tool%1").arg(static_cast<int>(kind)));
        auto* tool = new KeyedButton(toolName(kind), action ? keyText(action) : QString(), this);
        m_tools->addButton(tool, static_cast<int>(kind));
        layout->addWidget(tool);
    }
    layout->addStretch(1);
    layout->addWidget(studiesMenu());
    layout->addSpacing(8);
    layout->addWidget(m_undo);
    layout->addWidget(m_redo);
    layout->addWidget(m_save);
    layout->addWidget(m_approve);

    m_tools->button(static_cast<int>(settings.tool()))->setChecked(true);
    connect(m_tools, &QButtonGroup::idClicked, &settings,
            [&settings](int id) { settings.setTool(static_cast<ToolKind>(id)); });
    connect(&settings, &ToolSettings::toolChanged, this,
            [this](ToolKind tool) { m_tools->button(static_cast<int>(tool))->setChecked(true); });
    connect(&controller, &CaseController::caseOpened, this, &ToolBar::showCase);
    connect(&controller, &CaseController::caseClosed, this, &ToolBar::showCase);
    connect(&controller, &CaseController::revisionsChanged, this, &ToolBar::showHistory);
    showCase();
}

QWidget* ToolBar::brand()
{
    auto* widget = new QWidget(this);
    auto* layout = new QHBoxLayout(widget);
    layout->setContentsMargins(14, 0, 8, 0);
    layout->setSpacing(6);
    auto* name = new QLabel(QStringLiteral("Annotomy"), widget);
    name->setStyleSheet(QStringLiteral("font-size: 15px; font-weight: 600; color: #eef1f4;"));
    m_subject = new QLabel(widget);
    theme::setRole(m_subject, "secondary");
    layout->addWidget(name);
    layout->addWidget(m_subject, 1);
    return widget;
}

// What concerns studies rather than the mask in work, for those who do not know the keys.
QWidget* ToolBar::studiesMenu()
{
    auto* button = new QToolButton(this);
    button->setText(tr("Studies") + QStringLiteral("  ▾"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMinimumHeight(28);
    auto* menu = new QMenu(button);
    for (const char* id : {"import", "attach", "inbox", "relinkAll", "", "export", "exportImage", "exportDataset", "deidentify", "", "study", "revisions", "proposeWith", "", "models", "plan", "judge", "compute"}) {
        if (*id == '\0')
            menu->addSeparator();
        else if (QAction* action = m_actions.find(QLatin1String(id)))
            menu->addAction(action);
    }
    button->setMenu(menu);
    return button;
}

void ToolBar::setLeftWidth(int width)
{
    m_brand->setFixedWidth(width);
}

QPushButton* ToolBar::button(const char* actionId, const char* role, const QString& text)
{
    auto* button = new QPushButton(text, this);
    button->setFocusPolicy(Qt::TabFocus);
    if (role)
        theme::setRole(button, role);
    if (QAction* action = m_actions.find(QLatin1String(actionId))) {
        button->setToolTip(QStringLiteral("%1  %2").arg(action->text(), keyText(action)));
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
    }
    return button;
}

void ToolBar::showCase()
{
    CaseSession* session = m_controller.session();
    for (QAbstractButton* tool : m_tools->buttons())
        tool->setEnabled(session != nullptr);
    QString subject;
    if (session) {
        const QString patient = m_controller.view()->overlayText.patient;
        subject = QStringLiteral("/ ") + fontMetrics().elidedText(patient, Qt::ElideRight, 150);
        m_subject->setToolTip(patient);
        connect(session, &CaseSession::historyChanged, this, &ToolBar::showHistory, Qt::UniqueConnection);
    }
    m_subject->setText(subject);
    showHistory();
}

void ToolBar::showHistory()
{
    const CaseSession* session = m_controller.session();
    const bool editable = session && !session->readOnly();
    m_undo->setEnabled(editable && session->document().canUndo());
    m_redo->setEnabled(editable && session->document().canRedo());
    m_save->setEnabled(editable && session->hasUnsavedEdits());
    const bool signedOff = session && session->record().state == CaseState::Approved && !session->hasUnsavedEdits();
    m_approve->setEnabled(editable && !signedOff);
}

} // namespace annotomy
