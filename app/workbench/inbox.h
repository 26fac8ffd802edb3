#pragma once

#include "app/workbench/workbench.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <thread>

namespace annotomy {

// A folder into which others send studies; what lies there quietly is imported. Kept with the workspace.
struct InboxSetting {
    std::string folder; // absolute; empty: none
    bool copy = false;  // into the workspace
    int quietSeconds = 10;
    bool operator==(const InboxSetting&) const = default;
};
Result<InboxSetting> inboxSetting(Workspace& workspace);
Result<void> setInboxSetting(Workspace& workspace, const InboxSetting& setting);

// One look into the inbox, and an import of the series whose files have all settled.
class InboxImport {
public:
    explicit InboxImport(InboxSetting setting);
    ~InboxImport();

    struct Outcome {
        std::optional<ImportReport> report; // absent: nothing had settled since the last look
        bool waiting = false;               // files are still arriving
    };
    // Errors: NotFound while the folder is away, those of an import. An inbox without images is no error.
    Result<Outcome> run(Workbench& workbench, std::stop_token stop = {}, const JobReport& report = {});
    // Until nothing is waiting any more, for scripts.
    Result<ImportReport> runUntilQuiet(Workbench& workbench, std::stop_token stop = {}, const JobReport& report = {});

private:
    struct State;
    bool liesBelowInbox(const std::string& file) const;

    InboxSetting m_setting;
    std::unique_ptr<State> m_state;
};

// Watches the inbox while the program runs: notices from the file system where there are some, and a look every few
// seconds besides, for folders of other machines give none. Imports on a thread and a connection of its own.
class Inbox : public QObject {
    Q_OBJECT

public:
    Inbox(std::string workspaceFolder, ProgramPaths programs, QObject* parent = nullptr);
    ~Inbox() override; // stops an import under way

    void watch(const InboxSetting& setting); // an empty folder: no longer
    const InboxSetting& setting() const { return m_setting; }
    void setPollInterval(std::chrono::milliseconds interval);
    bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    void imported(const annotomy::ImportReport& report); // at least one new or grown case
    void failed(const annotomy::Error& error);           // once until something else happens

private:
    void look();
    void finish(const Result<InboxImport::Outcome>& outcome);

    std::string m_workspaceFolder;
    ProgramPaths m_programs;
    InboxSetting m_setting;
    std::shared_ptr<InboxImport> m_import;
    QFileSystemWatcher m_watcher;
    QTimer m_timer;
    bool m_isBusy = false;
    bool m_hasFailed = false;
    std::jthread m_thread; // last: it ends before what it uses
};

} // namespace annotomy
