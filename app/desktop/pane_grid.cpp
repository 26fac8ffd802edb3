#include "app/desktop/pane_grid.h"

#include "app/desktop/theme.h"
#include "viewer/surface_pane.h"

#include <QEvent>
#include <QGridLayout>
#include <QPainter>

namespace annotomy {

namespace {

constexpr int gap = 2;

PaneGrid::Show showOf(Plane plane)
{
    switch (plane) {
    case Plane::Axial:
        return PaneGrid::Show::Axial;
    case Plane::Coronal:
        return PaneGrid::Show::Coronal;
    case Plane::Sagittal:
        break;
    }
    return PaneGrid::Show::Sagittal;
}

} // namespace

PaneGrid::PaneGrid(ViewState* view, QWidget* parent)
    : QWidget(parent), m_layout(new QGridLayout(this)), m_panes{new SlicePane(Plane::Axial, view, this),
                                                                new SlicePane(Plane::Coronal, view, this),
                                                                new SlicePane(Plane::Sagittal, view, this)},
      m_surface(new SurfacePane(view, this)), m_active(m_panes[0])
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(gap);
    for (SlicePane* pane : m_panes) {
        pane->installEventFilter(this);
        pane->setFocusPolicy(Qt::StrongFocus);
        pane->setMinimumSize(120, 90);
        connect(pane, &SlicePane::maximiseRequested, this, [this, pane] { toggle(showOf(pane->plane())); });
    }
    m_surface->setMinimumSize(120, 90);
    m_layout->addWidget(m_panes[0], 0, 0, 3, 1);
    m_layout->addWidget(m_panes[1], 0, 1);
    m_layout->addWidget(m_panes[2], 1, 1);
    m_layout->addWidget(m_surface, 2, 1);
    arrange();
}

void PaneGrid::arrange()
{
    const bool all = m_show == Show::All;
    for (SlicePane* pane : m_panes)
        pane->setVisible(all || m_show == showOf(pane->plane()));
    m_surface->setVisible((all || m_show == Show::ThreeD) && !m_covered);
    const bool left = all || m_show == Show::Axial, right = m_show != Show::Axial;
    m_layout->setColumnStretch(0, left ? 17 : 0);
    m_layout->setColumnStretch(1, right ? 12 : 0);
    m_layout->setHorizontalSpacing(all ? gap : 0);
    m_layout->setVerticalSpacing(all ? gap : 0);
    m_layout->setRowStretch(0, all || m_show == Show::Coronal || m_show == Show::Axial ? 1 : 0);
    m_layout->setRowStretch(1, all || m_show == Show::Sagittal ? 1 : 0);
    m_layout->setRowStretch(2, all || m_show == Show::ThreeD ? 1 : 0);
}

void PaneGrid::setShown(Show what)
{
    m_show = what;
    arrange();
}

void PaneGrid::toggle(Show what)
{
    setShown(m_show == what ? Show::All : what);
}

void PaneGrid::fitAll()
{
    for (SlicePane* pane : m_panes)
        pane->fit();
    m_surface->resetCamera();
}

void PaneGrid::coverSurface(bool covered)
{
    m_covered = covered;
    arrange();
}

bool PaneGrid::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::MouseButtonPress ||
        event->type() == QEvent::FocusIn)
        for (SlicePane* pane : m_panes)
            if (watched == pane)
                m_active = pane;
    return QWidget::eventFilter(watched, event);
}

void PaneGrid::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), theme::line);
}

} // namespace annotomy
