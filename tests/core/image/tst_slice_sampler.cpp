#include "core/image/slice_sampler.h"

#include "core/image/voi_curve.h"
#include "tests/support/random_grid.h"

#include <QTest>

#include <limits>
#include <random>

using namespace annotomy;

namespace {

VolumeGeometry testGrid()
{
    VolumeGeometry g;
    g.size = {37, 29, 23};
    g.spacing = {0.7, 1.1, 3};
    g.origin = {-20, 40, 7};
    const double c = std::cos(0.3), s = std::sin(0.3);
    g.direction = fromColumns({-1, 0, 0}, {0, c, s}, {0, -s, c}); // i flipped, tilted about left-right
    return g;
}

template <class T>
Volume randomVolume(const VolumeGeometry& g, Rescale rescale)
{
    std::mt19937 random(5);
    std::uniform_real_distribution<double> value(
        std::is_unsigned_v<T> ? 0.0 : -100.0, 127.0);
    std::vector<T> voxels(g.voxelCount());
    for (T& v : voxels)
        v = static_cast<T>(value(random));
    return Volume::fromVoxels(g, std::move(voxels), rescale);
}

// Two layers with blobs, a hidden segment, and a number without a segment.
LabelMap randomLabels(const VolumeGeometry& g)
{
    LabelMap labels(g);
    for (int n = 0; n < 3; ++n)
        labels.segments().add("segment", n == 2 ? 1 : 0);
    Segment hidden = *labels.segments().find(2);
    hidden.visible = false;
    labels.segments().update(hidden);
    labels.ensureLayers(2);
    std::mt19937 random(6);
    for (int layer = 0; layer < 2; ++layer) {
        auto voxels = labels.writableLayer(layer);
        for (int blob = 0; blob < 9; ++blob) {
            const auto label = static_cast<std::uint8_t>(layer == 1 ? 3 : std::array{1, 2, 9}[static_cast<std::size_t>(blob % 3)]);
            const Vec3 centre{random() % 37 * 1.0, random() % 29 * 1.0, random() % 23 * 1.0};
            for (std::size_t n = 0; n < voxels.size(); ++n) {
                const Index3 at = g.indexAt(n);
                if (length(Vec3{at[0] * 1.0, at[1] * 1.0, at[2] * 1.0} - centre) < 7)
                    voxels[n] = label;
            }
        }
    }
    return labels;
}

int channel(std::uint32_t pixel, int shift)
{
    return static_cast<int>((pixel >> shift) & 0xFF);
}

Index3 wholeIndex(const Vec3& at)
{
    return {static_cast<int>(std::lround(at[0])), static_cast<int>(std::lround(at[1])),
            static_cast<int>(std::lround(at[2]))};
}

// What paintSlice must show, written as its definition reads.
std::array<double, 3> expectedPixel(const Volume& volume, const LabelMap& labels, const SliceStyle& style,
                                    const SliceLayout& layout, int x, int y, int slice)
{
    const VolumeGeometry& g = volume.geometry();
    const auto indexAt = [&](int px, int py) { return wholeIndex(layout.indexFromPixel(g, px, py, slice)); };
    const double low = style.window.centre - 0.5 - (style.window.width - 1) / 2;
    double grey = (volume.valueAt(indexAt(x, y)) - low) / (style.window.width - 1) * 255;
    grey = std::clamp(grey, 0.0, 255.0);
    if (style.invert)
        grey = 255 - grey;
    std::array<double, 3> rgb{grey, grey, grey};
    for (int layer = 0; layer < labels.layerCount(); ++layer) {
        const std::uint8_t label = labels.labelAt(layer, indexAt(x, y));
        const Segment* segment = label ? labels.segments().find(label) : nullptr;
        if (!segment || !segment->visible)
            continue;
        bool edge = false;
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            const int nx = x + dx, ny = y + dy;
            if (nx >= 0 && ny >= 0 && nx < layout.width(g) && ny < layout.height(g))
                edge = edge || labels.labelAt(layer, indexAt(nx, ny)) != label;
        }
        const double alpha = edge ? style.outlineOpacity : style.fillOpacity;
        const std::array<std::uint8_t, 3> colour{segment->colour.r, segment->colour.g, segment->colour.b};
        for (std::size_t n = 0; n < 3; ++n)
            rgb[n] = rgb[n] * (1 - alpha) + colour[n] * alpha;
    }
    return rgb;
}

} // namespace

