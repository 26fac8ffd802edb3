#include "app/cli/command.h"
#include "app/cli/deidentification_arguments.h"
#include "app/cli/json_forms.h"
#include "app/workbench/mask_export.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <charconv>
#include <memory>

namespace annotomy::cli {

namespace {

struct AttachArguments {
    std::string name, mask, author;
    std::vector<std::string> segments; // NAME=VALUE
};

struct ApproveArguments {
    std::vector<std::string> names;
    std::string person;
    std::int64_t revision = 0;
    bool empty = false;
};

struct ExportArguments : DeidentificationArguments {
    std::string name, format = "nifti", out;
    std::int64_t revision = 0;
    bool deidentify = false;
};

std::optional<std::pair<std::string, std::int64_t>> segmentName(const std::string& text)
{
    const auto equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
        return std::nullopt;
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto parse = std::from_chars(text.data() + equals + 1, end, value);
    if (parse.ec != std::errc() || parse.ptr != end)
        return std::nullopt;
    return std::pair(text.substr(0, equals), value);
}

std::string checkSegment(const std::string& text)
{
    return segmentName(text) ? std::string() : "give segments as NAME=VALUE, VALUE being a whole number";
}

Result<void> attach(Session& session, const AttachArguments& arguments)
{
    SegmentNames names;
    for (const std::string& text : arguments.segments) {
        if (const auto segment = segmentName(text))
            names[segment->second] = segment->first;
    }
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    const auto revision = (*workbench)->attach(*id, arguments.mask, names, arguments.author, session.stop);
    if (!revision)
        return revision.error();
    session.output().document({{"case", id->value}, {"revision", revision->id.value}, {"note", revision->note}});
    session.output().line("case " + std::to_string(id->value) + ": revision " + std::to_string(revision->id.value) + ", "
                          + revision->note);
    return {};
}

Result<void> approve(Session& session, const ApproveArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    std::vector<CaseId> ids;
    for (const std::string& name : arguments.names) {
        const Result<CaseId> id = (*workbench)->findCase(name);
        if (!id)
            return id.error();
        ids.push_back(*id);
    }
    Json approved = Json::array();
    for (const CaseId id : ids) {
        if (session.stop.stop_requested())
            return cancelledError();
        const auto done = (*workbench)->approve(id, {arguments.revision}, arguments.person,
                                                arguments.empty ? NoMask::Confirm : NoMask::Refuse);
        if (!done)
            return done.error();
        approved.push_back({{"case", id.value}, {"revision", done->revision.value}, {"pool", nameOf(done->pool)}});
        session.output().line("case " + std::to_string(id.value) + ": revision " + std::to_string(done->revision.value)
                              + " approved by " + arguments.person + ", pool " + nameOf(done->pool));
    }
    Json document{{"approved", approved}};
    if (approved.size() == 1)
        document.update(approved.front());
    session.output().document(document);
    return {};
}

Result<void> exportMask(Session& session, const ExportArguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    const Result<RevisionId> revision = (*workbench)->chosenRevision(*id, {arguments.revision});
    if (!revision)
        return revision.error();
    const auto done = arguments.deidentify
        ? (*workbench)->exportDeidentified(*id, *revision, arguments.format, arguments.out, arguments.chosen(),
                                           arguments.key, session.stop, session.progress())
        : (*workbench)->exportMask(*id, *revision, arguments.format, arguments.out, session.stop, session.progress());
    if (!done)
        return done.error();
    const Result<LabelMap> labels = (*workbench)->workspace().loadMask(*revision);
    const bool overlapping = labels && flattened(*labels).overlapping;
    session.output().document({{"case", id->value},
                               {"revision", revision->value},
                               {"path", arguments.out},
                               {"files", done->files},
                               {"notes", done->notes},
                               {"overlapping", overlapping},
                               {"deidentified", arguments.deidentify}});
    for (const std::string& file : done->files)
        session.output().line("written and read back: " + file);
    for (const std::string& note : done->notes)
        session.output().line(note);
    return {};
}

} // namespace

void addMaskCommands(Commands& commands)
{
    const auto attached = std::make_shared<AttachArguments>();
    CLI::App& attaching = commands.add("attach",
                                       "Make a mask file a revision of a case: DICOM SEG, RTSTRUCT, NIfTI, NRRD (Slicer's "
                                       ".seg.nrrd too), MetaImage, the LIDC's XML, or DICOM overlay planes",
                                       [attached](Session& session) { return attach(session, *attached); });
    attaching.add_option("CASE", attached->name, "Number of the case, or its patient")->required();
    attaching.add_option("MASK", attached->mask, "Mask file; for overlay planes a DICOM image, or a folder of them")
        ->required();
    attaching.add_option("--segment", attached->segments, "NAME=VALUE: the voxels of VALUE are segment NAME")
        ->take_all()
        ->check(checkSegment);
    attaching.add_option("--as", attached->author, "Who made it; the file's name by default");

    const auto approved = std::make_shared<ApproveArguments>();
    CLI::App& approving = commands.add("approve", "Sign a case off",
                                       [approved](Session& session) { return approve(session, *approved); });
    approving.add_option("CASE", approved->names, "Numbers of cases, or their patients")->required();
    approving.add_option("--as", approved->person, "Name of the person who signs")->required();
    CLI::Option* const revision =
        approving.add_option("--revision", approved->revision, "Revision to approve; the newest by default");
    approving.add_flag("--empty", approved->empty, "Confirm that there is nothing to segment: an empty mask is signed")
        ->excludes(revision);

    const auto exported = std::make_shared<ExportArguments>();
    CLI::App& exporting = commands.add("export", "Write a case's mask on the image's own grid",
                                       [exported](Session& session) { return exportMask(session, *exported); });
    exporting.add_option("CASE", exported->name, "Number of the case, or its patient")->required();
    std::vector<std::string> formats;
    for (const ExportFormat& format : exportFormats())
        formats.push_back(format.name);
    exporting.add_option("--format", exported->format, exportFormatNames())->required()->check(CLI::IsMember(formats));
    exporting.add_option("--out", exported->out, "File to write")->required();
    exporting.add_option("--revision", exported->revision, "Revision to export; the newest by default");
    CLI::Option* const deidentify =
        exporting.add_flag("--deidentify", exported->deidentify, "Take out what tells whose it is");
    for (CLI::Option* const option : addDeidentificationOptions(exporting, *exported))
        option->needs(deidentify);
}

} // namespace annotomy::cli
