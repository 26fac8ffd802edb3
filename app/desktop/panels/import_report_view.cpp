#include "app/desktop/panels/import_report_view.h"

#include "app/desktop/panels/import_report_model.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QFontInfo>
#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int rowHeight = 46, fileHeight = 24;

QColor kindColour(ImportReportModel::Kind kind)
{
    switch (kind) {
    case ImportReportModel::Kind::NewCase:
        return theme::green;
    case ImportReportModel::Kind::KnownCase:
    case ImportReportModel::Kind::Duplicate:
    case ImportReportModel::Kind::Notice:
        return theme::faintText;
    case ImportReportModel::Kind::Warning:
        return theme::amber;
    case ImportReportModel::Kind::Skipped:
        break;
    }
    return theme::red;
}

// A coloured dot, the title, and the reason below it.
class LineDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        QFont small = option.font;
        small.setPixelSize(qRound(QFontInfo(option.font).pixelSize() * 0.9));
        if (index.parent().isValid())
            drawLine(*painter, option.rect.adjusted(26, 0, -8, 0), small, theme::secondaryText,
                     index.data(Qt::DisplayRole).toString());
        else
            paintTop(*painter, option, small, index);
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        return {200, index.parent().isValid() ? fileHeight : rowHeight};
    }

private:
    static void paintTop(QPainter& painter, const QStyleOptionViewItem& option, const QFont& small,
                         const QModelIndex& index)
    {
        painter.setPen(Qt::NoPen);
        if (option.state & QStyle::State_MouseOver) {
            painter.setBrush(theme::card);
            painter.drawRoundedRect(option.rect, 6, 6);
        }
        const auto kind =
            static_cast<ImportReportModel::Kind>(index.data(ImportReportModel::KindRole).toInt());
        painter.setBrush(kindColour(kind));
        painter.drawEllipse(QPointF(option.rect.left() + 12, option.rect.top() + 15), 3.5, 3.5);
        const bool opens = index.model()->hasChildren(index);
        if (opens)
            paintChevron(painter, option.rect, option.state & QStyle::State_Open);
        const int right = opens ? -28 : -8;
        const QRect title = option.rect.adjusted(26, 5, right, -option.rect.height() / 2);
        const QRect detail = option.rect.adjusted(26, option.rect.height() / 2, right, -5);
        drawLine(painter, title, option.font, theme::text, index.data(Qt::DisplayRole).toString());
        drawLine(painter, detail, small, theme::secondaryText,
                 index.data(ImportReportModel::DetailRole).toString());
    }

    static void paintChevron(QPainter& painter, const QRect& rect, bool open)
    {
        const QPointF centre(rect.right() - 14, rect.center().y() + 1);
        QPainterPath path;
        path.moveTo(centre + (open ? QPointF(-4, -2) : QPointF(-2, -4)));
        path.lineTo(centre + (open ? QPointF(0, 2) : QPointF(2, 0)));
        path.lineTo(centre + (open ? QPointF(4, -2) : QPointF(-2, 4)));
        painter.strokePath(path, QPen(theme::secondaryText, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    }

    static void drawLine(QPainter& painter, const QRect& rect, const QFont& font, const QColor& colour,
                         const QString& text)
    {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width()));
    }
};

} // namespace

ImportReportView::ImportReportView(QWidget* parent)
    : QWidget(parent), m_model(new ImportReportModel(this)), m_summary(makeLabel({}, "strong", this)),
      m_list(new QTreeView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new LineDelegate(m_list));
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(0);
    m_list->setExpandsOnDoubleClick(false);
    m_list->setItemsExpandable(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Import report"));
    column->addWidget(m_list, 1);
    connect(m_list, &QTreeView::clicked, this, &ImportReportView::choose);
}

// A line with files shows and hides them; any other opens its case.
void ImportReportView::choose(const QModelIndex& index)
{
    if (m_model->hasChildren(index))
        m_list->setExpanded(index, !m_list->isExpanded(index));
    else if (const CaseId id{index.data(ImportReportModel::CaseRole).value<qint64>()})
        Q_EMIT caseChosen(id);
}

void ImportReportView::setReport(const ImportReport& report)
{
    m_summary->setText(importSummary(report));
    m_model->setReport(report);
}

} // namespace annotomy