class TestSliceSampler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsItsDefinition_data();
    void equalsItsDefinition();
    void paintsOnlyTheRectangle();
    void rectanglesOutsideTheSlice();
    void windowEdges();
    void notANumberIsBlack();
    void largeIntegersKeepTheirDifferences();
    void obliqueAlongTheGridEqualsTheSlice();
    void obliqueInterpolatesLinearly();
    void obliqueIsBlackOutside();
    void coloursTakeTheWindowChannelByChannel_data();
    void coloursTakeTheWindowChannelByChannel();
    void colourWindowShowsColoursAsStored();
    void obliqueColoursAlongTheGridEqualTheSlice();
    void tablesAreFollowed();
    void tablesAreStretchedWithTheirWindow();
    void sigmoidsAreFollowed();
    void exactWindowsHaveNoHalfStep();
};

void TestSliceSampler::equalsItsDefinition_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("invert");
    for (int type = 0; type <= static_cast<int>(VoxelType::Float32); ++type)
        for (const bool invert : {false, true})
            QTest::addRow("type %d%s", type, invert ? " inverted" : "") << type << invert;
}

void TestSliceSampler::equalsItsDefinition()
{
    QFETCH(int, type);
    QFETCH(bool, invert);
    const VolumeGeometry g = testGrid();
    const Rescale rescale{2, -30};
    const std::array<Volume, 7> volumes{
        randomVolume<std::uint8_t>(g, rescale),  randomVolume<std::int8_t>(g, rescale),
        randomVolume<std::uint16_t>(g, rescale), randomVolume<std::int16_t>(g, rescale),
        randomVolume<std::uint32_t>(g, rescale), randomVolume<std::int32_t>(g, rescale),
        randomVolume<float>(g, rescale)};
    const Volume& volume = volumes[static_cast<std::size_t>(type)];
    const LabelMap labels = randomLabels(g);
    SliceStyle style{{40, 151, ""}, invert, 0.3, 0.8};
    // Float voxels take LINEAR_EXACT: the same ramp as LINEAR of a window shifted by half and one wider.
    SliceStyle expectedStyle = style;
    if (volume.type() == VoxelType::Float32)
        expectedStyle.window = {style.window.centre + 0.5, style.window.width + 1, ""};
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        const SliceLayout layout = sliceLayout(g, plane);
        const int width = layout.width(g), height = layout.height(g), slice = layout.sliceCount(g) / 2;
        std::vector<std::uint32_t> image(static_cast<std::size_t>(width * height));
        paintSlice(volume, &labels, style, layout, slice, {0, 0, width, height}, image);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const std::uint32_t pixel = image[static_cast<std::size_t>(y * width + x)];
                const auto expected = expectedPixel(volume, labels, expectedStyle, layout, x, y, slice);
                QCOMPARE(channel(pixel, 24), 255);
                for (int n = 0; n < 3; ++n)
                    QVERIFY(std::abs(channel(pixel, 16 - 8 * n) - expected[static_cast<std::size_t>(n)]) < 3);
            }
    }
}

void TestSliceSampler::paintsOnlyTheRectangle()
{
    const VolumeGeometry g = testGrid();
    const Volume volume = randomVolume<std::int16_t>(g, {});
    const LabelMap labels = randomLabels(g);
    const SliceStyle style{{20, 100, ""}, false, 0.3, 1};
    std::mt19937 random(8);
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        const SliceLayout layout = sliceLayout(g, plane);
        const int width = layout.width(g), height = layout.height(g);
        std::vector<std::uint32_t> whole(static_cast<std::size_t>(width * height));
        paintSlice(volume, &labels, style, layout, 11, {0, 0, width, height}, whole);
        for (int n = 0; n < 50; ++n) {
            const int x = static_cast<int>(random()) % width, y = static_cast<int>(random()) % height;
            const PixelRect rect{x, y, static_cast<int>(random() % 20), static_cast<int>(random() % 20)};
            std::vector<std::uint32_t> part(whole.size(), 7);
            paintSlice(volume, &labels, style, layout, 11, rect, part);
            for (int py = 0; py < height; ++py)
                for (int px = 0; px < width; ++px) {
                    const bool inside = px >= rect.x && px < rect.x + rect.width && py >= rect.y &&
                                        py < rect.y + rect.height;
                    const auto at = static_cast<std::size_t>(py * width + px);
                    QCOMPARE(part[at], inside ? whole[at] : 7U);
                }
        }
    }
}

