#include "core/io/dicom/dicom.h"

#include "core/base/parallel.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_planes.h"
#include "core/io/dicom/dicom_slice.h"
#include "core/io/pixels/dicom_pixels.h"
#include "core/io/plain/raw_voxels.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>

namespace annotomy {

namespace {

// A slice of the volume and the frame that fills it.
struct Target {
    int slice = 0;
    int frame = 0;
};

// Everything wanted of one file, so that each is read once.
struct FileJob {
    std::string path;
    std::vector<Target> targets;
};

Result<std::vector<FileJob>> jobsOf(const SeriesEntry& entry)
{
    const auto count = static_cast<std::size_t>(entry.geometry.size[2]);
    if (!isPlausible(entry.geometry) || entry.files.size() != count ||
        (!entry.frames.empty() && entry.frames.size() != count))
        return Error{ErrorCode::InvalidArgument, entry.contentKey,
                     "the series does not name one file per slice"};
    std::map<std::string, std::size_t> places;
    std::vector<FileJob> jobs;
    for (std::size_t s = 0; s < count; ++s) {
        const auto [place, isNew] = places.try_emplace(entry.files[s], jobs.size());
        if (isNew)
            jobs.push_back({entry.files[s], {}});
        jobs[place->second].targets.push_back(
            {static_cast<int>(s), entry.frames.empty() ? 0 : entry.frames[s]});
    }
    return jobs;
}

// The slices that could not be decoded, each with the reason. Where none are forgiven, and for what is no damage of one
// slice (a file that is gone, no memory), the first of them ends the run.
class Damage {
public:
    explicit Damage(bool isForgiven) : m_isForgiven(isForgiven) {}

    // From any thread. The error where it is not forgiven.
    Result<void> take(std::span<const Target> targets, const Error& error)
    {
        const bool isDamage = error.code == ErrorCode::Malformed || error.code == ErrorCode::Truncated ||
                              error.code == ErrorCode::Unsupported;
        if (!m_isForgiven || !isDamage)
            return error;
        const std::lock_guard lock(m_mutex);
        for (const Target& target : targets)
            m_slices.insert_or_assign(static_cast<std::size_t>(target.slice), error);
        return {};
    }

    Result<void> checkAgainst(std::size_t slices) const
    {
        return mayStandIn(m_slices.size(), slices) ? Result<void>() : Result<void>(m_slices.begin()->second);
    }

    // Every slice of these becomes a copy of the nearest sound one, rather a lower one. Requires one that is sound.
    void fill(std::span<std::byte> slab, std::size_t slices) const
    {
        const std::size_t bytes = slab.size() / slices;
        for (const auto& [slice, error] : m_slices) {
            std::size_t from = slice;
            while (from > 0 && m_slices.contains(from))
                --from;
            while (m_slices.contains(from))
                ++from;
            std::memcpy(slab.data() + slice * bytes, slab.data() + from * bytes, bytes);
        }
    }

    std::vector<std::size_t> slices() const
    {
        std::vector<std::size_t> all;
        for (const auto& [slice, error] : m_slices)
            all.push_back(slice);
        return all;
    }

private:
    bool m_isForgiven;
    std::mutex m_mutex;
    std::map<std::size_t, Error> m_slices; // guarded by m_mutex while a run lasts
};

// Runs `work` on every job, on all cores, until one fails; tells the progress by slices.
class JobRun {
public:
    JobRun(std::vector<FileJob>& jobs, std::size_t slices, std::stop_token stop, ProgressReport report)
        : m_jobs(jobs), m_slices(slices), m_stop(std::move(stop)), m_report(std::move(report))
    {
    }

    Result<void> forEach(const std::function<Result<void>(FileJob&)>& work)
    {
        parallelRanges(m_jobs.size(), 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t j = begin; j < end && !m_failed && !m_stop.stop_requested(); ++j) {
                const ForeignFile current(m_jobs[j].path);
                finish(work(m_jobs[j]));
            }
        });
        if (m_stop.stop_requested())
            return cancelledError();
        return m_failed ? Result<void>(m_error) : Result<void>();
    }

    // From any thread.
    void sliceDone()
    {
        const std::lock_guard lock(m_mutex);
        reportProgress(m_report, static_cast<double>(++m_done) / static_cast<double>(m_slices));
    }

private:
    void finish(const Result<void>& result)
    {
        const std::lock_guard lock(m_mutex);
        if (!result && !m_failed) {
            m_error = result.error();
            m_failed = true;
        }
    }

    std::vector<FileJob>& m_jobs;
    std::size_t m_slices;
    std::stop_token m_stop;
    ProgressReport m_report;
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex; // guards the members below
    Error m_error;
    std::size_t m_done = 0;
};

// A file of the series with what its header says.
struct OpenedFile {
    DicomFile file;
    DicomPixelFormat format;
    int frameCount = 1;
    std::vector<Rescale> rescales; // of each target
    std::string unit;
    std::optional<StoredRange> padding;
};

