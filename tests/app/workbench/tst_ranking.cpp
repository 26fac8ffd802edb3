// Choosing the next case, with a stand-in for the worker that is the less sure of a case the later it came.
#include "tests/app/workbench/workbench_fixture.h"

#include "app/workbench/ranking.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

using namespace annotomy;
using namespace annotomy::test;

namespace {

RankOptions by(RankingStrategy strategy, int count)
{
    RankOptions options;
    options.strategy = strategy;
    options.count = count;
    options.randomShare = 0;
    options.userName = "Dr Test";
    return options;
}

} // namespace

class TestRanking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void servesUnsureCasesFirst();
    void recordsWhatWasServed();
    void leavesOutPoolsThatDoNotTeach();
    void drawsWithoutAModel();
    void roundsFollowTheModels();
    void looksAtNoMoreThanAsked();
    void goesOnWithoutAMissingImage();
    void disagreementNeedsTwo();
    void saysWhenNothingIsLeft();
    void servesTheRestOfAQuery();

private:
    void trainOn(std::size_t cases, std::uint64_t seed = 1);
    CaseId idOf(std::size_t n) const { return m_ids.at(n); }
    std::vector<CaseId> served(const RankOptions& options);

    std::unique_ptr<WorkbenchFixture> m_files;
    std::unique_ptr<Workbench> m_bench;
    std::vector<CaseId> m_ids; // of six cases
};

void TestRanking::init()
{
    m_bench.reset();
    m_files = std::make_unique<WorkbenchFixture>();
    for (int n = 1; n <= 6; ++n)
        QVERIFY(!m_files->writeImage(n).empty());
    const ProgramPaths programs{WorkbenchFixture::realPrograms().reader, WorkbenchFixture::fakePrograms().worker};
    auto opened = Workbench::open(m_files->workspaceFolder(), programs);
    QVERIFY(opened);
    m_bench = std::move(*opened);
    ImportOptions options;
    options.masksFolder = m_files->path("masks");
    const auto report = m_bench->importPaths({m_files->path("images")}, options);
    QVERIFY(report && report->cases.size() == 6);
    m_ids.clear();
    for (const ImportedCase& one : report->cases)
        m_ids.push_back(one.id);
    std::sort(m_ids.begin(), m_ids.end());
}

// Approves the first cases, in the training pool, and trains.
void TestRanking::trainOn(std::size_t cases, std::uint64_t seed)
{
    Workspace& workspace = m_bench->workspace();
    for (std::size_t n = 0; n < cases; ++n) {
        const auto record = workspace.caseById(idOf(n));
        QVERIFY(record);
        if (record->state == CaseState::Approved)
            continue;
        QVERIFY(workspace.reservePool(record->patientKey, Pool::Train));
        QVERIFY(m_bench->approve(idOf(n), {}, "Dr Test"));
    }
    TrainOptions options;
    options.seed = seed;
    const auto trained = m_bench->train(options);
    QVERIFY2(trained, trained ? "" : trained.error().detail.c_str());
}

std::vector<CaseId> TestRanking::served(const RankOptions& options)
{
    std::vector<CaseId> ids;
    const auto ranking = rankCases(*m_bench, options);
    if (ranking)
        for (const ServedCase& one : ranking->cases)
            ids.push_back(one.id);
    return ids;
}

void TestRanking::servesUnsureCasesFirst()
{
    trainOn(2);
    QCOMPARE(served(by(RankingStrategy::Entropy, 3)), (std::vector<CaseId>{idOf(5), idOf(4), idOf(3)}));
    QCOMPARE(served(by(RankingStrategy::Entropy, 50)).size(), std::size_t{4}); // approved cases are known
    QCOMPARE(served(by(RankingStrategy::Diversity, 1)), std::vector<CaseId>{idOf(5)});
    const auto standard = rankCases(*m_bench, RankOptions{});
    QVERIFY(standard && standard->strategy == RankingStrategy::ClaspPe);
    QVERIFY(standard->cases.front().choice.reason.find("ball") != std::string::npos);
}

void TestRanking::recordsWhatWasServed()
{
    trainOn(2);
    QCOMPARE(*servedReason(m_bench->workspace(), idOf(5)), std::string());
    const auto ranking = rankCases(*m_bench, by(RankingStrategy::Entropy, 2));
    QVERIFY(ranking);
    QCOMPARE(ranking->candidates, 4);
    const auto decisions = m_bench->workspace().decisions(idOf(4));
    QVERIFY(decisions && !decisions->empty());
    const DecisionRecord& last = decisions->back();
    QCOMPARE(last.kind, std::string("serve-case"));
    QCOMPARE(last.who, std::string("Dr Test"));
    QCOMPARE(last.model, ranking->model);
    const auto details = nlohmann::json::parse(last.detailsJson);
    QCOMPARE(details.at("query").get<int>(), 1);
    QCOMPARE(details.at("position").get<int>(), 2);
    QCOMPARE(details.at("strategy").get<std::string>(), std::string("entropy"));
    QCOMPARE(details.at("chosenBy").get<std::string>(), std::string("entropy"));
    QCOMPARE(details.at("candidates").get<int>(), 4);
    QCOMPARE(details.at("score").get<double>(), static_cast<double>(idOf(4).value) / 100);
    QCOMPARE(*servedReason(m_bench->workspace(), idOf(4)), ranking->cases[1].choice.reason);
    QVERIFY(ranking->cases[1].choice.reason.find("rank 2 of 4") != std::string::npos);
}

