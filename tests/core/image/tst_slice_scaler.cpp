#include "core/image/slice_scaler.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace annotomy;

namespace {

constexpr std::uint32_t untouched = 0x12345678;

struct Picture {
    Picture(int w, int h) : width(w), height(h), pixels(std::size_t(w) * std::size_t(h), untouched) {}

    static Picture noise(int w, int h)
    {
        std::mt19937 random(7);
        Picture picture(w, h);
        for (std::uint32_t& pixel : picture.pixels)
            pixel = 0xFF000000U | (random() & 0xFFFFFFU);
        return picture;
    }

    PixelGrid<const std::uint32_t> view() const { return {pixels.data(), width, height, width}; }
    PixelGrid<std::uint32_t> target() { return {pixels.data(), width, height, width}; }
    std::uint32_t at(int x, int y) const { return pixels[std::size_t(y) * std::size_t(width) + std::size_t(x)]; }
    int channel(int x, int y, int shift) const { return int(at(x, y) >> shift & 0xFF); }

    int width, height;
    std::vector<std::uint32_t> pixels;
};

// The definition, in double precision.
double bilinear(const Picture& source, double x, double y, int shift)
{
    x = std::clamp(x, 0.0, source.width - 1.0);
    y = std::clamp(y, 0.0, source.height - 1.0);
    const int l = int(x), t = int(y), r = std::min(l + 1, source.width - 1), b = std::min(t + 1, source.height - 1);
    const double fx = x - l, fy = y - t;
    const double above = (1 - fx) * source.channel(l, t, shift) + fx * source.channel(r, t, shift);
    const double below = (1 - fx) * source.channel(l, b, shift) + fx * source.channel(r, b, shift);
    return (1 - fy) * above + fy * below;
}

} // namespace

class TestSliceScaler : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheDefinition_data();
    void equalsTheDefinition();
    void aBandEqualsThatPartOfTheWhole();
    void everyPixelAtScaleOne();
};

void TestSliceScaler::equalsTheDefinition_data()
{
    QTest::addColumn<double>("scaleX");
    QTest::addColumn<double>("scaleY");
    QTest::addColumn<int>("width");
    QTest::newRow("larger, uneven") << 3.3 << 1.7 << 23;
    QTest::newRow("smaller") << 0.61 << 0.45 << 40;
    QTest::newRow("one column") << 9.0 << 2.0 << 1;
}

void TestSliceScaler::equalsTheDefinition()
{
    QFETCH(double, scaleX);
    QFETCH(double, scaleY);
    QFETCH(int, width);
    const Picture source = Picture::noise(width, 31);
    const PictureAxis x{scaleX, -7.25}, y{scaleY, 5.5};
    Picture out(60, 50);
    paintScaled(source.view(), x, y, out.target(), {0, 0, out.width, out.height});
    const PixelRect covered = coveredPixels(source.view(), x, y);
    for (int py = 0; py < out.height; ++py) {
        for (int px = 0; px < out.width; ++px) {
            const double sx = (px + 0.5 - x.offset) / x.scale, sy = (py + 0.5 - y.offset) / y.scale;
            const bool inside = sx >= 0 && sx < source.width && sy >= 0 && sy < source.height;
            QCOMPARE(px >= covered.x && px < covered.x + covered.width && py >= covered.y &&
                         py < covered.y + covered.height, inside);
            if (!inside) {
                QCOMPARE(out.at(px, py), untouched);
                continue;
            }
            QCOMPARE(out.channel(px, py, 24), 255);
            for (const int shift : {0, 8, 16})
                QVERIFY(std::abs(out.channel(px, py, shift) - bilinear(source, sx - 0.5, sy - 0.5, shift)) <= 2.0);
        }
    }
}

void TestSliceScaler::aBandEqualsThatPartOfTheWhole()
{
    const Picture source = Picture::noise(40, 40);
    const PictureAxis x{2.37, 3.1}, y{2.37, -11.6};
    Picture whole(90, 90), part(90, 90);
    paintScaled(source.view(), x, y, whole.target(), {0, 0, 90, 90});
    const PixelRect band{17, 21, 30, 13};
    paintScaled(source.view(), x, y, part.target(), band);
    for (int py = 0; py < 90; ++py)
        for (int px = 0; px < 90; ++px) {
            const bool inside = px >= 17 && px < 47 && py >= 21 && py < 34;
            QCOMPARE(part.at(px, py), inside ? whole.at(px, py) : untouched);
        }
}

void TestSliceScaler::everyPixelAtScaleOne()
{
    const Picture source = Picture::noise(33, 21);
    Picture out(33, 21);
    paintScaled(source.view(), {}, {}, out.target(), {0, 0, 33, 21});
    QVERIFY(out.pixels == source.pixels);
}

QTEST_APPLESS_MAIN(TestSliceScaler)
#include "tst_slice_scaler.moc"