void TestSliceSampler::rectanglesOutsideTheSlice()
{
    const VolumeGeometry g = testGrid();
    const Volume volume = randomVolume<std::int16_t>(g, {});
    const SliceLayout layout = sliceLayout(g, Plane::Axial);
    std::vector<std::uint32_t> image(static_cast<std::size_t>(layout.width(g) * layout.height(g)), 7);
    const auto untouched = image;
    const int big = std::numeric_limits<int>::max();
    paintSlice(volume, nullptr, {}, layout, 0, {100, 100, 10, 10}, image);
    paintSlice(volume, nullptr, {}, layout, 0, {-10, 0, 10, 10}, image);
    paintSlice(volume, nullptr, {}, layout, 0, {5, 5, -3, 4}, image);
    paintSlice(volume, nullptr, {}, layout, -1, {0, 0, 10, 10}, image);
    paintSlice(volume, nullptr, {}, layout, 23, {0, 0, 10, 10}, image);
    QCOMPARE(image, untouched);
    paintSlice(volume, nullptr, {}, layout, 0, {-5, -5, big, big}, image);
    QVERIFY(std::find(image.begin(), image.end(), 7U) == image.end());
}

// PS3.3 C.11.2.1.2.1: x <= c - 0.5 - (w - 1) / 2 is black, x > c - 0.5 + (w - 1) / 2 white.
void TestSliceSampler::windowEdges()
{
    VolumeGeometry g;
    g.size = {5, 1, 1};
    const auto greys = [&](double centre, double width) {
        const Volume volume = Volume::fromVoxels(g, std::vector<std::int16_t>{38, 39, 40, 41, 42});
        std::vector<std::uint32_t> image(5);
        paintSlice(volume, nullptr, {{centre, width, ""}, false, 0, 0}, sliceLayout(g, Plane::Axial), 0,
                   {0, 0, 5, 1}, image);
        std::vector<int> result;
        for (const std::uint32_t pixel : image)
            result.push_back(channel(pixel, 0));
        return result;
    };
    QCOMPARE(greys(40, 1), (std::vector<int>{0, 0, 255, 255, 255}));
    QCOMPARE(greys(40, 2), (std::vector<int>{0, 0, 255, 255, 255}));
    QCOMPARE(greys(40.5, 4), (std::vector<int>{0, 43, 128, 213, 255}));
}

void TestSliceSampler::notANumberIsBlack()
{
    VolumeGeometry g;
    g.size = {4, 1, 1};
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const Volume volume = Volume::fromVoxels(g, std::vector<float>{nan, inf, -inf, 0.5F});
    std::vector<std::uint32_t> image(4);
    for (const bool invert : {false, true}) {
        paintSlice(volume, nullptr, {{0.5, 1, ""}, invert, 0, 0}, sliceLayout(g, Plane::Axial), 0, {0, 0, 4, 1},
                   image);
        QCOMPARE(channel(image[0], 0), 0);
        QCOMPARE(channel(image[1], 0), invert ? 0 : 255);
        QCOMPARE(channel(image[2], 0), invert ? 255 : 0);
        QCOMPARE(channel(image[3], 0), 128);
    }
}

