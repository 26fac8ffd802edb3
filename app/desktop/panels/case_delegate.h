#pragma once

#include <QStyledItemDelegate>

namespace annotomy {

// Draws a case: thumbnail, patient and state, details, one faint line, and a thin bar of how unsure the model
// is.
class CaseDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace annotomy
