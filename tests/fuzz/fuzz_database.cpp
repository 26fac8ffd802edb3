// A workspace whose database is the input: opened, read through and written to.
#include "tests/fuzz/support/input_files.h"
#include "tests/fuzz/support/workspace_check.h"

#include <QCoreApplication>

#include <unistd.h>

using namespace annotomy;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv)
{
    static QCoreApplication application(*argc, *argv);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    for (const char* beside : {"annotomy.db-wal", "annotomy.db-shm", "annotomy.db-journal"})
        ::unlink((files.folder() + "/" + beside).c_str());
    files.write("annotomy.db", {data, size});
    auto workspace = Workspace::open(files.folder());
    if (!workspace)
        return 0;
    fuzz::readEverything(**workspace);
    fuzz::writeSomething(**workspace);
    return 0;
}
