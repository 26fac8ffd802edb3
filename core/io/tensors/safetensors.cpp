#include "core/io/tensors/safetensors.h"

#include "core/io/bytes/json_values.h"
#include "core/io/bytes/regular_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t longestHeader = 16 << 20;
constexpr std::size_t lengthBytes = 8;

const std::map<std::string, TensorType> typesByName{
    {"F64", TensorType::Float64}, {"F32", TensorType::Float32}, {"F16", TensorType::Float16},
    {"BF16", TensorType::BFloat16}, {"I64", TensorType::Int64}, {"I32", TensorType::Int32},
    {"I16", TensorType::Int16},   {"I8", TensorType::Int8},     {"U8", TensorType::UInt8},
    {"BOOL", TensorType::Bool}};

std::uint64_t littleEndian(std::span<const std::byte> bytes)
{
    std::uint64_t value = 0;
    for (std::size_t n = 0; n < lengthBytes; ++n)
        value |= std::to_integer<std::uint64_t>(bytes[n]) << (8 * n);
    return value;
}

struct Entry {
    StoredTensor tensor;
    std::uint64_t begin = 0, end = 0; // in the file
};

bool isCount(const Json& json)
{
    return json.is_number_integer() && json >= 0;
}

bool isCounts(const Json& json)
{
    return json.is_array() && std::all_of(json.begin(), json.end(), isCount);
}

class Header {
public:
    Header(const std::string& path, std::uint64_t dataBegin, std::uint64_t fileSize)
        : m_path(path), m_dataBegin(dataBegin), m_fileSize(fileSize)
    {
    }

    Result<std::vector<Entry>> entries(const Json& header) const
    {
        std::vector<Entry> entries;
        for (const auto& [name, value] : header.items()) {
            if (name == "__metadata__")
                continue;
            Result<Entry> entry = entryOf(name, value);
            if (!entry)
                return entry.error();
            entries.push_back(*std::move(entry));
        }
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
        });
        std::uint64_t filled = m_dataBegin;
        for (const Entry& entry : entries) {
            if (entry.begin != filled)
                return malformed("the tensor \"" + entry.tensor.name + "\" leaves a hole or overlaps another");
            filled = entry.end;
        }
        if (filled > m_fileSize)
            return Error{ErrorCode::Truncated, m_path, "the file ends before its tensors do"};
        if (filled < m_fileSize)
            return malformed("the file goes on after its last tensor");
        return entries;
    }

private:
    Error malformed(const std::string& why) const { return {ErrorCode::Malformed, m_path, why}; }

    Result<Entry> entryOf(const std::string& name, const Json& value) const
    {
        const bool complete = value.is_object() && value.contains("dtype") && value["dtype"].is_string() &&
                              value.contains("shape") && isCounts(value["shape"]) && value.contains("data_offsets") &&
                              isCounts(value["data_offsets"]) && value["data_offsets"].size() == 2;
        if (!complete)
            return malformed("the header's entry \"" + name.substr(0, 100) + "\" has no type, shape or place");
        const auto type = typesByName.find(value["dtype"].get<std::string>());
        if (type == typesByName.end())
            return Error{ErrorCode::Unsupported, m_path,
                         "the tensor \"" + name.substr(0, 100) + "\" holds numbers of a type that is not read"};
        Entry entry;
        entry.tensor.name = name;
        entry.tensor.type = type->second;
        entry.tensor.shape = value["shape"].get<std::vector<std::int64_t>>();
        const auto begin = value["data_offsets"][0].get<std::uint64_t>(), end = value["data_offsets"][1].get<std::uint64_t>();
        constexpr std::uint64_t most = std::uint64_t{1} << 60; // so that no sum of them overflows
        const auto count = elementCount(entry.tensor.shape, most);
        if (begin > end || end > most || !count || *count > most / 8 || *count * sizeOf(type->second) != end - begin)
            return malformed("the shape of the tensor \"" + name.substr(0, 100) + "\" does not fit its place");
        entry.begin = m_dataBegin + begin;
        entry.end = m_dataBegin + end;
        return entry;
    }

    std::string m_path;
    std::uint64_t m_dataBegin, m_fileSize;
};

} // namespace

bool looksLikeSafetensors(std::span<const std::byte> firstBytes)
{
    const std::uint64_t length = littleEndian(firstBytes);
    return length >= 2 && length <= longestHeader && firstBytes[lengthBytes] == std::byte{'{'};
}

Result<std::vector<StoredTensor>> readSafetensors(const std::string& path)
{
    const auto file = RegularFile::open(path);
    if (!file)
        return file.error();
    std::array<std::byte, lengthBytes> length{};
    if (const auto read = (*file)->readAt(0, length); !read)
        return read.error();
    const std::uint64_t headerSize = littleEndian(length), size = (*file)->size();
    if (headerSize > longestHeader)
        return Error{ErrorCode::Malformed, path, "the header of the tensors is impossibly long"};
    if (headerSize > size - lengthBytes)
        return Error{ErrorCode::Truncated, path, "the file ends within its header"};
    std::string text(static_cast<std::size_t>(headerSize), '\0');
    if (const auto read = (*file)->readAt(lengthBytes, std::as_writable_bytes(std::span(text))); !read)
        return read.error();
    const Json json = parsedJson(text);
    if (!json.is_object())
        return Error{ErrorCode::Malformed, path, "the header of the tensors is no JSON object"};
    Result<std::vector<Entry>> entries = Header(path, lengthBytes + headerSize, size).entries(json);
    if (!entries)
        return entries.error();
    std::vector<StoredTensor> tensors;
    for (Entry& entry : *entries) {
        entry.tensor.bytes.resize(static_cast<std::size_t>(entry.end - entry.begin));
        if (const auto read = (*file)->readAt(entry.begin, entry.tensor.bytes); !read)
            return read.error();
        tensors.push_back(std::move(entry.tensor));
    }
    return tensors;
}

} // namespace annotomy
