#pragma once

#include "app/workbench/workbench.h"

#include <QAbstractListModel>

namespace annotomy {

// What an import did, line by line: cases made and found, what is odd about them, and what could not be used.
class ImportReportModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum class Kind { NewCase, KnownCase, Warning, Skipped };
    enum Role { KindRole = Qt::UserRole + 1, DetailRole, CaseRole };

    struct Line {
        Kind kind;
        QString title, detail;
        CaseId caseId;
        QString path = {}; // of the file it tells of
    };

    using QAbstractListModel::QAbstractListModel;
    void setReport(const ImportReport& report);
    const std::vector<Line>& lines() const { return m_lines; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Line> m_lines;
};

// "12 new cases, 3 known, 2 warnings, 5 files skipped of 1,204".
QString importSummary(const ImportReport& report);

} // namespace annotomy
