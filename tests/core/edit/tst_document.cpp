#include "core/edit/document.h"
#include "tests/core/edit/edit_test_data.h"

#include <QTest>

#include <chrono>

using namespace annotomy;
using namespace annotomy::test;

namespace {

bool sameVoxels(const LabelMap& a, const LabelMap& b)
{
    return difference(a, b).layers.empty();
}

} // namespace

class TestDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void differenceTurnsOneIntoTheOther();
    void mergedDoesBoth();
    void paintObeysLocksAndMasking_data();
    void paintObeysLocksAndMasking();
    void eraseClearsOnlyItsSegment();
    void refusals();
    void undoAndRedo();
    void strokeIsOneStep();
    void cancelledStrokeLeavesNothing();
    void strokeCostDoesNotGrow();
    void replaceLabelsObeysLocks();
    void segmentsAreEdits();
    void historyComesBack();
    void editsThatDoNotFitAreRefused();
    void snapshotsKeepTheirVoxels();
};

void TestDocument::differenceTurnsOneIntoTheOther()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap from = blobLabels(g, 1);
    LabelMap to = blobLabels(g, 2);
    to.segments().remove(2);
    to.segments().add("New", 4);
    to.ensureLayers(5);
    to.writableLayer(4)[77] = 2;
    const Edit edit = difference(from, to);
    LabelMap labels = from;
    perform(edit, labels, Direction::Forward);
    QVERIFY(labels == to);
    perform(edit, labels, Direction::Backward);
    QVERIFY(labels == from);
    QVERIFY(difference(from, from).empty());
    QVERIFY(edit.box.contains(g.indexAt(77)));
}

void TestDocument::mergedDoesBoth()
{
    const VolumeGeometry g = obliqueGrid(false);
    for (unsigned seed = 0; seed < 5; ++seed) {
        const LabelMap a = blobLabels(g, seed), b = blobLabels(g, seed + 10), c = blobLabels(g, seed + 20);
        const Edit both = merged(difference(a, b), difference(b, c));
        LabelMap labels = a;
        perform(both, labels, Direction::Forward);
        QVERIFY(labels == c);
        const Edit direct = difference(a, c);
        QCOMPARE(both.changedVoxels(), direct.changedVoxels());
        QVERIFY(both.layers == direct.layers); // the same runs: ascending and joined
        QVERIFY(merged(difference(a, b), difference(b, a)).empty());
    }
}

void TestDocument::paintObeysLocksAndMasking_data()
{
    QTest::addColumn<bool>("locked");
    QTest::addColumn<bool>("onlyEmpty");
    QTest::addColumn<bool>("onlyValues");
    for (int n = 0; n < 8; ++n)
        QTest::addRow("locked %d, empty %d, values %d", n & 1, n / 2 & 1, n / 4)
            << bool(n & 1) << bool(n & 2) << bool(n & 4);
}

void TestDocument::paintObeysLocksAndMasking()
{
    QFETCH(bool, locked);
    QFETCH(bool, onlyEmpty);
    QFETCH(bool, onlyValues);
    const VolumeGeometry g = obliqueGrid(true);
    LabelMap before = blobLabels(g, 5);
    Segment other = *before.segments().find(2);
    other.locked = locked;
    before.segments().update(other);
    Document document(rampVolume(g), before);
    std::mt19937 random(3);
    const VoxelSelection selection = randomSelection(g, random);
    EditContext context = painting(1);
    context.masking.paintOver = onlyEmpty ? PaintOver::Empty : PaintOver::All;
    if (onlyValues)
        context.masking.onlyValues = ValueRange{0, 21};
    const auto edit = document.apply(selection, context);
    QVERIFY(edit);

    std::vector<bool> selected(g.voxelCount(), false);
    for (const VoxelRun& run : selection.runs)
        for (std::uint64_t n = run.start; n < run.start + run.length; ++n)
            selected[n] = true;
    std::int64_t changes = 0;
    for (std::size_t n = 0; n < g.voxelCount(); ++n) {
        const std::uint8_t was = before.layer(0)[n];
        const double value = document.volume().valueAt(g.indexAt(n));
        const bool write = selected[n] && !(locked && was == 2) && !(onlyEmpty && was != 0) &&
                           !(onlyValues && (value < 0 || value > 21));
        QCOMPARE(document.labels().layer(0)[n], write ? std::uint8_t{1} : was);
        changes += write && was != 1;
    }
    QCOMPARE(edit->changedVoxels(), changes);
    QVERIFY(std::ranges::equal(document.labels().layer(1), before.layer(1)));
}

void TestDocument::eraseClearsOnlyItsSegment()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap before = blobLabels(g, 5);
    Document document({}, before);
    VoxelSelection everything;
    for (int k = 0; k < g.size[2]; ++k)
        for (int j = 0; j < g.size[1]; ++j)
            everything.append(g, 0, g.size[0], j, k);
    QVERIFY(document.apply(everything, painting(1, EditAction::Erase)));
    const auto counts = voxelCounts(document.labels()), old = voxelCounts(before);
    QCOMPARE(counts[1], 0);
    QCOMPARE(counts[2], old[2]);
    QCOMPARE(counts[3], old[3]);
}

