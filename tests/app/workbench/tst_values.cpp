// The workbench's small pure parts: sentences, matching of names and numbers, replay of a journal, the gate's rule.
#include "app/workbench/errors.h"
#include "app/workbench/gate.h"
#include "app/workbench/mask_matching.h"
#include "app/workbench/segment_matching.h"
#include "app/workbench/training_job.h"
#include "app/workbench/working_mask.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace annotomy;

class TestValues : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorIsOneSentence();
    void percentSignsInNamesStay();
    void stemsAndFolders();
    void masksBelongToImages();
    void masksAreLinkedByTheStrongestTie();
    void maskFoldersBesideImagesAreFound();
    void masksInTheFolderOfTheirImageAreFound();
    void segmentsAreMatchedByName();
    void journalIsReplayed();
    void contradictoryJournalIsRefused();
    void foldsKeepPatientsTogether();
    void gateRule_data();
    void gateRule();
    void gateWithOtherClasses();
    void gateAsksForProof_data();
    void gateAsksForProof();
    void pairedDifferencesHaveTheirInterval();
};

void TestValues::everyErrorIsOneSentence()
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::LooseMask); ++code) {
        for (const std::string detail : {"", "a detail."}) {
            const QString text = sentence({static_cast<ErrorCode>(code), "/a/b.dcm", detail});
            QVERIFY2(text.size() > 10, qPrintable(text));
            QVERIFY2(!text.contains("%1") && !text.contains("%2") && !text.contains("()"), qPrintable(text));
            QVERIFY2(text.endsWith('.') && !text.endsWith(".."), qPrintable(text));
            QVERIFY2(!text.contains('\n'), qPrintable(text));
            QVERIFY2(code == 0 || text.contains("/a/b.dcm"), qPrintable(text));
        }
    }
    QVERIFY(sentence({ErrorCode::DiskFull, {}, {}}).size() > 10);
}

void TestValues::percentSignsInNamesStay()
{
    const QString text = sentence({ErrorCode::Malformed, "50%2.nii", "100%1"});
    QVERIFY2(text.contains("50%2.nii") && text.contains("100%1"), qPrintable(text));
}

void TestValues::stemsAndFolders()
{
    QCOMPARE(fileStem("/x/hippocampus_001.nii.gz"), std::string("hippocampus_001"));
    QCOMPARE(fileStem("a.b.NRRD"), std::string("a.b"));
    QCOMPARE(fileStem("plain"), std::string("plain"));
    QVERIFY(liesIn("/a/b/c.nii", "/a/b"));
    QVERIFY(liesIn("/a/b/c.nii", "/a/b/"));
    QVERIFY(!liesIn("/a/bc/c.nii", "/a/b"));
}

namespace {

SeriesEntry fileEntry(const std::string& path)
{
    SeriesEntry entry;
    entry.format = "nifti";
    entry.files = {path};
    return entry;
}

} // namespace

void TestValues::masksBelongToImages()
{
    QVERIFY(maskBelongsTo("/m/p1.nii.gz", fileEntry("/i/p1.nii.gz")));
    QVERIFY(maskBelongsTo("/m/p1_seg.nrrd", fileEntry("/i/p1_0000.nii.gz")));
    QVERIFY(!maskBelongsTo("/m/p1.nii.gz", fileEntry("/i/p11.nii.gz")));
    SeriesEntry dicom;
    dicom.format = "dicom";
    dicom.info.patientId = "P7";
    dicom.files = {"/d/study7/1.dcm", "/d/study7/2.dcm"};
    QVERIFY(maskBelongsTo("/m/P7.nii.gz", dicom));
    QVERIFY(maskBelongsTo("/m/study7_mask.nii.gz", dicom));
    QVERIFY(!maskBelongsTo("/m/P8.nii.gz", dicom));
}

