#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace annotomy::fuzz {

using Bytes = std::span<const std::uint8_t>;

// What stands between two files of one fuzz input; the dictionaries name it, too.
inline constexpr std::string_view fileBoundary{"\nNEXTFILE\n"};

// The parts of an input between its boundaries, the first `most` of them.
std::vector<Bytes> partsOf(Bytes input, std::size_t most);

// One input of several files.
std::string joinedParts(const std::vector<std::string>& parts);

// Fuzz inputs as files, for readers that take paths: in a folder of this process in memory, overwritten by each input.
class InputFiles {
public:
    InputFiles();
    ~InputFiles();
    InputFiles(const InputFiles&) = delete;
    InputFiles& operator=(const InputFiles&) = delete;

    const std::string& folder() const { return m_folder; }
    std::string write(const std::string& name, Bytes content) const; // the path
    // The parts of `input` as files of these names, as many as there are; those of an earlier input vanish.
    std::vector<std::string> writeParts(const std::vector<std::string>& names, Bytes input) const;

private:
    std::string m_folder;
};

} // namespace annotomy::fuzz
