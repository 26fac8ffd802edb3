#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace annotomy {

// The records of a file that PyTorch has written: a ZIP archive whose entries are stored as they are and lie below one folder.
class TorchArchive {
public:
    // Errors: NotFound, Truncated without the table of contents, Malformed.
    static Result<TorchArchive> open(const std::string& path);
    TorchArchive(TorchArchive&&) noexcept;
    ~TorchArchive();

    std::uint64_t fileSize() const;
    std::vector<std::string> names() const; // without the folder: "data.pkl", "data/0"
    bool has(const std::string& name) const;
    // Errors: Malformed when it is missing, compressed, or its checksum is wrong; Unsupported beyond `most` bytes.
    Result<std::vector<std::byte>> read(const std::string& name, std::uint64_t most) const;

private:
    struct State;
    explicit TorchArchive(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace annotomy
