#include "core/learn/case_ranking.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace annotomy;

namespace {

constexpr int pool = 40;

// Case n: entropy n / 100, larger for "rare" where n is odd; "rare" is predicted in the first ten alone.
std::vector<CaseScores> someScores()
{
    std::vector<CaseScores> all;
    for (int n = 0; n < pool; ++n) {
        CaseScores scores;
        scores.key = "case-" + std::to_string(n);
        scores.entropy = (n + 1) / 100.0;
        scores.margin = (pool - n) / 100.0;
        scores.disagreement = ((n * 7) % pool) / 100.0;
        scores.classes.push_back({"common", 10, scores.entropy, 1});
        scores.classes.push_back({"rare", n < 10 ? 0.5 : 0, n < 10 ? 0.001 * (n + 1) : 0, n < 10 ? 0.9 : 0.1});
        scores.embedding = {double(n % 8), double(n / 8)};
        all.push_back(scores);
    }
    return all;
}

RankingRules rules(RankingStrategy strategy, int count, double randomShare = 0)
{
    RankingRules made;
    made.strategy = strategy;
    made.count = count;
    made.randomShare = randomShare;
    return made;
}

int numberOf(const RankedCase& chosen)
{
    return std::stoi(chosen.key.substr(5));
}

std::vector<int> numbersOf(const std::vector<RankedCase>& chosen)
{
    std::vector<int> numbers;
    for (const RankedCase& one : chosen)
        numbers.push_back(numberOf(one));
    return numbers;
}

} // namespace

class TestCaseRanking : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choosesEachCaseOnce_data();
    void choosesEachCaseOnce();
    void goesByTheScore();
    void tellsTheReasonWithFigures();
    void aMissedOrganIsNotCertain();
    void drawsTheRandomShareFromAllCases();
    void powerNoiseFadesWithTheRounds();
    void classesTakeTurns();
    void foregroundDrawsFollowTheVolume();
    void spreadsOverTheEmbeddings();
};

void TestCaseRanking::choosesEachCaseOnce_data()
{
    QTest::addColumn<int>("strategy");
    for (std::size_t n = 0; n < rankingStrategyNames().size(); ++n)
        QTest::newRow(rankingStrategyNames()[n].c_str()) << static_cast<int>(n);
}

void TestCaseRanking::choosesEachCaseOnce()
{
    QFETCH(int, strategy);
    const std::vector<CaseScores> scores = someScores();
    RankingRules all = rules(static_cast<RankingStrategy>(strategy), 1000, 0.1);
    const auto chosen = rankedCases(scores, {}, all);
    std::vector<int> numbers = numbersOf(chosen);
    QCOMPARE(std::set<int>(numbers.begin(), numbers.end()).size(), std::size_t{pool});
    QCOMPARE(chosen, rankedCases(scores, {}, all)); // by its seed
    for (const RankedCase& one : chosen)
        QVERIFY(!one.reason.empty() && (one.chosenBy == rankingStrategyNames()[std::size_t(strategy)]
                                        || one.chosenBy == controlChoice));
    QVERIFY(rankedCases({}, scores, all).empty());
    all.count = 0;
    QVERIFY(rankedCases(scores, {}, all).empty());
    all.count = 10;
    const std::size_t common = 10;
    QCOMPARE(rankedCases(scores, {}, all).size(), common);
}

void TestCaseRanking::goesByTheScore()
{
    const std::vector<CaseScores> scores = someScores();
    QCOMPARE(numbersOf(rankedCases(scores, {}, rules(RankingStrategy::Entropy, 3))), (std::vector<int>{39, 38, 37}));
    QCOMPARE(numbersOf(rankedCases(scores, {}, rules(RankingStrategy::Margin, 3))), (std::vector<int>{0, 1, 2}));
    const auto disagreed = rankedCases(scores, {}, rules(RankingStrategy::Disagreement, 1));
    QCOMPARE(numberOf(disagreed.front()) * 7 % pool, pool - 1);
}

void TestCaseRanking::tellsTheReasonWithFigures()
{
    const std::vector<CaseScores> scores = someScores();
    const auto chosen = rankedCases(scores, {}, rules(RankingStrategy::Entropy, 2));
    QCOMPARE(chosen[1].reason, std::string("The model is unsure about it (entropy 0.390 nats, rank 2 of 40)"));
    QCOMPARE(chosen[1].score, 0.39);
    RankingRules late = rules(RankingStrategy::ClaspPe, 2);
    late.round = 100;
    const auto stratified = rankedCases(scores, {}, late);
    const auto rare = std::find_if(stratified.begin(), stratified.end(),
                                   [](const RankedCase& c) { return c.className == "rare"; });
    QVERIFY(rare != stratified.end());
    QVERIFY2(rare->reason.rfind("Drawn for \"rare\" by how unsure the model is there (entropy 0.0", 0) == 0,
             rare->reason.c_str());
    QVERIFY2(rare->reason.find(" of 10)") != std::string::npos, rare->reason.c_str()); // where it is predicted
}

