#include "app/workbench/evaluation.h"

#include "core/io/bytes/atomic_file.h"
#include "core/learn/paired_bootstrap.h"

#include <nlohmann/json.hpp>

#include <QBuffer>
#include <QDateTime>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>
#include <QUrl>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace annotomy {

namespace {

constexpr std::size_t worstCases = 10;

QString text(double value, int decimals = 3)
{
    return QString::number(value, 'f', decimals);
}

std::string csvText(const std::string& value)
{
    std::string quoted = "\"";
    for (const char c : value)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::optional<PairedDifference> meanOf(const std::vector<double>& values)
{
    const std::vector<double> zeros(values.size(), 0);
    return pairedDifference(values, zeros);
}

Result<void> written(const std::string& path, const QByteArray& bytes)
{
    return writeFileAtomically(path, std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))));
}

QByteArray casesCsv(const Evaluation& evaluation)
{
    std::string out = "case,revision,class,voxelsReference,voxelsModel,volumeReferenceMl,volumeModelMl";
    for (const EvaluatedFigure& figure : evaluatedFigures())
        out += ',' + figure.name;
    out += '\n';
    for (const EvaluatedCase& one : evaluation.cases)
        for (const EvaluatedClass& row : one.classes) {
            const OverlapMetrics& m = row.metrics.overlap;
            out += std::to_string(one.id.value) + ',' + std::to_string(one.reference.value) + ',' + csvText(row.name) + ','
                + std::to_string(m.voxelsReference) + ',' + std::to_string(m.voxelsMask) + ','
                + text(m.volumeReferenceMl, 4).toStdString() + ',' + text(m.volumeMaskMl, 4).toStdString();
            for (const EvaluatedFigure& figure : evaluatedFigures()) {
                const auto value = figureOf(row.metrics, figure.name);
                out += ',' + (value ? text(*value, 5).toStdString() : std::string());
            }
            out += '\n';
        }
    return QByteArray::fromStdString(out);
}

QByteArray summaryJson(const Evaluation& evaluation)
{
    nlohmann::json classes = nlohmann::json::object();
    for (const std::string& name : evaluation.classes)
        for (const EvaluatedFigure& figure : evaluatedFigures()) {
            const std::vector<double> values = figuresOfClass(evaluation, name, figure.name);
            const auto mean = meanOf(values);
            classes[name][figure.name] = mean ? nlohmann::json{{"mean", mean->mean}, {"low", mean->low},
                                                               {"high", mean->high}, {"cases", values.size()}}
                                              : nlohmann::json(nullptr);
        }
    const nlohmann::json json{{"model", evaluation.modelName},
                              {"modelHash", evaluation.modelHash},
                              {"cases", evaluation.cases.size()},
                              {"patients", evaluation.patients},
                              {"toleranceMm", evaluationNsdMm},
                              {"classes", classes}};
    return QByteArray::fromStdString(json.dump(1) + '\n');
}

// Volumes after Bland and Altman (1986): the difference over the mean of both, with its mean and limits of agreement.
struct Agreement {
    std::vector<std::pair<double, double>> points; // mean and difference, ml
    double bias = 0, spread = 0;                   // mean and 1.96 standard deviations of the differences
};

Agreement agreementOf(const Evaluation& evaluation, const std::string& name)
{
    Agreement result;
    for (const EvaluatedCase& one : evaluation.cases)
        for (const EvaluatedClass& row : one.classes)
            if (row.name == name) {
                const OverlapMetrics& m = row.metrics.overlap;
                result.points.push_back({(m.volumeMaskMl + m.volumeReferenceMl) / 2, m.volumeMaskMl - m.volumeReferenceMl});
            }
    const auto count = static_cast<double>(result.points.size());
    for (const auto& [mean, difference] : result.points)
        result.bias += difference / std::max(1.0, count);
    double squares = 0;
    for (const auto& [mean, difference] : result.points)
        squares += (difference - result.bias) * (difference - result.bias);
    result.spread = count > 1 ? 1.96 * std::sqrt(squares / (count - 1)) : 0;
    return result;
}

