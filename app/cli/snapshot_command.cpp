#include "app/cli/command.h"
#include "app/cli/json_forms.h"
#include "core/io/bytes/atomic_file.h"
#include "viewer/snapshot.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <QBuffer>
#include <QString>

#include <cstdio>
#include <memory>

namespace annotomy::cli {

namespace {

struct Arguments {
    std::string name, out, layout = "mpr", at, size = "1280x960";
    std::int64_t revision = 0;
};

std::optional<Index3> parsedIndex(const std::string& text)
{
    Index3 index{};
    char rest = 0;
    if (std::sscanf(text.c_str(), "%d,%d,%d%c", &index[0], &index[1], &index[2], &rest) != 3)
        return std::nullopt;
    return index;
}

std::optional<QSize> parsedSize(const std::string& text)
{
    int width = 0, height = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2)
        return std::nullopt;
    if (width < 16 || height < 16 || width > 8192 || height > 8192)
        return std::nullopt;
    return QSize(width, height);
}

SnapshotLayout layoutOf(const std::string& name)
{
    if (name == "axial")
        return SnapshotLayout::Axial;
    return name == "3d" ? SnapshotLayout::ThreeD : SnapshotLayout::Mpr;
}

Result<LabelMap> shownMask(Workbench& workbench, CaseId id, std::int64_t revision, const VolumeGeometry& geometry)
{
    const Result<std::vector<RevisionRecord>> revisions = workbench.workspace().revisions(id);
    if (!revisions)
        return revisions.error();
    if (revisions->empty() && revision == 0)
        return LabelMap(geometry);
    const Result<RevisionId> chosen = workbench.chosenRevision(id, {revision});
    if (!chosen)
        return chosen.error();
    return workbench.workspace().loadMask(*chosen);
}

Result<void> snapshot(Session& session, const Arguments& arguments)
{
    const Result<Workbench*> workbench = session.workbench();
    if (!workbench)
        return workbench.error();
    const Result<CaseId> id = (*workbench)->findCase(arguments.name);
    if (!id)
        return id.error();
    const Result<CaseRecord> record = (*workbench)->workspace().caseById(*id);
    if (!record)
        return record.error();
    const Result<Volume> volume = (*workbench)->image(*id, session.stop, session.progress());
    if (!volume)
        return volume.error();
    const auto cursor = parsedIndex(arguments.at);
    if (cursor && !volume->geometry().contains(*cursor))
        return Error{ErrorCode::InvalidArgument, "--at " + arguments.at, "the voxel lies outside the image"};
    const Result<LabelMap> labels = shownMask(**workbench, *id, arguments.revision, volume->geometry());
    if (!labels)
        return labels.error();
    ViewState state;
    state.setImage(*volume, record->series.info);
    state.overlayText = {QString::fromStdString(record->patientName),
                         QString::fromStdString(record->series.info.seriesDescription),
                         QString::fromStdString(record->series.info.studyDate)};
    state.setLabels(&*labels);
    if (cursor)
        state.setCursor(*cursor);
    const Result<QImage> image = renderSnapshot(state, layoutOf(arguments.layout), *parsedSize(arguments.size));
    if (!image)
        return image.error();
    QByteArray png;
    QBuffer buffer(&png);
    if (!image->save(&buffer, "PNG"))
        return Error{ErrorCode::IoFailure, arguments.out, "the picture could not be encoded"};
    const std::span<const char> bytes(png.constData(), static_cast<std::size_t>(png.size()));
    if (const auto written = writeFileAtomically(arguments.out, std::as_bytes(bytes)); !written)
        return written;
    session.output().document({{"path", arguments.out}, {"case", id->value}});
    session.output().line("written: " + arguments.out);
    return {};
}

} // namespace

void addSnapshotCommand(Commands& commands)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App& command = commands.add("snapshot", "Render a case as a PNG, without a display",
                                     [arguments](Session& session) { return snapshot(session, *arguments); });
    command.add_option("CASE", arguments->name, "Number of the case, or its patient")->required();
    command.add_option("--out", arguments->out, "File to write")->required();
    command.add_option("--layout", arguments->layout, "mpr, axial or 3d")->check(CLI::IsMember({"mpr", "axial", "3d"}));
    command.add_option("--at", arguments->at, "Voxel of the crosshair: I,J,K")
        ->check([](const std::string& text) { return parsedIndex(text) ? "" : "give the voxel as I,J,K"; });
    command.add_option("--size", arguments->size, "Width and height in pixels: WxH")
        ->check([](const std::string& text) { return parsedSize(text) ? "" : "give the size as WxH, 16 to 8192"; });
    command.add_option("--revision", arguments->revision, "Revision of the mask; the newest by default");
}

} // namespace annotomy::cli
