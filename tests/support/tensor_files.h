#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace annotomy::test {

// Files of weights, byte by byte: what well-behaved libraries would not write is written, too.

inline void appendNumber(std::string& out, std::uint64_t value, int bytes) // little endian
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i));
}

inline std::string floatBytes(const std::vector<float>& values)
{
    std::string out(values.size() * sizeof(float), '\0');
    if (!values.empty())
        std::memcpy(out.data(), values.data(), out.size());
    return out;
}

inline std::string safetensorsOf(const std::string& header, const std::string& data)
{
    std::string out;
    appendNumber(out, header.size(), 8);
    return out + header + data;
}

inline std::uint32_t checksumOf(const std::string& content) // CRC-32 of ZIP
{
    std::uint32_t crc = 0xffffffff;
    for (const char c : content) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

// A ZIP archive of stored entries.
inline std::string storedZip(const std::vector<std::pair<std::string, std::string>>& entries)
{
    std::string out, directory;
    for (const auto& [name, content] : entries) {
        std::string head;
        appendNumber(head, 0, 2); // flags
        appendNumber(head, 0, 2); // stored
        appendNumber(head, 0, 4);
        appendNumber(head, checksumOf(content), 4);
        appendNumber(head, content.size(), 4);
        appendNumber(head, content.size(), 4);
        appendNumber(head, name.size(), 2);
        appendNumber(head, 0, 2);
        directory += "PK\x01\x02";
        appendNumber(directory, 20, 2);
        appendNumber(directory, 20, 2);
        directory += head;
        appendNumber(directory, 0, 10);
        appendNumber(directory, out.size(), 4);
        directory += name;
        out += "PK\x03\x04";
        appendNumber(out, 20, 2);
        out += head + name + content;
    }
    const std::size_t begin = out.size();
    out += directory + "PK\x05\x06";
    appendNumber(out, 0, 4);
    appendNumber(out, entries.size(), 2);
    appendNumber(out, entries.size(), 2);
    appendNumber(out, directory.size(), 4);
    appendNumber(out, begin, 4);
    appendNumber(out, 0, 2);
    return out;
}

// --- pickles ---
inline std::string pickledText(const std::string& text)
{
    std::string out = "X";
    appendNumber(out, text.size(), 4);
    return out + text;
}

inline std::string pickledNumber(std::int64_t value)
{
    std::string out = "\x8a\x08";
    appendNumber(out, static_cast<std::uint64_t>(value), 8);
    return out;
}

inline std::string pickledTuple(const std::vector<std::int64_t>& values)
{
    std::string out = "(";
    for (const std::int64_t value : values)
        out += pickledNumber(value);
    return out + "t";
}

// What torch.save() writes for a tensor of float32 in the record data/<storage>.
inline std::string pickledTensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                                 const std::vector<std::int64_t>& strides)
{
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickledText("storage") + "ctorch\nFloatStorage\n" + pickledText(storage) +
           pickledText("cuda:0") + "K\1tQ" + pickledNumber(offset) + pickledTuple(shape) + pickledTuple(strides) +
           "\x89" "ccollections\nOrderedDict\n)RtR";
}

// A dictionary of values that are pickles themselves.
inline std::string pickledDictionary(const std::vector<std::pair<std::string, std::string>>& members)
{
    std::string out = "ccollections\nOrderedDict\n)R(";
    for (const auto& [name, value] : members)
        out += pickledText(name) + value;
    return out + "u";
}

inline std::string torchWeights(const std::string& pickle, const std::vector<std::pair<std::string, std::string>>& storages)
{
    std::vector<std::pair<std::string, std::string>> entries{{"model/data.pkl", "\x80\x02" + pickle + "."}};
    for (const auto& [name, bytes] : storages)
        entries.emplace_back("model/data/" + name, bytes);
    entries.emplace_back("model/version", "3\n");
    return storedZip(entries);
}

} // namespace annotomy::test
