#pragma once

#include "app/workbench/correction_cost.h"
#include "app/workbench/learning_progress.h"

#include <string>
#include <utility>
#include <vector>

namespace annotomy {

// What a part of a chart is, for whoever gives it a colour.
enum class ChartInk { Grid, Label, Title, Band, Curve, Forecast, Dot, PaleDot };

// A chart before it is laid out: what is drawn over which axes, in their own units.
struct Chart {
    struct Axis {
        double from = 0, to = 1;
        std::vector<std::pair<double, std::string>> ticks; // value and label
    };
    struct Line {
        ChartInk ink = ChartInk::Curve; // Forecast: dashed; Band: a closed area
        std::vector<std::pair<double, double>> points;
    };
    struct Mark {
        ChartInk ink = ChartInk::Dot;
        double x = 0, y = 0;
        std::string tip; // what it stands for
    };
    std::string title, xTitle, note; // above at the left; below at the right; above at the right
    Axis x, y;
    std::vector<Line> lines;
    std::vector<Mark> marks;
};

// A laid-out piece, in pixels from the top left corner.
struct ChartShape {
    enum class Kind { Line, Area, Dot, Text };
    enum class Anchor { Left, Middle, Right };
    Kind kind = Kind::Line;
    ChartInk ink = ChartInk::Grid;
    std::vector<std::pair<double, double>> points; // one for a dot and for a text, whose point is on its middle line
    std::string text;                              // of a text; of a dot what it stands for
    Anchor anchor = Anchor::Left;
    double width = 0; // of a text: what there is for it; longer ones are to be cut
};
// `textHeight` is the line height of the labels' font.
std::vector<ChartShape> laidOut(const Chart& chart, double width, double height, double textHeight);

// The words on the charts; English unless the caller knows better. Axes are titled "Name" or "Name (unit)".
struct ChartWords {
    std::string dice = "Validation Dice", cases = "training cases", plateau = "plateau %1";
    std::string byHand = "by hand", median = "median of each model's cases", caseNumber = "case %1";
};

// Dice over the number of training cases with the curve, its forecast up to one and a half times the most cases (dashed) and
// the forecast's interval.
Chart learningChart(const LearningProgress& progress, const ChartWords& words = {});

enum class CostMeasure { Strokes, Seconds, ChangedVoxels, ProposalDice };
// One measure of the corrected cases over the models in their order, the baseline first: a dot a case, and the medians joined.
Chart costChart(const std::vector<CorrectionCost>& costs, CostMeasure measure, const std::string& title,
                const ChartWords& words = {});

// About five round values that span the range, with labels of as many digits as tell them apart. Requires from < to.
Chart::Axis roundAxis(double from, double to);

} // namespace annotomy