void TestDocument::refusals()
{
    const VolumeGeometry g = obliqueGrid(false);
    LabelMap labels = blobLabels(g, 5);
    Segment locked = *labels.segments().find(2);
    locked.locked = true;
    labels.segments().update(locked);
    Document document({}, labels);
    std::mt19937 random(3);
    const VoxelSelection selection = randomSelection(g, random);
    QVERIFY(document.apply(selection, painting(9)).error().code == ErrorCode::Conflict);
    QVERIFY(document.apply(selection, painting(2)).error().code == ErrorCode::Conflict);
    EditContext byValue = painting(1);
    byValue.masking.onlyValues = ValueRange{0, 1};
    QVERIFY(document.apply(selection, byValue).error().code == ErrorCode::Conflict);
    VoxelSelection foreign;
    foreign.runs.push_back({g.voxelCount() - 1, 2});
    QVERIFY(document.apply(foreign, painting(1)).error().code == ErrorCode::InvalidArgument);
    QVERIFY(document.apply({}, painting(1))->empty());
    QVERIFY(document.labels() == labels);
    QVERIFY(!document.canUndo());
}

void TestDocument::undoAndRedo()
{
    const VolumeGeometry g = obliqueGrid(false);
    Document document(rampVolume(g), blobLabels(g, 5));
    std::mt19937 random(7);
    std::vector<LabelMap> states{document.labels()};
    for (int n = 0; n < 10; ++n) {
        const auto segment = static_cast<SegmentNumber>(random() % 3 + 1);
        const auto action = n % 3 ? EditAction::Paint : EditAction::Erase;
        QVERIFY(document.apply(randomSelection(g, random), painting(segment, action)));
        states.push_back(document.labels());
    }
    for (std::size_t n = 10; n-- > 0;) {
        QVERIFY(document.canUndo());
        document.undo();
        QVERIFY(document.labels() == states[n]);
    }
    QVERIFY(!document.canUndo());
    for (std::size_t n = 1; n <= 10; ++n) {
        document.redo();
        QVERIFY(document.labels() == states[n]);
    }
    QVERIFY(!document.canRedo());
    document.undo();
    QVERIFY(document.apply(randomSelection(g, random), painting(1)));
    QVERIFY(!document.canRedo());
}

void TestDocument::strokeIsOneStep()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap before = blobLabels(g, 5);
    Document document(rampVolume(g), before);
    std::mt19937 random(9);
    document.beginStroke();
    QVERIFY(document.strokeOpen());
    for (int n = 0; n < 7; ++n) {
        EditContext context = painting(static_cast<SegmentNumber>(random() % 3 + 1), n % 4 ? EditAction::Paint : EditAction::Erase);
        context.timeMs += n;
        QVERIFY(document.apply(randomSelection(g, random), context));
        QVERIFY(!document.canUndo());
    }
    const LabelMap after = document.labels();
    const Edit edit = document.endStroke();
    QCOMPARE(edit.timeMs, painting(1).timeMs);
    QCOMPARE(edit.layers, difference(before, after).layers);
    QCOMPARE(document.history().edits().size(), std::size_t{1});
    document.undo();
    QVERIFY(document.labels() == before);
    document.redo();
    QVERIFY(document.labels() == after);

    document.beginStroke();
    QVERIFY(document.endStroke().empty());
    QCOMPARE(document.history().edits().size(), std::size_t{1});
}

void TestDocument::cancelledStrokeLeavesNothing()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap before = blobLabels(g, 5);
    Document document(rampVolume(g), before);
    std::mt19937 random(10);
    document.beginStroke();
    IndexBox touched;
    for (int n = 0; n < 5; ++n)
        touched = unionOf(touched, document.apply(randomSelection(g, random), painting(n % 2 ? 1 : 2))->box);
    QVERIFY(document.cancelStroke() == touched);
    QVERIFY(document.labels() == before);
    QVERIFY(!document.strokeOpen() && !document.canUndo());
}

