#pragma once

#include "app/workbench/workbench.h"

#include <QAbstractItemModel>

namespace annotomy {

// What an import did, line by line: what is odd about cases, what could not be used, cases made and found. A line that concerns
// files has them below it.
class ImportReportModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum class Kind { NewCase, KnownCase, Warning, Notice, Skipped, Duplicate };
    enum Role { KindRole = Qt::UserRole + 1, DetailRole, CaseRole };

    struct Line {
        Kind kind;
        QString title, detail;
        CaseId caseId;
        QStringList files = {}; // with their folders
    };

    using QAbstractItemModel::QAbstractItemModel;
    void setReport(const ImportReport& report);
    const std::vector<Line>& lines() const { return m_lines; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Line> m_lines;
};

// "12 new cases, 3 known, 2 warnings, 5 files skipped of 1,204".
QString importSummary(const ImportReport& report);

} // namespace annotomy
