#include "app/desktop/inbox_control.h"

#include "app/desktop/case_controller.h"
#include "app/workbench/errors.h"

#include <QDir>
#include <QTime>

namespace annotomy {

InboxControl::InboxControl(CaseController& controller, QObject* parent)
    : QObject(parent), m_controller(controller),
      m_inbox(controller.workbench().workspace().folder(), controller.workbench().programs())
{
    connect(&m_inbox, &Inbox::imported, this, [this](const ImportReport& report) {
        m_failure.reset();
        m_arrived += static_cast<int>(report.newCases);
        m_when = QTime::currentTime().toString(QStringLiteral("HH:mm"));
        Q_EMIT changed();
        Q_EMIT m_controller.caseListChanged();
    });
    connect(&m_inbox, &Inbox::failed, this, [this](const Error& error) {
        m_failure = error;
        Q_EMIT changed();
    });
    const auto kept = inboxSetting(controller.workbench().workspace());
    if (kept && !controller.workbench().workspace().readOnly())
        m_inbox.watch(*kept);
}

Result<void> InboxControl::change(const InboxSetting& setting)
{
    if (!setting.folder.empty() && !QDir(QString::fromStdString(setting.folder)).exists())
        return Error{ErrorCode::NotFound, setting.folder, "there is no such folder"};
    if (const auto kept = setInboxSetting(m_controller.workbench().workspace(), setting); !kept)
        return kept;
    m_failure.reset();
    m_arrived = 0;
    m_inbox.watch(setting);
    Q_EMIT changed();
    return {};
}

QString InboxControl::text() const
{
    if (setting().folder.empty())
        return {};
    if (m_failure)
        return tr("Inbox: not reached");
    if (m_arrived == 0)
        return tr("Inbox: watching");
    return m_arrived == 1 ? tr("Inbox: 1 case came in · %1").arg(m_when)
                          : tr("Inbox: %1 cases came in · %2").arg(m_arrived).arg(m_when);
}

QString InboxControl::detail() const
{
    return m_failure ? sentence(*m_failure) : QDir::toNativeSeparators(QString::fromStdString(setting().folder));
}

} // namespace annotomy
