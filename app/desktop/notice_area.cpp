#include "app/desktop/notice_area.h"

#include "app/desktop/icons.h"
#include "app/desktop/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace annotomy {

namespace {

constexpr int hintMilliseconds = 5000;
constexpr int largestWidth = 560;
constexpr int mostNotices = 4;

QFrame* makeNotice(const QString& text, const QColor& colour, QWidget* parent)
{
    auto* notice = new QFrame(parent);
    notice->setObjectName(QStringLiteral("notice"));
    notice->setAttribute(Qt::WA_StyledBackground);
    notice->setStyleSheet(
        QStringLiteral(
            "QFrame#notice { background: #1d2329; border: 1px solid #2f3841; border-left: 3px solid %1; "
            "border-radius: 6px; }")
            .arg(colour.name()));
    auto* label = new QLabel(text, notice);
    label->setObjectName(QStringLiteral("noticeText"));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(notice);
    close->setIcon(glyphIcon(Glyph::Close, theme::secondaryText, 12));
    close->setAccessibleName(NoticeArea::tr("Close"));
    close->setFixedSize(24, 24);
    auto* layout = new QHBoxLayout(notice);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->addWidget(label, 1);
    layout->addWidget(close, 0, Qt::AlignTop);
    QObject::connect(close, &QToolButton::clicked, notice, &QObject::deleteLater);
    return notice;
}

} // namespace

NoticeArea::NoticeArea(QWidget* host) : QWidget(host), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(6);
    host->installEventFilter(this);
    hide();
}

void NoticeArea::post(const QString& text, Kind kind)
{
    if (text.isEmpty() || texts().contains(text))
        return;
    if (m_layout->count() >= mostNotices)
        delete m_layout->itemAt(0)->widget();
    QFrame* notice = makeNotice(text, kind == Kind::Failure ? theme::red : theme::blue, this);
    notice->setProperty("failure", kind == Kind::Failure);
    m_layout->addWidget(notice);
    connect(notice, &QObject::destroyed, this, &NoticeArea::place, Qt::QueuedConnection);
    if (kind == Kind::Hint)
        QTimer::singleShot(hintMilliseconds, notice, &QObject::deleteLater);
    place();
}

void NoticeArea::dismissFailures()
{
    for (QFrame* notice : findChildren<QFrame*>(QStringLiteral("notice")))
        if (notice->property("failure").toBool())
            notice->deleteLater();
}

QStringList NoticeArea::texts() const
{
    QStringList texts;
    for (const QLabel* label : findChildren<QLabel*>(QStringLiteral("noticeText")))
        texts << label->text();
    return texts;
}

void NoticeArea::place()
{
    setVisible(m_layout->count() > 0);
    if (!isVisible())
        return;
    const int width = qMin(largestWidth, parentWidget()->width() - 48);
    const int height =
        m_layout->hasHeightForWidth() ? m_layout->heightForWidth(width) : m_layout->sizeHint().height();
    setGeometry((parentWidget()->width() - width) / 2, 44, width, height);
    raise();
}

bool NoticeArea::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace annotomy
