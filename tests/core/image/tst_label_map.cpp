#include "core/image/label_map.h"

#include <QTest>

using namespace annotomy;

namespace {

LabelMap smallMap()
{
    VolumeGeometry g;
    g.size = {6, 5, 4};
    LabelMap labels(g);
    labels.segments().add("Lung");
    labels.segments().add("Vessel", 1);
    labels.ensureLayers(2);
    return labels;
}

} // namespace

class TestLabelMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copiesAreWrittenApart();
    void layersAreAddedEmpty();
    void absentLayersEqualEmptyOnes();
    void topLabelIsTheLastVisible();
    void countsAndBoxes();
    void tableNumbersAreUnique();
    void tableHoldsTwoHundredFiftyFive();
    void tableFindsUpdatesAndRemoves();
};

void TestLabelMap::copiesAreWrittenApart()
{
    LabelMap labels = smallMap();
    labels.writableLayer(0)[3] = 1;
    const LabelMap snapshot = labels;
    QCOMPARE(snapshot.layer(0).data(), labels.layer(0).data()); // shared until written
    labels.writableLayer(0)[3] = 0;
    QCOMPARE(snapshot.layer(0)[3], std::uint8_t{1});
    QCOMPARE(labels.layer(0)[3], std::uint8_t{0});
    QCOMPARE(snapshot.layer(1).data(), labels.layer(1).data()); // the other layer still is
    const std::uint8_t* own = labels.layer(0).data();
    QCOMPARE(labels.writableLayer(0).data(), own); // sole owner: no second copy
}

void TestLabelMap::layersAreAddedEmpty()
{
    LabelMap labels = smallMap();
    std::vector<std::uint8_t> voxels(120, 2);
    labels.setLayer(4, voxels);
    QCOMPARE(labels.layerCount(), 5);
    QCOMPARE(labels.layer(3)[7], std::uint8_t{0});
    QCOMPARE(labels.labelAt(4, {1, 1, 1}), std::uint8_t{2});
    QCOMPARE(labels.labelAt(9, {1, 1, 1}), std::uint8_t{0});
    labels.ensureLayers(1);
    QCOMPARE(labels.layerCount(), 5);
}

void TestLabelMap::absentLayersEqualEmptyOnes()
{
    const LabelMap a = smallMap();
    LabelMap b = smallMap();
    b.ensureLayers(5);
    QVERIFY(a == b && b == a);
    b.writableLayer(4)[0] = 1;
    QVERIFY(a != b && b != a);
}

void TestLabelMap::topLabelIsTheLastVisible()
{
    LabelMap labels = smallMap();
    labels.writableLayer(0)[0] = 1;
    labels.writableLayer(1)[0] = 2;
    QCOMPARE(labels.topLabelAt({0, 0, 0}), std::uint8_t{2});
    Segment hidden = *labels.segments().find(2);
    hidden.visible = false;
    labels.segments().update(hidden);
    QCOMPARE(labels.topLabelAt({0, 0, 0}), std::uint8_t{1});
    QCOMPARE(labels.topLabelAt({1, 0, 0}), std::uint8_t{0});
}

void TestLabelMap::countsAndBoxes()
{
    LabelMap labels = smallMap();
    const VolumeGeometry g = labels.geometry();
    for (const Index3& at : {Index3{1, 2, 3}, Index3{4, 2, 0}, Index3{2, 4, 1}})
        labels.writableLayer(1)[g.offset(at)] = 2;
    QCOMPARE(voxelCounts(labels)[2], 3);
    QCOMPARE(voxelCounts(labels)[1], 0);
    QVERIFY((boundingBox(labels, 2) == IndexBox{{1, 2, 0}, {5, 5, 4}}));
    QVERIFY(boundingBox(labels, 1).empty());
    QVERIFY(boundingBox(labels, 77).empty());
}

void TestLabelMap::tableNumbersAreUnique()
{
    SegmentTable table;
    QCOMPARE(table.add("A"), SegmentNumber{1});
    Segment third;
    third.number = 3;
    QVERIFY(table.insert(third));
    QVERIFY(!table.insert(third));
    third.number = 0;
    QVERIFY(!table.insert(third));
    QCOMPARE(table.add("B"), SegmentNumber{2}); // the gap first
    QCOMPARE(table.add("C"), SegmentNumber{4});
}

void TestLabelMap::tableHoldsTwoHundredFiftyFive()
{
    SegmentTable table;
    for (int n = 1; n <= 255; ++n)
        QCOMPARE(table.add("S"), static_cast<SegmentNumber>(n));
    QCOMPARE(table.add("one too many"), background);
    QCOMPARE(table.segments().size(), std::size_t{255});
}

void TestLabelMap::tableFindsUpdatesAndRemoves()
{
    SegmentTable table;
    table.add("Lung");
    table.add("Vessel", 3);
    QCOMPARE(table.layerOf(2), 3);
    QCOMPARE(table.layerOf(9), -1);
    QCOMPARE(table.layerCount(), 4);
    Segment renamed = *table.findByName("Vessel");
    renamed.name = "Artery";
    QVERIFY(table.update(renamed));
    QVERIFY(!table.findByName("Vessel"));
    QVERIFY(table.remove(2));
    QVERIFY(!table.remove(2) && !table.update(renamed));
    QVERIFY(paletteColour(1) != paletteColour(2));
}

QTEST_APPLESS_MAIN(TestLabelMap)
#include "tst_label_map.moc"
