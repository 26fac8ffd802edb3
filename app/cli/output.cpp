#include "app/cli/output.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace annotomy::cli {

namespace {

// Characters as they stand on a terminal: UTF-8 continuation bytes take no room.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string text;
    for (std::size_t n = 0; n < cells.size(); ++n) {
        text += cells[n];
        if (n + 1 < cells.size())
            text += std::string(widths[n] - widthOf(cells[n]) + 2, ' ');
    }
    return text + '\n';
}

} // namespace

void Output::document(const Json& json) const
{
    if (m_json)
        std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
}

void Output::line(const std::string& text) const
{
    if (!m_json)
        std::cout << text << '\n' << std::flush;
}

void Output::table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows) const
{
    if (m_json)
        return;
    std::vector<std::size_t> widths;
    for (const std::string& heading : headings)
        widths.push_back(widthOf(heading));
    for (const auto& cells : rows) {
        for (std::size_t n = 0; n < cells.size(); ++n)
            widths[n] = std::max(widths[n], widthOf(cells[n]));
    }
    std::cout << row(headings, widths);
    for (const auto& cells : rows)
        std::cout << row(cells, widths);
    std::cout << std::flush;
}

Result<void> Output::finish()
{
    std::cout.flush();
    if (std::cout.good())
        return {};
    return Error{ErrorCode::IoFailure, "standard output", "the work is done, but its result could not be printed"};
}

std::string fixed(double value, int decimals)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

} // namespace annotomy::cli
