#include "app/desktop/panels/import_report_model.h"

#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/patient_name.h"
#include "app/workbench/errors.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace annotomy {

namespace {

using Line = ImportReportModel::Line;
using Kind = ImportReportModel::Kind;

constexpr quintptr topLevel = ~quintptr(0);

QStringList pathsOf(const std::vector<std::string>& files)
{
    QStringList paths;
    for (const std::string& file : files)
        paths << QString::fromStdString(file);
    return paths;
}

QString fileName(const QString& path)
{
    return QFileInfo(path).fileName();
}

QString counted(qint64 files)
{
    return files == 1 ? ImportReportModel::tr("1 file")
                      : ImportReportModel::tr("%1 files").arg(QLocale().toString(static_cast<qlonglong>(files)));
}

Line caseLine(const ImportedCase& imported)
{
    const QString size =
        QStringLiteral("%1×%2×%3").arg(imported.size[0]).arg(imported.size[1]).arg(imported.size[2]);
    QString detail = QString::fromStdString(imported.modality) + QStringLiteral(" · ") + size;
    if (imported.volumes > 1)
        detail += QStringLiteral(" · ") + ImportReportModel::tr("%1 images in sequence").arg(imported.volumes);
    if (imported.revision)
        detail += QStringLiteral(" · ") + ImportReportModel::tr("with a mask");
    if (imported.grew)
        detail += QStringLiteral(" · ") + ImportReportModel::tr("has new slices");
    return {imported.isNew || imported.grew ? Kind::NewCase : Kind::KnownCase, readableName(imported.patient),
            detail, imported.id};
}

Line warningLine(const ImportedCase& imported, const Warning& warning)
{
    QString detail = translatedSentence(warning.text);
    if (warning.files.size() == 1)
        detail += QStringLiteral(" (") + fileName(QString::fromStdString(warning.files.front())) + QLatin1Char(')');
    else if (!warning.files.empty())
        detail += QStringLiteral(" · ") + counted(static_cast<qint64>(warning.files.size()));
    return {paneltext::isNotice(warning.code) ? Kind::Notice : Kind::Warning,
            readableName(imported.patient) + QStringLiteral(": ") +
                paneltext::warning(warning.code, warning.text),
            detail, imported.id, pathsOf(warning.files)};
}

// How many were left out for this reason; of many only the first are named.
std::int64_t countOf(const ScanTotals& totals, const SkippedFile& first, qsizetype named)
{
    for (const SkippedCount& reason : totals.skippedCounts)
        if (reason.code == first.code && reason.detail == first.detail)
            return std::max(reason.count, static_cast<std::int64_t>(named));
    return named;
}

// Files that were left out for the same reason are one line.
std::vector<Line> skippedLines(const ScanTotals& totals)
{
    std::vector<Line> lines;
    std::vector<const SkippedFile*> firsts;
    for (const SkippedFile& file : totals.skipped) {
        const auto same = std::find_if(firsts.begin(), firsts.end(), [&file](const SkippedFile* first) {
            return first->code == file.code && first->detail == file.detail;
        });
        if (same != firsts.end()) {
            lines[static_cast<std::size_t>(same - firsts.begin())].files << QString::fromStdString(file.path);
            continue;
        }
        firsts.push_back(&file);
        lines.push_back({file.code == ErrorCode::Duplicate ? Kind::Duplicate : Kind::Skipped, {}, {}, {},
                         {QString::fromStdString(file.path)}});
    }
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const QString first = fileName(lines[n].files.front());
        lines[n].detail = sentence({firsts[n]->code, first.toStdString(), firsts[n]->detail});
        const std::int64_t count = countOf(totals, *firsts[n], lines[n].files.size());
        lines[n].title = count == 1 ? first
                                    : ImportReportModel::tr("%1, and %2 more")
                                          .arg(first, QLocale().toString(static_cast<qlonglong>(count - 1)));
    }
    return lines;
}

} // namespace

