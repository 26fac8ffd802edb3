#include "app/desktop/empty_state.h"

#include "app/desktop/icons.h"
#include "app/desktop/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace annotomy {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), m_heading(new QLabel(this)), m_text(new QLabel(this)),
      m_folder(new QPushButton(tr("Import a folder…"), this)),
      m_files(new QPushButton(tr("Import files…"), this))
{
    theme::setRole(m_heading, "heading");
    theme::setRole(m_text, "secondary");
    theme::setRole(m_folder, "primary");
    m_heading->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(m_folder);
    buttons->addWidget(m_files);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(3);
    layout->addWidget(m_heading);
    layout->addSpacing(8);
    layout->addWidget(m_text);
    layout->addSpacing(20);
    layout->addLayout(buttons);
    layout->addStretch(4);
    connect(m_folder, &QPushButton::clicked, this, &EmptyState::importFolderRequested);
    connect(m_files, &QPushButton::clicked, this, &EmptyState::importFilesRequested);
    setSituation(Situation::NoCases);
}

void EmptyState::setSituation(Situation situation)
{
    m_frame = situation == Situation::NoCases;
    m_folder->setVisible(m_frame);
    m_files->setVisible(m_frame);
    switch (situation) {
    case Situation::NoCases:
        m_heading->setText(tr("Begin with a study"));
        m_text->setText(tr("Import a folder of DICOM, NIfTI or NRRD images, or drop one here.\n"
                           "Images stay where they are unless you choose to copy them."));
        break;
    case Situation::NothingOpen:
        m_heading->setText(tr("Choose a case"));
        m_text->setText(tr("Click a case in the worklist to open it, or drop a folder here to import more."));
        break;
    case Situation::Opening:
        m_heading->setText(tr("Opening the study…"));
        m_text->setText(tr("Slices are being read. The first opening takes longest."));
        break;
    }
    update();
}

void EmptyState::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), Qt::black);
    if (!m_frame)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(QColor(0x2f, 0x38, 0x41), 1.5, Qt::CustomDashLine);
    pen.setDashPattern({5, 5});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(32.5, 32.5, -32.5, -32.5), 10, 10);
    paintGlyph(painter, Glyph::Folder, QRectF(width() / 2.0 - 28, m_heading->y() - 84, 56, 56), theme::blue);
}

} // namespace annotomy
