#include "core/objects/segmentation_writer.h"

#include "core/objects/object_text.h"
#include "core/objects/segment_description.h"
#include "core/objects/source_header.h"
#include "core/objects/terminology.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmiod/iodreferences.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

namespace annotomy {

namespace {

constexpr std::uint64_t mostPixelBytes = 0xFFFFFFFEU; // an element's length is a 32-bit number

// Which slices hold voxels of each label.
std::vector<std::set<int>> slicesOf(const LabelMap& labels)
{
    std::vector<std::set<int>> slices(256);
    const Index3 size = labels.geometry().size;
    const auto plane = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        for (int k = 0; k < size[2]; ++k) {
            std::array<bool, 256> seen{};
            for (const std::uint8_t label :
                 labels.layer(layer).subspan(static_cast<std::size_t>(k) * plane, plane))
                seen[label] = true;
            for (std::size_t label = 1; label < seen.size(); ++label)
                if (seen[label])
                    slices[label].insert(k);
        }
    }
    return slices;
}

// One segmentation while it is built.
class Builder {
public:
    Builder(const std::string& path, const ObjectContent& content)
        : m_path(path), m_content(content), m_grid(content.labels.geometry()),
          m_slices(slicesOf(content.labels))
    {
        m_written.sopInstanceUid = newDicomUid();
        m_written.seriesUid = newDicomUid();
        m_written.sopClassUid = UID_SegmentationStorage;
    }

    Result<WrittenObject> write(const std::stop_token& stop, const ProgressReport& report)
    {
        if (auto valid = checked(); !valid)
            return valid.error();
        for (const auto step :
             {&Builder::create, &Builder::addSegments, &Builder::addShared, &Builder::addReferences})
            if (auto done = (this->*step)(); !done)
                return done.error();
        if (auto done = addFrames(stop, subProgress(report, 0, 0.7)); !done)
            return done.error();
        if (auto done = save(); !done)
            return done.error();
        reportProgress(report, 1);
        return m_written;
    }

private:
    const std::vector<Segment>& segments() const { return m_content.labels.segments().segments(); }

    Result<void> failed(const char* step, const OFCondition& condition) const
    {
        return condition.good() ? Result<void>() : Result<void>(dcmtkError(m_path, step, condition.text()));
    }

    Result<void> checked() const
    {
        if (segments().empty())
            return Error{ErrorCode::InvalidArgument, "the mask",
                         "a segmentation needs a segment at least; add one"};
        if (std::abs(dot(m_grid.axis(0), m_grid.axis(1))) > 1e-4)
            return Error{ErrorCode::Unsupported, m_path,
                         "the image's rows and columns are not perpendicular, which DICOM cannot say"};
        std::uint64_t frames = 0;
        for (const Segment& segment : segments()) {
            if (auto fits = fitsLongString(segment.name, "the segment's name"); !fits)
                return fits;
            frames += std::max<std::size_t>(1, m_slices[segment.number].size());
        }
        const std::uint64_t plane =
            static_cast<std::uint64_t>(m_grid.size[0]) * static_cast<std::uint64_t>(m_grid.size[1]);
        if (frames * plane / 8 > mostPixelBytes)
            return Error{
                ErrorCode::Unsupported, m_path,
                "the segmentation would have more than 4 GiB of voxels: export fewer segments at a time"};
        return {};
    }

    Result<void> create()
    {
        const IODGeneralEquipmentModule::EquipmentInfo equipment("Annotomy", "Annotomy", "1", "1");
        ContentIdentificationMacro identification("1", "SEGMENTATION", "Segmentation of an image", "");
        DcmSegmentation* created = nullptr;
        const OFCondition made = DcmSegmentation::createBinarySegmentation(
            created, static_cast<Uint16>(m_grid.size[1]), static_cast<Uint16>(m_grid.size[0]), equipment,
            identification);
        m_segmentation.reset(created);
        if (made.bad())
            return failed("creating the segmentation", made);
        m_segmentation->setCheckFGOnWrite(OFFalse); // takes time by the square of the frames
        m_segmentation->setCheckDimensionsOnWrite(OFFalse);
        DcmDataset source;
        source.putAndInsertString(DCM_PatientID, "unknown");
        source.putAndInsertString(DCM_StudyInstanceUID, m_content.source.studyUid.c_str());
        source.putAndInsertString(DCM_FrameOfReferenceUID, m_content.source.frameOfReferenceUid.c_str());
        if (const OFCondition imported = m_segmentation->importFromSourceImage(source); imported.bad())
            return failed("taking over patient and study", imported);
        m_segmentation->getSeries().setSeriesNumber("1000");
        m_segmentation->getSeries().setSeriesDescription("Segmentation");
        m_segmentation->getSeries().setSeriesDate(dicomDate().c_str());
        m_segmentation->getSeries().setSeriesTime(dicomTime().c_str());
        return setLossy();
    }

