#include "app/desktop/panels/study_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/study_facts.h"
#include "app/desktop/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace annotomy {

namespace {

void addFacts(QTreeWidgetItem* image, const SeriesEntry& series)
{
    for (const StudyFact& fact : studyFacts(series)) {
        auto* line = new QTreeWidgetItem(image, {fact.name, fact.value});
        line->setToolTip(1, fact.value);
        line->setForeground(0, fact.warns ? theme::amber : theme::secondaryText);
        for (const QString& file : fact.files) {
            auto* item = new QTreeWidgetItem(line, {QString(), QDir::toNativeSeparators(file)});
            item->setToolTip(1, item->text(1));
        }
    }
}

} // namespace

StudyDialog::StudyDialog(CaseController& controller, QWidget* parent) : QDialog(parent), m_list(new QTreeWidget(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About the study of %1").arg(controller.view()->overlayText.patient));
    resize(900, 480);
    m_list->setColumnCount(2);
    m_list->setAccessibleName(tr("What is known of the images"));
    m_list->header()->hide();
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents); // sentences are read whole
    const std::vector<CaseChannel>& images = controller.channels().all();
    for (std::size_t n = 0; n < images.size(); ++n) {
        auto* image = new QTreeWidgetItem(m_list, {channelTitle(images[n])});
        image->setFirstColumnSpanned(true);
        addFacts(image, images[n].series);
        image->setExpanded(static_cast<int>(n) == controller.channels().shown());
    }
    m_list->setColumnWidth(0, 190);
    auto* copyButton = makeButton(tr("Copy"), "", this);
    auto* close = makeButton(tr("Close"), "quiet", this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addWidget(m_list, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(copyButton);
    buttons->addWidget(close);
    column->addLayout(buttons);
    connect(copyButton, &QPushButton::clicked, this, &StudyDialog::copy);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
}

// As text, for a mail to whoever made the study.
void StudyDialog::copy()
{
    QStringList lines;
    for (int n = 0; n < m_list->topLevelItemCount(); ++n) {
        const QTreeWidgetItem* image = m_list->topLevelItem(n);
        lines << image->text(0);
        for (int m = 0; m < image->childCount(); ++m) {
            const QTreeWidgetItem* fact = image->child(m);
            lines << QStringLiteral("  %1: %2").arg(fact->text(0), fact->text(1));
            for (int f = 0; f < fact->childCount(); ++f)
                lines << QStringLiteral("    ") + fact->child(f)->text(1);
        }
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace annotomy
