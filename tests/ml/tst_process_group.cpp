#include "ml/internal/process_group.h"

#include "ml/internal/loss.h"
#include "ml/internal/patch_queue.h"

#include "tests/ml/free_port.h"

#include <ATen/ATen.h>

#include <QTest>

#include <map>
#include <thread>

using namespace annotomy;
using namespace annotomy::test;

namespace {

Result<GroupPlace> placeOf(const GroupOptions& options, const std::map<std::string, std::string>& variables)
{
    return groupPlaceOf(options, [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

// Runs `work` as two processes would, on two threads.
void inPairs(const std::function<void(ProcessGroup&)>& work, std::chrono::seconds patience = std::chrono::seconds(20))
{
    const int port = freePort();
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < 2; ++rank)
        threads.emplace_back([=] {
            const auto group = joinGroup({rank, 2, rank, 2, "127.0.0.1", port}, patience);
            QVERIFY2(group.has_value(), group ? "" : group.error().detail.c_str());
            work(**group);
        });
}

// Logits and targets of four samples with three outputs, one of which is not annotated in the last.
struct Samples {
    Samples()
    {
        at::manual_seed(5);
        logits = at::randn({4, 3, 4, 4, 4});
        classes = at::randint(0, 3, {4, 4, 4, 4}, at::kLong);
        classes.select(0, 1).fill_(0); // no foreground there
        classes.select(0, 2).select(0, 0).fill_(255);
        annotated = at::ones({4, 3}, at::kBool);
        annotated[3][2] = false;
    }

    // Of the samples from `begin` to `end`: the loss, and its gradient by the logits of all samples.
    std::pair<double, at::Tensor> loss(int begin, int end, const LossTerms& terms, ProcessGroup& group) const
    {
        const at::Tensor x = logits.detach().clone().requires_grad_(true);
        const auto part = [&](const at::Tensor& t) { return t.slice(0, begin, end); };
        const std::vector<at::Tensor> levels{part(x), part(x).slice(2, 0, c10::nullopt, 2)};
        const at::Tensor value =
            deeplySupervisedLoss(levels, {part(classes), part(annotated), {1, 1, 2}}, terms, 0.2, group);
        value.backward();
        return {value.item<double>(), x.grad()};
    }

    at::Tensor logits, classes, annotated;
};

} // namespace

class TestProcessGroup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesFromOptionsAndEnvironment_data();
    void placesFromOptionsAndEnvironment();
    void refusesContradictoryPlaces_data();
    void refusesContradictoryPlaces();
    void sharesCoverTheBatch();
    void sumsAndBroadcasts();
    void agreesOnTheFirstError();
    void lossOfSharesIsThatOfTheBatch_data();
    void lossOfSharesIsThatOfTheBatch();
    void aPeerThatLeavesIsNoticed();
    void aPeerThatNeverComesIsNoticed();
};

using Variables = std::map<std::string, std::string>;
Q_DECLARE_METATYPE(GroupOptions)
Q_DECLARE_METATYPE(Variables)
Q_DECLARE_METATYPE(GroupPlace)

void TestProcessGroup::placesFromOptionsAndEnvironment_data()
{
    QTest::addColumn<GroupOptions>("options");
    QTest::addColumn<Variables>("variables");
    QTest::addColumn<GroupPlace>("expected");
    const Variables torchrun{{"RANK", "5"},       {"WORLD_SIZE", "8"},       {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "4"},
                             {"MASTER_ADDR", "a"}, {"MASTER_PORT", "1234"}};
    QTest::newRow("alone") << GroupOptions{} << Variables{} << GroupPlace{};
    QTest::newRow("options") << GroupOptions{"1", "2", {}} << Variables{} << GroupPlace{1, 2, 1, 2, "127.0.0.1", 29500};
    QTest::newRow("a master elsewhere") << GroupOptions{"1", "2", "gpu1:7000"} << Variables{}
                                        << GroupPlace{1, 2, 0, 1, "gpu1", 7000};
    QTest::newRow("a master by its IPv6 address") << GroupOptions{"1", "2", "[fe80::1]:7000"} << Variables{}
                                                  << GroupPlace{1, 2, 0, 1, "fe80::1", 7000};
    QTest::newRow("torchrun") << GroupOptions{} << torchrun << GroupPlace{5, 8, 1, 4, "a", 1234};
    QTest::newRow("options go before the environment") << GroupOptions{"0", "1", {}} << torchrun
                                                       << GroupPlace{0, 1, 0, 1, "a", 1234};
    QTest::newRow("Open MPI on one host") << GroupOptions{}
                                          << Variables{{"OMPI_COMM_WORLD_RANK", "1"},
                                                       {"OMPI_COMM_WORLD_SIZE", "2"},
                                                       {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                                                       {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}
                                          << GroupPlace{1, 2, 1, 2, "127.0.0.1", 29500};
    QTest::newRow("MPICH") << GroupOptions{}
                           << Variables{{"PMI_RANK", "0"}, {"PMI_SIZE", "3"}, {"MASTER_ADDR", "head"}}
                           << GroupPlace{0, 3, 0, 1, "head", 29500};
    QTest::newRow("Slurm") << GroupOptions{}
                           << Variables{{"SLURM_PROCID", "3"},
                                        {"SLURM_NTASKS", "4"},
                                        {"SLURM_LOCALID", "1"},
                                        {"SLURM_NTASKS_PER_NODE", "2"},
                                        {"SLURM_STEP_NODELIST", "gpu[03-04,9],login"},
                                        {"SLURM_JOB_ID", "1234567"}}
                           << GroupPlace{3, 4, 1, 2, "gpu03", 19567};
    QTest::newRow("Slurm, hosts by name") << GroupOptions{}
                                          << Variables{{"SLURM_PROCID", "0"},
                                                       {"SLURM_NTASKS", "2"},
                                                       {"SLURM_JOB_NODELIST", "anna,berta"},
                                                       {"MASTER_PORT", "5000"}}
                                          << GroupPlace{0, 2, 0, 1, "anna", 5000};
    QTest::newRow("half a launcher is none") << GroupOptions{} << Variables{{"RANK", "1"}, {"SLURM_NTASKS", "4"}}
                                             << GroupPlace{};
}

void TestProcessGroup::placesFromOptionsAndEnvironment()
{
    QFETCH(GroupOptions, options);
    QFETCH(Variables, variables);
    QFETCH(GroupPlace, expected);
    const auto place = placeOf(options, variables);
    QVERIFY2(place.has_value(), place ? "" : place.error().detail.c_str());
    QCOMPARE(place->rank, expected.rank);
    QCOMPARE(place->world, expected.world);
    QCOMPARE(place->localRank, expected.localRank);
    QCOMPARE(place->localWorld, expected.localWorld);
    QCOMPARE(place->masterHost, expected.masterHost);
    QCOMPARE(place->masterPort, expected.masterPort);
}

void TestProcessGroup::refusesContradictoryPlaces_data()
{
    QTest::addColumn<GroupOptions>("options");
    QTest::addColumn<Variables>("variables");
    QTest::addColumn<QString>("names");
    QTest::newRow("a rank beyond the world") << GroupOptions{"2", "2", {}} << Variables{} << "--rank 2";
    QTest::newRow("no number") << GroupOptions{"one", "2", {}} << Variables{} << "--rank one";
    QTest::newRow("a rank without a world") << GroupOptions{"0", {}, {}} << Variables{} << "--rank";
    QTest::newRow("no such port") << GroupOptions{"0", "2", "a:70000"} << Variables{} << "the port in a:70000";
    QTest::newRow("a wrong variable") << GroupOptions{} << Variables{{"RANK", "x"}, {"WORLD_SIZE", "2"}} << "RANK x";
    QTest::newRow("MPI over hosts, master unknown") << GroupOptions{}
                                                    << Variables{{"OMPI_COMM_WORLD_RANK", "0"},
                                                                 {"OMPI_COMM_WORLD_SIZE", "4"},
                                                                 {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}
                                                    << "MASTER_ADDR";
}

void TestProcessGroup::refusesContradictoryPlaces()
{
    QFETCH(GroupOptions, options);
    QFETCH(Variables, variables);
    QFETCH(QString, names);
    const auto place = placeOf(options, variables);
    QVERIFY(!place.has_value());
    QCOMPARE(place.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(QString::fromStdString(place.error().subject).startsWith(names), place.error().subject.c_str());
}

void TestProcessGroup::sharesCoverTheBatch()
{
    for (int size = 1; size <= 9; ++size)
        for (int world = 1; world <= size; ++world) {
            int covered = 0;
            for (int rank = 0; rank < world; ++rank) {
                const BatchShare share = shareOfBatch(size, rank, world);
                QCOMPARE(share.begin, covered);
                QVERIFY(share.end > share.begin && share.end - share.begin <= size / world + 1);
                covered = share.end;
            }
            QCOMPARE(covered, size);
        }
}

void TestProcessGroup::sumsAndBroadcasts()
{
    inPairs([](ProcessGroup& group) {
        const at::Tensor a = at::full({2, 3}, group.rank() + 1.0F), b = at::full({}, 10.0F * static_cast<float>(group.rank()));
        group.sum({a, b});
        QVERIFY(a.eq(3).all().item<bool>());
        QCOMPARE(b.item<double>(), 10.0);
        group.takeFirst({a.fill_(group.rank())});
        QVERIFY(a.eq(0).all().item<bool>());
        QCOMPARE(group.ofFirst(group.rank() == 0 ? 0.1 : 7), 0.1);
        QCOMPARE(group.ofFirst(group.rank() == 0 ? std::string("a line") : std::string("another")), std::string("a line"));
        QCOMPARE(group.ofFirst(std::string()), std::string());
    });
}

void TestProcessGroup::agreesOnTheFirstError()
{
    inPairs([](ProcessGroup& group) {
        QVERIFY(group.agreed({}).has_value());
        const Error error{ErrorCode::NotFound, "a file 7", "is not here"};
        const Result<void> agreed = group.agreed(group.rank() == 1 ? Result<void>(error) : Result<void>());
        QVERIFY(!agreed.has_value());
        QCOMPARE(agreed.error().code, ErrorCode::NotFound);
        QCOMPARE(agreed.error().subject, error.subject);
        QCOMPARE(agreed.error().detail, error.detail);
    });
}

void TestProcessGroup::lossOfSharesIsThatOfTheBatch_data()
{
    QTest::addColumn<int>("term");
    QTest::newRow("cross-entropy") << 0;
    QTest::newRow("focal cross-entropy") << 1;
    QTest::newRow("Dice") << 2;
    QTest::newRow("Tversky") << 3;
    QTest::newRow("boundary") << 4;
    QTest::newRow("all") << 5;
}

void TestProcessGroup::lossOfSharesIsThatOfTheBatch()
{
    QFETCH(int, term);
    LossTerms terms;
    terms.crossEntropy = term < 2 || term == 5;
    terms.focalGamma = term == 1 ? 2 : 0;
    terms.dice = term == 2 || term == 5;
    terms.tversky = term == 3 || term == 5;
    terms.boundary = term == 4 || term == 5;
    const Samples samples;
    const auto [whole, gradient] = samples.loss(0, 4, terms, ProcessGroup::alone());
    const double largest = gradient.abs().max().item<double>();
    QVERIFY(largest > 1e-5);
    inPairs([&, value = whole, expected = gradient](ProcessGroup& group) {
        const auto [loss, own] = samples.loss(group.rank() == 0 ? 0 : 3, group.rank() == 0 ? 3 : 4, terms, group);
        QVERIFY(std::abs(loss - value) < 1e-5);
        group.sum({own});
        QVERIFY((own - expected).abs().max().item<double>() < 1e-5 * largest);
    });
}

void TestProcessGroup::aPeerThatLeavesIsNoticed()
{
    QElapsedTimer timer;
    timer.start();
    inPairs([](ProcessGroup& group) {
        if (group.rank() == 1)
            return;
        const Result<void> agreed = group.agreed({});
        QVERIFY(!agreed.has_value());
        QCOMPARE(agreed.error().code, ErrorCode::WorkerDied);
        QVERIFY(!agreed.error().detail.empty());
    });
    QVERIFY(timer.elapsed() < 15000); // long before the patience of 20 s
}

void TestProcessGroup::aPeerThatNeverComesIsNoticed()
{
    const auto group = joinGroup({0, 2, 0, 2, "127.0.0.1", freePort()}, std::chrono::seconds(1));
    QVERIFY(!group.has_value());
    QCOMPARE(group.error().code, ErrorCode::WorkerDied);
    QVERIFY(group.error().detail.find("within 1 s") != std::string::npos);
    const auto follower = joinGroup({1, 2, 1, 2, "127.0.0.1", freePort()}, std::chrono::seconds(1));
    QVERIFY(!follower.has_value());
}

QTEST_APPLESS_MAIN(TestProcessGroup)
#include "tst_process_group.moc"
