#include "core/objects/structure_set_writer.h"

#include "core/metrics/label_statistics.h"
#include "core/objects/mask_contours.h"
#include "core/objects/object_text.h"
#include "core/objects/source_header.h"
#include "core/objects/terminology.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmrt/drtstrct.h>

#include <algorithm>
#include <set>

namespace annotomy {

namespace {

constexpr const char* studyManagement =
    "1.2.840.10008.3.1.2.3.1"; // of RT Referenced Study, as the standard has it

std::string colourText(const Colour& colour)
{
    return std::to_string(colour.r) + "\\" + std::to_string(colour.g) + "\\" + std::to_string(colour.b);
}

void refer(DRTContourImageSequence& sequence, const DicomInstance& image, bool withFrame)
{
    DRTContourImageSequence::Item* item = nullptr;
    if (sequence.addItem(item).bad())
        return;
    item->setReferencedSOPClassUID(image.sopClassUid.c_str());
    item->setReferencedSOPInstanceUID(image.sopInstanceUid.c_str());
    if (withFrame && image.frame > 0)
        item->setReferencedFrameNumber(std::to_string(image.frame).c_str());
}

class StructureSet {
public:
    StructureSet(const std::string& path, const ObjectContent& content)
        : m_path(path), m_content(content), m_grid(content.labels.geometry())
    {
        m_written.sopClassUid = UID_RTStructureSetStorage;
        m_written.sopInstanceUid = newDicomUid();
        m_written.seriesUid = newDicomUid();
        for (int layer = 0; layer < content.labels.layerCount(); ++layer)
            m_statistics.push_back(labelStatistics(m_grid, content.labels.layer(layer)));
    }

    Result<WrittenObject> write(const std::stop_token& stop, const ProgressReport& report)
    {
        const auto& segments = m_content.labels.segments().segments();
        if (segments.empty())
            return Error{ErrorCode::InvalidArgument, "the mask",
                         "a structure set needs a segment at least; add one"};
        for (const Segment& segment : segments)
            if (auto fits = fitsLongString(segment.name, "the segment's name"); !fits)
                return fits.error();
        describe();
        referToImages();
        for (std::size_t n = 0; n < segments.size(); ++n) {
            if (stop.stop_requested())
                return cancelledError();
            if (auto added = addRoi(static_cast<int>(n + 1), segments[n]); !added)
                return added.error();
            reportProgress(report, 0.7 * static_cast<double>(n + 1) / static_cast<double>(segments.size()));
        }
        if (auto done = save(); !done)
            return done.error();
        reportProgress(report, 1);
        return m_written;
    }

private:
    void describe()
    {
        m_set.setStructureSetLabel("Annotomy");
        m_set.setStructureSetDate(dicomDate().c_str());
        m_set.setStructureSetTime(dicomTime().c_str());
        m_set.setManufacturer("Annotomy");
        m_set.setManufacturerModelName("Annotomy");
        m_set.setSoftwareVersions("1");
        m_set.setModality("RTSTRUCT");
        m_set.setSeriesNumber("1001");
        m_set.setSeriesDescription("Structure set");
        m_set.setApprovalStatus("UNAPPROVED");
        m_set.setInstanceNumber("1");
    }

    void referToImages()
    {
        const DicomSource& source = m_content.source;
        DRTReferencedFrameOfReferenceSequence::Item* frame = nullptr;
        if (m_set.getReferencedFrameOfReferenceSequence().addItem(frame).bad())
            return;
        frame->setFrameOfReferenceUID(source.frameOfReferenceUid.c_str());
        DRTRTReferencedStudySequence::Item* study = nullptr;
        if (source.slices.empty() || frame->getRTReferencedStudySequence().addItem(study).bad())
            return;
        study->setReferencedSOPClassUID(studyManagement);
        study->setReferencedSOPInstanceUID(source.studyUid.c_str());
        DRTRTReferencedSeriesSequence::Item* series = nullptr;
        if (study->getRTReferencedSeriesSequence().addItem(series).bad())
            return;
        series->setSeriesInstanceUID(source.seriesUid.c_str());
        std::set<std::string> seen;
        for (const DicomInstance& slice : source.slices)
            if (seen.insert(slice.sopInstanceUid).second)
                refer(series->getContourImageSequence(), slice, false);
    }

    Result<void> addRoi(int number, const Segment& segment)
    {
        DRTStructureSetROISequence::Item* roi = nullptr;
        DRTROIContourSequence::Item* drawn = nullptr;
        DRTRTROIObservationsSequence::Item* observation = nullptr;
        if (m_set.getStructureSetROISequence().addItem(roi).bad() ||
            m_set.getROIContourSequence().addItem(drawn).bad() ||
            m_set.getRTROIObservationsSequence().addItem(observation).bad())
            return dcmtkError(m_path, "adding an ROI", "no item was made");
        const std::string text = std::to_string(number);
        roi->setROINumber(text.c_str());
        roi->setReferencedFrameOfReferenceUID(m_content.source.frameOfReferenceUid.c_str());
        roi->setROIName(segment.name.c_str(), OFFalse);
        roi->setROIGenerationAlgorithm(segment.algorithmType.c_str());
        if (!segment.algorithmName.empty())
            roi->setROIGenerationDescription(shortened(segment.algorithmName).c_str(), OFFalse);
        drawn->setReferencedROINumber(text.c_str());
        drawn->setROIDisplayColor(colourText(segment.colour).c_str());
        addContours(segment, drawn->getContourSequence());
        observe(number, withCodes(segment), *observation);
        m_written.trackingUids.push_back(trackingUidOf(segment, m_content.source));
        return {};
    }

