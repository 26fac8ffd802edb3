#include "app/workbench/progress_report.h"

#include "core/io/bytes/atomic_file.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>

namespace annotomy {

namespace {

constexpr double chartWidth = 640, chartHeight = 300, chartGap = 24, margin = 16;
constexpr double textHeight = 16, fontSize = 12;

using Row = std::vector<std::string>;

std::string fixedText(double value, int decimals)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

// Cut to about so many characters, at a whole one.
std::string cutTo(const std::string& text, double width)
{
    const auto most = static_cast<std::size_t>(std::max(3.0, width / (0.55 * fontSize)));
    std::size_t characters = 0;
    for (std::size_t n = 0; n < text.size(); ++n) {
        const bool starts = (static_cast<unsigned char>(text[n]) & 0xC0U) != 0x80U;
        if (starts && ++characters > most)
            return text.substr(0, n) + "\xE2\x80\xA6";
    }
    return text;
}

const char* colourOf(ChartInk ink)
{
    switch (ink) {
    case ChartInk::Grid:
        return "#d9dee3";
    case ChartInk::Label:
        return "#5b6670";
    case ChartInk::Title:
        return "#20262c";
    case ChartInk::Band:
        return "#cfe3f5";
    case ChartInk::Curve:
    case ChartInk::Forecast:
    case ChartInk::Dot:
        return "#1f6fb2";
    case ChartInk::PaleDot:
        break;
    }
    return "#8fb8da";
}

std::string pointList(const ChartShape& shape)
{
    std::string list;
    for (const auto& [x, y] : shape.points)
        list += fixedText(x, 1) + ',' + fixedText(y, 1) + ' ';
    return list;
}

std::string svgText(const ChartShape& shape)
{
    static constexpr const char* anchors[] = {"start", "middle", "end"};
    return "<text x=\"" + fixedText(shape.points.front().first, 1) + "\" y=\"" + fixedText(shape.points.front().second, 1)
        + "\" dy=\"0.35em\" text-anchor=\"" + anchors[static_cast<int>(shape.anchor)] + "\" fill=\""
        + colourOf(shape.ink) + "\"" + (shape.ink == ChartInk::Title ? " font-weight=\"600\"" : "") + '>'
        + escaped(cutTo(shape.text, shape.width)) + "</text>\n";
}

std::string svgShape(const ChartShape& shape)
{
    const std::string colour = colourOf(shape.ink);
    switch (shape.kind) {
    case ChartShape::Kind::Line:
        return "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\""
            + (shape.ink == ChartInk::Grid ? "1" : "2") + '"'
            + (shape.ink == ChartInk::Forecast ? " stroke-dasharray=\"6 4\"" : "") + " points=\"" + pointList(shape) + "\"/>\n";
    case ChartShape::Kind::Area:
        return "<polygon stroke=\"none\" fill=\"" + colour + "\" points=\"" + pointList(shape) + "\"/>\n";
    case ChartShape::Kind::Dot:
        return "<circle cx=\"" + fixedText(shape.points.front().first, 1) + "\" cy=\""
            + fixedText(shape.points.front().second, 1) + "\" r=\"4\" fill=\"" + colour + "\"><title>"
            + escaped(shape.text) + "</title></circle>\n";
    case ChartShape::Kind::Text:
        break;
    }
    return svgText(shape);
}

std::string svgOf(const std::vector<Chart>& charts)
{
    const double height = 2 * margin + static_cast<double>(charts.size()) * (chartHeight + chartGap) - chartGap;
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + fixedText(chartWidth + 2 * margin, 0)
        + "\" height=\"" + fixedText(height, 0) + "\" font-family=\"Inter, Noto Sans, sans-serif\" font-size=\""
        + fixedText(fontSize, 0) + "\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    for (std::size_t n = 0; n < charts.size(); ++n) {
        svg += "<g transform=\"translate(" + fixedText(margin, 0) + ' '
            + fixedText(margin + static_cast<double>(n) * (chartHeight + chartGap), 0) + ")\">\n";
        for (const ChartShape& shape : laidOut(charts[n], chartWidth, chartHeight, textHeight))
            svg += svgShape(shape);
        svg += "</g>\n";
    }
    return svg + "</svg>\n";
}

std::string tableOf(const Row& titles, const std::vector<Row>& rows)
{
    std::string html = "<table><tr>";
    for (const std::string& title : titles)
        html += "<th>" + escaped(title) + "</th>";
    html += "</tr>\n";
    for (const Row& row : rows) {
        html += "<tr>";
        for (const std::string& cell : row)
            html += "<td>" + escaped(cell) + "</td>";
        html += "</tr>\n";
    }
    return html + "</table>\n";
}

std::string pageOf(const std::string& title, const std::string& body)
{
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>" + title
        + "</title><style>body{font:14px Inter,'Noto Sans',sans-serif;color:#20262c;max-width:720px;margin:32px auto}"
          "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
          "th,td{padding:4px 16px 4px 0;text-align:left;border-bottom:1px solid #d9dee3}</style></head>\n<body><h1>"
        + title + "</h1>\n" + body + "</body></html>\n";
}

std::string paragraph(const std::string& text)
{
    return "<p>" + escaped(text) + "</p>\n";
}

Result<void> writeText(const std::string& path, const std::string& text)
{
    return writeFileAtomically(path, std::as_bytes(std::span(text)));
}

bool isSvg(const std::string& path)
{
    return std::filesystem::path(path).extension() == ".svg";
}

} // namespace

Result<void> writeLearningProgress(const LearningProgress& progress, const std::string& path)
{
    const std::string svg = svgOf({learningChart(progress)});
    if (isSvg(path))
        return writeText(path, svg);
    std::vector<Row> rows;
    for (const ModelPoint& point : progress.points)
        rows.push_back({point.name, std::to_string(point.cases), fixedText(point.dice, 4), point.gated ? "gate" : "training"});
    return writeText(path, pageOf("Learning curve",
                                  paragraph(adviceSentence(progress)) + svg
                                      + paragraph("Pale dots were measured during the training, the others by the gate. The "
                                                  "band holds 95 % of a bootstrap of the residuals. The validation pool grows "
                                                  "with the approvals, so that older figures are of fewer patients.")
                                      + tableOf({"model", "training cases", "Dice", "measured by"}, rows)));
}

Result<void> writeCorrectionCosts(const std::vector<CorrectionCost>& costs, const std::string& path)
{
    const std::string svg = svgOf({costChart(costs, CostMeasure::Strokes, "Strokes"),
                                   costChart(costs, CostMeasure::Seconds, "Seconds of work"),
                                   costChart(costs, CostMeasure::ChangedVoxels, "Changed voxels"),
                                   costChart(costs, CostMeasure::ProposalDice, "Dice of the proposal")});
    if (isSvg(path))
        return writeText(path, svg);
    std::vector<Row> rows;
    for (const CorrectionSummary& s : costsByModel(costs))
        rows.push_back({s.model ? s.modelName : "by hand", std::to_string(s.cases), fixedText(s.strokes, 1),
                        fixedText(s.seconds, 1), fixedText(s.changedVoxels, 0),
                        s.proposalDice ? fixedText(*s.proposalDice, 4) : ""});
    return writeText(path, pageOf("Correction cost",
                                  paragraph("Medians of each model's cases, up to their first sign-off. Work is the time "
                                            "between consecutive entries of the journal, of which each pause counts for 60 s "
                                            "at most.")
                                      + tableOf({"proposal of", "cases", "strokes", "seconds", "changed voxels", "Dice"}, rows)
                                      + svg));
}

} // namespace annotomy
