// Contours of masks: filled again, at pixel centres, they give back the mask.
#include "core/objects/mask_contours.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace annotomy;

namespace {

using Pixels = std::vector<std::uint8_t>;

// Crossings of a ray from (i, j) to the left, edge by edge.
int crossingsLeftOf(const IndexPolygon& polygon, double i, double j, bool countSigned)
{
    int crossings = 0;
    for (std::size_t n = 0; n < polygon.size(); ++n) {
        const auto &a = polygon[n], &b = polygon[(n + 1) % polygon.size()];
        if ((a[1] <= j) == (b[1] <= j))
            continue;
        if (a[0] + (j - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) < i)
            crossings += countSigned ? (b[1] > a[1] ? 1 : -1) : 1;
    }
    return crossings;
}

enum class Rule { EvenOdd, NonZero, EachAlone };

bool isInside(const std::vector<IndexPolygon>& polygons, double i, double j, Rule rule)
{
    int sum = 0;
    bool any = false;
    for (const IndexPolygon& polygon : polygons) {
        const int own = crossingsLeftOf(polygon, i, j, rule == Rule::NonZero);
        sum += own;
        any |= own % 2 != 0;
    }
    return rule == Rule::EachAlone ? any : rule == Rule::NonZero ? sum != 0 : sum % 2 != 0;
}

Pixels filled(const std::vector<IndexPolygon>& polygons, int width, int height, std::array<int, 2> first,
              Rule rule)
{
    Pixels pixels;
    for (int j = 0; j < height; ++j)
        for (int i = 0; i < width; ++i)
            pixels.push_back(isInside(polygons, first[0] + i, first[1] + j, rule));
    return pixels;
}

Pixels parsed(const QString& picture)
{
    Pixels pixels;
    for (const QChar c : picture)
        if (c != QLatin1Char('/'))
            pixels.push_back(c == QLatin1Char('#'));
    return pixels;
}

} // namespace

class TestMaskContours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pictures_data();
    void pictures();
    void randomMasksComeBack_data();
    void randomMasksComeBack();
    void nothingGivesNothing();
};

void TestMaskContours::pictures_data()
{
    QTest::addColumn<QString>("picture");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("polygons");
    QTest::addColumn<int>("points");
    QTest::newRow("one pixel") << "#" << 1 << 1 << 4;
    QTest::newRow("a row") << "####" << 4 << 1 << 4;
    QTest::newRow("a corner between two") << "#./.#" << 2 << 2 << 8;
    QTest::newRow("a hole") << "###/#.#/###" << 3 << 1 << 10;
    QTest::newRow("an island in a hole") << "#####/#...#/#.#.#/#...#/#####" << 5 << 2 << 14;
    QTest::newRow("holes that touch at a corner") << "####/#.##/##.#/####" << 4 << 1 << -1;
    QTest::newRow("holes beside one another") << "#####/#.#.#/#####" << 5 << 1 << -1;
}

void TestMaskContours::pictures()
{
    QFETCH(QString, picture);
    QFETCH(int, width);
    QFETCH(int, polygons);
    QFETCH(int, points);
    const Pixels pixels = parsed(picture);
    const auto contours = maskContours(pixels, width, {3, -2});
    QCOMPARE(static_cast<int>(contours.size()), polygons);
    std::size_t count = 0;
    for (const IndexPolygon& polygon : contours)
        count += polygon.size();
    if (points > 0)
        QCOMPARE(static_cast<int>(count), points);
    const int height = static_cast<int>(pixels.size()) / width;
    for (const Rule rule : {Rule::EvenOdd, Rule::NonZero, Rule::EachAlone})
        QCOMPARE(filled(contours, width, height, {3, -2}, rule), pixels);
}

void TestMaskContours::randomMasksComeBack_data()
{
    QTest::addColumn<double>("density");
    QTest::addColumn<int>("size");
    for (const double density : {0.05, 0.3, 0.5, 0.7, 0.95})
        for (const int size : {7, 24})
            QTest::addRow("%d pixels, %.2f of them set", size, density) << density << size;
}

void TestMaskContours::randomMasksComeBack()
{
    QFETCH(double, density);
    QFETCH(int, size);
    std::mt19937 random(5);
    std::bernoulli_distribution isSet(density);
    for (int round = 0; round < 20; ++round) {
        Pixels pixels(static_cast<std::size_t>(size) * static_cast<std::size_t>(size + 3));
        std::generate(pixels.begin(), pixels.end(), [&] { return isSet(random); });
        const auto contours = maskContours(pixels, size, {0, 0});
        for (const Rule rule : {Rule::EvenOdd, Rule::NonZero, Rule::EachAlone})
            QCOMPARE(filled(contours, size, size + 3, {0, 0}, rule), pixels);
    }
}

void TestMaskContours::nothingGivesNothing()
{
    QVERIFY(maskContours(Pixels(12, 0), 4, {0, 0}).empty());
    QVERIFY(maskContours({}, 4, {0, 0}).empty());
}

QTEST_APPLESS_MAIN(TestMaskContours)
#include "tst_mask_contours.moc"