void TestCaseRanking::aMissedOrganIsNotCertain()
{
    std::vector<CaseScores> scores = someScores();
    CaseScores missed;
    missed.key = "case-99";
    missed.classes = {{"common", 0, 0, 0.4}, {"rare", 0, 0, 0.01}};
    scores.push_back(missed);
    const auto first = rankedCases(scores, {}, rules(RankingStrategy::Entropy, 1)).front();
    QCOMPARE(first.key, missed.key);
    QVERIFY(std::abs(first.score - 0.673) < 1e-3); // of 0.4 and 0.6
    QVERIFY2(first.reason.find("finds nothing") != std::string::npos, first.reason.c_str());
}

void TestCaseRanking::drawsTheRandomShareFromAllCases()
{
    const std::vector<CaseScores> scores = someScores();
    int controls = 0, leastSure = 0, firstPlace = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        RankingRules tenth = rules(RankingStrategy::Entropy, 5, 0.1);
        tenth.seed = seed;
        const auto chosen = rankedCases(scores, {}, tenth);
        for (std::size_t n = 0; n < chosen.size(); ++n)
            if (chosen[n].chosenBy == controlChoice) {
                ++controls;
                firstPlace += n == 0;
                leastSure += numberOf(chosen[n]) < pool / 2;
            }
    }
    QVERIFY2(controls > 160 && controls < 240, qPrintable(QString::number(controls))); // half a case each, by chance
    QVERIFY(leastSure > controls / 3 && leastSure < 2 * controls / 3);
    QVERIFY(firstPlace > controls / 10 && firstPlace < controls / 3); // anywhere among the five
    for (const RankedCase& one : rankedCases(scores, {}, rules(RankingStrategy::Random, 20, 0.5)))
        QCOMPARE(one.chosenBy, std::string("random")); // all are controls, so none is
}

void TestCaseRanking::powerNoiseFadesWithTheRounds()
{
    QCOMPARE(rankingSharpness(0), 1.0);
    QVERIFY(std::abs(rankingSharpness(9) - 100) < 1e-9 && rankingSharpness(50) == rankingSharpness(9));
    QVERIFY(rankingSharpness(3) > 4 && rankingSharpness(3) < 5); // exponential
    const std::vector<CaseScores> scores = someScores();
    const auto meanEntropy = [&](int round) {
        double sum = 0;
        int count = 0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            RankingRules noisy = rules(RankingStrategy::ClaspPe, 6);
            noisy.seed = seed;
            noisy.round = round;
            for (const RankedCase& one : rankedCases(scores, {}, noisy))
                if (one.className != "rare") {
                    sum += one.score;
                    ++count;
                }
        }
        return sum / count;
    };
    const double early = meanEntropy(0), late = meanEntropy(9);
    QVERIFY2(early > 0.22 && early < 0.32, qPrintable(QString::number(early))); // as likely as its score: 0.27 at first
    QVERIFY2(late > 0.37, qPrintable(QString::number(late)));
}

void TestCaseRanking::classesTakeTurns()
{
    const std::vector<CaseScores> scores = someScores();
    const auto chosen = rankedCases(scores, {}, rules(RankingStrategy::ClaspPe, 9));
    const auto of = [&](const std::string& name) {
        return std::count_if(chosen.begin(), chosen.end(), [&](const RankedCase& c) { return c.className == name; });
    };
    QCOMPARE(of("common"), 3);
    QCOMPARE(of("rare"), 3);
    QCOMPARE(of(""), 3);
    for (const RankedCase& one : chosen)
        QVERIFY(one.className != "rare" || numberOf(one) < 10);
    const auto single = rankedCases(scores, {}, rules(RankingStrategy::ClaspPe, 1));
    QVERIFY(!single.front().className.empty());
}

void TestCaseRanking::foregroundDrawsFollowTheVolume()
{
    std::vector<CaseScores> scores = someScores();
    for (CaseScores& one : scores)
        one.classes = {{"common", one.key == "case-5" ? 90.0 : one.key == "case-6" ? 10.0 : 0.0, 0.1, 1}};
    int large = 0, small = 0;
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
        RankingRules drawn = rules(RankingStrategy::ForegroundRandom, 1);
        drawn.seed = seed;
        const int number = numberOf(rankedCases(scores, {}, drawn).front());
        large += number == 5;
        small += number == 6;
    }
    QVERIFY2(large > 0.53 * 600 && large < 0.68 * 600, qPrintable(QString::number(large))); // 0.66 * 0.9 + 0.34 / 40
    QVERIFY2(small > 0.03 * 600 && small < 0.12 * 600, qPrintable(QString::number(small)));
}

void TestCaseRanking::spreadsOverTheEmbeddings()
{
    const std::vector<CaseScores> scores = someScores(); // on a grid of 8 by 5
    const std::vector<CaseScores> approved{scores[0]};
    const auto corners = rankedCases(scores, approved, rules(RankingStrategy::Diversity, 2));
    QCOMPARE(numberOf(corners[0]), 39); // the opposite one
    QVERIFY(std::abs(corners[0].score - std::hypot(7, 4)) < 1e-12);
    QVERIFY(std::abs(corners[1].score - std::hypot(2, 4)) < 1e-12); // far from both
    const auto first = rankedCases(scores, {}, rules(RankingStrategy::Diversity, 1)).front();
    QVERIFY(numberOf(first) == 19 || numberOf(first) == 20); // in the middle
}

QTEST_APPLESS_MAIN(TestCaseRanking)
#include "tst_case_ranking.moc"
