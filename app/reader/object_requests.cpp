#include "app/reader/object_requests.h"

#include "core/io/masks/dicom_report.h"
#include "core/io/volume_file.h"
#include "core/objects/report_writer.h"
#include "core/objects/segmentation_writer.h"
#include "core/objects/structure_set_writer.h"
#include "core/privacy/deidentification.h"

#include <cmath>
#include <filesystem>

namespace annotomy {

namespace {

// What was written, for the proof and for what is told of it.
struct Written {
    std::vector<WrittenObject> objects; // the one that was asked for last
    std::vector<SegmentMeasures> measures; // of a report
};

// A decimal string has 16 characters.
bool isSame(double written, double read)
{
    return std::abs(written - read) <= 1e-8 * std::max(1.0, std::abs(written));
}

// The values of one segment in the order in which a report has them.
std::vector<double> valuesOf(const SegmentMeasures& measures)
{
    std::vector<double> values{measures.volumeMm3, static_cast<double>(measures.voxels)};
    if (measures.finite > 0)
        values.insert(values.end(),
                      {measures.mean, measures.standardDeviation, measures.minimum, measures.maximum});
    return values;
}

// Whether a report that was written says what was measured, of the segments that were written beside it.
Result<void> provedReport(const std::string& path, const ObjectContent& content,
                          const std::vector<SegmentMeasures>& measures, const WrittenObject& segmentation)
{
    const auto groups = readMeasurementReport(path);
    if (!groups)
        return groups.error();
    const auto& segments = content.labels.segments().segments();
    if (groups->size() != segments.size())
        return Error{ErrorCode::HashMismatch, path,
                     "the report has not as many groups as the mask has segments"};
    for (std::size_t n = 0; n < segments.size(); ++n) {
        const ReportedGroup& group = (*groups)[n];
        const std::vector<double> values = valuesOf(measures[n]);
        bool same =
            group.trackingUid == segmentation.trackingUids[n] && group.segment == static_cast<int>(n + 1) &&
            group.segmentationUid == segmentation.sopInstanceUid && group.numbers.size() == values.size();
        for (std::size_t v = 0; same && v < values.size(); ++v)
            same = isSame(values[v], group.numbers[v].value);
        if (!same)
            return Error{ErrorCode::HashMismatch, path,
                         "the measurements of segment \"" + segments[n].name + "\" were read back otherwise"};
    }
    return {};
}

Result<Written> reportOf(const WriteObjectRequest& request, const ObjectContent& content,
                         const std::stop_token& stop, const ProgressReport& report)
{
    Volume image;
    if (!request.imagePath.empty()) {
        auto mapped = mapVolumeFile(request.imagePath);
        if (!mapped)
            return mapped.error();
        if (!sameGrid(mapped->geometry(), content.labels.geometry()))
            return Error{ErrorCode::GeometryMismatch, request.imagePath, "the mask of another image"};
        image = *std::move(mapped);
    }
    const auto segmentation =
        writeSegmentation(request.segmentationPath, content, stop, subProgress(report, 0, 0.5));
    if (!segmentation)
        return segmentation.error();
    std::vector<SegmentMeasures> measures = segmentMeasures(content.labels, image);
    reportProgress(report, 0.8);
    const auto written = writeReport(request.outPath, content, *segmentation, measures,
                                     image.isNull() ? std::string() : image.unit());
    if (!written)
        return written.error();
    if (auto proved = provedReport(request.outPath, content, measures, *segmentation); !proved)
        return proved.error();
    return Written{{*segmentation, *written}, std::move(measures)};
}

Result<Written> writtenBy(const WriteObjectRequest& request, const ObjectContent& content,
                          const std::stop_token& stop, const ProgressReport& report)
{
    if (request.format == "dicom-sr")
        return reportOf(request, content, stop, report);
    if (request.format != "dicom-seg" && request.format != "rtstruct")
        return Error{ErrorCode::InvalidArgument, request.format, "no DICOM object of that kind is written"};
    const auto written = request.format == "dicom-seg" ? writeSegmentation(request.outPath, content, stop, report)
                                                       : writeStructureSet(request.outPath, content, stop, report);
    return written ? Result<Written>(Written{{*written}, {}}) : Result<Written>(written.error());
}

// A file that still tells whose it is. It lies beside the labels, in the house, and goes with this object.
class NamedFile {
public:
    explicit NamedFile(std::string path) : m_path(std::move(path)) {}
    ~NamedFile()
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    NamedFile(const NamedFile&) = delete;
    NamedFile& operator=(const NamedFile&) = delete;
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

Result<void> passedOn(const NamedFile& named, const std::string& outPath, const IdentityMap& identities,
                      const DeidentificationOptions& options, std::vector<std::string>& notes)
{
    auto done = deidentifyFile(named.path(), outPath, identities, options);
    if (!done)
        return Error{done.error().code, outPath, done.error().detail};
    notes.insert(notes.end(), done->warnings.begin(), done->warnings.end());
    return {};
}

// What a report refers to has other UIDs now.
WrittenObject renamedBy(const IdentityMap& identities, const DeidentificationOptions& options, WrittenObject object)
{
    if (options.retainUids)
        return object;
    object.sopInstanceUid = identities.uid(object.sopInstanceUid);
    for (std::string& uid : object.trackingUids)
        uid = identities.uid(uid);
    return object;
}

// The objects are built where nobody else reads, and only what is left of them reaches the folder of the export.
Result<Written> writtenWithoutIdentity(const WriteObjectRequest& request, const ObjectContent& content,
                                       const std::stop_token& stop, const ProgressReport& report)
{
    const auto options = deidentificationOptionsFromJson(request.deidentification);
    if (!options)
        return options.error();
    const IdentityMap identities(request.secret);
    const NamedFile object(request.labelsPath + ".named.dcm"), companion(request.labelsPath + ".named.seg.dcm");
    WriteObjectRequest inside = request;
    inside.outPath = object.path();
    inside.segmentationPath = companion.path();
    auto written = writtenBy(inside, content, stop, report);
    if (!written)
        return written;
    std::vector<std::string>& notes = written->objects.back().notes;
    const bool isReport = request.format == "dicom-sr";
    if (isReport)
        if (auto done = passedOn(companion, request.segmentationPath, identities, *options, notes); !done)
            return done.error();
    if (auto done = passedOn(object, request.outPath, identities, *options, notes); !done)
        return done.error();
    if (isReport)
        if (auto proved = provedReport(request.outPath, content, written->measures,
                                       renamedBy(identities, *options, written->objects.front()));
            !proved)
            return proved.error();
    return written;
}

} // namespace

Result<ReaderDone> writtenObject(const WriteObjectRequest& request, const std::stop_token& stop,
                                 const ProgressReport& report)
{
    const auto labels = readLabelFile(request.labelsPath);
    if (!labels)
        return labels.error();
    const auto source = dicomSourceOf(request.entry, stop, subProgress(report, 0, 0.2));
    if (!source)
        return source.error();
    const ObjectContent content{*labels, *source, request.author};
    const ProgressReport rest = subProgress(report, 0.2, 1);
    const auto written = request.secret.empty() ? writtenBy(request, content, stop, rest)
                                                : writtenWithoutIdentity(request, content, stop, rest);
    if (!written)
        return written.error();
    ReaderDone done;
    done.notes = source->notes;
    for (const WrittenObject& object : written->objects)
        done.notes.insert(done.notes.end(), object.notes.begin(), object.notes.end());
    return done;
}

} // namespace annotomy
