#include "app/workbench/export_formats.h"

#include "app/workbench/mask_export.h"
#include "core/io/masks/seg_nrrd.h"
#include "core/io/plain/metaimage.h"

#include <algorithm>

namespace annotomy {

namespace {

using Notes = std::vector<std::string>;

constexpr const char* overlapNote = "segments overlap: where they do, the file holds the last one";

// NIfTI and NRRD hold one label a voxel.
Result<void> writeFlattened(const MaskExport& what, const ExportFiles& files, Notes& notes)
{
    const FlattenedMask mask = flattened(what.labels);
    if (mask.overlapping)
        notes.emplace_back(overlapNote);
    return writeVolumeAs(mask.volume, files.main, what.stop, what.report);
}

// Slicer's segmentation keeps layers, names, colours and codes.
Result<void> writeSlicer(const MaskExport& what, const ExportFiles& files, Notes&)
{
    return writeSegNrrd(files.main, what.labels, what.stop, what.report);
}

Result<void> writeMeta(const MaskExport& what, const ExportFiles& files, Notes& notes)
{
    const FlattenedMask mask = flattened(what.labels);
    if (mask.overlapping)
        notes.emplace_back(overlapNote);
    return writeMetaImage(files.main, mask.volume, what.stop, what.report);
}

Result<void> writeDicomObject(const char* format, const MaskExport& what, const ExportFiles& files, Notes& notes)
{
    WriteObjectRequest request;
    request.format = format;
    request.entry = what.series;
    request.author = what.author;
    request.outPath = files.main;
    request.segmentationPath = files.companion;
    if (what.privacy) {
        request.secret = what.privacy->secret;
        request.deidentification = toJsonText(what.privacy->options);
    }
    if (request.format == "dicom-sr") {
        const Result<std::string> image = what.imagePath ? what.imagePath() : Result<std::string>(std::string());
        if (!image)
            return image.error();
        request.imagePath = *image;
    }
    return what.reader.writeObject(request, what.labels, notes, what.stop, what.report);
}

template <const char* Format>
Result<void> writeDicom(const MaskExport& what, const ExportFiles& files, Notes& notes)
{
    return writeDicomObject(Format, what, files, notes);
}

constexpr char segmentation[] = "dicom-seg", structureSet[] = "rtstruct", structuredReport[] = "dicom-sr";

} // namespace

const std::vector<ExportFormat>& exportFormats()
{
    static const std::vector<std::string> dicomSuffixes{".dcm"};
    static const std::string dicomRule = "a DICOM file ends in .dcm";
    static const std::vector<ExportFormat> formats{
        {"nifti", {".nii", ".nii.gz"}, "a NIfTI file ends in .nii or .nii.gz", ExportProof::Flattened, false, "", writeFlattened},
        {"nrrd", {".nrrd"}, "a NRRD file ends in .nrrd", ExportProof::Flattened, false, "", writeFlattened},
        {"seg-nrrd", {".seg.nrrd"}, "a Slicer segmentation ends in .seg.nrrd", ExportProof::EveryVoxel, false, "", writeSlicer},
        {"mha", {".mha"}, "a MetaImage file ends in .mha", ExportProof::Flattened, false, "", writeMeta},
        {segmentation, dicomSuffixes, dicomRule, ExportProof::EveryVoxel, true, "", writeDicom<segmentation>},
        {structureSet, dicomSuffixes, dicomRule, ExportProof::Contours, true, "", writeDicom<structureSet>},
        {structuredReport, dicomSuffixes, dicomRule, ExportProof::ByReader, true, ".seg.dcm", writeDicom<structuredReport>},
    };
    return formats;
}

const ExportFormat* exportFormatNamed(const std::string& name)
{
    const auto& formats = exportFormats();
    const auto it = std::find_if(formats.begin(), formats.end(), [&](const ExportFormat& f) { return f.name == name; });
    return it == formats.end() ? nullptr : &*it;
}

std::string exportFormatNames()
{
    const auto& formats = exportFormats();
    std::string names;
    for (std::size_t n = 0; n < formats.size(); ++n)
        names += (n == 0 ? "" : n + 1 == formats.size() ? " or " : ", ") + formats[n].name;
    return names;
}

} // namespace annotomy
