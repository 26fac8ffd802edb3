#include "core/base/error_names.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/json_values.h"
#include "core/io/scan/scan.h"
#include "core/io/series_json.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace annotomy {

using nlohmann::json;

struct ScanLines::State {
    AtomicFile file;
    std::string buffer;

    Result<void> write(const json& line)
    {
        constexpr std::size_t most = std::size_t{1} << 20;
        buffer += dumped(line);
        buffer += '\n';
        return buffer.size() < most ? Result<void>() : flush();
    }
    Result<void> flush()
    {
        auto written = file.write(std::as_bytes(std::span(buffer)));
        buffer.clear();
        return written;
    }
};

ScanLines::ScanLines(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ScanLines::ScanLines(ScanLines&&) noexcept = default;
ScanLines::~ScanLines() = default;

Result<ScanLines> ScanLines::create(const std::string& path)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    return ScanLines(std::unique_ptr<State>(new State{std::move(*file), {}}));
}

Result<void> ScanLines::write(const SeriesEntry& entry)
{
    return m_state->write({{"series", toJson(entry)}});
}

Result<void> ScanLines::write(const MaskFile& mask)
{
    return m_state->write({{"mask", toJson(mask)}});
}

Result<void> ScanLines::finish(const ScanTotals& totals)
{
    if (auto written = m_state->write({{"totals", toJson(totals)}}); !written)
        return written;
    if (auto flushed = m_state->flush(); !flushed)
        return flushed;
    return m_state->file.commit();
}

namespace {

Result<void> given(const json& value, const ScanSink& sink)
{
    if (value.contains("mask"))
        return sink.mask ? sink.mask(maskFileFromJson(value.at("mask"))) : Result<void>();
    auto entry = seriesEntryFromJson(value.at("series"));
    if (!entry)
        return entry.error();
    return sink.series ? sink.series(std::move(*entry)) : Result<void>();
}

} // namespace

Result<ScanTotals> readScanLines(const std::string& path, const ScanSink& sink)
{
    constexpr std::size_t longest = std::size_t{1} << 28;
    std::ifstream file(path, std::ios::binary);
    try {
        for (std::string line; std::getline(file, line) && line.size() < longest;) {
            const json value = json::parse(line, nullptr, false);
            if (value.contains("totals"))
                return scanTotalsFromJson(value.at("totals"));
            if (auto taken = given(value, sink); !taken)
                return taken.error();
        }
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, path, exception.what()};
    }
    return Error{ErrorCode::Malformed, path, "the report of the scan has no end"};
}

} // namespace annotomy
