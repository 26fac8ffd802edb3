#include "core/datasets/lidc_xml.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"

#include <map>
#include <set>

namespace annotomy {

namespace {

// By SOP Instance UID. A file that cannot be read is the image's affair, not that of its outlines.
std::map<std::string, double> zPositionsOf(const std::vector<std::string>& files, const std::stop_token& stop)
{
    std::map<std::string, double> positions;
    for (const std::string& path : std::set<std::string>(files.begin(), files.end())) {
        if (stop.stop_requested())
            break;
        const ForeignFile current(path);
        const auto file = readDicomFile(path, DicomExtent::Header);
        const auto position = file ? file->dataSet.vector(tag::position) : std::nullopt;
        if (position)
            positions.emplace(file->dataSet.text(tag::sopInstanceUid), (*position)[2]);
    }
    return positions;
}

std::vector<LidcOutline*> withoutPosition(LidcAnnotations& annotations)
{
    std::vector<LidcOutline*> outlines;
    for (LidcReader& reader : annotations.readers)
        for (LidcNodule& nodule : reader.nodules)
            for (LidcOutline& outline : nodule.outlines)
                if (!outline.zMm && !outline.points.empty())
                    outlines.push_back(&outline);
    return outlines;
}

} // namespace

Result<void> placeByImages(LidcAnnotations& annotations, const std::vector<std::string>& files, std::stop_token stop)
{
    const std::vector<LidcOutline*> outlines = withoutPosition(annotations);
    if (outlines.empty())
        return {};
    const auto positions = zPositionsOf(files, stop);
    if (stop.stop_requested())
        return cancelledError();
    for (LidcOutline* outline : outlines) {
        const auto position = positions.find(outline->imageUid);
        if (position == positions.end())
            return Error{ErrorCode::GeometryMismatch, {},
                         "an outline is on the image " + outline->imageUid + ", which is not one of the series"};
        outline->zMm = position->second;
    }
    return {};
}

} // namespace annotomy
