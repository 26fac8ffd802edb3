#include "ml/internal/arena_plan.h"

#include <QTest>

#include <random>

using namespace annotomy;

class TestArenaPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void buffersThatNeverMeetShareTheirPlace();
    void buffersThatMeetDoNotOverlap();
};

void TestArenaPlan::buffersThatNeverMeetShareTheirPlace()
{
    ArenaPlan plan;
    const int early = plan.add(100), late = plan.add(60), always = plan.add(7), unused = plan.add(1000);
    plan.use(early, 0);
    plan.use(early, 2);
    plan.use(late, 3);
    plan.use(always, 0);
    plan.use(always, 3);
    plan.place(1);
    QCOMPARE(plan.offset(early), plan.offset(late));
    QCOMPARE(plan.total(), std::size_t{107});
    QCOMPARE(plan.offset(unused), std::size_t{0});
}

void TestArenaPlan::buffersThatMeetDoNotOverlap()
{
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        struct Use {
            int buffer;
            std::size_t size;
            int first, last;
        };
        ArenaPlan plan;
        std::vector<Use> uses;
        std::size_t sum = 0;
        for (int n = 0; n < 12; ++n) {
            const std::size_t size = 1 + random() % 50;
            const int first = static_cast<int>(random() % 10), last = first + static_cast<int>(random() % 4);
            uses.push_back({plan.add(size), size, first, last});
            plan.use(uses.back().buffer, last);
            plan.use(uses.back().buffer, first);
            sum += (size + 15) / 16 * 16;
        }
        plan.place(16);
        QVERIFY(plan.total() <= sum);
        for (const Use& a : uses) {
            QCOMPARE(plan.offset(a.buffer) % 16, std::size_t{0});
            QVERIFY(plan.offset(a.buffer) + a.size <= plan.total());
            for (const Use& b : uses) {
                const bool meet = a.buffer != b.buffer && a.first <= b.last && b.first <= a.last;
                const std::size_t from = plan.offset(a.buffer), other = plan.offset(b.buffer);
                QVERIFY(!meet || from + a.size <= other || other + b.size <= from);
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestArenaPlan)
#include "tst_arena_plan.moc"
