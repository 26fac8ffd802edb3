#include "core/io/series.h"

#include "core/io/dicom.h"
#include "core/io/foreign_file.h"
#include "core/io/nifti.h"
#include "core/io/nrrd.h"

namespace annotomy {

Result<Volume> readSeries(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    if (entry.files.empty())
        return Error{ErrorCode::InvalidArgument, entry.contentKey, "the series names no file"};
    if (entry.format == "dicom")
        return readDicomSeries(entry, std::move(stop), report);
    const ForeignFile current(entry.files.front());
    if (entry.format == "nifti")
        return readNifti(entry.files.front(), std::move(stop), report);
    if (entry.format == "nrrd")
        return readNrrd(entry.files.front(), std::move(stop), report);
    return Error{ErrorCode::InvalidArgument, entry.contentKey,
                 "the format \"" + entry.format + "\" is not read"};
}

} // namespace annotomy
