// Writing and reading back a DICOM Segmentation: a mask of 512 x 512 x 300 with ten segments, and one of a tenth of the slices
// with a hundred, which has as many frames. `--check` fails when a frame of the one costs more than twice one of the other,
// that is, when the time grows with the square of the segments; and when the masks come back otherwise than they went.
//
// usage: bench_segmentation [--check]
#include "core/io/masks/mask_file.h"
#include "core/objects/segmentation_writer.h"
#include "tests/bench/cost.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <unistd.h>

using namespace annotomy;
using namespace annotomy::bench;
namespace fs = std::filesystem;

namespace {

VolumeGeometry gridOf(int slices)
{
    VolumeGeometry grid;
    grid.size = {512, 512, slices};
    grid.spacing = {0.7, 0.7, 1};
    return grid;
}

// Columns of voxels, side by side, each through all slices.
LabelMap columns(int slices, int segments)
{
    LabelMap labels(gridOf(slices));
    std::vector<std::uint8_t> voxels(labels.geometry().voxelCount());
    for (std::size_t v = 0; v < voxels.size(); ++v)
        voxels[v] = static_cast<std::uint8_t>(v % 512 * static_cast<std::size_t>(segments + 1) / 512);
    labels.ensureLayers(1);
    labels.setLayer(0, std::move(voxels));
    for (int number = 1; number <= segments; ++number) {
        Segment segment;
        segment.number = static_cast<SegmentNumber>(number);
        segment.name = "Column " + std::to_string(number);
        labels.segments().insert(segment);
    }
    return labels;
}

DicomSource sourceOf(const VolumeGeometry& grid)
{
    SeriesEntry entry;
    entry.format = "nifti";
    entry.files = {"/nowhere/image.nii.gz"};
    entry.contentKey = entry.files.front();
    entry.geometry = grid;
    return *dicomSourceOf(entry);
}

struct Costs {
    Cost write, read;
    bool isSame = false;
};

Costs measured(const char* what, int slices, int segments, const std::string& path)
{
    const LabelMap labels = columns(slices, segments);
    const DicomSource source = sourceOf(labels.geometry());
    const ObjectContent content{labels, source};
    std::vector<Cost> writes, reads;
    Costs costs;
    for (int round = 0; round < 3; ++round) {
        bool isWritten = false;
        writes.push_back(costOf([&] { isWritten = writeSegmentation(path, content).has_value(); }));
        reads.push_back(costOf([&] {
            const auto back = readMaskFile(path, labels.geometry());
            costs.isSame = isWritten && back && std::ranges::equal(back->layer(0), labels.layer(0));
        }));
        if (!costs.isSame)
            break;
    }
    costs.write = median(writes);
    costs.read = median(reads);
    std::printf("%s: written in %.0f ms (CPU %.0f), read and compared in %.0f ms (CPU %.0f)%s\n", what, costs.write.wall,
                costs.write.cpu, costs.read.wall, costs.read.cpu, costs.isSame ? "" : ": it came back otherwise");
    return costs;
}

} // namespace

int main(int count, char** arguments)
{
    const bool check = count > 1 && std::strcmp(arguments[1], "--check") == 0;
    std::string folder = (fs::temp_directory_path() / "bench_segmentation-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return 2;
    const Costs few = measured("300 slices, 10 segments", 300, 10, folder + "/few.dcm");
    const Costs many = measured("30 slices, 100 segments", 30, 100, folder + "/many.dcm");
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    const bool isLinear = many.write.cpu < 2 * few.write.cpu && many.read.cpu < 2 * few.read.cpu;
    std::printf("as many frames of ten times the segments: %.2f times writing, %.2f times reading (CPU)\n",
                many.write.cpu / few.write.cpu, many.read.cpu / few.read.cpu);
    return few.isSame && many.isSame && (!check || isLinear) ? 0 : 1;
}
