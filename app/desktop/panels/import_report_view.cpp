#include "app/desktop/panels/import_report_view.h"

#include "app/desktop/panels/import_report_model.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/theme.h"

#include <QFontInfo>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int rowHeight = 46;

QColor kindColour(ImportReportModel::Kind kind)
{
    switch (kind) {
    case ImportReportModel::Kind::NewCase:
        return theme::green;
    case ImportReportModel::Kind::KnownCase:
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
        painter->setPen(Qt::NoPen);
        if (option.state & QStyle::State_MouseOver) {
            painter->setBrush(theme::card);
            painter->drawRoundedRect(option.rect, 6, 6);
        }
        const auto kind =
            static_cast<ImportReportModel::Kind>(index.data(ImportReportModel::KindRole).toInt());
        painter->setBrush(kindColour(kind));
        painter->drawEllipse(QPointF(option.rect.left() + 12, option.rect.top() + 15), 3.5, 3.5);
        QFont small = option.font;
        small.setPixelSize(qRound(QFontInfo(option.font).pixelSize() * 0.9));
        const QRect title = option.rect.adjusted(26, 5, -8, -option.rect.height() / 2);
        const QRect detail = option.rect.adjusted(26, option.rect.height() / 2, -8, -5);
        drawLine(*painter, title, option.font, theme::text, index.data(Qt::DisplayRole).toString());
        drawLine(*painter, detail, small, theme::secondaryText,
                 index.data(ImportReportModel::DetailRole).toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {200, rowHeight};
    }

private:
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
      m_list(new QListView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new LineDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Import report"));
    column->addWidget(m_list, 1);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        if (const CaseId id{index.data(ImportReportModel::CaseRole).value<qint64>()})
            Q_EMIT caseChosen(id);
    });
}

void ImportReportView::setReport(const ImportReport& report)
{
    m_summary->setText(importSummary(report));
    m_model->setReport(report);
}

} // namespace annotomy