void TestValues::masksAreLinkedByTheStrongestTie()
{
    SeriesEntry image; // oblique, anisotropic
    image.format = "dicom";
    image.files = {"/d/x/1.dcm"};
    image.info.seriesUid = "1.2.3";
    image.info.frameOfReferenceUid = "1.2.4";
    image.info.patientId = "P7";
    image.geometry.size = {30, 20, 10};
    image.geometry.spacing = {0.7, 0.9, 3};
    image.geometry.origin = {-12, 34, 56};
    const double c = std::cos(0.4), s = std::sin(0.4);
    image.geometry.direction = {{{c, 0, s}, {0, 1, 0}, {-s, 0, c}}};
    const auto planeAt = [&](double k) {
        VolumeGeometry plane = image.geometry;
        plane.size[2] = 1;
        plane.origin = image.geometry.patientFromIndex({0, 0, k});
        return plane;
    };
    MaskFile mask{"/d/seg.dcm", "dicom-seg", "1.2.3"};
    QCOMPARE(linkOf(mask, image), MaskLink::Series);
    mask.referencedSeriesUid = "1.2.9"; // another one, though all the rest fits
    mask.frameOfReferenceUid = "1.2.4";
    mask.firstPlane = planeAt(4);
    QCOMPARE(linkOf(mask, image), MaskLink::None);
    mask.referencedSeriesUid.clear();
    QCOMPARE(linkOf(mask, image), MaskLink::FrameOfReference);
    mask.firstPlane = planeAt(4.5);
    QCOMPARE(linkOf(mask, image), MaskLink::None);
    mask.firstPlane = planeAt(10);
    QCOMPARE(linkOf(mask, image), MaskLink::None); // beyond the last slice
    mask.firstPlane = planeAt(9);
    mask.firstPlane->spacing[0] = 1.4;
    QCOMPARE(linkOf(mask, image), MaskLink::None);
    mask.firstPlane = planeAt(9);
    mask.frameOfReferenceUid = "1.2.5";
    QCOMPARE(linkOf(mask, image), MaskLink::None);
    mask.frameOfReferenceUid.clear();
    QCOMPARE(linkOf(mask, image), MaskLink::Grid);
    mask.patientId = "P8";
    QCOMPARE(linkOf(mask, image), MaskLink::None);
    mask.patientId = "P7";
    QCOMPARE(linkOf(mask, image), MaskLink::Grid);
    mask = MaskFile{"/d/P7_seg.dcm", "dicom-seg", ""};
    QCOMPARE(linkOf(mask, image), MaskLink::Name);
}

void TestValues::maskFoldersBesideImagesAreFound()
{
    SeriesEntry other = fileEntry("/d/labelsTr/b.nii"); // of no image's name or grid: it may well be one itself
    other.geometry.size = {7, 7, 7};
    const std::vector<bool> masks = masksBesideImages({fileEntry("/d/images/a.nii"), fileEntry("/d/labelsTr/a.nii"),
                                                       other, fileEntry("/d/unlabelled/c.nii"),
                                                       fileEntry("/d/lung-masks/m.nii")});
    QCOMPARE(masks, (std::vector<bool>{false, true, false, false, true}));
    const SeriesEntry elsewhere = fileEntry("/e/mask/m.nii"); // of an image's grid, but not beside it
    QCOMPARE(masksBesideImages({fileEntry("/d/images/a.nii"), elsewhere}), (std::vector<bool>{false, false}));
}

void TestValues::masksInTheFolderOfTheirImageAreFound()
{
    SeriesEntry other = fileEntry("/d/b_label.nrrd");
    other.geometry.size = {7, 7, 7};
    const std::vector<bool> masks =
        masksBesideImages({fileEntry("/d/a_image.nrrd"), fileEntry("/d/a_label.nrrd"), fileEntry("/d/b.nrrd"), other,
                           fileEntry("/d/c-label.nrrd"), fileEntry("/e/a_mask.nii")});
    QCOMPARE(masks, (std::vector<bool>{false, true, false, false, false, false}));
}

void TestValues::segmentsAreMatchedByName()
{
    SegmentTable reference, segments;
    reference.add("liver");
    reference.add("spleen");
    segments.add("spleen");
    segments.add("tumour");
    const Renumbering numbers = renumberingByName(segments, reference);
    QCOMPARE(int(numbers[1]), 2); // spleen
    QCOMPARE(int(numbers[2]), 3); // tumour: 2 is taken

    VolumeGeometry geometry;
    geometry.size = {4, 1, 1};
    LabelMap labels(geometry);
    labels.segments() = segments;
    labels.ensureLayers(1);
    labels.setLayer(0, {0, 1, 2, 1});
    const LabelMap result = renumbered(labels, numbers);
    const auto layer = result.layer(0);
    QVERIFY(std::equal(layer.begin(), layer.end(), std::vector<std::uint8_t>{0, 2, 3, 2}.begin()));
    QCOMPARE(result.segments().findByName("tumour")->number, SegmentNumber(3));
    QVERIFY(renumberedWhole(labels, numbers, "mask"));

    SegmentTable full; // no number is left for the tumour: it must not vanish unsaid
    for (int n = 0; n < 255; ++n)
        full.add(n == 0 ? "spleen" : "organ " + std::to_string(n));
    const auto crowded = renumberedWhole(labels, renumberingByName(segments, full), "mask");
    QVERIFY(!crowded);
    QCOMPARE(crowded.error().code, ErrorCode::TooManySegments);
    QCOMPARE(crowded.error().subject, std::string("mask"));
}

