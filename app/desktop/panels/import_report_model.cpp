#include "app/desktop/panels/import_report_model.h"

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

constexpr std::size_t filesNamed = 3;

Line caseLine(const ImportedCase& imported)
{
    const QString size =
        QStringLiteral("%1×%2×%3").arg(imported.size[0]).arg(imported.size[1]).arg(imported.size[2]);
    QString detail = QString::fromStdString(imported.modality) + QStringLiteral(" · ") + size;
    if (imported.revision)
        detail += QStringLiteral(" · ") + QCoreApplication::translate("annotomy::ImportReportModel", "with a mask");
    return {imported.isNew ? Kind::NewCase : Kind::KnownCase, readableName(imported.patient),
            detail, imported.id};
}

Line warningLine(const ImportedCase& imported, const Warning& warning)
{
    QStringList files;
    for (std::size_t i = 0; i < std::min(filesNamed, warning.files.size()); ++i)
        files << QFileInfo(QString::fromStdString(warning.files[i])).fileName();
    QString detail = QString::fromStdString(warning.text);
    if (!files.isEmpty())
        detail += QStringLiteral(" (") + files.join(QStringLiteral(", ")) +
                  (warning.files.size() > filesNamed ? QStringLiteral(", …)") : QStringLiteral(")"));
    return {Kind::Warning,
            readableName(imported.patient) + QStringLiteral(": ") +
                paneltext::warning(warning.code, warning.text),
            detail, imported.id};
}

Line skippedLine(const SkippedFile& file)
{
    const QString name = QFileInfo(QString::fromStdString(file.path)).fileName();
    return {Kind::Skipped, name, sentence({file.code, name.toStdString(), file.detail}), {}, QString::fromStdString(file.path)};
}

} // namespace

void ImportReportModel::setReport(const ImportReport& report)
{
    beginResetModel();
    m_lines.clear();
    for (const ImportedCase& imported : report.cases)
        for (const Warning& warning : imported.warnings)
            m_lines.push_back(warningLine(imported, warning));
    for (const SkippedFile& file : report.skipped)
        m_lines.push_back(skippedLine(file));
    for (const bool isNew : {true, false})
        for (const ImportedCase& imported : report.cases)
            if (imported.isNew == isNew)
                m_lines.push_back(caseLine(imported));
    endResetModel();
}

int ImportReportModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

QVariant ImportReportModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return line.title;
    case DetailRole:
        return line.detail;
    case Qt::ToolTipRole:
        return line.path.isEmpty() ? line.detail : line.detail + QLatin1Char('\n') + line.path;
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
        warnings += imported.warnings.size();
    const auto known = static_cast<std::ptrdiff_t>(report.cases.size()) - fresh;
    QStringList parts{fresh == 1 ? ImportReportModel::tr("1 new case")
                                 : ImportReportModel::tr("%1 new cases").arg(fresh)};
    if (known > 0)
        parts << ImportReportModel::tr("%1 already known").arg(known);
    if (warnings > 0)
        parts << (warnings == 1 ? ImportReportModel::tr("1 warning")
                                : ImportReportModel::tr("%1 warnings").arg(warnings));
    if (!report.skipped.empty())
        parts << (report.skipped.size() == 1
                      ? ImportReportModel::tr("1 file not used")
                      : ImportReportModel::tr("%1 files not used").arg(report.skipped.size()));
    return parts.join(QStringLiteral(", ")) + QStringLiteral(" · ") +
           ImportReportModel::tr("%1 files seen")
               .arg(QLocale().toString(static_cast<qlonglong>(report.filesSeen)));
}

} // namespace annotomy
