#include "app/workbench/progress_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

namespace annotomy {

namespace {

constexpr double reach = 1.5; // of the forecast, in the most cases that there are
constexpr int curveSteps = 60;
constexpr double axisWidth = 44;

std::string numberText(double value, int decimals)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string filledIn(std::string pattern, const std::string& value)
{
    const std::size_t place = pattern.find("%1");
    return place == std::string::npos ? pattern : pattern.replace(place, 2, value);
}

// The share of a slot's width by which the n-th dot of a model stands beside its middle: 0, then alternately to both sides.
double besideMiddle(std::size_t n)
{
    const double step = 0.07 * static_cast<double>((n + 1) / 2 % 5);
    return n % 2 == 0 ? step : -step;
}

std::optional<double> measured(const CorrectionCost& cost, CostMeasure measure)
{
    switch (measure) {
    case CostMeasure::Strokes:
        return cost.strokes;
    case CostMeasure::Seconds:
        return cost.seconds;
    case CostMeasure::ChangedVoxels:
        return cost.changedVoxels ? std::optional(static_cast<double>(*cost.changedVoxels)) : std::nullopt;
    case CostMeasure::ProposalDice:
        break;
    }
    return cost.proposalDice;
}

std::optional<double> measured(const CorrectionSummary& summary, CostMeasure measure)
{
    switch (measure) {
    case CostMeasure::Strokes:
        return summary.strokes;
    case CostMeasure::Seconds:
        return summary.seconds;
    case CostMeasure::ChangedVoxels:
        return summary.changedVoxels;
    case CostMeasure::ProposalDice:
        break;
    }
    return summary.proposalDice;
}

std::string valueText(double value, CostMeasure measure)
{
    return numberText(value, measure == CostMeasure::ProposalDice ? 3 : 0);
}

// Places values of an axis on the screen.
struct PlotArea {
    double left, top, right, bottom;
    const Chart::Axis &x, &y;

