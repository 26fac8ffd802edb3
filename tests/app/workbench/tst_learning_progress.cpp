// Judging over time: the points of the learning curve, what a correction cost, and the charts of both.
#include "tests/app/workbench/strokes.h"
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/progress_report.h"

#include <QFile>
#include <QTest>
#include <QXmlStreamReader>

using namespace annotomy;
using namespace annotomy::test;

class TestLearningProgress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void trainingsBecomePoints();
    void adviceIsASentence();
    void workIsReadFromTheJournal();
    void workSinceAnAcceptedProposal();
    void casesTellWhatTheyCost();
    void laterSignOffsDoNotCount();
    void costsAreMediansByModel();
    void axesAreRound_data();
    void axesAreRound();
    void chartsHoldTheirPoints();
    void costChartsHaveAColumnForEachModel();
    void reportsAreWellFormed();

private:
    void open();
    ImportReport importAll(int images, int masks);

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
};

namespace {

ModelPoint point(int model, int cases, double dice)
{
    return {ModelId{model}, "model-" + std::to_string(model), ModelStatus::Retired, 0, cases, dice, true, {{"organ", dice}}};
}

std::vector<ModelPoint> risingPoints()
{
    return {point(4, 32, 0.866), point(1, 4, 0.735), point(2, 8, 0.81), point(3, 16, 0.85), point(5, 2, 0.62)};
}

JournalStep edit(std::int64_t sequence, std::int64_t seconds, const std::string& tool = "brush")
{
    return {sequence, JournalKind::Edit, seconds * 1000, tool};
}

JournalStep move(std::int64_t sequence, std::int64_t seconds, JournalKind kind)
{
    return {sequence, kind, seconds * 1000, {}};
}

CorrectionCost cost(int id, int model, int strokes, std::optional<double> dice = {})
{
    CorrectionCost one;
    one.id = {id};
    one.start = model > 0 ? CorrectionStart::Proposal : CorrectionStart::Nothing;
    one.model = {model};
    one.modelName = model > 0 ? "model-" + std::to_string(model) : "";
    one.strokes = strokes;
    one.seconds = 10.0 * strokes;
    one.changedVoxels = 100 * strokes;
    one.proposalDice = dice;
    return one;
}

std::vector<CorrectionCost> someCosts()
{
    CorrectionCost attached = cost(9, 0, 1);
    attached.start = CorrectionStart::Elsewhere;
    return {cost(1, 0, 40), cost(2, 0, 60), cost(3, 2, 5, 0.9), cost(4, 1, 30, 0.7), cost(5, 2, 7, 0.8), cost(6, 2, 30, 0.6),
            attached};
}

int dotsOf(const std::vector<ChartShape>& shapes)
{
    return static_cast<int>(std::count_if(shapes.begin(), shapes.end(), [](const ChartShape& shape) {
        return shape.kind == ChartShape::Kind::Dot;
    }));
}

} // namespace

void TestLearningProgress::open()
{
    m_bench.reset();
    m_files = std::make_unique<WorkbenchFixture>();
    auto opened = Workbench::open(m_files->workspaceFolder(), WorkbenchFixture::fakePrograms());
    QVERIFY2(opened, opened ? "" : opened.error().detail.c_str());
    m_bench = *std::move(opened);
}

ImportReport TestLearningProgress::importAll(int images, int masks)
{
    for (int n = 0; n < images; ++n)
        if (m_files->writeImage(n, n < masks).empty())
            return {};
    ImportOptions options;
    options.masksFolder = m_files->path("masks");
    auto report = m_bench->importPaths({m_files->path("images")}, options);
    return report ? *std::move(report) : ImportReport{};
}

void TestLearningProgress::trainingsBecomePoints()
{
    open();
    const ImportReport report = importAll(6, 6);
    QCOMPARE(report.cases.size(), std::size_t{6});
    TrainOptions training;
    training.minutes = 1;
    training.seed = 15; // Dice 0.5 of one class, 0.8 of the other
    for (std::size_t n = 0; n < 6; ++n) {
        const CaseId id = report.cases[n].id;
        const Pool pool = n < 3 ? Pool::Validation : Pool::Train;
        QVERIFY(m_bench->workspace().reservePool(m_bench->workspace().caseById(id)->patientKey, pool));
        QVERIFY(m_bench->approve(id, {}, "Dr Test"));
        if (n < 4)
            continue;
        QVERIFY(m_bench->train(training));
        training.seed = 1; // 0.9 and 0.8
    }
    const auto progress = learningProgress(m_bench->workspace());
    QVERIFY2(progress, progress ? "" : progress.error().detail.c_str());
    QCOMPARE(progress->points.size(), std::size_t{2});
    QCOMPARE(progress->points[0].cases, 2);
    QCOMPARE(progress->points[0].dice, 0.65);
    QCOMPARE(progress->points[1].cases, 3);
    QCOMPARE(progress->points[1].dice, 0.85);
    QVERIFY(progress->points[0].gated && progress->points[0].model < progress->points[1].model);
    QCOMPARE(progress->approvedCases, 3);
    QCOMPARE(progress->missing, 2);
    QVERIFY(!progress->fit && !progress->advice);
    QCOMPARE(adviceSentence(*progress),
             std::string("2 more models, trained on other numbers of cases, make a forecast possible."));
}

