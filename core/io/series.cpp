#include "core/io/series.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "core/io/series/dicom_warnings.h"
#include "core/io/series/mosaic_series.h"
#include "core/io/series/regularise.h"

namespace annotomy {

namespace {

Result<Volume> readPlainImage(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    const std::string& path = entry.files.front();
    if (entry.format == "nifti")
        return entry.frames.empty() ? readNifti(path, std::move(stop), report)
                                    : readNifti(path, entry.frames.front(), std::move(stop), report);
    if (entry.format == "nrrd")
        return readNrrd(path, std::move(stop), report);
    if (entry.format == "metaimage")
        return readMetaImage(path, std::move(stop), report);
    return Error{ErrorCode::InvalidArgument, entry.contentKey, "the format \"" + entry.format + "\" is not read"};
}

// The same voxels under the name of a unit.
Volume withUnit(const Volume& volume, const std::string& unit)
{
    return Volume::fromBytes(volume.geometry(), volume.type(), std::make_shared<const Volume>(volume),
                             volume.bytes(), volume.rescale(), unit);
}

// As the slices lie. `damaged` as of readDicomSeries; a mosaic is one image, whole or not.
Result<Volume> readSlices(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                          std::vector<std::size_t>* damaged)
{
    if (entry.format == "dicom" && entry.mosaic > 0)
        return readMosaic(entry, std::move(stop), report);
    if (entry.format == "dicom")
        return readDicomSeries(entry, std::move(stop), report, damaged);
    const ForeignFile current(entry.files.front());
    auto volume = readPlainImage(entry, std::move(stop), report);
    if (volume && entry.info.modality == "CT")
        return withUnit(*volume, "HU");
    return volume;
}

// Decodes the slices as they lie, then resamples them.
Result<Volume> readRegularised(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                               std::vector<std::size_t>* damaged)
{
    if (!entry.irregular)
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series does not say where its slices lie"};
    const auto slices = readSlices(asStored(entry), stop, subProgress(report, 0, 0.7), damaged);
    if (!slices)
        return slices;
    auto volume = onEvenGrid(*slices, *entry.irregular, entry.geometry, std::move(stop), subProgress(report, 0.7, 1),
                             damaged ? *damaged : std::vector<std::size_t>());
    if (!volume && volume.error().subject.empty())
        return Error{volume.error().code, entry.files.front(), volume.error().detail};
    return volume;
}

Warning warningOf(const std::vector<std::size_t>& damaged, const SeriesEntry& entry)
{
    std::vector<std::string> files;
    for (const std::size_t slice : damaged)
        files.push_back(entry.files[slice]);
    return damagedSlices(std::move(files), entry.files.size());
}

} // namespace

Result<Volume> readSeries(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                          std::vector<Warning>* warnings)
{
    if (entry.files.empty())
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series names no file"};
    std::vector<std::size_t> damaged;
    std::vector<std::size_t>* const forgiven = warnings ? &damaged : nullptr;
    auto volume = entry.regularised ? readRegularised(entry, std::move(stop), report, forgiven)
                                    : readSlices(entry, std::move(stop), report, forgiven);
    if (volume && !damaged.empty())
        putWarning(warningOf(damaged, entry), *warnings);
    return volume;
}

} // namespace annotomy