    void observe(int number, const Segment& segment, DRTRTROIObservationsSequence::Item& observation) const
    {
        observation.setObservationNumber(std::to_string(number).c_str());
        observation.setReferencedROINumber(std::to_string(number).c_str());
        observation.setRTROIInterpretedType(interpretedType(segment).c_str());
        observation.setROIInterpreter(personName(m_content.author).c_str(), OFFalse);
        DRTRTROIIdentificationCodeSequence::Item* code = nullptr;
        if (observation.getRTROIIdentificationCodeSequence().addItem(code).bad())
            return;
        code->setCodeValue(segment.type.value.c_str(), OFFalse);
        code->setCodingSchemeDesignator(segment.type.scheme.c_str(), OFFalse);
        code->setCodeMeaning(shortened(segment.type.meaning).c_str(), OFFalse);
    }

    // The part of a slice around a segment, as pixels of 0 and 1.
    std::vector<std::uint8_t> pixelsOf(const Segment& segment, const IndexBox& box, int k) const
    {
        const auto layer = m_content.labels.layer(segment.layer);
        const auto width = static_cast<std::size_t>(box.hi[0] - box.lo[0]);
        std::vector<std::uint8_t> pixels;
        pixels.reserve(width * static_cast<std::size_t>(box.hi[1] - box.lo[1]));
        for (int j = box.lo[1]; j < box.hi[1]; ++j)
            for (const std::uint8_t label : layer.subspan(m_grid.offset({box.lo[0], j, k}), width))
                pixels.push_back(label == segment.number);
        return pixels;
    }

    void addContours(const Segment& segment, DRTContourSequence& contours)
    {
        if (segment.layer >= static_cast<int>(m_statistics.size()))
            return;
        const IndexBox box = m_statistics[static_cast<std::size_t>(segment.layer)].box[segment.number];
        int number = 0;
        for (int k = box.lo[2]; k < box.hi[2] && !box.empty(); ++k)
            for (const IndexPolygon& polygon :
                 maskContours(pixelsOf(segment, box, k), box.hi[0] - box.lo[0], {box.lo[0], box.lo[1]}))
                addContour(polygon, k, ++number, contours);
    }

    void addContour(const IndexPolygon& polygon, int k, int number, DRTContourSequence& contours)
    {
        DRTContourSequence::Item* contour = nullptr;
        if (contours.addItem(contour).bad())
            return; // found out when the file is read back
        const double step = *std::min_element(m_grid.spacing.begin(), m_grid.spacing.end());
        std::string data;
        for (const auto& point : polygon)
            for (const double coordinate :
                 m_grid.patientFromIndex({point[0], point[1], static_cast<double>(k)}))
                data += (data.empty() ? "" : "\\") + dicomDecimal(coordinate, step);
        contour->setContourNumber(std::to_string(number).c_str());
        contour->setContourGeometricType("CLOSED_PLANAR");
        contour->setNumberOfContourPoints(std::to_string(polygon.size()).c_str());
        contour->setContourData(data.c_str(), OFFalse);
        if (!m_content.source.slices.empty())
            refer(contour->getContourImageSequence(), m_content.source.slices[static_cast<std::size_t>(k)],
                  true);
    }

    Result<void> save()
    {
        DcmFileFormat file;
        DcmDataset& dataset = *file.getDataset();
        m_set.setSOPInstanceUID(m_written.sopInstanceUid.c_str());
        m_set.setSeriesInstanceUID(m_written.seriesUid.c_str());
        m_set.setStudyInstanceUID(m_content.source.studyUid.c_str());
        m_set.setFrameOfReferenceUID(m_content.source.frameOfReferenceUid.c_str());
        if (const OFCondition written = m_set.write(dataset); written.bad())
            return dcmtkError(m_path, "composing the file", written.text());
        putSource(dataset, m_content.source);
        return saved(file, m_path, false);
    }

    const std::string& m_path;
    const ObjectContent& m_content;
    const VolumeGeometry& m_grid;
    std::vector<LabelStatistics> m_statistics; // by layer
    DRTStructureSetIOD m_set;
    WrittenObject m_written;
};

} // namespace

Result<WrittenObject> writeStructureSet(const std::string& path, const ObjectContent& content,
                                        std::stop_token stop, const ProgressReport& report)
{
    silenceDcmtk();
    return StructureSet(path, content).write(stop, report);
}

} // namespace annotomy
