#include "app/desktop/panels/user_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace annotomy {

UserDialog::UserDialog(const QStringList& known, const QString& present, QWidget* parent)
    : QDialog(parent), m_known(new QListWidget(this)), m_name(new QLineEdit(present, this)),
      m_accept(makeButton(tr("Continue"), "primary", this)), m_reason(makeLabel({}, "secondary", this))
{
    setWindowTitle(tr("Who is reading?"));
    setMinimumWidth(360);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(10);
    m_reason->setWordWrap(true);
    setReason(tr("Strokes, revisions and approvals carry this name."));
    column->addWidget(m_reason);
    m_name->setPlaceholderText(tr("Your name"));
    m_name->setAccessibleName(tr("Your name"));
    m_name->setMinimumHeight(30);
    column->addWidget(m_name);
    m_known->addItems(known);
    m_known->setVisible(!known.isEmpty());
    makeCalm(*m_known);
    m_known->setMaximumHeight(160);
    m_known->setAccessibleName(tr("Known readers"));
    column->addWidget(m_known);
    auto* buttons = new QHBoxLayout;
    auto* decline = makeButton(tr("Cancel"), "quiet", this);
    m_accept->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(decline);
    buttons->addWidget(m_accept);
    column->addLayout(buttons);
    connect(m_known, &QListWidget::currentTextChanged, m_name, &QLineEdit::setText);
    connect(m_known, &QListWidget::itemDoubleClicked, this, &UserDialog::choose);
    connect(m_name, &QLineEdit::textChanged, this, [this] { m_accept->setEnabled(!name().isEmpty()); });
    connect(m_accept, &QPushButton::clicked, this, &UserDialog::choose);
    connect(decline, &QPushButton::clicked, this, &QDialog::reject);
    m_accept->setEnabled(!name().isEmpty());
    m_name->selectAll();
    m_name->setFocus();
}

QString UserDialog::name() const
{
    return m_name->text().simplified();
}

void UserDialog::setReason(const QString& reason)
{
    m_reason->setText(reason);
}

void UserDialog::choose()
{
    if (!name().isEmpty())
        accept();
}

QString UserDialog::ask(CaseController& controller, QWidget* parent)
{
    QStringList known;
    if (const auto users = controller.workbench().workspace().users())
        for (const std::string& user : *users)
            known << QString::fromStdString(user);
    UserDialog dialog(known, controller.userName(), parent);
    if (dialog.exec() != QDialog::Accepted)
        return {};
    const QString name = dialog.name();
    if (const auto added = controller.workbench().workspace().addUser(name.toStdString()); !added)
        Q_EMIT controller.failed(added.error());
    controller.setUserName(name);
    return name;
}

QString UserDialog::nameOrAsk(CaseController& controller, QWidget* parent)
{
    const QString present = controller.userName();
    return present.isEmpty() ? ask(controller, parent) : present;
}

UserChip::UserChip(CaseController& controller, QWidget* parent)
    : QToolButton(parent), m_controller(controller)
{
    theme::setRole(this, "chip");
    setMinimumHeight(24);
    connect(this, &QToolButton::clicked, this, [this] { UserDialog::ask(m_controller, window()); });
    connect(&m_controller, &CaseController::userChanged, this, &UserChip::showName);
    showName();
}

void UserChip::showName()
{
    const QString name = m_controller.userName();
    setText(name.isEmpty() ? tr("Who is reading?") : fontMetrics().elidedText(name, Qt::ElideRight, 160));
    setToolTip(name.isEmpty() ? tr("Approvals need a name")
                              : tr("Reading as %1. Click to change.").arg(name));
}

void UserChip::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        showName();
    QToolButton::changeEvent(event);
}

} // namespace annotomy
