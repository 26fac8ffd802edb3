// A program for tst_case_session to kill: it opens a case and paints strokes without end, some of them undone, and tells
// each confirmed journal entry on standard output. What it does at each step depends on the step alone (strokes.h).
#include "tests/app/workbench/strokes.h"

#include "app/workbench/case_session.h"
#include "app/workbench/workbench.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

using namespace annotomy;

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 3)
        return 2;
    auto bench = Workbench::open(argv[1], {});
    if (!bench)
        return 1;
    auto session = CaseSession::open(**bench, {std::atoll(argv[2])}, {}, "Dr Test");
    if (!session || (*session)->readOnly())
        return 1;
    QObject::connect(session->get(), &CaseSession::confirmed, [](qint64 sequence) {
        std::printf("%lld\n", static_cast<long long>(sequence));
        std::fflush(stdout);
    });
    int step = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        if (!test::performStep(**session, step++))
            QCoreApplication::exit(1);
    });
    timer.start(0);
    return QCoreApplication::exec();
}
