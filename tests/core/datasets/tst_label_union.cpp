#include "core/datasets/label_union.h"
#include "core/datasets/regions.h"

#include <QTest>

using namespace annotomy;

namespace {

SegmentTable table(const std::vector<std::pair<int, std::string>>& rows)
{
    SegmentTable result;
    for (const auto& [number, name] : rows) {
        Segment segment;
        segment.number = static_cast<SegmentNumber>(number);
        segment.name = name;
        segment.fileValue = number;
        result.insert(segment);
    }
    return result;
}

VolumeGeometry row(int voxels)
{
    VolumeGeometry grid;
    grid.size = {voxels, 1, 1};
    return grid;
}

} // namespace

class TestLabelUnion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesHaveOneValue();
    void namesWithAnotherMeaningChange();
    void overlapsAreNamed();
    void flatValuesFollowTheUnion();
    void regionsBecomeLayers();
};

void TestLabelUnion::namesHaveOneValue()
{
    LabelUnion all;
    const SegmentTable first = table({{1, "liver"}, {5, "tumour"}}), second = table({{1, "Tumour"}, {2, "spleen"}});
    all.add("case_1", first);
    all.add("case_2", second);
    QCOMPARE(all.labels().size(), std::size_t{3});
    QCOMPARE(all.labels()[1].name, std::string("tumour"));
    QCOMPARE(all.valuesOf(first)[5], 2);
    QCOMPARE(all.valuesOf(second)[1], 2);
    QCOMPARE(all.valuesOf(second)[2], 3);
    QCOMPARE(all.valuesOf(second)[7], 0);
    QCOMPARE(all.notes().size(), std::size_t{4}); // 5 -> 2; 1 -> 2; "Tumour" is "tumour"; 2 -> 3
    QVERIFY(all.notes()[0].find("case_1") != std::string::npos && all.notes()[0].find("written as 2") != std::string::npos);
}

void TestLabelUnion::namesWithAnotherMeaningChange()
{
    LabelUnion all;
    all.add("case_1", table({{1, "Background"}, {2, ""}, {3, "ignore"}}));
    QCOMPARE(all.labels()[0].name, std::string("Background (segment)"));
    QCOMPARE(all.labels()[1].name, std::string("segment 2"));
    QCOMPARE(all.labels()[2].name, std::string("ignore (segment)"));
}

void TestLabelUnion::overlapsAreNamed()
{
    LabelMap labels(row(3));
    labels.segments() = table({{1, "liver"}, {2, "tumour"}});
    labels.setLayer(0, {1, 1, 0});
    labels.setLayer(1, {0, 0, 2});
    QVERIFY(overlappingSegments(labels).empty());
    labels.setLayer(1, {0, 2, 2});
    QCOMPARE(overlappingSegments(labels), std::vector<std::string>{"\"tumour\" and \"liver\""});
}

void TestLabelUnion::flatValuesFollowTheUnion()
{
    LabelMap labels(row(4));
    labels.segments() = table({{3, "a"}, {9, "b"}});
    labels.setLayer(0, {3, 3, 0, 9});
    labels.setLayer(1, {0, 9, 0, 0});
    std::array<int, 256> values{};
    values[3] = 1;
    values[9] = 2;
    const Volume volume = flatValues(labels, values);
    const auto flat = volume.voxels<std::uint8_t>();
    QCOMPARE(std::vector<int>(flat.begin(), flat.end()), (std::vector<int>{1, 2, 0, 2}));
    values[9] = 300;
    QCOMPARE(flatValues(labels, values).type(), VoxelType::Int32);
}

// BraTS: three values, three regions that contain each other.
void TestLabelUnion::regionsBecomeLayers()
{
    LabelMap values(row(5));
    values.segments() = table({{1, "Segment 1"}, {2, "Segment 2"}, {3, "Segment 3"}, {7, "Segment 7"}});
    values.setLayer(0, {0, 1, 2, 3, 7});
    const std::vector<DatasetLabel> labels{{"whole", {1, 2, 3}}, {"core", {2, 3}}, {"enhancing", {3}}};
    QVERIFY(hasRegions(labels));
    const auto regions = named(values, labels);
    QVERIFY(regions.has_value());
    const auto covered = [&](const std::string& name) {
        const Segment* segment = regions->segments().findByName(name);
        std::vector<int> voxels;
        for (int i = 0; segment && i < 5; ++i)
            if (regions->labelAt(segment->layer, {i, 0, 0}) == segment->number)
                voxels.push_back(i);
        return voxels;
    };
    QCOMPARE(covered("whole"), (std::vector<int>{1, 2, 3}));
    QCOMPARE(covered("core"), (std::vector<int>{2, 3}));
    QCOMPARE(covered("enhancing"), (std::vector<int>{3}));
    QCOMPARE(covered("Segment 7"), (std::vector<int>{4}));
    QCOMPARE(regions->segments().findByName("enhancing")->number, SegmentNumber{3});
    const auto plain = named(values, {{"edema", {1}}, {"never seen", {4}}});
    QVERIFY(plain && plain->segments().findByName("never seen") && plain->layerCount() == 1);
}

QTEST_APPLESS_MAIN(TestLabelUnion)
#include "tst_label_union.moc"
