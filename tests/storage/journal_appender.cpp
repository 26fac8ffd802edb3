// Appends edits to a case until it is killed, printing each sequence number once it is confirmed: the victim
// of tst_crash. Arguments: workspace folder, case id, seed.
#include "tests/storage/samples.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char* argv[])
{
    using namespace annotomy;
    const QCoreApplication application(argc, argv);
    if (argc != 4)
        return 2;
    auto workspace = Workspace::open(argv[1]);
    const CaseId id{std::atoll(argv[2])};
    if (!workspace || !(*workspace)->acquireLease(id))
        return 3;
    std::mt19937 random(static_cast<unsigned>(std::atoi(argv[3])));
    const auto history = (*workspace)->history(id);
    auto labels = history ? samples::replayed(*history, samples::emptyMask()) : history.error();
    if (!labels)
        return 4;
    RunRecord run;
    run.folder = "jobs";
    if (!(*workspace)->beginRun(run))
        return 5;
    for (;;) {
        const auto sequence = (*workspace)->appendEdit(id, samples::randomEdit(*labels, random));
        if (!sequence)
            return 6;
        std::printf("%lld\n", static_cast<long long>(*sequence));
        std::fflush(stdout);
    }
}
