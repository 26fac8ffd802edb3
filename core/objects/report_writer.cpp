#include "core/objects/report_writer.h"

#include "core/objects/object_text.h"
#include "core/objects/source_header.h"
#include "core/objects/terminology.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmsr/cmr/cid5000.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <set>

namespace annotomy {

namespace {

using Group = CMR_TID1411_in_TID1500;

constexpr const char* deviceUid = "2.25.286405811436741953278094352711536094811"; // Annotomy's

DSRCodedEntryValue entryOf(const CodedConcept& code)
{
    return {code.value.c_str(), code.scheme.c_str(), shortened(code.meaning).c_str()};
}

// What the voxels measure, and in what unit.
struct Quantity {
    DSRCodedEntryValue name, unit;
};

Quantity quantityOf(const std::string& modality, const std::string& unit)
{
    const DSRCodedEntryValue none("1", "UCUM", "no units");
    if (unit == "HU")
        return {{"112031", "DCM", "Attenuation Coefficient"}, {"[hnsf'U]", "UCUM", "Hounsfield unit"}};
    if (unit == "SUVbw")
        return {{"126401", "DCM", "SUVbw"}, {"{SUVbw}g/ml", "UCUM", "Standardized Uptake Value body weight"}};
    if (modality == "MR")
        return {{"110852", "DCM", "MR signal intensity"}, none};
    return {{"voxelValue", "99ANNOTOMY", "Voxel value"}, none};
}

CMR_CID100 procedureOf(const std::string& modality)
{
    if (modality == "CT")
        return DSRCodedEntryValue("77477000", "SCT", "Computed Tomography");
    if (modality == "MR")
        return DSRCodedEntryValue("113091000", "SCT", "Magnetic Resonance Imaging");
    return DSRCodedEntryValue("363679005", "SCT", "Imaging procedure");
}

class Report {
public:
    Report(const std::string& path, const ObjectContent& content, const WrittenObject& segmentation)
        : m_path(path), m_content(content), m_source(content.source), m_segmentation(segmentation),
          m_report(CMR_CID7021::ImagingMeasurementReport)
    {
        m_written.sopClassUid = UID_ComprehensiveSRStorage;
        m_written.sopInstanceUid = newDicomUid();
        m_written.seriesUid = newDicomUid();
        m_written.trackingUids = segmentation.trackingUids;
    }

    Result<WrittenObject> write(const std::vector<SegmentMeasures>& measures, const std::string& unit)
    {
        const auto& segments = m_content.labels.segments().segments();
        if (segments.empty())
            return Error{ErrorCode::InvalidArgument, "the mask",
                         "a report needs a segment at least; add one"};
        nameSeries();
        if (auto done = describe(); !done)
            return done.error();
        const Quantity quantity = quantityOf(m_source.modality, unit);
        for (std::size_t n = 0; n < segments.size(); ++n)
            if (auto added = addGroup(n, withCodes(segments[n]), measures[n], quantity); !added)
                return added.error();
        if (auto done = save(); !done)
            return done.error();
        return m_written;
    }

private:
    // TID 1411 requires the series that was measured. One without a UID has the same stand-in in all its reports.
    void nameSeries()
    {
        if (!m_source.seriesUid.empty())
            return;
        m_source.seriesUid = dicomUidFor("series/" + m_source.identity);
        const char* note = "the image has no Series Instance UID: the report names the series by one that was made for it";
        m_source.notes.emplace_back(note);
        m_written.notes.emplace_back(note);
    }

    Result<void> failed(const char* step, const OFCondition& condition) const
    {
        return condition.good() ? Result<void>() : Result<void>(dcmtkError(m_path, step, condition.text()));
    }

    Result<void> describe()
    {
        OFCondition done = m_report.setLanguage(CID5000_Languages(CID5000_Languages::English));
        const std::string observer = personName(m_content.author);
        CMR_TID1001& context = m_report.getObservationContext();
        if (done.good())
            done = observer.empty() ? context.addDeviceObserver(deviceUid, "Annotomy", "Annotomy", "Annotomy")
                                    : context.addPersonObserver(observer.c_str(), "", CMR_CID7452(),
                                                                CMR_CID7453(), OFFalse);
        if (done.good())
            done = m_report.addProcedureReported(procedureOf(m_source.modality));
        if (done.good())
            done = addImages();
        return failed("describing the report", done);
    }

    // TID 1600: every source image once.
    OFCondition addImages()
    {
        const DicomSource& source = m_source;
        if (source.slices.empty())
            return EC_Normal;
        CMR_TID1600& library = m_report.getImageLibrary();
        OFCondition done = library.createNewImageLibrary();
        if (done.good())
            done = library.addImageGroup();
        std::set<std::string> seen;
        for (const DicomInstance& slice : source.slices) {
            if (done.bad() || !seen.insert(slice.sopInstanceUid).second)
                continue;
            DcmDataset image;
            image.putAndInsertString(DCM_SOPClassUID, slice.sopClassUid.c_str());
            image.putAndInsertString(DCM_SOPInstanceUID, slice.sopInstanceUid.c_str());
            done = library.addImageEntry(image, CMR_TID1600::withoutDescriptors);
        }
        return done;
    }

