#include "app/workbench/inbox.h"

#include "app/workbench/settled_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace fs = std::filesystem;

namespace {

constexpr const char* settingKey = "inbox";

bool isFolder(const std::string& path)
{
    std::error_code error;
    return fs::is_directory(path, error);
}

// Each look finds all cases anew: one that came with this call stays a new one.
void append(ImportReport& total, ImportReport&& more)
{
    for (ImportedCase& found : more.cases) {
        const auto known = std::find_if(total.cases.begin(), total.cases.end(),
                                        [&](const ImportedCase& one) { return one.id == found.id; });
        if (known == total.cases.end()) {
            total.cases.push_back(std::move(found));
            continue;
        }
        found.isNew |= known->isNew;
        found.grew |= known->grew;
        *known = std::move(found);
    }
    total.newCases += more.newCases;
    total.grownCases += more.grownCases;
    static_cast<ScanTotals&>(total) = std::move(static_cast<ScanTotals&>(more)); // of the last look, which saw all
}

} // namespace

Result<InboxSetting> inboxSetting(Workspace& workspace)
{
    const Result<std::string> text = workspace.setting(settingKey);
    if (!text)
        return text.error();
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    InboxSetting setting;
    if (!json.is_object())
        return setting;
    try {
        setting.folder = json.value("folder", std::string());
        setting.copy = json.value("copy", false);
        setting.quietSeconds = std::clamp(json.value("quietSeconds", setting.quietSeconds), 0, 86'400);
    } catch (const nlohmann::json::exception&) {
        return InboxSetting();
    }
    return setting;
}

Result<void> setInboxSetting(Workspace& workspace, const InboxSetting& setting)
{
    const nlohmann::json json{
        {"folder", setting.folder}, {"copy", setting.copy}, {"quietSeconds", setting.quietSeconds}};
    return workspace.setSetting(settingKey, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

struct InboxImport::State {
    SettledFiles files;
};

InboxImport::InboxImport(InboxSetting setting)
    : m_setting(std::move(setting)),
      m_state(new State{SettledFiles(std::chrono::seconds(std::max(0, m_setting.quietSeconds)))})
{
    std::error_code error;
    const fs::path full = fs::canonical(m_setting.folder, error);
    if (!error)
        m_setting.folder = full.string();
}

InboxImport::~InboxImport() = default;

Result<InboxImport::Outcome> InboxImport::run(Workbench& workbench, std::stop_token stop, const JobReport& report)
{
    if (!isFolder(m_setting.folder))
        return Error{ErrorCode::NotFound, m_setting.folder, "the watched folder is not there at the moment"};
    const SettledFiles::Change change = m_state->files.look(m_setting.folder);
    Outcome outcome;
    outcome.waiting = change.waiting;
    if (!change.anythingNew)
        return outcome;
    ImportOptions options;
    options.copy = m_setting.copy;
    options.accepts = [this](const SeriesEntry& entry) {
        return std::all_of(entry.files.begin(), entry.files.end(), [this](const std::string& file) {
            return m_state->files.isSettled(file) || !liesBelowInbox(file);
        });
    };
    auto imported = workbench.importPaths({m_setting.folder}, options, std::move(stop), report);
    if (!imported && imported.error().code != ErrorCode::EmptyFolder)
        return imported.error();
    outcome.report = imported ? *std::move(imported) : ImportReport();
    return outcome;
}

// What was unpacked of an archive lies in the workspace, and settled with it.
bool InboxImport::liesBelowInbox(const std::string& file) const
{
    return file.starts_with(m_setting.folder + "/");
}

Result<ImportReport> InboxImport::runUntilQuiet(Workbench& workbench, std::stop_token stop, const JobReport& report)
{
    ImportReport total;
    while (!stop.stop_requested()) {
        auto outcome = run(workbench, stop, report);
        if (!outcome)
            return outcome.error();
        if (outcome->report)
            append(total, std::move(*outcome->report));
        if (!outcome->waiting)
            return total;
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return cancelledError();
}

Inbox::Inbox(std::string workspaceFolder, ProgramPaths programs, QObject* parent)
    : QObject(parent), m_workspaceFolder(std::move(workspaceFolder)), m_programs(std::move(programs))
{
    m_timer.setInterval(5000);
    connect(&m_timer, &QTimer::timeout, this, &Inbox::look);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &Inbox::look);
}

Inbox::~Inbox()
{
    m_thread.request_stop();
}

void Inbox::setPollInterval(std::chrono::milliseconds interval)
{
    m_timer.setInterval(interval);
}

void Inbox::watch(const InboxSetting& setting)
{
    m_thread.request_stop();
    if (!m_watcher.directories().isEmpty())
        m_watcher.removePaths(m_watcher.directories());
    m_setting = setting;
    m_hasFailed = false;
    m_import.reset();
    m_timer.stop();
    if (setting.folder.empty())
        return;
    m_import = std::make_shared<InboxImport>(setting);
    if (isFolder(setting.folder))
        m_watcher.addPath(QString::fromStdString(setting.folder));
    m_timer.start();
    look();
}

void Inbox::look()
{
    if (m_isBusy || !m_import)
        return;
    m_isBusy = true;
    m_thread = std::jthread([this, import = m_import](const std::stop_token& stop) {
        const auto workbench = Workbench::open(m_workspaceFolder, m_programs);
        const auto outcome =
            workbench ? import->run(**workbench, stop) : Result<InboxImport::Outcome>(workbench.error());
        QMetaObject::invokeMethod(this, [this, outcome] { finish(outcome); }, Qt::QueuedConnection);
    });
}

void Inbox::finish(const Result<InboxImport::Outcome>& outcome)
{
    m_isBusy = false;
    if (!outcome) {
        if (!m_hasFailed && outcome.error().code != ErrorCode::Cancelled)
            Q_EMIT failed(outcome.error());
        m_hasFailed = true;
        return;
    }
    m_hasFailed = false;
    if (m_watcher.directories().isEmpty() && isFolder(m_setting.folder)) // it is back
        m_watcher.addPath(QString::fromStdString(m_setting.folder));
    const auto& report = outcome->report;
    if (report && report->newCases + report->grownCases > 0)
        Q_EMIT imported(*report);
}

} // namespace annotomy
