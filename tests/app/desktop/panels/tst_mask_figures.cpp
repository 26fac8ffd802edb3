#include "app/desktop/panels/mask_figures.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/proposal_bar.h"
#include "app/desktop/panels/segment_figures_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace annotomy;

namespace {

VolumeGeometry grid()
{
    VolumeGeometry geometry;
    geometry.size = {10, 10, 10};
    geometry.spacing = {1, 2, 5}; // 0.01 ml a voxel
    return geometry;
}

// One segment that holds the voxels [from, to) of the only layer.
LabelMap mask(std::size_t from, std::size_t to)
{
    LabelMap labels(grid());
    labels.segments().add("liver");
    labels.ensureLayers(1);
    const auto voxels = labels.writableLayer(0);
    for (std::size_t voxel = from; voxel < to; ++voxel)
        voxels[voxel] = 1;
    return labels;
}

} // namespace

class TestMaskFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void volumesAloneHaveNoComparison()
    {
        const MaskFigures figures = volumeFigures(mask(0, 100));
        QVERIFY(!figures.compared);
        QCOMPARE(figures.segments.size(), std::size_t{1});
        QCOMPARE(figures.segments[0].volumeMl, 1.0);
        QCOMPARE(figures.segments[0].dice, std::nullopt);
    }

    void overlapCountsWhatWasAddedAndRemoved()
    {
        const auto figures = overlapFigures(mask(0, 100), mask(50, 200));
        QVERIFY(figures.has_value());
        QCOMPARE(figures->addedMl, 1.0);
        QCOMPARE(figures->removedMl, 0.5);
        QCOMPARE(figures->changedMl, 1.5);
        QCOMPARE(*figures->dice, 2.0 * 50 / 250);
    }

    void nothingIsSaidOfASegmentThatTheOtherDoesNotKnow()
    {
        LabelMap present = mask(0, 100);
        const SegmentNumber bone = present.segments().add("bone");
        present.writableLayer(0)[300] = bone;
        const auto figures = compareMasks(mask(0, 100), present);
        QVERIFY(figures.has_value());
        QCOMPARE(figures->segments[1].dice, std::nullopt);
        QCOMPARE(*figures->dice, 1.0);
        QCOMPARE(figures->changedMl, 0.01);
    }

    void fullComparisonAgreesWithTheOverlap()
    {
        const auto quick = overlapFigures(mask(0, 100), mask(50, 200));
        const auto full = compareMasks(mask(0, 100), mask(50, 200));
        QVERIFY(quick && full);
        QCOMPARE(*full->dice, *quick->dice);
        QCOMPARE(full->changedMl, quick->changedMl);
        QVERIFY(full->hd95Mm.has_value());
    }

    void whatIsUndefinedStaysUndefined()
    {
        const auto figures = compareMasks(mask(0, 0), mask(0, 0));
        QVERIFY(figures.has_value());
        QCOMPARE(figures->dice, std::nullopt);
        QCOMPARE(figures->hd95Mm, std::nullopt);
        QCOMPARE(paneltext::dice(figures->dice), QStringLiteral("–"));
        QCOMPARE(paneltext::millimetres(figures->hd95Mm), QStringLiteral("–"));
    }

    void aSegmentOfTheOtherMaskIsListedToo()
    {
        LabelMap other = mask(0, 10);
        other.segments().add("spleen");
        const auto figures = overlapFigures(other, mask(0, 10));
        QVERIFY(figures.has_value());
        QCOMPARE(figures->segments.size(), std::size_t{2});
        QCOMPARE(figures->segments[1].dice, std::nullopt);
        QCOMPARE(*figures->dice, 1.0); // of the one segment in which it is defined
    }

    void anotherGridIsRefused()
    {
        VolumeGeometry other = grid();
        other.origin[0] += 0.1;
        QCOMPARE(overlapFigures(LabelMap(other), mask(0, 1)).error().code, ErrorCode::GeometryMismatch);
        QCOMPARE(compareMasks(LabelMap(other), mask(0, 1)).error().code, ErrorCode::GeometryMismatch);
    }

    void aRequestToStopIsHonoured()
    {
        const auto source =
            std::make_unique<std::stop_source>(); // on the heap: gcc 12 warns falsely otherwise
        source->request_stop();
        QCOMPARE(overlapFigures(mask(0, 9), mask(0, 9), source->get_token()).error().code,
                 ErrorCode::Cancelled);
    }

    void aProposalIsToldInOneSentence()
    {
        QCOMPARE(proposalSentence(*overlapFigures(mask(0, 100), mask(50, 200))),
                 QStringLiteral("+1.00 ml, −0.50 ml, Dice to yours 0.400"));
        QVERIFY(proposalSentence(*overlapFigures(mask(0, 0), mask(0, 100)))
                    .startsWith(QStringLiteral("1.00 ml")));
        QVERIFY(
            proposalSentence(*overlapFigures(mask(0, 9), mask(0, 9))).contains(QStringLiteral("no change")));
    }

    void theTableShowsDashesForUndefinedFigures()
    {
        SegmentFiguresModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFigures(volumeFigures(mask(0, 123)).segments);
        QCOMPARE(model.index(0, SegmentFiguresModel::Volume).data().toString(), QStringLiteral("1.23"));
        QCOMPARE(model.index(0, SegmentFiguresModel::Dice).data().toString(), QStringLiteral("–"));
        model.setFigures(compareMasks(mask(0, 123), mask(0, 123))->segments);
        QCOMPARE(model.index(0, SegmentFiguresModel::Dice).data().toString(), QStringLiteral("1.000"));
        model.setFigures({});
        QCOMPARE(model.rowCount(), 0);
    }

    void timesLeftAreRounded()
    {
        QCOMPARE(paneltext::timeLeft(-1), QString());
        QCOMPARE(paneltext::timeLeft(12.4), QStringLiteral("12 s left"));
        QCOMPARE(paneltext::timeLeft(119), QStringLiteral("2 min left"));
        QCOMPARE(paneltext::timeLeft(3700), QStringLiteral("1 h 2 min left"));
    }
};

QTEST_MAIN(TestMaskFigures)
#include "tst_mask_figures.moc"
