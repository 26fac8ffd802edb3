#include "app/workbench/dataset_volumes.h"

#include "app/workbench/thumbnail.h"
#include "core/image/slice_sampler.h"
#include "core/io/bytes/atomic_file.h"

#include <QImage>

#include <algorithm>
#include <map>
#include <set>

namespace annotomy {

namespace {

constexpr std::size_t maxAnnotationBytes = std::size_t{2} << 30;

Plane planeNamed(const std::string& name)
{
    return name == "coronal" ? Plane::Coronal : name == "sagittal" ? Plane::Sagittal : Plane::Axial;
}

const char* partName(Split split)
{
    return split == Split::Train ? "train" : split == Split::Validation ? "val" : "test";
}

std::string annotationsPath(Split split)
{
    return std::string("annotations/instances_") + partName(split) + ".json";
}

QImage greyPicture(const std::vector<std::uint32_t>& pixels, int width, int height)
{
    QImage image(width, height, QImage::Format_Grayscale8);
    for (int y = 0; y < height; ++y)
        std::transform(pixels.begin() + std::ptrdiff_t{y} * width, pixels.begin() + std::ptrdiff_t{y + 1} * width,
                       image.scanLine(y), [](std::uint32_t pixel) { return static_cast<uchar>(pixel & 0xff); });
    return image;
}

QImage colourPicture(const std::vector<std::uint32_t>& pixels, int width, int height)
{
    return QImage(reinterpret_cast<const uchar*>(pixels.data()), width, height, QImage::Format_RGB32)
        .convertToFormat(QImage::Format_RGB888);
}

Result<void> writePng(const std::string& path, const Volume& volume, const SliceStyle& style, const SliceLayout& layout, int slice)
{
    const int width = layout.width(volume.geometry()), height = layout.height(volume.geometry());
    std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    paintSlice(volume, nullptr, style, layout, slice, {0, 0, width, height}, pixels);
    const QImage image = volume.hasColours() ? colourPicture(pixels, width, height) : greyPicture(pixels, width, height);
    if (!image.save(QString::fromStdString(path), "PNG"))
        return Error{ErrorCode::IoFailure, path, "the picture could not be written"};
    // The disk may have filled up after the picture's last write seemed to succeed.
    QImage read(QString::fromStdString(path), "PNG");
    if (read.convertToFormat(image.format()) != image)
        return Error{ErrorCode::DiskFull, path, "the picture was not written whole"};
    return {};
}

// The segments that a slice shows, each as a mask of its own: overlapping ones stay whole.
std::vector<CocoSlice::Part> partsOf(const LabelMap& labels, const std::array<int, 256>& values, const SliceLayout& layout,
                                     int slice)
{
    const VolumeGeometry& g = labels.geometry();
    const int width = layout.width(g), height = layout.height(g);
    std::map<int, std::vector<std::uint8_t>> masks; // by value
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const auto voxels = labels.layer(layer);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const Vec3 index = layout.indexFromPixel(g, x, y, slice);
                const std::uint8_t label =
                    voxels[g.offset({static_cast<int>(index[0]), static_cast<int>(index[1]), static_cast<int>(index[2])})];
                if (label == background || values[label] == 0)
                    continue;
                auto& mask = masks[values[label]];
                mask.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
                mask[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = 1;
            }
    }
    std::vector<CocoSlice::Part> parts;
    for (const auto& [value, mask] : masks)
        parts.push_back({value, cocoMask(mask, width, height)});
    return parts;
}

struct CaseSlices {
    std::vector<CocoSlice> slices;
    std::vector<std::string> files;
};

Result<CaseSlices> writeCase(DatasetJob& job, const ExportCase& one)
{
    const auto volume = job.images(one.images.front());
    const auto labels = job.workspace.loadMask(one.revision.id);
    if (!volume || !labels)
        return volume ? labels.error() : volume.error();
    const VolumeGeometry& g = volume->geometry();
    const SliceLayout layout = sliceLayout(g, planeNamed(job.options.plane));
    SliceStyle style;
    style.window = windowToShow(*volume, one.record.series.info);
    style.invert = isShownInverted(one.record.series.info);
    CaseSlices result;
    for (int slice = 0; slice < layout.sliceCount(g); ++slice) {
        if (job.stop.stop_requested())
            return cancelledError();
        const std::string number = std::to_string(slice);
        CocoSlice row;
        row.file = one.name + "_" + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number + ".png";
        row.width = layout.width(g);
        row.height = layout.height(g);
        row.caseName = one.name;
        row.index = slice;
        row.spacingMm = {g.spacing[static_cast<std::size_t>(layout.hAxis)], g.spacing[static_cast<std::size_t>(layout.vAxis)]};
        row.parts = partsOf(*labels, job.all.labels.valuesOf(labels->segments()), layout, slice);
        result.files.push_back(std::string("images/") + partName(one.split) + "/" + row.file);
        const auto path = job.folder.pathFor(result.files.back());
        if (!path)
            return path.error();
        if (const auto written = writePng(*path, *volume, style, layout, slice); !written)
            return written.error();
        result.slices.push_back(std::move(row));
    }
    return result;
}

// What is on the disk against the approved masks: every pixel of every slice.
Result<void> proveCase(DatasetJob& job, const ExportCase& one, const std::vector<CocoSlice>& slices)
{
    const auto labels = job.workspace.loadMask(one.revision.id);
    if (!labels)
        return labels.error();
    const auto values = job.all.labels.valuesOf(labels->segments());
    const SliceLayout layout = sliceLayout(labels->geometry(), planeNamed(job.options.plane));
    std::int64_t labelled = 0, found = 0;
    for (const std::int64_t count : voxelCounts(*labels))
        labelled += count;
    const Error differs{ErrorCode::HashMismatch, annotationsPath(one.split), "it does not hold the masks' pixels"};
    for (const CocoSlice& slice : slices) {
        if (slice.caseName != one.name)
            continue;
        for (const CocoSlice::Part& part : slice.parts) {
            const auto pixels = pixelsOf(part.mask);
            if (!pixels)
                return differs;
            for (std::size_t i = 0; i < pixels->size(); ++i) {
                if (!(*pixels)[i])
                    continue;
                ++found;
                const Vec3 at = layout.indexFromPixel(labels->geometry(), static_cast<double>(i % static_cast<std::size_t>(slice.width)),
                                                      static_cast<double>(i / static_cast<std::size_t>(slice.width)), slice.index);
                const Index3 index{static_cast<int>(at[0]), static_cast<int>(at[1]), static_cast<int>(at[2])};
                bool isThere = false;
                for (int layer = 0; layer < labels->layerCount() && !isThere; ++layer)
                    isThere = values[labels->labelAt(layer, index)] == part.label;
                if (!isThere)
                    return differs;
            }
        }
    }
    return found == labelled ? Result<void>() : Result<void>(differs);
}

} // namespace