QImage agreementPlot(const Agreement& agreement)
{
    const QRectF frame(90, 20, 520, 280);
    double right = 1e-6, reach = std::abs(agreement.bias) + agreement.spread;
    for (const auto& [mean, difference] : agreement.points) {
        right = std::max(right, mean);
        reach = std::max(reach, std::abs(difference));
    }
    reach = std::max(reach * 1.1, 1e-6);
    right *= 1.05;
    const auto placed = [&](double mean, double difference) {
        return QPointF(frame.left() + mean / right * frame.width(),
                       frame.center().y() - difference / reach * frame.height() / 2);
    };
    QImage image(640, 360, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(120, 120, 120), 1));
    painter.drawRect(frame);
    const auto line = [&](double at, Qt::PenStyle style, const QString& label) {
        painter.setPen(QPen(QColor(60, 60, 60), 1.5, style));
        painter.drawLine(placed(0, at), placed(right, at));
        painter.drawText(QRectF(0, placed(0, at).y() - 10, 84, 20), Qt::AlignRight | Qt::AlignVCenter, label);
    };
    line(agreement.bias, Qt::SolidLine, text(agreement.bias, 2));
    line(agreement.bias + agreement.spread, Qt::DashLine, text(agreement.bias + agreement.spread, 2));
    line(agreement.bias - agreement.spread, Qt::DashLine, text(agreement.bias - agreement.spread, 2));
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(30, 100, 180, 170));
    for (const auto& [mean, difference] : agreement.points)
        painter.drawEllipse(placed(mean, difference), 4, 4);
    painter.setPen(QColor(60, 60, 60));
    painter.drawText(QRectF(frame.left(), frame.bottom() + 6, frame.width(), 20), Qt::AlignLeft, QStringLiteral("0"));
    painter.drawText(QRectF(frame.left(), frame.bottom() + 6, frame.width(), 20), Qt::AlignRight,
                     text(right, 2) + QStringLiteral(" ml"));
    painter.drawText(QRectF(frame.left(), frame.bottom() + 26, frame.width(), 20), Qt::AlignHCenter,
                     QStringLiteral("mean of model and reference (ml); up: model - reference (ml)"));
    return image;
}

QString plotName(std::size_t classIndex)
{
    return QStringLiteral("volumes-%1.png").arg(classIndex + 1);
}

QString summaryTable(const Evaluation& evaluation)
{
    QString html = QStringLiteral("<table cellpadding=\"4\"><tr><th align=\"left\">class</th>");
    for (const EvaluatedFigure& figure : evaluatedFigures())
        html += QStringLiteral("<th align=\"left\">%1</th>").arg(QString::fromStdString(figure.title).toHtmlEscaped());
    html += QStringLiteral("</tr>");
    for (const std::string& name : evaluation.classes) {
        html += QStringLiteral("<tr><td>%1</td>").arg(QString::fromStdString(name).toHtmlEscaped());
        for (const EvaluatedFigure& figure : evaluatedFigures()) {
            const std::vector<double> values = figuresOfClass(evaluation, name, figure.name);
            const auto mean = meanOf(values);
            html += mean ? QStringLiteral("<td>%1 [%2, %3]<br/><small>%4 cases</small></td>")
                               .arg(text(mean->mean), text(mean->low), text(mean->high))
                               .arg(values.size())
                         : QStringLiteral("<td>not defined</td>");
        }
        html += QStringLiteral("</tr>");
    }
    return html + QStringLiteral("</table>");
}

// Dice of the worst class, with the case's place among all.
std::vector<std::pair<double, std::size_t>> byWorstDice(const Evaluation& evaluation)
{
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t n = 0; n < evaluation.cases.size(); ++n) {
        std::optional<double> worst;
        for (const EvaluatedClass& row : evaluation.cases[n].classes)
            if (const auto dice = row.metrics.overlap.dice)
                worst = std::min(worst.value_or(1), *dice);
        if (worst)
            order.push_back({*worst, n});
    }
    std::sort(order.begin(), order.end());
    return order;
}

QString worstList(const Evaluation& evaluation)
{
    QString html = QStringLiteral("<ol>");
    const auto order = byWorstDice(evaluation);
    for (std::size_t n = 0; n < std::min(worstCases, order.size()); ++n) {
        const auto id = evaluation.cases[order[n].second].id.value;
        html += QStringLiteral("<li><a href=\"#case-%1\">case %1</a>: Dice of its worst class %2</li>")
                    .arg(id)
                    .arg(text(order[n].first));
    }
    return html + QStringLiteral("</ol>");
}

QString caseTable(const Evaluation& evaluation)
{
    QString html = QStringLiteral("<table cellpadding=\"3\"><tr><th align=\"left\">case</th><th align=\"left\">class</th>");
    for (const EvaluatedFigure& figure : evaluatedFigures())
        html += QStringLiteral("<th align=\"left\">%1</th>").arg(QString::fromStdString(figure.title).toHtmlEscaped());
    html += QStringLiteral("</tr>");
    for (const EvaluatedCase& one : evaluation.cases)
        for (const EvaluatedClass& row : one.classes) {
            html += QStringLiteral("<tr><td><a name=\"case-%1\"></a>%1</td><td>%2</td>")
                        .arg(one.id.value)
                        .arg(QString::fromStdString(row.name).toHtmlEscaped());
            for (const EvaluatedFigure& figure : evaluatedFigures()) {
                const auto value = figureOf(row.metrics, figure.name);
                html += QStringLiteral("<td>%1</td>").arg(value ? text(*value) : QStringLiteral("not defined"));
            }
            html += QStringLiteral("</tr>");
        }
    return html + QStringLiteral("</table>");
}

