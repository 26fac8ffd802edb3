// Three linked panes of a 512 x 512 x 300 study, scrolled and painted, beside VTK's image mappers drawing the same three
// slices in the same run. Prints CPU milliseconds of the whole process per frame (all threads) and the ratio. With --check it
// fails when VTK is not at least twice as dear; a wall time is never judged.
// Both draw into memory; with QT_QPA_PLATFORM=xcb both show their frames in windows of an X server.
#include "core/edit/brush.h"
#include "tests/bench/vtk_slices.h"
#include "viewer/slice_pane.h"

#include <QApplication>
#include <QGridLayout>

#include <cstdio>
#include <cstring>
#include <ctime>

using namespace annotomy;

namespace {

constexpr int width = 800, height = 500, frames = 180;

VolumeGeometry grid()
{
    return {{512, 512, 300}, {0.8, 0.8, 1.25}, {0, 0, 0}, identityMatrix};
}

Volume makeVolume()
{
    const VolumeGeometry g = grid();
    std::vector<std::int16_t> voxels(g.voxelCount());
    std::uint32_t noise = 1;
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        noise = noise * 1664525U + 1013904223U;
        const auto i = static_cast<int>(n % 512), j = static_cast<int>(n / 512 % 512);
        const bool inside = (i - 256) * (i - 256) + (j - 256) * (j - 256) < 220 * 220;
        voxels[n] = static_cast<std::int16_t>((inside ? 40 : -1000) + int(noise >> 26) - 32);
    }
    return Volume::fromVoxels(g, std::move(voxels), {}, "HU");
}

LabelMap makeLabels()
{
    LabelMap labels(grid());
    labels.ensureLayers(1);
    for (int n = 0; n < 8; ++n) {
        const SegmentNumber number = labels.segments().add("Organ " + std::to_string(n + 1));
        const auto voxels = labels.writableLayer(0);
        const Vec3 centre{110.0 + 45 * (n % 4), 130.0 + 120 * (n / 4), 150.0 + 12 * n};
        for (const VoxelRun& run : sweptBall(grid(), centre, centre, 34).runs)
            std::memset(voxels.data() + run.start, number, run.length);
    }
    return labels;
}

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * double(now.tv_sec) + 1e-6 * double(now.tv_nsec);
}

template <class Frame>
double cpuPerFrame(Frame frame)
{
    for (int n = 0; n < 5; ++n)
        frame(n);
    const double before = cpuMs();
    for (int n = 5; n < 5 + frames; ++n)
        frame(n);
    return (cpuMs() - before) / frames;
}

Index3 cursorAt(int frame)
{
    const int step = frame % 60;
    return {180 + 2 * step, 170 + 2 * step, 100 + step};
}

// A dab 40 pixels across, moving on; alternately painted and erased so that every frame changes voxels.
IndexBox dab(LabelMap& labels, int frame)
{
    const Vec3 at{170.0 + 1.5 * (frame % 60), 180, 1.25 * 150};
    const VoxelSelection selection = sweptDisc(grid(), at, at, 16, {0, 0, 1});
    const auto voxels = labels.writableLayer(0);
    for (const VoxelRun& run : selection.runs)
        std::memset(voxels.data() + run.start, 1 + frame % 2, run.length);
    return selection.box;
}

struct Panes {
    ViewState state;
    QWidget window;
    QGridLayout layout{&window};

    Panes(const Volume& volume, const LabelMap& labels)
    {
        layout.setContentsMargins(0, 0, 0, 0);
        int n = 0;
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
            auto* pane = new SlicePane(plane, &state);
            pane->setFixedSize(width, height);
            layout.addWidget(pane, n / 2, n % 2);
            ++n;
        }
        ImageInfo info;
        info.modality = "CT";
        state.setImage(volume, info);
        state.setLabels(&labels);
        window.show();
        QApplication::processEvents();
    }
};

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const bool check = argc > 1 && std::strcmp(argv[1], "--check") == 0;
    const Volume volume = makeVolume();
    LabelMap labels = makeLabels();
    Panes panes(volume, labels);

    const double scroll = cpuPerFrame([&](int frame) {
        panes.state.setCursor(cursorAt(frame));
        QApplication::processEvents();
    });
    panes.state.setCursor({220, 225, 150});
    QApplication::processEvents();
    const double paint = cpuPerFrame([&](int frame) {
        panes.state.notifyLabelsChanged(dab(labels, frame));
        QApplication::processEvents();
    });
    std::printf("three panes %dx%d      scroll %6.2f   paint %6.2f CPU ms per frame\n", width, height, scroll, paint);

    const auto target = QApplication::platformName() == QLatin1String("xcb") ? bench::VtkSlices::Target::Screen
                                                                            : bench::VtkSlices::Target::Memory;
    const auto vtk = bench::VtkSlices::create(volume, labels, width, height, target);
    if (!vtk) {
        std::printf("VTK's mappers: no EGL here\n");
        return 0;
    }
    const double vtkScroll = cpuPerFrame([&](int frame) {
        vtk->setSlices(cursorAt(frame));
        vtk->render();
    });
    const double vtkPaint = cpuPerFrame([&](int frame) {
        dab(labels, frame);
        vtk->labelsChanged();
        vtk->render();
    });
    std::printf("vtkImageSliceMapper x6   scroll %6.2f   paint %6.2f CPU ms per frame\n", vtkScroll, vtkPaint);
    std::printf("ratio                    scroll %6.1f   paint %6.1f\n", vtkScroll / scroll, vtkPaint / paint);
    return check && (vtkScroll < 2 * scroll || vtkPaint < 2 * paint) ? 1 : 0;
}
