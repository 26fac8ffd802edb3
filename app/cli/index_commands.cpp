// The index of the workspace: its list of cases, where their files are, and the folder that is watched.
#include "app/cli/command.h"
#include "app/cli/import_output.h"
#include "app/cli/json_forms.h"
#include "app/workbench/errors.h"
#include "app/workbench/inbox.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>

namespace annotomy::cli {

namespace {

struct ListArguments {
    CaseFilter filter;
    std::string state, order = "number";
};

// "2024-01-31" as DICOM writes it; nothing when it is no date.
std::optional<std::string> dicomDate(const std::string& text)
{
    std::string digits;
    for (const char c : text)
        if (c != '-')
            digits += c;
    const bool isDate = digits.size() == 8 && digits.find_first_not_of("0123456789") == std::string::npos;
    return isDate ? std::optional(digits) : std::nullopt;
}

Result<CaseFilter> filterOf(const ListArguments& arguments)
{
    CaseFilter filter = arguments.filter;
    for (std::string* date : {&filter.fromDate, &filter.toDate}) {
        if (date->empty())
            continue;
        const auto digits = dicomDate(*date);
        if (!digits)
            return Error{ErrorCode::InvalidArgument, *date, "give a date as 2024-01-31"};
        *date = *digits;
    }
    for (const CaseState state : {CaseState::New, CaseState::InWork, CaseState::Proposed, CaseState::Approved})
        if (arguments.state == nameOf(state))
            filter.state = state;
    const bool open = arguments.state == "open"; // as people say it
    if (open)
        filter.state = CaseState::New;
    if (!arguments.state.empty() && !filter.state)
        return Error{ErrorCode::InvalidArgument, arguments.state, "a state is new, inWork, proposed or approved"};
    filter.order = arguments.order == "patient" ? CaseOrder::ByPatient
                   : arguments.order == "date"  ? CaseOrder::ByDate
                                                : CaseOrder::ByNumber;
    return filter;
}

Json rowJson(const CaseRow& row)
{
    return {{"id", row.id.value},
            {"patient", row.patientName},
            {"patientKey", row.patientKey},
            {"modality", row.modality},
            {"studyDate", row.studyDate},
            {"description", row.description},
            {"size", row.size},
            {"state", nameOf(row.state)},
            {"pool", nameOf(row.pool)},
            {"head", row.head ? Json(row.head.value) : Json(nullptr)},
            {"copied", row.copied}};
}

Result<void> listCases(Session& session, const ListArguments& arguments)
{
    const Result<CaseFilter> filter = filterOf(arguments);
    if (!filter)
        return filter.error();
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto cases = (*workbench)->workspace().findCases(*filter);
    if (!cases)
        return cases.error();
    const auto total = (*workbench)->workspace().countCases(*filter);
    if (!total)
        return total.error();
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const CaseRow& row : *cases) {
        list.push_back(rowJson(row));
        rows.push_back({std::to_string(row.id.value), row.patientName, row.modality, row.studyDate, row.description,
                        sizeText(row.size), nameOf(row.state), nameOf(row.pool)});
    }
    session.output().document({{"cases", list}, {"total", *total}});
    session.output().table({"case", "patient", "modality", "date", "description", "size", "state", "pool"}, rows);
    if (static_cast<std::int64_t>(cases->size()) < *total)
        session.output().line(std::to_string(cases->size()) + " of " + std::to_string(*total) + " cases");
    return {};
}

void addFilterOptions(CLI::App& command, const std::shared_ptr<ListArguments>& arguments)
{
    CaseFilter& filter = arguments->filter;
    command.add_option("--search", filter.text, "Words in the patient's name or ID or in a description");
    command.add_option("--patient", filter.patient, "Words in the patient's name or ID");
    command.add_option("--description", filter.description, "Words in the description of the series or study");
    command.add_option("--modality", filter.modality, "CT, MR, PT, ...");
    command.add_option("--from", filter.fromDate, "Study date, this one or later: 2024-01-31");
    command.add_option("--to", filter.toDate, "Study date, this one or earlier");
    command.add_option("--state", arguments->state, "new (or open), inWork, proposed or approved");
    command.add_option("--order", arguments->order, "number, patient or date")
        ->check(CLI::IsMember({"number", "patient", "date"}));
    command.add_flag("--descending", filter.descending, "The last one first");
    command.add_option("--limit", filter.limit, "At most so many rows")->check(isNotNegative);
    command.add_option("--offset", filter.offset, "Leave out so many rows at the top")->check(isNotNegative);
}

Result<void> relink(Session& session, const std::string& folder)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto report = (*workbench)->relinkMissing(folder, session.stop, session.progress());
    if (!report)
        return report.error();
    const auto numbers = [](const std::vector<CaseId>& ids) {
        Json list = Json::array();
        for (const CaseId id : ids)
            list.push_back(id.value);
        return list;
    };
    session.output().document({{"relinked", numbers(report->relinked)}, {"missing", numbers(report->missing)}});
    session.output().line(std::to_string(report->relinked.size()) + " cases linked to their files again, "
                          + std::to_string(report->missing.size()) + " still without theirs");
    return {};
}