Result<std::vector<std::vector<std::string>>> writeCoco(DatasetJob& job, const std::function<void(double)>& progress)
{
    std::map<Split, std::vector<CocoSlice>> slices;
    std::vector<std::vector<std::string>> files;
    const auto count = static_cast<double>(job.all.cases.size());
    for (const ExportCase& one : job.all.cases) {
        auto written = writeCase(job, one);
        if (!written)
            return written.error();
        std::move(written->slices.begin(), written->slices.end(), std::back_inserter(slices[one.split]));
        files.push_back(std::move(written->files));
        progress(0.9 * static_cast<double>(files.size()) / count);
    }
    std::vector<std::string> annotations;
    for (const auto& [split, rows] : slices) {
        const std::string view = "Slices: " + job.options.plane + ", as shown on screen; one pixel a voxel.";
        annotations.push_back(annotationsPath(split));
        if (const auto written = job.folder.writeText(annotations.back(), cocoJson(job.all.description, view, rows)); !written)
            return written.error();
        const auto path = job.folder.pathFor(annotations.back());
        const auto bytes = path ? readWholeFile(*path, maxAnnotationBytes) : path.error();
        if (!bytes)
            return bytes.error();
        const auto readBack = cocoSlices(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
        if (!readBack)
            return Error{ErrorCode::HashMismatch, annotations.back(), readBack.error().detail};
        for (const ExportCase& one : job.all.cases)
            if (one.split == split)
                if (const auto proved = proveCase(job, one, *readBack); !proved)
                    return proved.error();
    }
    files.push_back(std::move(annotations));
    return files;
}

} // namespace annotomy