void ImportReportModel::setReport(const ImportReport& report)
{
    beginResetModel();
    m_lines.clear();
    const auto addWarnings = [&](bool notices) {
        for (const ImportedCase& imported : report.cases)
            for (const Warning& warning : imported.warnings)
                if (paneltext::isNotice(warning.code) == notices)
                    m_lines.push_back(warningLine(imported, warning));
    };
    addWarnings(false);
    for (Line& line : skippedLines(report))
        m_lines.push_back(std::move(line));
    addWarnings(true);
    for (const bool isNew : {true, false})
        for (const ImportedCase& imported : report.cases)
            if (imported.isNew == isNew)
                m_lines.push_back(caseLine(imported));
    endResetModel();
}

// A file's index carries the row of its line.
QModelIndex ImportReportModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : topLevel);
}

QModelIndex ImportReportModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == topLevel)
        return {};
    return createIndex(static_cast<int>(index.internalId()), 0, topLevel);
}

int ImportReportModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_lines.size());
    if (parent.internalId() != topLevel)
        return 0;
    const auto count = static_cast<int>(m_lines[static_cast<std::size_t>(parent.row())].files.size());
    return count > 1 ? count : 0; // a single one stands in the line itself
}

int ImportReportModel::columnCount(const QModelIndex&) const
{
    return 1;
}

QVariant ImportReportModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() != topLevel) {
        const QString& path = m_lines[index.internalId()].files[index.row()];
        return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(fileName(path))
               : role == Qt::ToolTipRole                                 ? QVariant(path)
                                                                         : QVariant();
    }
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return line.title;
    case DetailRole:
        return line.detail;
    case Qt::ToolTipRole:
        return line.files.size() == 1 ? line.detail + QLatin1Char('\n') + line.files.front() : line.detail;
    case Qt::AccessibleTextRole:
        return line.title + QStringLiteral(", ") + line.detail;
    case KindRole:
        return static_cast<int>(line.kind);
    case CaseRole:
        return QVariant::fromValue<qint64>(line.caseId.value);
    default:
        return {};
    }
}

QString importSummary(const ImportReport& report)
{
    const auto fresh = std::count_if(report.cases.begin(), report.cases.end(),
                                     [](const ImportedCase& imported) { return imported.isNew; });
    std::size_t warnings = 0;
    for (const ImportedCase& imported : report.cases)
        warnings += static_cast<std::size_t>(
            std::count_if(imported.warnings.begin(), imported.warnings.end(),
                          [](const Warning& warning) { return !paneltext::isNotice(warning.code); }));
    const auto grown = std::count_if(report.cases.begin(), report.cases.end(),
                                     [](const ImportedCase& imported) { return imported.grew; });
    const auto known = static_cast<std::ptrdiff_t>(report.cases.size()) - fresh - grown;
    QStringList parts{fresh == 0   ? ImportReportModel::tr("Nothing new")
                      : fresh == 1 ? ImportReportModel::tr("1 new case")
                                   : ImportReportModel::tr("%1 new cases").arg(fresh)};
    if (grown > 0) {
        if (fresh == 0)
            parts.clear();
        parts << (grown == 1 ? ImportReportModel::tr("1 case has new slices")
                             : ImportReportModel::tr("%1 cases have new slices").arg(grown));
    }
    if (known > 0)
        parts << ImportReportModel::tr("%1 already known").arg(known);
    if (warnings > 0)
        parts << (warnings == 1 ? ImportReportModel::tr("1 warning")
                                : ImportReportModel::tr("%1 warnings").arg(warnings));
    const auto skipped = std::max(report.filesSkipped, static_cast<std::int64_t>(report.skipped.size()));
    if (skipped > 0)
        parts << (skipped == 1 ? ImportReportModel::tr("1 file not used")
                               : ImportReportModel::tr("%1 files not used").arg(skipped));
    return parts.join(QStringLiteral(", ")) + QStringLiteral(" · ") +
           ImportReportModel::tr("%1 files seen")
               .arg(QLocale().toString(static_cast<qlonglong>(report.filesSeen)));
}

} // namespace annotomy
