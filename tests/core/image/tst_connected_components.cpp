#include "core/image/connected_components.h"

#include <QTest>

#include <queue>
#include <random>

using namespace annotomy;

namespace {

// One flood after another, over all 26 neighbours.
std::vector<std::uint32_t> flooded(const std::vector<std::uint8_t>& voxels, const VolumeGeometry& grid)
{
    std::vector<std::uint32_t> numbers(voxels.size(), 0);
    std::uint32_t count = 0;
    for (std::size_t n = 0; n < voxels.size(); ++n) {
        if (!voxels[n] || numbers[n])
            continue;
        numbers[n] = ++count;
        std::queue<std::size_t> open({n});
        for (; !open.empty(); open.pop()) {
            const Index3 at = grid.indexAt(open.front());
            for (int d = 0; d < 27; ++d) {
                const Index3 next{at[0] + d % 3 - 1, at[1] + d / 3 % 3 - 1, at[2] + d / 9 - 1};
                if (!grid.bounds().contains(next))
                    continue;
                const std::size_t offset = grid.offset(next);
                if (voxels[offset] && !numbers[offset]) {
                    numbers[offset] = count;
                    open.push(offset);
                }
            }
        }
    }
    return numbers;
}

} // namespace

class TestConnectedComponents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithAFlood_data();
    void agreesWithAFlood();
    void keepsTheLargest();
};

void TestConnectedComponents::agreesWithAFlood_data()
{
    QTest::addColumn<double>("density");
    for (const double density : {0.0, 0.03, 0.08, 0.15, 0.5, 1.0})
        QTest::addRow("%.2f", density) << density;
}

void TestConnectedComponents::agreesWithAFlood()
{
    QFETCH(double, density);
    VolumeGeometry grid;
    grid.size = {17, 13, 11};
    std::mt19937 random(3);
    std::vector<std::uint8_t> voxels(grid.voxelCount());
    for (std::uint8_t& v : voxels)
        v = std::uniform_real_distribution<>(0, 1)(random) < density ? 7 : 0;
    const Components found = connectedComponents(voxels, grid.size);
    QCOMPARE(found.numbers, flooded(voxels, grid));
    std::vector<std::int64_t> counts(found.components.size(), 0);
    for (std::size_t n = 0; n < voxels.size(); ++n)
        if (found.numbers[n]) {
            ++counts[found.numbers[n] - 1];
            QVERIFY(found.components[found.numbers[n] - 1].box.contains(grid.indexAt(n)));
            QVERIFY(found.components[found.numbers[n] - 1].first <= n);
        }
    for (std::size_t c = 0; c < counts.size(); ++c)
        QCOMPARE(found.components[c].voxels, counts[c]);
}

void TestConnectedComponents::keepsTheLargest()
{
    // 2 . 1 1 .
    // . . . . 1   three of label 1 hang together by a corner, one is alone; label 2 is left alone
    // 1 . . . .
    std::vector<std::uint8_t> labels{2, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0};
    QCOMPARE(keepLargestComponent(labels, {5, 3, 1}, 1), std::int64_t{1});
    QCOMPARE(labels, (std::vector<std::uint8_t>{2, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
    QCOMPARE(keepLargestComponent(labels, {5, 3, 1}, 1), std::int64_t{0});
}

QTEST_GUILESS_MAIN(TestConnectedComponents)
#include "tst_connected_components.moc"
