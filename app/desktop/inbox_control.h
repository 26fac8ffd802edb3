#pragma once

#include "app/workbench/inbox.h"

#include <QObject>
#include <QString>

#include <optional>

namespace annotomy {

class CaseController;

// The workspace's inbox as the window sees it: watched while the program runs, with its state in words. GUI thread.
class InboxControl : public QObject {
    Q_OBJECT

public:
    InboxControl(CaseController& controller, QObject* parent = nullptr);

    const InboxSetting& setting() const { return m_inbox.setting(); }
    Result<void> change(const InboxSetting& setting); // kept with the workspace, and in force from now on
    QString text() const;                             // "Inbox: 3 studies came in · 14:05"; empty while none is watched
    bool hasFailed() const { return m_failure.has_value(); }
    QString detail() const; // the folder, or why it cannot be watched

Q_SIGNALS:
    void changed();

private:
    CaseController& m_controller;
    Inbox m_inbox;
    std::optional<Error> m_failure;
    int m_arrived = 0;
    QString m_when;
};

} // namespace annotomy