namespace {

VolumeGeometry tinyGrid()
{
    VolumeGeometry geometry;
    geometry.size = {4, 3, 2};
    return geometry;
}

JournalEntry entryOf(const Edit& edit)
{
    return {0, JournalKind::Edit, encodeEdit(edit)};
}

} // namespace

void TestValues::journalIsReplayed()
{
    Document document({}, LabelMap(tinyGrid()));
    Segment segment;
    segment.number = 1;
    segment.name = "a";
    CaseHistory history;
    EditContext context;
    context.segment = 1;
    history.journal.push_back(entryOf(*document.addSegment(segment, context)));
    const VoxelSelection first{{{0, 2}}, {{0, 0, 0}, {2, 1, 1}}};
    const VoxelSelection second{{{4, 2}}, {{0, 1, 0}, {2, 2, 1}}};
    history.journal.push_back(entryOf(*document.apply(first, context)));
    document.undo();
    history.journal.push_back({0, JournalKind::Undo, {}});
    history.journal.push_back(entryOf(*document.apply(second, context))); // the undone one is gone
    document.undo();
    history.journal.push_back({0, JournalKind::Undo, {}});
    document.redo();
    history.journal.push_back({0, JournalKind::Redo, {}});

    Result<Document> again = workingDocument(history, tinyGrid());
    QVERIFY(again);
    QVERIFY(again->labels() == document.labels());
    QCOMPARE(again->history().edits().size(), std::size_t{2});
    QCOMPARE(again->history().cursor(), std::size_t{2});
    again->undo();
    document.undo();
    QVERIFY(again->labels() == document.labels());
}

void TestValues::contradictoryJournalIsRefused()
{
    CaseHistory history;
    history.journal.push_back({0, JournalKind::Undo, {}});
    QVERIFY(!workingDocument(history, tinyGrid()));
    history.journal = {{0, JournalKind::Edit, {std::byte{1}, std::byte{2}}}};
    QVERIFY(!workingDocument(history, tinyGrid()));
}

void TestValues::foldsKeepPatientsTogether()
{
    std::vector<ApprovedMask> all(60);
    for (std::size_t n = 0; n < all.size(); ++n) {
        all[n].record.id = {static_cast<std::int64_t>(n) + 1};
        all[n].record.patientKey = "patient " + std::to_string(n / 2);
    }
    std::multiset<std::int64_t> heldOut;
    for (int fold = 1; fold <= 5; ++fold) {
        std::vector<ApprovedMask> rest = all;
        const auto out = heldOutFold(rest, fold, 5);
        QVERIFY(out);
        QCOMPARE(out->size() + rest.size(), all.size());
        std::set<std::string> patients;
        for (const ApprovedMask& mask : *out) {
            heldOut.insert(mask.record.id.value);
            patients.insert(mask.record.patientKey);
        }
        QVERIFY(std::none_of(rest.begin(), rest.end(), [&](const ApprovedMask& mask) {
            return patients.contains(mask.record.patientKey);
        }));
    }
    QCOMPARE(heldOut.size(), all.size()); // each once
    QCOMPARE(std::set<std::int64_t>(heldOut.begin(), heldOut.end()).size(), all.size());
    std::vector<ApprovedMask> one(all.begin(), all.begin() + 2);
    QVERIFY(!heldOutFold(one, 1, 5) || !heldOutFold(one, 2, 5));
}

void TestValues::gateRule_data()
{
    QTest::addColumn<double>("candidateA");
    QTest::addColumn<double>("candidateB");
    QTest::addColumn<bool>("promoted");
    QTest::newRow("better") << 0.85 << 0.85 << true;
    QTest::newRow("equal") << 0.8 << 0.8 << false;
    QTest::newRow("worse") << 0.79 << 0.8 << false;
    QTest::newRow("one class falls a little") << 0.785 << 0.9 << true;
    QTest::newRow("one class falls") << 0.77 << 0.9 << false;
}

