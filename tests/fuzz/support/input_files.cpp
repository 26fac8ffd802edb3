#include "tests/fuzz/support/input_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace annotomy::fuzz {

namespace {

std::string memoryFolder()
{
    const std::string memory = "/dev/shm";
    std::string name =
        (::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path().string()) + "/annotomy-fuzz-XXXXXX";
    if (!::mkdtemp(name.data())) {
        std::perror("a folder for the inputs");
        std::abort();
    }
    return name;
}

} // namespace

std::vector<Bytes> partsOf(Bytes input, std::size_t most)
{
    std::vector<Bytes> parts;
    while (parts.size() + 1 < most) {
        const auto found = std::search(input.begin(), input.end(), fileBoundary.begin(), fileBoundary.end());
        if (found == input.end())
            break;
        const auto size = static_cast<std::size_t>(found - input.begin());
        parts.push_back(input.first(size));
        input = input.subspan(size + fileBoundary.size());
    }
    parts.push_back(input);
    return parts;
}

std::string joinedParts(const std::vector<std::string>& parts)
{
    std::string joined;
    for (const std::string& part : parts)
        joined += (&part == &parts.front() ? "" : std::string(fileBoundary)) + part;
    return joined;
}

InputFiles::InputFiles() : m_folder(memoryFolder()) {}

InputFiles::~InputFiles()
{
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
}

std::string InputFiles::write(const std::string& name, Bytes content) const
{
    std::string path = m_folder + "/" + name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
        std::perror(path.c_str());
        std::abort();
    }
    ::close(file);
    return path;
}

std::vector<std::string> InputFiles::writeParts(const std::vector<std::string>& names, Bytes input) const
{
    const auto parts = partsOf(input, names.size());
    std::vector<std::string> paths;
    for (std::size_t n = 0; n < names.size(); ++n) {
        if (n < parts.size())
            paths.push_back(write(names[n], parts[n]));
        else
            ::unlink((m_folder + "/" + names[n]).c_str());
    }
    return paths;
}

} // namespace annotomy::fuzz