void TestLearningProgress::adviceIsASentence()
{
    const LearningProgress stop = learningProgress(risingPoints(), 32);
    QCOMPARE(stop.points.front().cases, 2);
    QVERIFY(stop.fit && !stop.advice->helps);
    QVERIFY(adviceSentence(stop).starts_with("Further cases like these are not expected to help: at Dice 0.8"));
    const LearningProgress go =
        learningProgress({point(1, 2, 0.629), point(2, 10, 0.718), point(3, 20, 0.79), point(4, 40, 0.859)}, 40);
    const std::string sentence = adviceSentence(go); // 0.9 - 0.3 exp(-n / 20)
    QVERIFY2(sentence.starts_with("About 3 more cases are expected to raise Dice from 0.859 to 0.865 ("), sentence.c_str());
    const LearningProgress rough =
        learningProgress({point(1, 2, 0.8), point(2, 4, 0.85), point(3, 8, 0.855), point(4, 14, 0.867)}, 14);
    QVERIFY(adviceSentence(rough).find("95 %); a gain of up to 0.") != std::string::npos);
    const LearningProgress falling =
        learningProgress({point(1, 2, 0.9), point(2, 4, 0.8), point(3, 6, 0.7), point(4, 8, 0.6)}, 8);
    QVERIFY(adviceSentence(falling).ends_with("Dice does not rise with their number."));
}