void TestValues::gateRule()
{
    QFETCH(double, candidateA);
    QFETCH(double, candidateB);
    QFETCH(bool, promoted);
    const auto figures = [](double a, double b) {
        return summarised({"", {{"case-1", {{"a", a}, {"b", b}}}, {"case-2", {{"a", a}, {"b", b}, {"c", std::nullopt}}}}});
    };
    const GateDecision decision = decide(figures(candidateA, candidateB), figures(0.8, 0.8), 3);
    QVERIFY(decision.gated);
    QCOMPARE(decision.promoted, promoted);
    QVERIFY(std::abs(decision.classDifference.at("a") - (candidateA - 0.8)) < 1e-9);
    QVERIFY(!decision.reason.empty());
    QVERIFY(decide(figures(0.1, 0.1), std::nullopt, 3).promoted); // the first gated model
}

// A class that only one of the models knows counts as 0 for the other.
void TestValues::gateWithOtherClasses()
{
    const PoolFigures one = summarised({"", {{"case-1", {{"a", 0.8}}}}});
    const PoolFigures two = summarised({"", {{"case-1", {{"a", 0.79}, {"b", 0.3}}}}});
    const GateDecision learnt = decide(two, one, 3);
    QVERIFY(learnt.promoted);
    QCOMPARE(learnt.classDifference.at("b"), 0.3);
    const GateDecision forgotten = decide(one, two, 3);
    QVERIFY(!forgotten.promoted);
    QCOMPARE(forgotten.classDifference.at("b"), -0.3);
}

void TestValues::gateAsksForProof_data()
{
    QTest::addColumn<double>("spread"); // half of the cases gain by it what the others lose
    QTest::addColumn<double>("nsdLoss");
    QTest::addColumn<bool>("promoted");
    QTest::newRow("every case gains") << 0.0 << 0.0 << true;
    QTest::newRow("cases differ a little") << 0.01 << 0.0 << true;
    QTest::newRow("as many lose as gain") << 0.3 << 0.0 << false;
    QTest::newRow("the surface loses") << 0.0 << 0.02 << false;
}

void TestValues::gateAsksForProof()
{
    QFETCH(double, spread);
    QFETCH(double, nsdLoss);
    QFETCH(bool, promoted);
    ModelFigures candidate, current;
    for (int n = 0; n < 12; ++n) {
        const std::string key = "case-" + std::to_string(n);
        const double gain = 0.01 + (n % 2 == 0 ? spread : -spread);
        current.cases.push_back({key, {{"a", 0.6}}, {{"a", 0.8}}});
        candidate.cases.push_back({key, {{"a", 0.6 + gain}}, {{"a", 0.8 - nsdLoss}}});
    }
    const GateDecision decision = decide(summarised(candidate), summarised(current), 12);
    QCOMPARE(decision.promoted, promoted);
    QVERIFY(decision.dice && std::abs(decision.dice->mean - 0.01) < 1e-9);
    QVERIFY(decision.dice->low <= decision.dice->mean && decision.dice->mean <= decision.dice->high);
    QVERIFY(promoted || decision.reason.find("not proven") != std::string::npos);
}

// Against what is known of the mean of independent normal differences: 1.96 standard errors either way.
void TestValues::pairedDifferencesHaveTheirInterval()
{
    QVERIFY(!pairedDifference({}, {}));
    const std::vector<double> first{0.5, 0.7}, second{0.4, 0.6};
    QVERIFY(std::abs(pairedDifference(first, second)->low - 0.1) < 1e-9);
    std::mt19937_64 generator(3);
    std::normal_distribution<double> normal(0.2, 1);
    std::vector<double> many(400), zeros(400, 0);
    for (double& value : many)
        value = normal(generator);
    const auto found = pairedDifference(many, zeros);
    QVERIFY(std::abs(found->high - found->mean - 1.96 / 20) < 0.015);
    QVERIFY(std::abs(found->mean - found->low - 1.96 / 20) < 0.015);
    QCOMPARE(*pairedDifference(many, zeros), *found); // always the same
}

QTEST_APPLESS_MAIN(TestValues)
#include "tst_values.moc"