void TestRanking::leavesOutPoolsThatDoNotTeach()
{
    trainOn(1);
    Workspace& workspace = m_bench->workspace();
    QVERIFY(workspace.reservePool(workspace.caseById(idOf(5))->patientKey, Pool::Test));
    QVERIFY(workspace.reservePool(workspace.caseById(idOf(4))->patientKey, Pool::Validation));
    QCOMPARE(served(by(RankingStrategy::Entropy, 9)), (std::vector<CaseId>{idOf(3), idOf(2), idOf(1)}));
}

void TestRanking::drawsWithoutAModel()
{
    const auto ranking = rankCases(*m_bench, RankOptions{});
    QVERIFY(ranking);
    QVERIFY(ranking->strategy == RankingStrategy::Random && !ranking->model);
    QCOMPARE(ranking->cases.size(), std::size_t{6});
    const auto entropy = rankCases(*m_bench, by(RankingStrategy::Entropy, 1));
    QVERIFY(!entropy);
    QCOMPARE(entropy.error().code, ErrorCode::Conflict);
}

void TestRanking::roundsFollowTheModels()
{
    trainOn(2);
    const auto first = rankCases(*m_bench, RankOptions{}), again = rankCases(*m_bench, RankOptions{});
    QVERIFY(first && again);
    QVERIFY(first->query == 1 && first->round == 0 && first->seed == 1);
    QVERIFY(again->query == 2 && again->round == 0 && again->seed == 2); // the same model
    trainOn(3, 2);
    RankOptions newer;
    newer.models = {m_bench->workspace().models()->back().id};
    newer.seed = 77;
    const auto next = rankCases(*m_bench, newer);
    QVERIFY(next && next->model == newer.models.front());
    QVERIFY(next->query == 3 && next->round == 1 && next->seed == 77);
}

void TestRanking::looksAtNoMoreThanAsked()
{
    trainOn(1);
    RankOptions few = by(RankingStrategy::Entropy, 10);
    few.candidates = 2;
    few.seed = 5;
    const auto ranking = rankCases(*m_bench, few);
    QVERIFY(ranking);
    QCOMPARE(ranking->candidates, 2);
    QCOMPARE(ranking->cases.size(), std::size_t{2});
    QVERIFY(ranking->cases.front().id > ranking->cases.back().id);
}

void TestRanking::goesOnWithoutAMissingImage()
{
    trainOn(1);
    std::filesystem::remove(m_files->path("images/patient_006.nii.gz"));
    std::filesystem::remove_all(m_files->workspaceFolder() + "/cache"); // decoded at the import
    const auto ranking = rankCases(*m_bench, by(RankingStrategy::Entropy, 1));
    QVERIFY2(ranking, ranking ? "" : ranking.error().detail.c_str());
    QCOMPARE(ranking->candidates, 4);
    QVERIFY2(ranking->notes.size() == 1 && ranking->notes.front().find("patient_006") != std::string::npos,
             ranking->notes.empty() ? "" : ranking->notes.front().c_str());
}

void TestRanking::disagreementNeedsTwo()
{
    trainOn(1);
    const auto alone = rankCases(*m_bench, by(RankingStrategy::Disagreement, 1));
    QVERIFY(!alone);
    QCOMPARE(alone.error().code, ErrorCode::Conflict);
    trainOn(2, 2);
    RankOptions both = by(RankingStrategy::Disagreement, 1);
    const auto models = m_bench->workspace().models();
    QVERIFY(models && models->size() == 2);
    for (const ModelRecord& model : *models)
        both.models.push_back(model.id);
    const auto ranking = rankCases(*m_bench, both);
    QVERIFY2(ranking, ranking ? "" : ranking.error().detail.c_str());
    QCOMPARE(ranking->cases.front().id, idOf(2));
    QVERIFY(ranking->cases.front().choice.reason.find("disagree") != std::string::npos);
    QCOMPARE(served(by(RankingStrategy::Disagreement, 1)), std::vector<CaseId>{idOf(2)}); // the same two, unasked
}

void TestRanking::saysWhenNothingIsLeft()
{
    trainOn(6);
    const auto ranking = rankCases(*m_bench, RankOptions{});
    QVERIFY(!ranking);
    QCOMPARE(ranking.error().code, ErrorCode::Conflict);
}

void TestRanking::servesTheRestOfAQuery()
{
    trainOn(2);
    Workspace& workspace = m_bench->workspace();
    const auto next = [&](CaseId after, RankingStrategy strategy = RankingStrategy::Entropy) {
        const auto served = nextServed(workspace, after, strategy);
        return served && *served ? (*served)->id : CaseId{};
    };
    QCOMPARE(next({}), CaseId{});
    QCOMPARE(served(by(RankingStrategy::Entropy, 3)), (std::vector<CaseId>{idOf(5), idOf(4), idOf(3)}));
    QCOMPARE(next({}), idOf(5));
    QCOMPARE(next(idOf(2)), idOf(5)); // another case is open
    QCOMPARE(next(idOf(5)), idOf(4));
    QCOMPARE(next(idOf(3)), CaseId{}); // it was the last
    QVERIFY(m_bench->approve(idOf(5), {}, "Dr Test"));
    QCOMPARE(next({}), idOf(4));
    QCOMPARE((*nextServed(workspace, {}, RankingStrategy::Entropy))->choice.reason, *servedReason(workspace, idOf(4)));
    QCOMPARE(next({}, RankingStrategy::Diversity), CaseId{});
    QCOMPARE(served(by(RankingStrategy::Diversity, 1)).size(), std::size_t{1});
    QCOMPARE(next({}), CaseId{}); // the newest query alone counts
}

QTEST_GUILESS_MAIN(TestRanking)
#include "tst_ranking.moc"