QString reportHtml(const Evaluation& evaluation)
{
    const QString time = QDateTime::fromMSecsSinceEpoch(evaluation.timeMs, Qt::UTC).toString(Qt::ISODate);
    QString html = QStringLiteral("<html><head><meta charset=\"utf-8\"/><title>Evaluation</title></head>"
                                  "<body style=\"font-family: sans-serif\"><h1>Evaluation of %1</h1>"
                                  "<p>%2 cases of %3 patients, %4 pool; %5. Model file SHA-256 %6.</p>")
                       .arg(QString::fromStdString(evaluation.modelName).toHtmlEscaped())
                       .arg(evaluation.cases.size())
                       .arg(evaluation.patients)
                       .arg(evaluation.pool == Pool::Test ? QStringLiteral("test") : QStringLiteral("validation"), time,
                            QString::fromStdString(evaluation.modelHash));
    html += QStringLiteral("<p>Means over cases with the 95 % interval of a bootstrap over the cases. HD95 is the larger of "
                           "the two directed 95th percentiles, ASSD the mean over the distances of both directions pooled, "
                           "surface Dice counts surface voxels within %1 mm; a surface is the voxels with a face neighbour "
                           "outside of the mask.</p>")
                .arg(evaluationNsdMm);
    html += summaryTable(evaluation) + QStringLiteral("<h2>Worst cases</h2>") + worstList(evaluation);
    html += QStringLiteral("<h2>Volumes (Bland and Altman)</h2>");
    for (std::size_t n = 0; n < evaluation.classes.size(); ++n) {
        const Agreement agreement = agreementOf(evaluation, evaluation.classes[n]);
        html += QStringLiteral("<h3>%1</h3><p>Bias %2 ml, limits of agreement %3 to %4 ml.</p><p><img src=\"%5\"/></p>")
                    .arg(QString::fromStdString(evaluation.classes[n]).toHtmlEscaped(), text(agreement.bias),
                         text(agreement.bias - agreement.spread), text(agreement.bias + agreement.spread), plotName(n));
    }
    return html + QStringLiteral("<h2>All cases</h2>") + caseTable(evaluation) + QStringLiteral("</body></html>\n");
}

QByteArray pdfOf(const QString& html, const std::vector<QImage>& plots)
{
    QTextDocument document;
    for (std::size_t n = 0; n < plots.size(); ++n)
        document.addResource(QTextDocument::ImageResource, QUrl(plotName(n)), plots[n]);
    QFont font = document.defaultFont();
    font.setPointSize(8);
    document.setDefaultFont(font);
    document.setHtml(html);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setTitle(QStringLiteral("Evaluation"));
        document.print(&writer);
    }
    return bytes;
}

} // namespace

const std::vector<EvaluatedFigure>& evaluatedFigures()
{
    static const std::vector<EvaluatedFigure> figures{{"dice", "Dice"},
                                                      {"nsd", "surface Dice (1 mm)"},
                                                      {"hd95Mm", "HD95 (mm)"},
                                                      {"assdMm", "ASSD (mm)"},
                                                      {"volumeDifferenceMl", "volume difference (ml)"}};
    return figures;
}

std::optional<double> figureOf(const SegmentMetrics& metrics, const std::string& figure)
{
    if (figure == "dice")
        return metrics.overlap.dice;
    if (figure == "nsd") { // what is missed or invented altogether counts, as in Dice and at the gate
        const bool isThere = metrics.overlap.voxelsReference > 0, isFound = metrics.overlap.voxelsMask > 0;
        return isThere != isFound ? std::optional(0.0) : metrics.surface.nsd;
    }
    if (figure == "hd95Mm")
        return metrics.surface.hd95Mm;
    if (figure == "assdMm")
        return metrics.surface.assdMm;
    return metrics.overlap.volumeDifferenceMl;
}

std::vector<double> figuresOfClass(const Evaluation& evaluation, const std::string& name, const std::string& figure)
{
    std::vector<double> values;
    for (const EvaluatedCase& one : evaluation.cases)
        for (const EvaluatedClass& row : one.classes)
            if (const auto value = figureOf(row.metrics, figure); value && row.name == name)
                values.push_back(*value);
    return values;
}

Result<void> writeEvaluation(const Evaluation& evaluation, const std::string& folder)
{
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return Error{ErrorCode::IoFailure, folder, failure.message()};
    const QString html = reportHtml(evaluation);
    std::vector<QImage> plots;
    for (std::size_t n = 0; n < evaluation.classes.size(); ++n) {
        plots.push_back(agreementPlot(agreementOf(evaluation, evaluation.classes[n])));
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        plots.back().save(&buffer, "PNG");
        if (auto done = written(folder + '/' + plotName(n).toStdString(), png); !done)
            return done;
    }
    for (const auto& [name, bytes] : {std::pair<const char*, QByteArray>{"report.html", html.toUtf8()},
                                      {"report.pdf", pdfOf(html, plots)},
                                      {"cases.csv", casesCsv(evaluation)},
                                      {"summary.json", summaryJson(evaluation)}})
        if (auto done = written(folder + '/' + name, bytes); !done)
            return done;
    return {};
}

} // namespace annotomy