struct InboxArguments {
    std::string folder;
    bool once = false, copy = false, off = false;
    int quietSeconds = 10;
};

Result<InboxSetting> chosenInbox(Workspace& workspace, const InboxArguments& arguments)
{
    if (arguments.off) {
        const auto stored = setInboxSetting(workspace, {});
        return stored ? Result(InboxSetting()) : stored.error();
    }
    if (arguments.folder.empty())
        return inboxSetting(workspace);
    std::error_code error;
    const auto full = std::filesystem::canonical(arguments.folder, error);
    if (error)
        return Error{ErrorCode::NotFound, arguments.folder, "there is no such folder"};
    const InboxSetting setting{full.string(), arguments.copy, arguments.quietSeconds};
    const auto stored = setInboxSetting(workspace, setting);
    return stored ? Result(setting) : stored.error();
}

Result<void> watchUntilStopped(Session& session, Workbench& workbench, InboxImport& inbox)
{
    bool wasAway = false;
    while (!session.stop.stop_requested()) {
        const auto outcome = inbox.run(workbench, session.stop);
        const bool isAway = !outcome && outcome.error().code == ErrorCode::NotFound;
        if (!outcome && !isAway)
            return outcome.error().code == ErrorCode::Cancelled ? Result<void>() : outcome.error();
        if (isAway && !wasAway)
            std::fprintf(stderr, "%s\n", sentence(outcome.error()).toUtf8().constData());
        wasAway = isAway;
        if (outcome && outcome->report && outcome->report->newCases + outcome->report->grownCases > 0)
            printImport(session.output(), *outcome->report);
        for (int n = 0; n < 10 && !session.stop.stop_requested(); ++n)
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return {};
}

Result<void> inbox(Session& session, const InboxArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const auto setting = chosenInbox((*workbench)->workspace(), arguments);
    if (!setting)
        return setting.error();
    if (arguments.off)
        return {};
    if (setting->folder.empty())
        return Error{ErrorCode::InvalidArgument, "inbox", "no folder is watched yet; name one"};
    InboxImport import(*setting);
    if (!arguments.once)
        return watchUntilStopped(session, **workbench, import);
    const auto report = import.runUntilQuiet(**workbench, session.stop, session.progress());
    if (!report)
        return report.error();
    session.output().document(importJson(*report));
    printImport(session.output(), *report);
    return {};
}

} // namespace

void addIndexCommands(Commands& commands)
{
    const auto listed = std::make_shared<ListArguments>();
    for (const char* name : {"cases", "list"})
        addFilterOptions(commands.add(name, "List the cases, all of them or those that are searched for",
                                      [listed](Session& session) { return listCases(session, *listed); }),
                         listed);

    const auto folder = std::make_shared<std::string>();
    CLI::App& linking = commands.add("relink", "Find the files of all cases again that were moved",
                                     [folder](Session& session) { return relink(session, *folder); });
    linking.add_option("FOLDER", *folder, "Where they are now, at any depth")->required();

    const auto watched = std::make_shared<InboxArguments>();
    CLI::App& watching = commands.add("inbox", "Watch a folder and import what arrives there, once it is complete",
                                      [watched](Session& session) { return inbox(session, *watched); });
    watching.add_option("FOLDER", watched->folder, "The folder; the one named last by default");
    watching.add_flag("--once", watched->once, "Import what is there, and end");
    watching.add_flag("--copy", watched->copy, "Copy the files into the workspace");
    watching.add_option("--quiet", watched->quietSeconds, "Seconds that files must lie unchanged; 10 by default")
        ->check(isNotNegative);
    watching.add_flag("--off", watched->off, "Watch no folder any more");
}

} // namespace annotomy::cli