Result<OpenedFile> opened(const FileJob& job, const VolumeGeometry& geometry)
{
    auto file = readDicomFile(job.path, DicomExtent::Pixels);
    if (!file)
        return file.error();
    if (const DicomNature nature = natureOf(*file); nature.kind != DicomKind::Image)
        return Error{ErrorCode::NoImage, job.path, nature.reason};
    const auto image = imageFileOf(*file, job.path);
    if (!image)
        return image.error();
    if (image->damage)
        return Error{image->damage->code, job.path, image->damage->detail};
    OpenedFile result;
    result.unit = image->unit;
    result.format = image->slices.front().format;
    result.padding = paddingOf(file->dataSet, result.format);
    result.frameCount = static_cast<int>(image->slices.size());
    if (result.format.columns != geometry.size[0] || result.format.rows != geometry.size[1])
        return Error{ErrorCode::GeometryMismatch, job.path,
                     "the image has other rows and columns than its series"};
    for (const Target& target : job.targets) {
        if (target.frame < 0 || target.frame >= result.frameCount)
            return Error{ErrorCode::Malformed, job.path,
                         "the image has fewer frames than its series expects"};
        result.rescales.push_back(image->slices[static_cast<std::size_t>(target.frame)].rescale);
    }
    result.file = std::move(*file);
    return result;
}

// What all slices must share to be kept as stored.
struct StoredForm {
    VoxelType type{};
    Rescale rescale;
    std::string unit;
    std::optional<StoredRange> padding;
    int colourBits = 0; // 0: without colours

    bool holds(const OpenedFile& file) const
    {
        return file.format.type() == type && file.format.colourBits == colourBits &&
               std::all_of(file.rescales.begin(), file.rescales.end(),
                           [&](const Rescale& r) { return r == rescale; });
    }
};

template <class T>
void rescaleInto(std::span<const std::byte> stored, const Rescale& rescale, std::span<std::byte> out)
{
    for (std::size_t i = 0; i < stored.size() / sizeof(T); ++i) {
        T value;
        std::memcpy(&value, stored.data() + i * sizeof(T), sizeof(T));
        const auto real = static_cast<float>(rescale.slope * static_cast<double>(value) + rescale.intercept);
        std::memcpy(out.data() + i * sizeof(float), &real, sizeof(float));
    }
}

void rescaleFrame(VoxelType type, std::span<const std::byte> stored, const Rescale& rescale,
                  std::span<std::byte> out)
{
    switch (type) {
    case VoxelType::UInt8:
        return rescaleInto<std::uint8_t>(stored, rescale, out);
    case VoxelType::Int8:
        return rescaleInto<std::int8_t>(stored, rescale, out);
    case VoxelType::UInt16:
        return rescaleInto<std::uint16_t>(stored, rescale, out);
    case VoxelType::Int16:
        return rescaleInto<std::int16_t>(stored, rescale, out);
    case VoxelType::UInt32:
        return rescaleInto<std::uint32_t>(stored, rescale, out);
    case VoxelType::Int32:
        return rescaleInto<std::int32_t>(stored, rescale, out);
    case VoxelType::Float32:
        return rescaleInto<float>(stored, rescale, out);
    }
}

// The memory that a series is decoded into.
struct Slab {
    std::span<std::byte> voxels;
    std::span<std::byte> rgb; // empty: no colours are wanted
};

// One wanted frame into its slice, as stored or as real float32 values without colours.
Result<void> decodeTarget(const DicomFrames& frames, const DicomPixelFormat& format, const Target& target,
                          const Rescale* rescale, const Slab& slab)
{
    const std::size_t bytes = frameBytes(format), slice = static_cast<std::size_t>(target.slice);
    const std::size_t sliceBytes = rescale ? format.voxels() * sizeof(float) : bytes;
    const std::size_t rgbBytes = slab.rgb.empty() ? 0 : 3 * format.voxels();
    const auto out = slab.voxels.subspan(slice * sliceBytes, sliceBytes);
    if (!rescale)
        return frames.decode(target.frame, out, slab.rgb.subspan(slice * rgbBytes, rgbBytes));
    ByteBlock stored(bytes);
    if (auto decoded = frames.decode(target.frame, stored); !decoded)
        return decoded;
    rescaleFrame(format.type(), stored, *rescale, out);
    return {};
}

