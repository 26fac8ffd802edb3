// ZIP archives, unpacked under small limits: whatever is in them, nothing appears outside of the folder.
#include "core/io/scan/zip_archive.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

#include <filesystem>

using namespace annotomy;
namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    const std::string archive = files.write("study.zip", {data, size});
    const fs::path folder = fs::path(files.folder()) / "unpacked";
    ZipLimits limits;
    limits.mostBytes = 1 << 20;
    limits.mostEntryBytes = 1 << 19;
    limits.mostEntries = 64;
    limits.freeBytes = 1 << 16;
    const auto unpacked = unpackZip(archive, folder.string(), limits);
    FUZZ_CHECK(fs::exists(folder) == static_cast<bool>(unpacked));
    if (unpacked)
        for (const std::string& file : unpacked->files)
            FUZZ_CHECK(file.starts_with(folder.string() + "/") && fs::is_regular_file(fs::symlink_status(file)));
    fs::remove_all(folder);
    FUZZ_CHECK(std::distance(fs::directory_iterator(files.folder()), fs::directory_iterator()) == 1);
    return 0;
}