void TestSliceSampler::largeIntegersKeepTheirDifferences()
{
    VolumeGeometry g;
    g.size = {3, 1, 1};
    const Volume volume = Volume::fromVoxels(g, std::vector<std::int32_t>{2000000000, 2000000005, 2000000010});
    std::vector<std::uint32_t> image(3);
    paintSlice(volume, nullptr, {{2000000005.5, 11, ""}, false, 0, 0}, sliceLayout(g, Plane::Axial), 0, {0, 0, 3, 1},
               image);
    QCOMPARE(channel(image[0], 0), 0);
    QCOMPARE(channel(image[1], 0), 128);
    QCOMPARE(channel(image[2], 0), 255);
}

void TestSliceSampler::obliqueAlongTheGridEqualsTheSlice()
{
    const VolumeGeometry g = testGrid();
    const Volume volume = randomVolume<float>(g, {}); // float: both paths use the same window function
    const LabelMap labels = randomLabels(g);
    const SliceStyle style{{20, 100, ""}, false, 0.3, 0.8};
    const SliceLayout layout = sliceLayout(g, Plane::Coronal);
    const int width = layout.width(g), height = layout.height(g);
    std::vector<std::uint32_t> slice(static_cast<std::size_t>(width * height)), oblique = slice;
    paintSlice(volume, &labels, style, layout, 9, {0, 0, width, height}, slice);
    const auto at = [&](double x, double y) { return g.patientFromIndex(layout.indexFromPixel(g, x, y, 9)); };
    paintOblique(volume, &labels, style, {at(0, 0), at(1, 0) - at(0, 0), at(0, 1) - at(0, 0), width, height},
                 oblique);
    // At the slice's edge an oblique plane shows that the segment ends there, the slice does not.
    for (int y = 1; y + 1 < height; ++y)
        for (int x = 1; x + 1 < width; ++x)
            for (const int shift : {0, 8, 16}) {
                const auto pixel = static_cast<std::size_t>(y * width + x);
                QVERIFY(std::abs(channel(oblique[pixel], shift) - channel(slice[pixel], shift)) <= 1);
            }
}

void TestSliceSampler::obliqueInterpolatesLinearly()
{
    const VolumeGeometry g = testGrid();
    std::vector<float> voxels(g.voxelCount());
    const Vec3 gradient{1.5, -2, 0.75};
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        const Index3 i = g.indexAt(n);
        voxels[n] = static_cast<float>(dot(gradient, g.patientFromIndex({i[0] * 1.0, i[1] * 1.0, i[2] * 1.0})));
    }
    const Volume volume = Volume::fromVoxels(g, std::move(voxels));
    const Vec3 centre = g.patientFromIndex({18, 14, 11});
    const Vec3 right = 0.3 * normalised({1, 1, 0.4}), down = 0.3 * normalised(cross(right, {0.2, -0.5, 1}));
    const ObliquePlane plane{centre - 10 * right - 10 * down, right, down, 21, 21};
    const double level = dot(gradient, centre);
    std::vector<std::uint32_t> image(21 * 21);
    paintOblique(volume, nullptr, {{level, 40, ""}, false, 0, 0}, plane, image);
    for (int y = 0; y < 21; ++y)
        for (int x = 0; x < 21; ++x) {
            const double value = dot(gradient, plane.origin + x * right + y * down);
            const double grey = std::clamp((value - level + 20) / 40 * 255, 0.0, 255.0);
            QVERIFY(std::abs(channel(image[static_cast<std::size_t>(y * 21 + x)], 8) - grey) < 1);
        }
}

void TestSliceSampler::obliqueIsBlackOutside()
{
    const VolumeGeometry g = testGrid();
    const Volume volume = Volume::fromVoxels(g, std::vector<std::uint8_t>(g.voxelCount(), 200));
    const Vec3 right = g.patientFromIndex({0.25, 0, 0}) - g.patientFromIndex({0, 0, 0});
    const ObliquePlane plane{g.patientFromIndex({-1, 5, 5}), right, {0, 0, 0}, 16, 1};
    std::vector<std::uint32_t> image(16);
    paintOblique(volume, nullptr, {{50, 10, ""}, false, 0, 0}, plane, image);
    for (int x = 0; x < 16; ++x) // index -1 + x / 4
        QCOMPARE(channel(image[static_cast<std::size_t>(x)], 0), x < 2 ? 0 : 255);
}

