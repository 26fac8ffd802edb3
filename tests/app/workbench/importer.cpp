// Imports a folder by copying it, to be killed by a test while it does.
#include "app/workbench/workbench.h"

#include <QCoreApplication>

int main(int argc, char** argv)
{
    const QCoreApplication qt(argc, argv);
    if (argc != 4)
        return 2;
    auto workbench = annotomy::Workbench::open(argv[1], {argv[3], argv[3]});
    annotomy::ImportOptions options;
    options.copy = true;
    return workbench && (*workbench)->importPaths({argv[2]}, options) ? 0 : 1;
}