// A ratio within one run: the last dabs of a long stroke cost what the first ones did.
void TestDocument::strokeCostDoesNotGrow()
{
    VolumeGeometry g;
    g.size = {128, 128, 64};
    LabelMap labels(g);
    labels.segments().add("A");
    labels.segments().add("B");
    Document document({}, labels);
    document.beginStroke();
    const auto dabs = [&](int count) {
        const auto start = std::chrono::steady_clock::now();
        for (int n = 0; n < count; ++n) {
            VoxelSelection selection;
            for (int j = 0; j < 8; ++j)
                selection.append(g, n % 100, n % 100 + 8, j + n % 120, n % 64);
            if (!document.apply(selection, painting(n % 2 ? 1 : 2)))
                QTest::qFail("refused", __FILE__, __LINE__);
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    dabs(200); // the layer is made in the first one
    const double first = dabs(1000);
    dabs(8000);
    const double last = dabs(1000);
    QVERIFY2(last < 6 * first, qPrintable(QString("%1 s after %2 s").arg(last).arg(first)));
    document.endStroke();
}

void TestDocument::replaceLabelsObeysLocks()
{
    const VolumeGeometry g = obliqueGrid(false);
    LabelMap before = blobLabels(g, 5);
    Segment locked = *before.segments().find(2);
    locked.locked = true;
    locked.name = "Mine";
    before.segments().update(locked);
    LabelMap target = blobLabels(g, 6);
    target.segments().add("Fourth");
    target.writableLayer(0)[5] = 4;
    Document document({}, before);
    EditContext context = painting(0);
    context.tool = "proposal";
    QVERIFY(document.replaceLabels(target, context));
    const LabelMap& now = document.labels();
    QVERIFY(*now.segments().find(2) == locked);
    QVERIFY(now.segments().find(4));
    for (std::size_t n = 0; n < g.voxelCount(); ++n) {
        const std::uint8_t was = before.layer(0)[n], wanted = target.layer(0)[n];
        QCOMPARE(now.layer(0)[n], was == 2 ? std::uint8_t{2} : wanted == 2 ? std::uint8_t{0} : wanted);
    }
    QVERIFY(std::ranges::equal(now.layer(1), target.layer(1)));
    document.undo();
    QVERIFY(document.labels() == before);

    VolumeGeometry other = g;
    other.origin[0] += 0.5;
    QVERIFY(document.replaceLabels(LabelMap(other), context).error().code == ErrorCode::GeometryMismatch);
}

void TestDocument::segmentsAreEdits()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap before = blobLabels(g, 5);
    Document document({}, before);
    const EditContext context = painting(0);
    Segment segment;
    segment.name = "Added";
    segment.layer = 1;
    QVERIFY(document.addSegment(segment, context));
    const Segment* added = document.labels().segments().findByName("Added");
    QVERIFY(added && added->number == 4 && added->layer == 1 && added->colour == paletteColour(4));
    segment.number = 4;
    QVERIFY(document.addSegment(segment, context).error().code == ErrorCode::Conflict);
    segment.layer = 255;
    QVERIFY(document.addSegment(segment, context).error().code == ErrorCode::InvalidArgument);

    segment.name = "Renamed";
    segment.locked = true;
    segment.layer = 0;
    QVERIFY(document.updateSegment(segment, context));
    QCOMPARE(document.labels().segments().find(4)->name, std::string("Renamed"));
    QCOMPARE(document.labels().segments().find(4)->layer, 1); // never moves
    QVERIFY(document.removeSegment(4, context).error().code == ErrorCode::Conflict);
    QVERIFY(document.removeSegment(99, context).error().code == ErrorCode::Conflict);
    QVERIFY(document.removeSegment(3, context));
    QCOMPARE(voxelCounts(document.labels())[3], 0);
    QVERIFY(!document.labels().segments().find(3));
    while (document.canUndo())
        document.undo();
    QVERIFY(document.labels() == before);
    for (int n = 0; n < 252; ++n)
        QVERIFY(document.addSegment({}, context));
    QVERIFY(document.addSegment({}, context).error().code == ErrorCode::TooManySegments);
}

void TestDocument::historyComesBack()
{
    const VolumeGeometry g = obliqueGrid(false);
    const LabelMap before = blobLabels(g, 5);
    Document document({}, before);
    std::mt19937 random(11);
    for (int n = 0; n < 6; ++n)
        QVERIFY(document.apply(randomSelection(g, random), painting(n % 2 ? 1 : 3)));
    document.undo();
    document.undo();
    std::vector<Edit> edits;
    for (const auto& edit : document.history().edits())
        edits.push_back(*edit);
    Document again({}, before);
    QVERIFY(again.restoreHistory(edits, 4));
    QVERIFY(again.labels() == document.labels());
    while (again.canRedo())
        again.redo();
    while (document.canRedo())
        document.redo();
    QVERIFY(again.labels() == document.labels());
    while (again.canUndo())
        again.undo();
    QVERIFY(again.labels() == before);
}

void TestDocument::editsThatDoNotFitAreRefused()
{
    const VolumeGeometry g = obliqueGrid(false);
    std::mt19937 random(11);
    LabelMap empty(g);
    empty.segments().add("lung");
    Document document({}, empty);
    const auto edit = document.apply(randomSelection(g, random), painting(1));
    QVERIFY(edit && !edit->empty());
    Document again({}, empty);
    QVERIFY(again.restoreHistory({*edit}, 0));
    QVERIFY(again.restoreHistory({*edit}, 1));
    const auto twice = Document({}, empty).restoreHistory({*edit, *edit}, 2);
    QVERIFY(!twice && twice.error().code == ErrorCode::Malformed);
}

void TestDocument::snapshotsKeepTheirVoxels()
{
    const VolumeGeometry g = obliqueGrid(false);
    Document document({}, blobLabels(g, 5));
    const LabelMap snapshot = document.labels(), copy = blobLabels(g, 5);
    std::mt19937 random(1);
    QVERIFY(!document.apply(randomSelection(g, random), painting(1))->empty());
    QVERIFY(sameVoxels(snapshot, copy));
    QVERIFY(!sameVoxels(snapshot, document.labels()));
}

QTEST_APPLESS_MAIN(TestDocument)
#include "tst_document.moc"