// The wanted frames of one file, on all cores.
Result<void> decodeInto(const FileJob& job, const OpenedFile& opened, bool asStored,
                        const Slab& slab, Damage& damage, JobRun& run, const std::stop_token& stop)
{
    const auto frames = DicomFrames::open(opened.file, opened.format, opened.frameCount, job.path);
    if (!frames)
        return damage.take(job.targets, frames.error());
    std::mutex mutex;
    Result<void> result;
    parallelRanges(job.targets.size(), 1, [&](std::size_t begin, std::size_t end) {
        const ForeignFile current(job.path);
        for (std::size_t t = begin; t < end && !stop.stop_requested(); ++t) {
            auto decoded = decodeTarget(*frames, opened.format, job.targets[t],
                                        asStored ? nullptr : &opened.rescales[t], slab);
            if (!decoded)
                decoded = damage.take({&job.targets[t], 1}, decoded.error());
            run.sliceDone();
            const std::lock_guard lock(mutex);
            if (!decoded && result)
                result = decoded;
            if (!result)
                return;
        }
    });
    return result;
}

// Reads every file once, on the assumption that all are stored as the first sound one; where one is not, gives up.
// With `asStored` false all become real values.
class SeriesDecoding {
public:
    SeriesDecoding(const SeriesEntry& entry, std::vector<FileJob>& jobs, Damage& damage, std::stop_token stop,
                   ProgressReport report)
        : m_entry(entry), m_jobs(jobs), m_damage(damage), m_stop(std::move(stop)), m_report(std::move(report))
    {
    }

    Result<Volume> decoded()
    {
        const auto first = openedFirst();
        if (!first)
            return first.error();
        const StoredForm form{first->format.type(), first->rescales.front(), first->unit, first->padding,
                              first->format.colourBits};
        bool differs = !form.holds(*first);
        if (!differs) {
            auto volume = decodedAs(form, *first, true, differs);
            if (!differs)
                return volume;
        }
        return decodedAs({VoxelType::Float32, {}, form.unit, {}, 0}, *first, false, differs);
    }

private:
    Result<OpenedFile> openedFirst()
    {
        for (m_first = m_jobs.data();; ++m_first) {
            auto file = opened(*m_first, m_entry.geometry);
            if (file)
                return file;
            auto taken = m_damage.take(m_first->targets, file.error());
            if (taken)
                taken = m_damage.checkAgainst(m_entry.files.size()); // fails before there is no file left
            if (!taken)
                return taken.error();
        }
    }

    Result<Volume> decodedAs(const StoredForm& form, const OpenedFile& first, bool asStored, bool& differs)
    {
        const VolumeGeometry& geometry = m_entry.geometry;
        // One block, so that the machine's memory is asked for all of it.
        const std::size_t voxelBytes = geometry.voxelCount() * voxelSize(form.type);
        const std::size_t rgbBytes = form.colourBits > 0 ? 3 * geometry.voxelCount() : 0;
        auto buffer = VoxelBuffer::allocate(voxelBytes + rgbBytes, m_entry.files.front());
        if (!buffer)
            return buffer.error();
        const Slab slab{buffer->bytes().first(voxelBytes), buffer->bytes().subspan(voxelBytes)};
        std::atomic<bool> unlike{false};
        JobRun run(m_jobs, static_cast<std::size_t>(geometry.size[2]), m_stop, m_report);
        const auto done = run.forEach([&](FileJob& job) -> Result<void> {
            if (&job == m_first)
                return decodeInto(job, first, asStored, slab, m_damage, run, m_stop);
            const auto file = opened(job, geometry);
            if (!file)
                return m_damage.take(job.targets, file.error());
            if (asStored && !form.holds(*file)) {
                unlike = true;
                return Error{}; // only to end the run
            }
            return decodeInto(job, *file, asStored, slab, m_damage, run, m_stop);
        });
        differs = unlike && !m_stop.stop_requested();
        if (!done)
            return done.error();
        if (auto few = m_damage.checkAgainst(m_entry.files.size()); !few)
            return few.error();
        m_damage.fill(slab.voxels, m_entry.files.size());
        if (!slab.rgb.empty())
            m_damage.fill(slab.rgb, m_entry.files.size());
        auto volume = Volume::fromBytes(geometry, form.type, buffer->owner(), slab.voxels, form.rescale, form.unit);
        volume.setPadding(form.padding);
        const auto white = static_cast<double>((std::uint64_t{1} << form.colourBits) - 1);
        if (form.colourBits > 0)
            volume.setColours({buffer->owner(), slab.rgb, white / 255});
        return volume;
    }

    const SeriesEntry& m_entry;
    std::vector<FileJob>& m_jobs;
    Damage& m_damage;
    std::stop_token m_stop;
    ProgressReport m_report;
    const FileJob* m_first = nullptr; // the first that could be opened
};

} // namespace

Result<Volume> readDicomSeries(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report,
                               std::vector<std::size_t>* damaged)
{
    auto jobs = jobsOf(entry);
    if (!jobs)
        return jobs.error();
    Damage damage(damaged != nullptr);
    auto volume = SeriesDecoding(entry, *jobs, damage, std::move(stop), report).decoded();
    if (volume && damaged)
        *damaged = damage.slices();
    return volume;
}

} // namespace annotomy