void TestLearningProgress::workIsReadFromTheJournal()
{
    const std::vector<JournalStep> steps{edit(1, 100, "segment"), edit(2, 110), edit(3, 115),
                                         move(4, 116, JournalKind::Undo), move(5, 118, JournalKind::Redo),
                                         move(6, 119, JournalKind::Undo), edit(7, 1000), // a long pause: 60 s
                                         edit(8, 1010, "fill"), edit(9, 2000)};
    const CorrectionWork work = correctionWork(steps, 8, 1015'000);
    QCOMPARE(work.strokes, 3); // 2, 7 and 8: 3 was undone, 9 came later
    QCOMPARE(work.seconds, 10.0 + 5 + 1 + 2 + 1 + 60 + 10 + 5);
    QVERIFY(work.acceptedAt == 0 && !work.attached);
    const CorrectionWork none = correctionWork(steps, 0, 50'000);
    QVERIFY(none.strokes == 0 && none.seconds == 0);
    QCOMPARE(correctionWork(steps, 1, 90'000).seconds, 0.0); // a clock that was set back
    QVERIFY(correctionWork(std::vector{edit(1, 5, "attach"), edit(2, 6)}, 2, 7000).attached);
}

void TestLearningProgress::workSinceAnAcceptedProposal()
{
    std::vector<JournalStep> steps{edit(1, 0), edit(2, 30), edit(3, 50, "proposal"), edit(4, 54), edit(5, 58)};
    const CorrectionWork work = correctionWork(steps, 5, 60'000);
    QCOMPARE(work.acceptedAt, std::int64_t{3});
    QCOMPARE(work.strokes, 2);
    QCOMPARE(work.seconds, 10.0);
    for (int n = 6; n < 9; ++n) // back to before the proposal
        steps.push_back(move(n, 58 + n, JournalKind::Undo));
    const CorrectionWork back = correctionWork(steps, 8, 66'000);
    QCOMPARE(back.acceptedAt, std::int64_t{0});
    QCOMPARE(back.strokes, 2);
    QCOMPARE(back.seconds, 66.0);
}

void TestLearningProgress::casesTellWhatTheyCost()
{
    open();
    const ImportReport report = importAll(6, 2);
    QCOMPARE(report.cases.size(), std::size_t{6});
    for (std::size_t n = 0; n < 6; ++n)
        QVERIFY(m_bench->workspace().reservePool(m_bench->workspace().caseById(report.cases[n].id)->patientKey, Pool::Train));
    const CaseId attached = report.cases[0].id, byHand = report.cases[2].id, corrected = report.cases[3].id,
                 asProposed = report.cases[4].id;
    QVERIFY(m_bench->approve(attached, {}, "Dr Test"));
    QVERIFY(m_bench->approve(report.cases[1].id, {}, "Dr Test"));
    TrainOptions training;
    training.seed = 1;
    training.minutes = 1;
    const auto trained = m_bench->train(training);
    QVERIFY2(trained, trained ? "" : trained.error().detail.c_str());

    std::int64_t drawn = 0;
    {
        const auto session = CaseSession::open(*m_bench, byHand, {}, "Dr Test");
        QVERIFY(session);
        for (int step = 0; step < 4; ++step)
            QVERIFY(performStep(**session, step));
        drawn = voxelCounts((*session)->document().labels())[1];
        QVERIFY((*session)->approve("Dr Test"));
    }
    const auto proposals = m_bench->propose({byHand, corrected, asProposed}, {});
    QVERIFY2(proposals, proposals ? "" : proposals.error().detail.c_str());
    const RevisionId proposal = (*proposals)[1].revision;
    std::int64_t changed = 0;
    {
        const auto session = CaseSession::open(*m_bench, corrected, {}, "Dr Test");
        QVERIFY(session);
        QVERIFY((*session)->replaceLabels(*m_bench->workspace().loadMask(proposal), "proposal"));
        const std::int64_t before = voxelCounts((*session)->document().labels())[1];
        QVERIFY(performStep(**session, 1));
        changed = voxelCounts((*session)->document().labels())[1] - before;
        QVERIFY(performStep(**session, 2) && (*session)->undo());
        QVERIFY((*session)->approve("Dr Test"));
    }
    QVERIFY(m_bench->approve(asProposed, (*proposals)[2].revision, "Dr Test"));

    int told = 0;
    const auto costs = correctionCosts(m_bench->workspace(), {}, [&](const JobUpdate& update) {
        told += update.stage == "counting";
    });
    QVERIFY2(costs, costs ? "" : costs.error().detail.c_str());
    QCOMPARE(costs->size(), std::size_t{5}); // the sixth case is not approved
    QCOMPARE(told, 6);
    const CorrectionCost &fromFile = (*costs)[0], &hand = (*costs)[2], &fixed = (*costs)[3], &same = (*costs)[4];
    QVERIFY(fromFile.id == attached && fromFile.start == CorrectionStart::Elsewhere && !fromFile.changedVoxels);
    QVERIFY(hand.id == byHand && hand.start == CorrectionStart::Nothing && !hand.model && !hand.proposalDice);
    QCOMPARE(hand.strokes, 3);
    QCOMPARE(*hand.changedVoxels, drawn);
    QVERIFY(fixed.id == corrected && fixed.start == CorrectionStart::Proposal && fixed.proposal == proposal);
    QVERIFY(fixed.model == trained->model && fixed.modelName == "model-1");
    QCOMPARE(fixed.strokes, 1);
    QVERIFY(changed > 0);
    QCOMPARE(*fixed.changedVoxels, changed);
    QVERIFY2(fixed.proposalDice && *fixed.proposalDice > 0.5 && *fixed.proposalDice < 1,
             qPrintable(QString::number(fixed.proposalDice.value_or(-1))));
    QVERIFY(fixed.seconds >= 0 && fixed.seconds < 30);
    QVERIFY(same.id == asProposed && same.start == CorrectionStart::Proposal);
    QVERIFY(same.strokes == 0 && same.changedVoxels == 0 && same.proposalDice == 1.0);

    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(correctionCosts(m_bench->workspace(), stop.get_token()).error().code, ErrorCode::Cancelled);
}

void TestLearningProgress::laterSignOffsDoNotCount()
{
    open();
    const CaseId id = importAll(1, 0).cases.front().id;
    const auto session = CaseSession::open(*m_bench, id, {}, "Dr Test");
    QVERIFY(session);
    QVERIFY(performStep(**session, 0) && performStep(**session, 1) && (*session)->approve("Dr Test"));
    const RevisionId first = m_bench->workspace().caseById(id)->head;
    QVERIFY(performStep(**session, 2) && performStep(**session, 3) && (*session)->approve("Dr Test"));
    const auto costs = correctionCosts(m_bench->workspace());
    QVERIFY(costs && costs->size() == 1);
    QCOMPARE(costs->front().approved, first);
    QCOMPARE(costs->front().strokes, 1);
}

void TestLearningProgress::costsAreMediansByModel()
{
    const std::vector<CorrectionSummary> summaries = costsByModel(someCosts());
    QCOMPARE(summaries.size(), std::size_t{3});
    QVERIFY(!summaries[0].model && summaries[0].cases == 2 && summaries[0].strokes == 50 && !summaries[0].proposalDice);
    QVERIFY(summaries[1].model == ModelId{1} && summaries[1].strokes == 30);
    QVERIFY(summaries[2].modelName == "model-2" && summaries[2].cases == 3 && summaries[2].strokes == 7);
    QVERIFY(summaries[2].seconds == 70 && summaries[2].changedVoxels == 700 && summaries[2].proposalDice == 0.8);
    QVERIFY(costsByModel({}).empty());
}

void TestLearningProgress::axesAreRound_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<QString>("labels");
    QTest::newRow("Dice") << 0.62 << 0.87 << "0.60 0.65 0.70 0.75 0.80 0.85 0.90";
    QTest::newRow("cases") << 0.0 << 12.0 << "0 2 4 6 8 10 12";
    QTest::newRow("voxels") << 0.0 << 43210.0 << "0 10 k 20 k 30 k 40 k 50 k";
    QTest::newRow("thousandths") << 0.8011 << 0.8039 << "0.8010 0.8015 0.8020 0.8025 0.8030 0.8035 0.8040";
}

void TestLearningProgress::axesAreRound()
{
    QFETCH(double, from);
    QFETCH(double, to);
    QFETCH(QString, labels);
    const Chart::Axis axis = roundAxis(from, to);
    QVERIFY(axis.from <= from + 1e-9 && axis.to >= to - 1e-9 && axis.to > axis.from);
    QStringList words;
    for (const auto& [value, label] : axis.ticks)
        words << QString::fromStdString(label);
    QCOMPARE(words.join(' '), labels);
}

void TestLearningProgress::chartsHoldTheirPoints()
{
    const Chart chart = learningChart(learningProgress(risingPoints(), 32));
    QCOMPARE(chart.marks.size(), std::size_t{5});
    QVERIFY(chart.marks.back().tip.find("model-4: 32 training cases, 0.866\norgan 0.866") == 0);
    QVERIFY(chart.note.starts_with("plateau 0.8"));
    QCOMPARE(chart.lines.size(), std::size_t{3});
    QCOMPARE(chart.lines[2].points.back().first, 48.0);
    const auto shapes = laidOut(chart, 600, 200, 15);
    QCOMPARE(dotsOf(shapes), 5);
    for (const ChartShape& shape : shapes)
        for (const auto& [x, y] : shape.points)
            QVERIFY(x >= 0 && x <= 600 && y >= 0 && y <= 200);
    const Chart one = learningChart(learningProgress({point(1, 4, 0.85)}, 4)); // a single figure has an axis, too
    QVERIFY(one.y.from <= 0.75 && one.y.to >= 0.85 && one.y.to < 1 && one.note.empty() && one.lines.empty());
    const Chart empty = learningChart({});
    QVERIFY(empty.marks.empty() && empty.lines.empty() && dotsOf(laidOut(empty, 600, 200, 15)) == 0);
}

void TestLearningProgress::costChartsHaveAColumnForEachModel()
{
    const Chart strokes = costChart(someCosts(), CostMeasure::Strokes, "Strokes");
    QCOMPARE(strokes.x.ticks.size(), std::size_t{3});
    QCOMPARE(strokes.x.ticks[0].second, std::string("by hand"));
    QCOMPARE(strokes.x.ticks[2].second, std::string("model-2"));
    QCOMPARE(strokes.marks.size(), std::size_t{6 + 3}); // cases and medians; the attached case is left out
    QVERIFY(strokes.y.from == 0 && strokes.y.to >= 60);
    const Chart dice = costChart(someCosts(), CostMeasure::ProposalDice, "Dice");
    QCOMPARE(dice.x.ticks.size(), std::size_t{2}); // the baseline has no proposal
    QCOMPARE(dice.x.ticks[0].second, std::string("model-1"));
    QCOMPARE(dice.marks.size(), std::size_t{4 + 2});
    QVERIFY(dice.y.from > 0.5);
    QVERIFY(costChart({}, CostMeasure::Seconds, "Seconds").marks.empty());
}

void TestLearningProgress::reportsAreWellFormed()
{
    open();
    std::vector<ModelPoint> points = risingPoints();
    points.front().name = "a <b> & \"c\"";
    const LearningProgress progress = learningProgress(points, 32);
    for (const std::string name : {"curve.svg", "curve.html", "cost.svg", "cost.html"}) {
        const std::string path = m_files->path(name);
        QVERIFY(name.starts_with("curve") ? writeLearningProgress(progress, path) : writeCorrectionCosts(someCosts(), path));
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        int dots = 0;
        while (!xml.atEnd())
            dots += xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("circle");
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(dots, name.starts_with("curve") ? 5 : 3 * 9 + 6);
    }
    QVERIFY(!writeLearningProgress(progress, m_files->path("no/such/folder/curve.svg")));
}

QTEST_GUILESS_MAIN(TestLearningProgress)
#include "tst_learning_progress.moc"