    std::pair<double, double> at(double dataX, double dataY) const
    {
        return {left + (dataX - x.from) / (x.to - x.from) * (right - left),
                bottom - (dataY - y.from) / (y.to - y.from) * (bottom - top)};
    }
};

// At least a tenth wide: smaller differences are not to look like large ones.
Chart::Axis diceAxis(double least, double most)
{
    return roundAxis(std::max(0.0, std::min(least, most - 0.1)), std::min(1.0, std::max(most, 0.1)));
}

ChartShape textShape(ChartInk ink, double x, double y, const std::string& text, ChartShape::Anchor anchor, double width)
{
    return {ChartShape::Kind::Text, ink, {{x, y}}, text, anchor, width};
}

void addAxes(const Chart& chart, const PlotArea& area, double textHeight, std::vector<ChartShape>& shapes)
{
    for (const auto& [value, label] : chart.y.ticks) {
        const double y = std::round(area.at(chart.x.from, value).second) + 0.5;
        shapes.push_back({ChartShape::Kind::Line, ChartInk::Grid, {{area.left, y}, {area.right, y}}, {}, {}, 0});
        shapes.push_back(textShape(ChartInk::Label, area.left - 8, y, label, ChartShape::Anchor::Right, area.left - 8));
    }
    const double below = area.bottom + 4 + textHeight / 2;
    const double slot = (area.right - area.left) / static_cast<double>(std::max<std::size_t>(1, chart.x.ticks.size()));
    for (const auto& [value, label] : chart.x.ticks)
        shapes.push_back(textShape(ChartInk::Label, area.at(value, chart.y.from).first, below, label,
                                   ChartShape::Anchor::Middle, slot - 4));
    if (!chart.xTitle.empty())
        shapes.push_back(textShape(ChartInk::Label, area.right, below + textHeight, chart.xTitle, ChartShape::Anchor::Right,
                                   area.right - area.left));
}

} // namespace

Chart::Axis roundAxis(double from, double to)
{
    const double rough = (to - from) / 4, power = std::pow(10, std::floor(std::log10(rough)));
    const double share = rough / power; // 1 to 10
    const double step = power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
    const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    Chart::Axis axis;
    const double first = std::floor(from / step + 1e-9), last = std::max(std::ceil(to / step - 1e-9), first + 1);
    axis.from = first * step;
    axis.to = last * step;
    const bool thousands = axis.to >= 10000; // whose steps are thousands, too
    for (double n = first; n <= last; ++n) {
        const double value = n * step;
        axis.ticks.emplace_back(value, !thousands   ? numberText(value, decimals)
                                       : value == 0 ? "0"
                                                    : numberText(value / 1000, 0) + " k");
    }
    return axis;
}

std::vector<ChartShape> laidOut(const Chart& chart, double width, double height, double textHeight)
{
    const double below = (chart.xTitle.empty() ? 1 : 2) * textHeight + 8;
    const PlotArea area{axisWidth, textHeight + 12, width - 12, height - below, chart.x, chart.y};
    std::vector<ChartShape> shapes;
    shapes.push_back(textShape(ChartInk::Title, 0, textHeight / 2, chart.title, ChartShape::Anchor::Left, width / 2));
    shapes.push_back(textShape(ChartInk::Label, area.right, textHeight / 2, chart.note, ChartShape::Anchor::Right, width / 2));
    addAxes(chart, area, textHeight, shapes);
    for (const Chart::Line& line : chart.lines) {
        const bool isArea = line.ink == ChartInk::Band;
        ChartShape shape{isArea ? ChartShape::Kind::Area : ChartShape::Kind::Line, line.ink, {}, {}, {}, 0};
        for (const auto& [x, y] : line.points)
            shape.points.push_back(area.at(x, std::clamp(y, chart.y.from, chart.y.to)));
        shapes.push_back(std::move(shape));
    }
    for (const Chart::Mark& mark : chart.marks)
        shapes.push_back({ChartShape::Kind::Dot, mark.ink, {area.at(mark.x, mark.y)}, mark.tip, {}, 0});
    return shapes;
}

Chart learningChart(const LearningProgress& progress, const ChartWords& words)
{
    Chart chart;
    chart.title = words.dice;
    chart.xTitle = words.cases;
    double most = 1, least = 1, highest = 0;
    for (const ModelPoint& point : progress.points) {
        most = std::max(most, static_cast<double>(point.cases));
        least = std::min(least, point.dice);
        highest = std::max(highest, point.dice);
        std::string tip = point.name + ": " + std::to_string(point.cases) + ' ' + words.cases + ", "
            + numberText(point.dice, 3);
        for (const auto& [name, dice] : point.classDice)
            tip += '\n' + name + ' ' + numberText(dice, 3);
        chart.marks.push_back({point.gated ? ChartInk::Dot : ChartInk::PaleDot, static_cast<double>(point.cases),
                               point.dice, std::move(tip)});
    }
    const double end = progress.fit ? std::ceil(most * reach) : most;
    if (progress.fit) {
        const PlateauFit& fit = *progress.fit;
        const double begin = progress.points.front().cases;
        Chart::Line curve{ChartInk::Curve, {}}, forecast{ChartInk::Forecast, {}}, band{ChartInk::Band, {}};
        std::vector<std::pair<double, double>> upper;
        for (int n = 0; n <= curveSteps; ++n) {
            const double share = static_cast<double>(n) / curveSteps;
            const double known = begin + share * (most - begin), coming = most + share * (end - most);
            curve.points.emplace_back(known, fit.curve.at(known));
            const DiceForecast next = fit.at(coming);
            forecast.points.emplace_back(coming, next.dice);
            band.points.emplace_back(coming, next.low);
            upper.emplace_back(coming, next.high);
            highest = std::max(highest, next.high);
        }
        band.points.insert(band.points.end(), upper.rbegin(), upper.rend());
        chart.note = filledIn(words.plateau, numberText(fit.curve.plateau, 3));
        chart.lines = {std::move(band), std::move(curve), std::move(forecast)};
    }
    chart.x = roundAxis(0, end);
    chart.y = progress.points.empty() ? roundAxis(0, 1) : diceAxis(least, highest);
    return chart;
}

Chart costChart(const std::vector<CorrectionCost>& costs, CostMeasure measure, const std::string& title,
                const ChartWords& words)
{
    Chart chart;
    chart.title = title;
    chart.note = words.median;
    std::map<ModelId, double> slots;
    Chart::Line medians{ChartInk::Curve, {}};
    std::vector<Chart::Mark> middles;
    for (const CorrectionSummary& summary : costsByModel(costs)) {
        const auto value = measured(summary, measure);
        if (!value)
            continue; // the baseline has no proposal
        const double x = static_cast<double>(slots.size());
        slots[summary.model] = x;
        const std::string name = summary.model ? summary.modelName : words.byHand;
        chart.x.ticks.emplace_back(x, name);
        medians.points.emplace_back(x, *value);
        middles.push_back({ChartInk::Dot, x, *value,
                           name + " (" + std::to_string(summary.cases) + "): " + valueText(*value, measure)});
    }
    std::map<ModelId, std::size_t> placed;
    double most = 0, least = 1;
    for (const CorrectionCost& cost : costs) {
        const auto value = measured(cost, measure);
        const auto slot = slots.find(cost.model);
        if (!value || slot == slots.end() || cost.start == CorrectionStart::Elsewhere)
            continue;
        most = std::max(most, *value);
        least = std::min(least, *value);
        const std::string tip =
            filledIn(words.caseNumber, std::to_string(cost.id.value)) + ": " + valueText(*value, measure);
        chart.marks.push_back({ChartInk::PaleDot, slot->second + besideMiddle(placed[cost.model]++), *value, tip});
    }
    chart.marks.insert(chart.marks.end(), middles.begin(), middles.end());
    chart.lines.push_back(std::move(medians));
    chart.x.from = -0.5;
    chart.x.to = std::max(0.5, static_cast<double>(slots.size()) - 0.5);
    if (measure == CostMeasure::ProposalDice)
        chart.y = slots.empty() ? roundAxis(0, 1) : diceAxis(least, most);
    else
        chart.y = roundAxis(0, std::max(4.0, most));
    return chart;
}

} // namespace annotomy
