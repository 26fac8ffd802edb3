#include "core/learn/label_fusion.h"

#include <QTest>

#include <random>

using namespace annotomy;

class TestLabelFusion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mostVotesWin();
    void stapleTrustsTheBetterRaters();
    void stapleOfOneRaterIsThatRater();
};

void TestLabelFusion::mostVotesWin()
{
    const std::vector<std::uint8_t> a{0, 1, 1, 2, 0}, b{0, 1, 2, 0, 1}, c{0, 2, 2, 1, 0};
    const std::vector<RaterLabels> raters{a, b, c};
    const std::vector<std::uint8_t> decider{1, 0, 0, 2, 1};
    // The fourth is a tie, decided; the decider has no say in the others, not even where it disagrees with all.
    QCOMPARE(majorityVote(raters, decider), (std::vector<std::uint8_t>{0, 1, 2, 2, 0}));
    QCOMPARE(majorityVote(raters, std::vector<std::uint8_t>{0, 0, 0, 3, 0})[3], std::uint8_t{0});
}

// Two careful raters and three careless ones, whose errors are independent: the vote follows the crowd more often.
void TestLabelFusion::stapleTrustsTheBetterRaters()
{
    std::mt19937 random(5);
    std::vector<std::uint8_t> truth(20000);
    for (std::size_t n = 0; n < truth.size(); ++n)
        truth[n] = n < 3000 ? 1 : n < 5000 ? 2 : 0;
    std::vector<std::vector<std::uint8_t>> labels;
    for (const double error : {0.02, 0.03, 0.35, 0.35, 0.35}) {
        std::vector<std::uint8_t>& rater = labels.emplace_back(truth);
        for (std::uint8_t& label : rater)
            if (std::uniform_real_distribution<>(0, 1)(random) < error)
                label = static_cast<std::uint8_t>((label + 1 + random() % 2) % 3);
    }
    const std::vector<RaterLabels> raters(labels.begin(), labels.end());
    const auto wrong = [&](const std::vector<std::uint8_t>& found) {
        int count = 0;
        for (std::size_t n = 0; n < truth.size(); ++n)
            count += found[n] != truth[n];
        return count;
    };
    const StapleResult result = staple(raters, 3);
    QVERIFY(wrong(result.labels) < wrong(labels[0]));
    QVERIFY(2 * wrong(result.labels) < wrong(majorityVote(raters, labels[4])));
    for (int c = 0; c < 3; ++c) {
        QVERIFY(std::abs(result.reliability[0][static_cast<std::size_t>(c)] - 0.98) < 0.03);
        QVERIFY(std::abs(result.reliability[4][static_cast<std::size_t>(c)] - 0.65) < 0.05);
    }
}

void TestLabelFusion::stapleOfOneRaterIsThatRater()
{
    const std::vector<std::uint8_t> a{0, 1, 1, 2, 0}, empty(5, 0);
    QCOMPARE(staple(std::vector<RaterLabels>{a}, 3).labels, a);
    QCOMPARE(staple(std::vector<RaterLabels>{empty, empty}, 3).labels, empty);
}

QTEST_GUILESS_MAIN(TestLabelFusion)
#include "tst_label_fusion.moc"
