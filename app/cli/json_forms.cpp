#include "app/cli/json_forms.h"

#include "core/base/error_names.h"

#include <nlohmann/json.hpp>

#include <QDateTime>

namespace annotomy::cli {

namespace {

Json orNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

template <class Tag>
Json idOrNull(Id<Tag> id)
{
    return id ? Json(id.value) : Json(nullptr);
}

} // namespace

Json toJson(const Warning& warning)
{
    return {{"code", warning.code}, {"text", warning.text}, {"files", warning.files}};
}

Json toJson(const std::vector<Warning>& warnings)
{
    Json list = Json::array();
    for (const Warning& warning : warnings)
        list.push_back(toJson(warning));
    return list;
}

Json toJson(const SkippedFile& file)
{
    return {{"path", file.path}, {"code", errorName(file.code)}, {"reason", file.detail}};
}

Json geometryJson(const VolumeGeometry& geometry)
{
    Json direction = Json::array();
    for (int axis = 0; axis < 3; ++axis) {
        for (const double component : geometry.axis(axis))
            direction.push_back(component);
    }
    return {{"size", geometry.size},
            {"spacing", geometry.spacing},
            {"origin", geometry.origin},
            {"direction", direction}};
}

Json toJson(const SeriesEntry& series)
{
    Json json{{"modality", series.info.modality}, {"description", series.info.seriesDescription}};
    json.update(geometryJson(series.geometry));
    json["warnings"] = toJson(series.info.warnings);
    json["format"] = series.format;
    json["seriesUid"] = series.info.seriesUid;
    json["studyUid"] = series.info.studyUid;
    json["frameOfReferenceUid"] = series.info.frameOfReferenceUid;
    json["patient"] = series.info.patientName;
    json["patientId"] = series.info.patientId;
    json["studyDate"] = series.info.studyDate;
    json["transferSyntaxUid"] = series.transferSyntaxUid;
    json["files"] = series.files.size();
    json["measurable"] = isMeasurable(series.info);
    json["regularised"] = series.regularised;
    if (const SequencePlace& place = series.sequence; !place.key.empty())
        json["sequence"] = {{"key", place.key},     {"kind", place.kind},   {"index", place.index},
                            {"count", place.count}, {"value", place.value}, {"unit", place.unit}};
    return json;
}

Json toJson(const SegmentMetrics& metrics)
{
    const OverlapMetrics& o = metrics.overlap;
    const SurfaceMetrics& s = metrics.surface;
    return {{"value", metrics.value},
            {"voxelsReference", o.voxelsReference},
            {"voxelsMask", o.voxelsMask},
            {"tp", o.tp},
            {"fp", o.fp},
            {"fn", o.fn},
            {"tn", o.tn},
            {"precision", orNull(o.precision)},
            {"recall", orNull(o.recall)},
            {"f1", orNull(o.f1)},
            {"dice", orNull(o.dice)},
            {"iou", orNull(o.iou)},
            {"accuracy", orNull(o.accuracy)},
            {"falsePositiveRate", orNull(o.falsePositiveRate)},
            {"falseNegativeRate", orNull(o.falseNegativeRate)},
            {"volumeReferenceMl", o.volumeReferenceMl},
            {"volumeMaskMl", o.volumeMaskMl},
            {"volumeDifferenceMl", o.volumeDifferenceMl},
            {"hdMm", orNull(s.hdMm)},
            {"hd95Mm", orNull(s.hd95Mm)},
            {"assdMm", orNull(s.assdMm)},
            {"nsd", orNull(s.nsd)}};
}

Json toJson(const Segment& segment)
{
    char colour[8];
    std::snprintf(colour, sizeof colour, "#%02x%02x%02x", segment.colour.r, segment.colour.g, segment.colour.b);
    return {{"number", segment.number},
            {"name", segment.name},
            {"colour", colour},
            {"layer", segment.layer},
            {"locked", segment.locked},
            {"fileValue", segment.fileValue}};
}

Json toJson(const CodedConcept& code)
{
    if (code == CodedConcept())
        return nullptr;
    return {{"value", code.value}, {"scheme", code.scheme}, {"meaning", code.meaning}};
}

Json toJson(const MaskDescription& mask)
{
    const bool isContours = mask.format == "rtstruct", isFrames = mask.format == "dicom-seg";
    Json json{{"path", mask.path},
              {"format", mask.format},
              {"patientName", mask.patientName},
              {"patientId", mask.patientId},
              {"referencedSeriesUid", mask.seriesUids.empty() ? std::string() : mask.seriesUids.front()},
              {"referencedSeriesUids", mask.seriesUids},
              {"frameOfReferenceUids", mask.frameOfReferenceUids},
              {"geometry", mask.grid ? geometryJson(*mask.grid) : Json()},
              {"segments", Json::array()}};
    if (!mask.type.empty())
        json["segmentationType"] = mask.type;
    if (isContours || isFrames)
        json[isContours ? "contours" : "frames"] = mask.pieces;
    for (const MaskDescription::Part& part : mask.parts) {
        Json segment = toJson(part.segment);
        segment["category"] = toJson(part.segment.category);
        segment["type"] = toJson(part.segment.type);
        segment["region"] = toJson(part.segment.region);
        segment["algorithmType"] = part.segment.algorithmType;
        if (isContours || isFrames)
            segment[isContours ? "contours" : "frames"] = part.pieces;
        json["segments"].push_back(std::move(segment));
    }
    return json;
}

Json toJson(const RevisionRecord& revision)
{
    return {{"id", revision.id.value},
            {"parent", idOrNull(revision.parent)},
            {"authorKind", nameOf(revision.authorKind)},
            {"author", revision.author},
            {"model", idOrNull(revision.model)},
            {"time", timeText(revision.timeMs)},
            {"note", revision.note},
            {"hash", revision.maskHash},
            {"approved", revision.approved},
            {"approvedBy", revision.approvedBy},
            {"approvedTime", timeText(revision.approvedMs)}};
}

Json toJson(const CaseRecord& record)
{
    Json json{{"id", record.id.value},
              {"patient", record.patientName},
              {"modality", record.series.info.modality},
              {"description", record.series.info.seriesDescription},
              {"size", record.series.geometry.size},
              {"state", nameOf(record.state)},
              {"pool", nameOf(record.pool)},
              {"head", idOrNull(record.head)},
              {"copied", record.copied}};
    json["warnings"] = toJson(record.series.info.warnings);
    return json;
}

Json toJson(const ModelRecord& model)
{
    Json classes = Json::array();
    for (const ModelClass& one : model.card.classes)
        classes.push_back({{"number", one.number}, {"name", one.name}});
    std::vector<std::int64_t> cases;
    for (const CaseId id : model.trainedOn)
        cases.push_back(id.value);
    return {{"id", model.id.value},
            {"name", model.name},
            {"status", nameOf(model.status)},
            {"parent", idOrNull(model.parent)},
            {"run", idOrNull(model.run)},
            {"file", model.file},
            {"hash", model.hash},
            {"time", timeText(model.timeMs)},
            {"classes", classes},
            {"cases", cases},
            {"gate", parsed(model.gateJson)}};
}

Json toJson(const RunRecord& run)
{
    std::vector<std::int64_t> cases;
    for (const CaseId id : run.cases)
        cases.push_back(id.value);
    return {{"run", run.id.value},
            {"status", nameOf(run.status)},
            {"message", run.message},
            {"parent", idOrNull(run.parent)},
            {"started", timeText(run.startedMs)},
            {"ended", timeText(run.endedMs)},
            {"cases", cases},
            {"recipe", parsed(toJsonText(run.recipe))}};
}

Json toJson(const EpochRecord& epoch)
{
    return {{"epoch", epoch.epoch},
            {"step", epoch.step},
            {"seconds", epoch.seconds},
            {"learningRate", epoch.learningRate},
            {"trainLoss", epoch.trainLoss},
            {"validationDice", orNull(epoch.validationDice)},
            {"classDice", epoch.classDice},
            {"stepsPerSecond", epoch.stepsPerSecond}};
}

Json datasetJson(const DatasetImportReport& report)
{
    Json reserved = Json::object();
    for (const auto& [pool, count] : report.reserved)
        reserved[nameOf(pool)] = count;
    return {{"dataset", report.name}, {"notes", report.notes}, {"reserved", reserved}};
}

Json gateJson(const GateDecision& gate)
{
    return parsed(gate.toJsonText());
}

Json parsed(const std::string& text)
{
    Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(nullptr) : json;
}

std::string nameOf(CaseState state)
{
    switch (state) {
    case CaseState::New: return "new";
    case CaseState::InWork: return "inWork";
    case CaseState::Proposed: return "proposed";
    case CaseState::Approved: break;
    }
    return "approved";
}

std::string nameOf(Pool pool)
{
    switch (pool) {
    case Pool::None: return "none";
    case Pool::Train: return "train";
    case Pool::Validation: return "validation";
    case Pool::Test: break;
    }
    return "test";
}

std::string nameOf(AuthorKind kind)
{
    switch (kind) {
    case AuthorKind::Person: return "person";
    case AuthorKind::Model: return "model";
    case AuthorKind::Import: break;
    }
    return "import";
}

std::string nameOf(ModelStatus status)
{
    switch (status) {
    case ModelStatus::Candidate: return "candidate";
    case ModelStatus::Current: return "current";
    case ModelStatus::Retired: return "retired";
    case ModelStatus::Rejected: return "rejected";
    case ModelStatus::Provisional: break;
    }
    return "provisional";
}

std::string nameOf(RunStatus status)
{
    switch (status) {
    case RunStatus::Running: return "running";
    case RunStatus::Finished: return "finished";
    case RunStatus::Cancelled: return "cancelled";
    case RunStatus::Failed: return "failed";
    case RunStatus::Interrupted: break;
    }
    return "interrupted";
}

std::string timeText(std::int64_t ms)
{
    if (ms == 0)
        return {};
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate).toStdString();
}

std::string sizeText(const Index3& size)
{
    return std::to_string(size[0]) + "x" + std::to_string(size[1]) + "x" + std::to_string(size[2]);
}

} // namespace annotomy::cli
