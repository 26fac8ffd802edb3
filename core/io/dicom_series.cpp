#include "core/io/dicom.h"

#include "core/base/parallel.h"
#include "core/io/dicom_pixels.h"
#include "core/io/foreign_file.h"
#include "core/io/raw_voxels.h"

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
    int frameCount = 1;
    DicomPixelFormat format;
    std::vector<Rescale> rescales; // of each target
    std::string unit;
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
            jobs.push_back({entry.files[s], {}, 1, {}, {}, {}});
        jobs[place->second].targets.push_back(
            {static_cast<int>(s), entry.frames.empty() ? 0 : entry.frames[s]});
    }
    return jobs;
}

// Runs `work` on every job, on all cores, until one fails; progress covers [from, to].
class JobRun {
public:
    JobRun(std::vector<FileJob>& jobs, std::stop_token stop, ProgressReport report)
        : m_jobs(jobs), m_stop(std::move(stop)), m_report(std::move(report))
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

private:
    void finish(const Result<void>& result)
    {
        const std::lock_guard lock(m_mutex);
        if (!result && !m_failed) {
            m_error = result.error();
            m_failed = true;
        }
        reportProgress(m_report, static_cast<double>(++m_done) / static_cast<double>(m_jobs.size()));
    }

    std::vector<FileJob>& m_jobs;
    std::stop_token m_stop;
    ProgressReport m_report;
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex; // guards the members below
    Error m_error;
    std::size_t m_done = 0;
};

Result<void> fillFromHeader(FileJob& job, const VolumeGeometry& geometry)
{
    const auto file = readDicomFile(job.path, DicomExtent::Header);
    if (!file)
        return file.error();
    if (const DicomNature nature = natureOf(*file); nature.kind != DicomKind::Image)
        return Error{ErrorCode::Unsupported, job.path, nature.reason};
    const auto image = imageFileOf(*file, job.path);
    if (!image)
        return image.error();
    job.unit = image->unit;
    job.format = image->slices.front().format;
    job.frameCount = static_cast<int>(image->slices.size());
    if (job.format.columns != geometry.size[0] || job.format.rows != geometry.size[1])
        return Error{ErrorCode::GeometryMismatch, job.path,
                     "the image has other rows and columns than its series"};
    for (const Target& target : job.targets) {
        if (target.frame < 0 || target.frame >= job.frameCount)
            return Error{ErrorCode::Malformed, job.path,
                         "the image has fewer frames than its series expects"};
        job.rescales.push_back(image->slices[static_cast<std::size_t>(target.frame)].rescale);
    }
    return {};
}

VoxelType voxelTypeOf(const DicomPixelFormat& format)
{
    switch (format.bitsAllocated) {
    case 8:
        return format.isSigned ? VoxelType::Int8 : VoxelType::UInt8;
    case 16:
        return format.isSigned ? VoxelType::Int16 : VoxelType::UInt16;
    default:
        return format.isSigned ? VoxelType::Int32 : VoxelType::UInt32;
    }
}

// True when all slices can be kept as stored under one rescale.
bool isUniform(const std::vector<FileJob>& jobs)
{
    const Rescale first = jobs.front().rescales.front();
    const VoxelType type = voxelTypeOf(jobs.front().format);
    return std::all_of(jobs.begin(), jobs.end(), [&](const FileJob& job) {
        return voxelTypeOf(job.format) == type && std::all_of(job.rescales.begin(), job.rescales.end(),
                                                              [&](const Rescale& r) { return r == first; });
    });
}

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
        break;
    }
}

// Decodes the wanted frames of one file into the slab, as stored or as real float32 values.
Result<void> decodeInto(const FileJob& job, bool asStored, std::span<std::byte> slab)
{
    const auto file = readDicomFile(job.path, DicomExtent::WholeFile);
    if (!file)
        return file.error();
    const std::size_t bytes = frameBytes(job.format);
    const std::size_t voxels = bytes / static_cast<std::size_t>(job.format.bitsAllocated / 8);
    std::vector<std::byte> stored(asStored ? 0 : bytes);
    for (std::size_t t = 0; t < job.targets.size(); ++t) {
        const std::size_t sliceBytes = asStored ? bytes : voxels * sizeof(float);
        const auto out =
            slab.subspan(static_cast<std::size_t>(job.targets[t].slice) * sliceBytes, sliceBytes);
        const auto decoded = decodeFrame(*file, job.format, job.targets[t].frame, job.frameCount,
                                         asStored ? out : std::span<std::byte>(stored), job.path);
        if (!decoded)
            return decoded;
        if (!asStored)
            rescaleFrame(voxelTypeOf(job.format), stored, job.rescales[t], out);
    }
    return {};
}

} // namespace

Result<Volume> readDicomSeries(const SeriesEntry& entry, std::stop_token stop, const ProgressReport& report)
{
    auto jobs = jobsOf(entry);
    if (!jobs)
        return jobs.error();
    JobRun headers(*jobs, stop, subProgress(report, 0, 0.1));
    if (auto read = headers.forEach([&](FileJob& job) { return fillFromHeader(job, entry.geometry); }); !read)
        return read.error();
    const bool asStored = isUniform(*jobs);
    const VoxelType type = asStored ? voxelTypeOf(jobs->front().format) : VoxelType::Float32;
    auto slab = VoxelBuffer::allocate(entry.geometry.voxelCount() * voxelSize(type), entry.files.front());
    if (!slab)
        return slab.error();
    const std::span<std::byte> bytes = slab->bytes();
    JobRun decoding(*jobs, stop, subProgress(report, 0.1, 1));
    if (auto read = decoding.forEach([&](FileJob& job) { return decodeInto(job, asStored, bytes); }); !read)
        return read.error();
    const Rescale rescale = asStored ? jobs->front().rescales.front() : Rescale{};
    return Volume::fromBytes(entry.geometry, type, slab->owner(), bytes, rescale, jobs->front().unit);
}

} // namespace annotomy