void TestSliceSampler::coloursTakeTheWindowChannelByChannel_data()
{
    QTest::addColumn<int>("plane");
    QTest::addColumn<bool>("invert");
    for (const int plane : {0, 1, 2})
        for (const bool invert : {false, true})
            QTest::addRow("plane %d%s", plane, invert ? ", inverted" : "") << plane << invert;
}

void TestSliceSampler::coloursTakeTheWindowChannelByChannel()
{
    QFETCH(int, plane);
    QFETCH(bool, invert);
    std::mt19937 random(8);
    const VolumeGeometry g = testGrid();
    const double step = 4095.0 / 255;
    const Volume volume = test::coloured(random, test::randomVolume<std::uint16_t>(random, g), step);
    const SliceLayout layout = sliceLayout(g, static_cast<Plane>(plane));
    const int width = layout.width(g), height = layout.height(g);
    const SliceStyle style{{2000, 1500, ""}, invert, 0, 0};
    std::vector<std::uint32_t> image(static_cast<std::size_t>(width * height));
    paintSlice(volume, nullptr, style, layout, 5, {0, 0, width, height}, image);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (const int c : {0, 1, 2}) {
                const auto rgb = volume.colours().rgb;
                const std::size_t voxel = g.offset(wholeIndex(layout.indexFromPixel(g, x, y, 5)));
                const double value = step * std::to_integer<int>(rgb[3 * voxel + static_cast<std::size_t>(c)]);
                double level = std::clamp((value - (2000 - 0.5 - 1499.0 / 2)) / 1499 * 255, 0.0, 255.0);
                level = invert ? 255 - level : level;
                const std::uint32_t pixel = image[static_cast<std::size_t>(y * width + x)];
                QVERIFY(std::abs(channel(pixel, 16 - 8 * c) - level) <= 0.51);
                QVERIFY(pixel >> 24 == 0xFF);
            }
}

void TestSliceSampler::colourWindowShowsColoursAsStored()
{
    std::mt19937 random(9);
    VolumeGeometry g;
    g.size = {40, 30, 1};
    const std::vector<std::pair<Volume, double>> volumes{
        {test::randomVolume<std::uint8_t>(random, g), 1},
        {test::randomVolume<std::uint16_t>(random, g), 257},
        {test::randomVolume<std::uint8_t>(random, g, {0.5, 3}), 1}};
    for (const auto& [grey, step] : volumes) {
        const Volume volume = test::coloured(random, grey, step);
        std::vector<std::uint32_t> image(g.voxelCount());
        paintSlice(volume, nullptr, {colourWindow(volume), false, 0, 0}, {}, 0, {0, 0, 40, 30}, image);
        for (std::size_t v = 0; v < image.size(); ++v)
            for (const std::size_t c : {0, 1, 2})
                QCOMPARE(channel(image[v], 16 - 8 * static_cast<int>(c)),
                         std::to_integer<int>(volume.colours().rgb[3 * v + c]));
    }
    QCOMPARE(colourWindow(test::coloured(random, volumes[0].first)).centre, 128.0);
    QCOMPARE(colourWindow(test::coloured(random, volumes[0].first)).width, 256.0);
}

void TestSliceSampler::obliqueColoursAlongTheGridEqualTheSlice()
{
    std::mt19937 random(10);
    const VolumeGeometry g = testGrid();
    const Volume volume = test::coloured(random, randomVolume<float>(g, {}));
    const SliceStyle style{{120, 200, ""}, false, 0, 0};
    const SliceLayout layout = sliceLayout(g, Plane::Coronal);
    const int width = layout.width(g), height = layout.height(g);
    std::vector<std::uint32_t> slice(static_cast<std::size_t>(width * height)), oblique = slice;
    paintSlice(volume, nullptr, style, layout, 9, {0, 0, width, height}, slice);
    const auto at = [&](double x, double y) { return g.patientFromIndex(layout.indexFromPixel(g, x, y, 9)); };
    paintOblique(volume, nullptr, style, {at(0, 0), at(1, 0) - at(0, 0), at(0, 1) - at(0, 0), width, height}, oblique);
    for (std::size_t pixel = 0; pixel < slice.size(); ++pixel)
        for (const int shift : {0, 8, 16})
            QVERIFY(std::abs(channel(oblique[pixel], shift) - channel(slice[pixel], shift)) <= 1);
}

