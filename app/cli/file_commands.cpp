#include "app/cli/command.h"
#include "app/cli/json_forms.h"

#include <nlohmann/json.hpp>
#include <CLI/CLI.hpp>

#include <memory>

namespace annotomy::cli {

namespace {

struct ConvertArguments {
    std::string path, out;
    ConvertOptions options;
};

struct CompareArguments {
    std::string reference, mask;
    double toleranceMm = 1;
};

Json maskJson(const MaskFile& mask, const std::vector<MaskDescription>& described)
{
    for (const MaskDescription& one : described)
        if (one.path == mask.path)
            return toJson(one);
    return {{"path", mask.path}, {"format", mask.format}, {"referencedSeriesUid", mask.referencedSeriesUid}};
}

std::string listed(const std::vector<std::string>& texts)
{
    std::string list;
    for (const std::string& text : texts)
        list += (list.empty() ? "" : ", ") + text;
    return list;
}

std::string codeText(const CodedConcept& code)
{
    return code.value.empty() ? code.meaning : code.meaning + " (" + code.value + ", " + code.scheme + ")";
}

void print(const Output& output, const MaskDescription& mask)
{
    const bool isContours = mask.format == "rtstruct", isFrames = mask.format == "dicom-seg";
    const std::string pieces = isContours ? "contours" : isFrames ? "frames" : "";
    std::vector<std::vector<std::string>> rows;
    for (const auto& [segment, count] : mask.parts)
        rows.push_back({std::to_string(segment.fileValue), segment.name, codeText(segment.type), codeText(segment.category),
                        codeText(segment.region), pieces.empty() ? "" : std::to_string(count)});
    output.table({"value", "segment", "type", "category", "region", pieces}, rows);
    if (!mask.patientName.empty() || !mask.patientId.empty())
        output.line("patient: " + mask.patientName + " (" + mask.patientId + ")");
    if (!mask.type.empty())
        output.line("type: " + mask.type);
    if (!pieces.empty())
        output.line(pieces + ": " + std::to_string(mask.pieces));
    if (mask.grid)
        output.line("grid: " + sizeText(mask.grid->size) + ", " + fixed(mask.grid->spacing[0], 3) + " x " +
                    fixed(mask.grid->spacing[1], 3) + " x " + fixed(mask.grid->spacing[2], 3) + " mm");
    if (!mask.seriesUids.empty())
        output.line("made on the series: " + listed(mask.seriesUids));
    if (!mask.frameOfReferenceUids.empty())
        output.line("frame of reference: " + listed(mask.frameOfReferenceUids));
}

Result<void> info(Session& session, const std::string& path)
{
    const Result<Inspection> scan = inspectPath(path, defaultProgramPaths(), session.stop);
    if (!scan)
        return scan.error();
    Json json{{"series", Json::array()}, {"masks", Json::array()}, {"skipped", Json::array()}};
    std::vector<std::vector<std::string>> rows;
    for (const SeriesEntry& series : scan->series) {
        json["series"].push_back(toJson(series));
        const Vec3& spacing = series.geometry.spacing;
        rows.push_back({series.info.modality, sizeText(series.geometry.size),
                        fixed(spacing[0], 3) + " x " + fixed(spacing[1], 3) + " x " + fixed(spacing[2], 3),
                        series.format, series.info.patientName, series.info.seriesDescription});
    }
    for (const MaskFile& mask : scan->masks)
        json["masks"].push_back(maskJson(mask, scan->described));
    for (const SkippedFile& file : scan->skipped)
        json["skipped"].push_back(toJson(file));
    json["filesSeen"] = scan->filesSeen;
    const Output output = session.output();
    output.document(json);
    if (!rows.empty())
        output.table({"modality", "size", "spacing (mm)", "format", "patient", "description"}, rows);
    for (const SeriesEntry& series : scan->series) {
        for (const Warning& warning : series.info.warnings)
            output.line("warning: " + warning.text);
    }
    for (const MaskFile& mask : scan->masks)
        output.line(mask.format + ": " + mask.path);
    for (const MaskDescription& mask : scan->described)
        print(output, mask);
    for (const SkippedFile& file : scan->skipped)
        output.line("left out: " + file.path + " (" + file.detail + ")");
    return {};
}

Result<void> convert(Session& session, const ConvertArguments& arguments)
{
    const auto warnings =
        convertPath(arguments.path, arguments.out, arguments.options, defaultProgramPaths(), session.stop);
    if (!warnings)
        return warnings.error();
    session.output().document({{"path", arguments.out}, {"warnings", toJson(*warnings)}});
    for (const Warning& warning : *warnings)
        session.output().line("warning: " + warning.text);
    session.output().line("written: " + arguments.out);
    return {};
}

std::string orDash(const std::optional<double>& value, int decimals)
{
    return value ? fixed(*value, decimals) : "-";
}

Result<void> compare(Session& session, const CompareArguments& arguments)
{
    const auto metrics = compareFiles(arguments.reference, arguments.mask, arguments.toleranceMm,
                                      defaultProgramPaths(), session.stop);
    if (!metrics)
        return metrics.error();
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const SegmentMetrics& segment : *metrics) {
        list.push_back(toJson(segment));
        const OverlapMetrics& o = segment.overlap;
        rows.push_back({std::to_string(segment.value), orDash(o.dice, 4), orDash(o.iou, 4), orDash(o.precision, 4),
                        orDash(o.recall, 4), fixed(o.volumeReferenceMl, 3), fixed(o.volumeMaskMl, 3),
                        orDash(segment.surface.hdMm, 2), orDash(segment.surface.hd95Mm, 2),
                        orDash(segment.surface.assdMm, 3), orDash(segment.surface.nsd, 4)});
    }
    session.output().document({{"segments", list}, {"toleranceMm", arguments.toleranceMm}});
    session.output().table({"value", "Dice", "IoU", "precision", "recall", "reference ml", "mask ml", "HD mm",
                            "HD95 mm", "ASSD mm", "NSD"},
                           rows);
    return {};
}

} // namespace

void addFileCommands(Commands& commands)
{
    const auto path = std::make_shared<std::string>();
    CLI::App& telling = commands.add("info", "Tell what a file or folder is",
                                     [path](Session& session) { return info(session, *path); });
    telling.add_option("PATH", *path, "File or folder")->required();

    const auto converted = std::make_shared<ConvertArguments>();
    CLI::App& converting = commands.add("convert", "Write an image as NIfTI, NRRD or MetaImage",
                                        [converted](Session& session) { return convert(session, *converted); });
    converting.add_option("PATH", converted->path, "File or folder")->required();
    converting.add_option("OUT", converted->out, "File to write: .nii, .nii.gz, .nrrd, .mha or .mhd")->required();
    ConvertOptions& options = converted->options;
    converting.add_option("--series", options.seriesUid, "UID of the series; the largest by default");
    converting.add_option("--time", options.time, "Volume of a 4-D sequence, from 1; the first by default")
        ->check(CLI::Range(1, 1'000'000));
    converting.add_flag("--regularise", options.regularise, "Resample tilted or uneven slices onto an even grid");

    const auto compared = std::make_shared<CompareArguments>();
    CLI::App& comparing = commands.add("compare", "Measure a mask against a reference",
                                       [compared](Session& session) { return compare(session, *compared); });
    comparing.add_option("REFERENCE", compared->reference, "Mask file taken as true")->required();
    comparing.add_option("MASK", compared->mask, "Mask file to measure")->required();
    comparing.add_option("--tolerance", compared->toleranceMm, "Tolerance of the NSD in mm")
        ->check(isNotNegative);
}

} // namespace annotomy::cli