    // A mask of an image that lost something says so, too.
    Result<void> setLossy()
    {
        const DicomSource& source = m_content.source;
        if (!source.lossy)
            return {};
        if (source.lossyRatio.empty() || source.lossyMethod.empty()) {
            m_written.notes.emplace_back(
                "the source images were compressed with loss, but do not say how: the file does not either");
            return {};
        }
        return failed("lossy compression",
                      m_segmentation->setLossyImageCompressionFlag(source.lossyRatio.c_str(),
                                                                   source.lossyMethod.c_str(), OFFalse));
    }

    Result<void> addSegments()
    {
        for (const Segment& segment : segments())
            if (auto added = addSegment(withCodes(segment)); !added)
                return added;
        return {};
    }

    Result<void> addSegment(const Segment& segment)
    {
        const std::string trackingUid = trackingUidOf(segment, m_content.source);
        auto described = describedSegment(segment, trackingUid, m_path);
        if (!described)
            return described.error();
        m_written.trackingUids.push_back(trackingUid);
        Uint16 number = 0;
        const OFCondition added = m_segmentation->addSegment(*described, number);
        if (added.bad())
            delete *described; // it is the segmentation's only once it was added
        return failed("adding a segment", added);
    }

    Result<void> addShared()
    {
        const Vec3 row = m_grid.axis(0), column = m_grid.axis(1);
        FGPlaneOrientationPatient orientation;
        orientation.setImageOrientationPatient(dicomDecimal(row[0]).c_str(), dicomDecimal(row[1]).c_str(),
                                               dicomDecimal(row[2]).c_str(), dicomDecimal(column[0]).c_str(),
                                               dicomDecimal(column[1]).c_str(),
                                               dicomDecimal(column[2]).c_str());
        const double between =
            m_grid.spacing[2] * std::abs(dot(m_grid.axis(2), normalised(cross(row, column))));
        FGPixelMeasures measures;
        measures.setPixelSpacing(
            (dicomDecimal(m_grid.spacing[1]) + "\\" + dicomDecimal(m_grid.spacing[0])).c_str());
        measures.setSliceThickness(dicomDecimal(between).c_str());
        measures.setSpacingBetweenSlices(dicomDecimal(between).c_str());
        OFCondition added = m_segmentation->addForAllFrames(orientation);
        if (added.good())
            added = m_segmentation->addForAllFrames(measures);
        if (added.bad())
            return failed("describing the grid", added);
        const std::string organisation = newDicomUid();
        IODMultiframeDimensionModule& dimensions = m_segmentation->getDimensions();
        added = dimensions.addDimensionIndex(DCM_ReferencedSegmentNumber, organisation.c_str(),
                                             DCM_SegmentIdentificationSequence, "Segment");
        if (added.good())
            added = dimensions.addDimensionIndex(DCM_ImagePositionPatient, organisation.c_str(),
                                                 DCM_PlanePositionSequence, "Slice");
        return failed("describing the dimensions", added);
    }

    Result<void> addReferences()
    {
        const DicomSource& source = m_content.source;
        IODReferences references;
        std::set<std::string> seen;
        for (const DicomInstance& slice : source.slices)
            if (seen.insert(slice.sopInstanceUid).second)
                references.add(new IODImageReference("", source.studyUid.c_str(), source.seriesUid.c_str(),
                                                     slice.sopInstanceUid.c_str(),
                                                     slice.sopClassUid.c_str()));
        if (!seen.empty() && m_segmentation->getCommonInstanceReference().addReferences(
                                 references, source.studyUid.c_str()) != seen.size())
            return dcmtkError(m_path, "referring to the source images", "a reference was not taken");
        return {};
    }

    std::unique_ptr<FGDerivationImage> derivationOf(int k) const
    {
        if (m_content.source.slices.empty())
            return nullptr;
        const DicomInstance& slice = m_content.source.slices[static_cast<std::size_t>(k)];
        ImageSOPInstanceReferenceMacro reference;
        reference.setReferencedSOPClassUID(slice.sopClassUid.c_str());
        reference.setReferencedSOPInstanceUID(slice.sopInstanceUid.c_str());
        if (slice.frame > 0 && slice.frame <= 65535)
            reference.addReferencedFrameNumber(static_cast<Uint16>(slice.frame));
        OFVector<ImageSOPInstanceReferenceMacro> images;
        images.push_back(reference);
        return std::unique_ptr<FGDerivationImage>(DcmSegmentation::createDerivationImageFG(images, ""));
    }

