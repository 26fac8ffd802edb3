#include "core/io/series.h"

#include "core/io/dicom.h"
#include "core/io/foreign_file.h"
#include "core/io/nifti.h"
#include "core/io/nrrd.h"
#include "core/io/regularise.h"

namespace annotomy {

namespace {

// The same voxels under the name of a unit.
Volume withUnit(const Volume& volume, const std::string& unit)
{
    return Volume::fromBytes(volume.geometry(), volume.type(), std::make_shared<const Volume>(volume),
                             volume.bytes(), volume.rescale(), unit);
}

// Decodes the slices as they lie, then resamples them.
Result<Volume> readRegularised(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    if (!entry.irregular)
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series does not say where its slices lie"};
    const auto slices = readSeries(asStored(entry), stop, subProgress(report, 0, 0.7));
    if (!slices)
        return slices;
    auto volume = onEvenGrid(*slices, *entry.irregular, entry.geometry, std::move(stop), subProgress(report, 0.7, 1));
    if (!volume && volume.error().subject.empty())
        return Error{volume.error().code, entry.files.front(), volume.error().detail};
    return volume;
}

} // namespace

Result<Volume> readSeries(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    if (entry.files.empty())
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series names no file"};
    if (entry.regularised)
        return readRegularised(entry, std::move(stop), report);
    if (entry.format == "dicom")
        return readDicomSeries(entry, std::move(stop), report);
    const ForeignFile current(entry.files.front());
    if (entry.format != "nifti" && entry.format != "nrrd")
        return Error{ErrorCode::InvalidArgument, entry.contentKey,
                     "the format \"" + entry.format + "\" is not read"};
    auto volume = entry.format == "nifti" ? readNifti(entry.files.front(), std::move(stop), report)
                                          : readNrrd(entry.files.front(), std::move(stop), report);
    if (volume && entry.info.modality == "CT")
        return withUnit(*volume, "HU");
    return volume;
}

} // namespace annotomy