    Result<void> addGroup(std::size_t n, const Segment& segment, const SegmentMeasures& measures,
                          const Quantity& quantity)
    {
        m_report.addVolumetricROIMeasurements();
        Group& group = m_report.getVolumetricROIMeasurements();
        OFCondition done = group.setActivitySession("1");
        const auto then = [&](const auto& step) {
            if (done.good())
                done = step();
        };
        then([&] {
            return group.setTrackingIdentifier(
                (segment.trackingId.empty() ? segment.name : segment.trackingId).c_str(), OFFalse);
        });
        then([&] { return group.setTrackingUniqueIdentifier(m_segmentation.trackingUids[n].c_str()); });
        then([&] { return group.setFinding(entryOf(segment.type), OFFalse); });
        then([&] {
            DSRImageReferenceValue reference(m_segmentation.sopClassUid.c_str(),
                                             m_segmentation.sopInstanceUid.c_str());
            reference.getSegmentList().addItem(static_cast<Uint16>(n + 1));
            return group.setReferencedSegment(reference);
        });
        then([&] { return group.setSourceSeriesForSegmentation(m_source.seriesUid.c_str()); });
        if (!segment.region.value.empty())
            then([&] {
                return group.addFindingSite(entryOf(segment.region), CMR_CID244e(), DSRCodedEntryValue(),
                                            OFFalse);
            });
        then([&] {
            return add(group, {"118565006", "SCT", "Volume"}, measures.volumeMm3,
                       {"mm3", "UCUM", "cubic millimeter"});
        });
        then([&] {
            return add(group, {"voxelCount", "99ANNOTOMY", "Number of voxels"},
                       static_cast<double>(measures.voxels), {"{voxels}", "UCUM", "voxels"});
        });
        if (measures.finite > 0) {
            then([&] {
                return add(group, quantity.name, measures.mean, quantity.unit, {"373098007", "SCT", "Mean"});
            });
            then([&] {
                return add(group, quantity.name, measures.standardDeviation, quantity.unit,
                           {"386136009", "SCT", "Standard Deviation"});
            });
            then([&] {
                return add(group, quantity.name, measures.minimum, quantity.unit,
                           {"255605001", "SCT", "Minimum"});
            });
            then([&] {
                return add(group, quantity.name, measures.maximum, quantity.unit,
                           {"56851009", "SCT", "Maximum"});
            });
        }
        return failed("adding measurements", done);
    }

    static OFCondition add(Group& group, const DSRCodedEntryValue& name, double value,
                           const DSRCodedEntryValue& unit, const DSRCodedEntryValue& derivation = {})
    {
        const Group::MeasurementValue number(dicomDecimal(value).c_str(), unit, OFFalse);
        OFCondition done = group.addMeasurement(name, number, OFTrue, OFFalse);
        if (done.good() && !derivation.isEmpty())
            done = group.getMeasurement().setDerivation(derivation, OFFalse);
        return done;
    }

    Result<void> save()
    {
        DSRDocument document(DSRTypes::DT_ComprehensiveSR);
        if (const OFCondition set = document.setTreeFromRootTemplate(m_report); set.bad())
            return failed("composing the report", set);
        const DicomSource& source = m_source;
        document.setSpecificCharacterSet("ISO_IR 192");
        document.setSeriesDescription("Measurement report");
        document.setSeriesNumber("1002");
        document.setInstanceNumber("1");
        document.setManufacturer("Annotomy");
        document.setManufacturerModelName("Annotomy");
        document.setDeviceSerialNumber("1");
        document.setSoftwareVersions("1");
        document.getCodingSchemeIdentification().addItem("99ANNOTOMY");
        document.getCodingSchemeIdentification().setCodingSchemeName("Annotomy's own codes");
        auto& evidence = document.getCurrentRequestedProcedureEvidence();
        evidence.addItem(source.studyUid.c_str(), m_segmentation.seriesUid.c_str(),
                         m_segmentation.sopClassUid.c_str(), m_segmentation.sopInstanceUid.c_str());
        for (const DicomInstance& slice : source.slices) // one that is there already is not added again
            evidence.addItem(source.studyUid.c_str(), source.seriesUid.c_str(), slice.sopClassUid.c_str(),
                             slice.sopInstanceUid.c_str());
        document.completeDocument();
        DcmFileFormat file;
        DcmDataset& dataset = *file.getDataset();
        if (const OFCondition written = document.write(dataset); written.bad())
            return failed("composing the file", written);
        putSource(dataset, source);
        dataset.findAndDeleteElement(DCM_FrameOfReferenceUID); // images have one, reports do not
        dataset.findAndDeleteElement(DCM_PositionReferenceIndicator);
        dataset.putAndInsertString(DCM_SOPInstanceUID, m_written.sopInstanceUid.c_str());
        dataset.putAndInsertString(DCM_SeriesInstanceUID, m_written.seriesUid.c_str());
        return saved(file, m_path, true);
    }

    const std::string& m_path;
    const ObjectContent& m_content;
    DicomSource m_source;
    const WrittenObject& m_segmentation;
    CMR_TID1500 m_report;
    WrittenObject m_written;
};

} // namespace

Result<WrittenObject> writeReport(const std::string& path, const ObjectContent& content,
                                  const WrittenObject& segmentation,
                                  const std::vector<SegmentMeasures>& measures, const std::string& unit)
{
    silenceDcmtk();
    return Report(path, content, segmentation).write(measures, unit);
}

} // namespace annotomy