    Result<void> addFrame(std::size_t segment, int k)
    {
        const SegmentNumber label = segments()[segment].number;
        const int layer = m_content.labels.segments().layerOf(label);
        m_plane.assign(static_cast<std::size_t>(m_grid.size[0]) * static_cast<std::size_t>(m_grid.size[1]),
                       0);
        if (layer < m_content.labels.layerCount()) {
            const auto voxels =
                m_content.labels.layer(layer).subspan(m_grid.offset({0, 0, k}), m_plane.size());
            std::transform(voxels.begin(), voxels.end(), m_plane.begin(),
                           [label](std::uint8_t v) { return static_cast<Uint8>(v == label); });
        }
        const Vec3 at = m_grid.patientFromIndex({0, 0, static_cast<double>(k)});
        FGPlanePosPatient position;
        position.setImagePositionPatient(dicomDecimal(at[0]).c_str(), dicomDecimal(at[1]).c_str(),
                                         dicomDecimal(at[2]).c_str());
        FGFrameContent content;
        content.setStackID("1");
        content.setInStackPositionNumber(static_cast<Uint32>(k + 1));
        content.setDimensionIndexValues(static_cast<Uint32>(segment + 1), 0);
        content.setDimensionIndexValues(static_cast<Uint32>(k + 1), 1);
        if (!isByteAligned())
            pack();
        const auto derivation = derivationOf(k);
        OFVector<FGBase*> groups;
        groups.push_back(&content);
        groups.push_back(&position);
        if (derivation)
            groups.push_back(derivation.get());
        return failed("adding a frame",
                      m_segmentation->addFrame(m_plane.data(), static_cast<Uint16>(segment + 1), groups));
    }

    bool isByteAligned() const { return m_grid.size[0] * static_cast<std::int64_t>(m_grid.size[1]) % 8 == 0; }

    // DCMTK 3.6.7 joins frames that are no whole number of bytes wrongly, so those are packed here
    // (PS3.5, 8.1.1).
    void pack()
    {
        m_packed.resize((m_packedBits + m_plane.size() + 7) / 8, 0);
        for (const Uint8 pixel : m_plane) {
            m_packed[m_packedBits / 8] =
                static_cast<Uint8>(m_packed[m_packedBits / 8] | (pixel << (m_packedBits % 8)));
            ++m_packedBits;
        }
    }

    Result<void> putPacked(DcmItem& dataset)
    {
        if (isByteAligned())
            return {};
        m_packed.resize(m_packed.size() + m_packed.size() % 2, 0);
        auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
        pixels->setVR(EVR_OB);
        OFCondition put = pixels->putUint8Array(m_packed.data(), m_packed.size());
        if (put.good())
            put = dataset.insert(pixels.get(), OFTrue);
        if (put.good())
            (void)pixels.release();
        return failed("storing the voxels", put);
    }

    Result<void> addFrames(const std::stop_token& stop, const ProgressReport& report)
    {
        for (std::size_t n = 0; n < segments().size(); ++n) {
            const std::set<int>& held = m_slices[segments()[n].number];
            for (const int k : held.empty() ? std::set<int>{0} : held) {
                if (stop.stop_requested())
                    return cancelledError();
                if (auto added = addFrame(n, k); !added)
                    return added;
            }
            reportProgress(report, static_cast<double>(n + 1) / static_cast<double>(segments().size()));
        }
        return {};
    }

    Result<void> save()
    {
        DcmFileFormat file;
        DcmDataset& dataset = *file.getDataset();
        if (const OFCondition written = m_segmentation->writeDataset(dataset); written.bad())
            return failed("composing the file", written);
        m_segmentation.reset(); // its frames are in the data set now
        if (auto put = putPacked(dataset); !put)
            return put;
        dataset.putAndInsertString(DCM_PatientID, "");
        putSource(dataset, m_content.source);
        dataset.putAndInsertString(DCM_ContentCreatorName, personName(m_content.author).c_str());
        for (std::size_t n = 0; n < segments().size(); ++n) {
            DcmItem* item = nullptr;
            if (dataset.findAndGetSequenceItem(DCM_SegmentSequence, item, static_cast<long>(n)).good())
                putSegmentTexts(*item, withCodes(segments()[n]));
        }
        dataset.putAndInsertString(DCM_SOPInstanceUID, m_written.sopInstanceUid.c_str());
        dataset.putAndInsertString(DCM_SeriesInstanceUID, m_written.seriesUid.c_str());
        return saved(file, m_path, true);
    }

    const std::string& m_path;
    const ObjectContent& m_content;
    const VolumeGeometry& m_grid;
    std::vector<std::set<int>> m_slices; // with voxels, by label
    std::unique_ptr<DcmSegmentation> m_segmentation;
    std::vector<Uint8> m_plane;
    std::vector<Uint8> m_packed; // all frames, where they are no whole bytes
    std::size_t m_packedBits = 0;
    WrittenObject m_written;
};

} // namespace

Result<WrittenObject> writeSegmentation(const std::string& path, const ObjectContent& content,
                                        std::stop_token stop, const ProgressReport& report)
{
    silenceDcmtk();
    return Builder(path, content).write(stop, report);
}

} // namespace annotomy