void TestSliceSampler::tablesAreFollowed()
{
    VolumeGeometry g;
    g.size = {7, 1, 1};
    const Volume volume = Volume::fromVoxels(g, std::vector<std::int16_t>{-90, 9, 10, 11, 12, 13, 900}, {1, 100});
    // The entries of the values 110 to 113, not in order; what lies beside takes the first and the last.
    const DisplayWindow table{112, 4, "", VoiFunction::Table, {20, 200, 7, 90}};
    const auto greys = [&](bool invert) {
        std::vector<std::uint32_t> image(7);
        paintSlice(volume, nullptr, {table, invert, 0, 0}, {}, 0, {0, 0, 7, 1}, image);
        std::vector<int> values;
        for (const std::uint32_t pixel : image)
            values.push_back(channel(pixel, 0));
        return values;
    };
    QCOMPARE(greys(false), (std::vector<int>{20, 20, 20, 200, 7, 90, 90}));
    QCOMPARE(greys(true), (std::vector<int>{235, 235, 235, 55, 248, 165, 165})); // after the curve
}

void TestSliceSampler::tablesAreStretchedWithTheirWindow()
{
    VolumeGeometry g;
    g.size = {4, 1, 1};
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Volume volume = Volume::fromVoxels(g, std::vector<float>{-1000, 0, 49.5F, nan});
    std::vector<std::uint32_t> image(4);
    const DisplayWindow table{0, 100, "", VoiFunction::Table, {10, 110, 210}};
    paintSlice(volume, nullptr, {table, false, 0, 0}, {}, 0, {0, 0, 4, 1}, image);
    QCOMPARE(channel(image[0], 0), 10);
    QVERIFY(std::abs(channel(image[1], 0) - (10 + 50.0 / 99 * 200)) <= 1);
    QCOMPARE(channel(image[2], 0), 210);
    QCOMPARE(channel(image[3], 0), 0); // no value
}

void TestSliceSampler::sigmoidsAreFollowed()
{
    VolumeGeometry g;
    g.size = {512, 1, 1};
    std::vector<std::int16_t> ramp(512);
    for (std::size_t n = 0; n < ramp.size(); ++n)
        ramp[n] = static_cast<std::int16_t>(n) - 200;
    const Volume volume = Volume::fromVoxels(g, ramp, {2, 10});
    std::vector<std::uint32_t> image(512);
    const DisplayWindow sigmoid{50, 300, "", VoiFunction::Sigmoid};
    for (const bool invert : {false, true}) {
        paintSlice(volume, nullptr, {sigmoid, invert, 0, 0}, {}, 0, {0, 0, 512, 1}, image);
        for (std::size_t n = 0; n < ramp.size(); ++n) {
            const double level = 255 / (1 + std::exp(-4 * (2 * ramp[n] + 10 - 50) / 300.0));
            QVERIFY(std::abs(channel(image[n], 0) - (invert ? 255 - level : level)) <= 1);
        }
    }
}

void TestSliceSampler::exactWindowsHaveNoHalfStep()
{
    VolumeGeometry g;
    g.size = {3, 1, 1};
    const Volume volume = Volume::fromVoxels(g, std::vector<std::uint8_t>{10, 12, 14});
    const auto middle = [&](VoiFunction function) {
        std::vector<std::uint32_t> image(3);
        paintSlice(volume, nullptr, {{12, 4, "", function}, false, 0, 0}, {}, 0, {0, 0, 3, 1}, image);
        return channel(image[1], 0);
    };
    QCOMPARE(middle(VoiFunction::LinearExact), 128); // PS3.3 C.11.2.1.3.2
    QCOMPARE(middle(VoiFunction::Linear), 170);      // C.11.2.1.2.1
}

QTEST_APPLESS_MAIN(TestSliceSampler)
#include "tst_slice_sampler.moc"
