#include "core/datasets/table_text.h"

#include "core/io/bytes/atomic_file.h"

#include <charconv>

namespace annotomy {

namespace {

constexpr std::size_t maxTableBytes = std::size_t{16} << 20;

std::vector<std::string> cells(const std::string& line)
{
    std::vector<std::string> list;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = line.find('\t', at);
        list.push_back(line.substr(at, end - at));
        if (end == std::string::npos)
            return list;
        at = end + 1;
    }
}

std::vector<std::string> lines(const std::string& text)
{
    std::vector<std::string> list;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        if (line.ends_with('\r'))
            line.pop_back();
        if (!line.empty())
            list.push_back(std::move(line));
        at = end + 1;
    }
    return list;
}

} // namespace

Result<std::vector<TableRow>> readTable(const std::string& path)
{
    const auto bytes = readWholeFile(path, maxTableBytes);
    if (!bytes)
        return bytes.error();
    const auto all = lines(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
    if (all.empty())
        return Error{ErrorCode::Malformed, path, "an empty table"};
    const auto headings = cells(all.front());
    std::vector<TableRow> rows;
    for (std::size_t n = 1; n < all.size(); ++n) {
        const auto values = cells(all[n]);
        TableRow row;
        for (std::size_t column = 0; column < std::min(headings.size(), values.size()); ++column)
            row[headings[column]] = values[column];
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string cell(const TableRow& row, const std::string& column)
{
    const auto it = row.find(column);
    return it == row.end() ? std::string() : it->second;
}

std::optional<std::int64_t> wholeNumber(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

} // namespace annotomy
