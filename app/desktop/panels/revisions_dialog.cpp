#include "app/desktop/panels/revisions_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/revision_list_model.h"
#include "app/desktop/patient_name.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

namespace annotomy {

RevisionsDialog::RevisionsDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent)
    : QDialog(parent), m_controller(controller), m_chooser(chooser), m_id(id),
      m_model(new RevisionListModel(this)), m_table(new QTableView(this)),
      m_hint(makeLabel({}, "secondary", this)), m_revert(makeButton(tr("Revert to"), "", this)),
      m_compare(makeButton(tr("Compare"), "", this)), m_export(makeButton(tr("Export…"), "", this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    resize(760, 420);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    m_table->setModel(m_model);
    makeCalm(*m_table, 30, 10);
    m_table->setAccessibleName(tr("Revisions"));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(RevisionListModel::Note, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMaximumSectionSize(220);
    column->addWidget(m_table, 1);
    m_hint->setWordWrap(true);
    column->addWidget(m_hint);
    buildButtons();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RevisionsDialog::showAllowed);
    connect(&m_controller, &CaseController::revisionsChanged, this, &RevisionsDialog::refresh);
    connect(&m_controller, &CaseController::caseOpened, this, &RevisionsDialog::showAllowed);
    connect(&m_controller, &CaseController::caseClosed, this, &RevisionsDialog::showAllowed);
    refresh();
}

void RevisionsDialog::buildButtons()
{
    auto* row = new QHBoxLayout;
    auto* close = makeButton(tr("Close"), "quiet", this);
    row->addWidget(m_compare);
    row->addWidget(m_export);
    row->addStretch(1);
    row->addWidget(close);
    row->addWidget(m_revert);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_revert, &QPushButton::clicked, this, [this] {
        if (const RevisionRecord* revision = chosen())
            m_controller.revertTo(revision->id);
    });
    connect(m_compare, &QPushButton::clicked, this, [this] {
        if (const RevisionRecord* revision = chosen()) {
            m_controller.compareWith(revision->id);
            accept(); // the images lie behind this window
        }
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        if (const RevisionRecord* revision = chosen())
            (new ExportDialog(m_controller, m_chooser, m_id, revision->id, m_patient, this))->open();
    });
}

void RevisionsDialog::refresh()
{
    Workspace& workspace = m_controller.workbench().workspace();
    const auto record = workspace.caseById(m_id);
    const auto revisions = workspace.revisions(m_id);
    if (!record || !revisions) {
        Q_EMIT m_controller.failed(record ? revisions.error() : record.error());
        return;
    }
    m_patient = readableName(record->patientName.empty() ? record->patientKey : record->patientName);
    setWindowTitle(tr("Revisions of %1").arg(m_patient));
    m_model->setRevisions(*revisions, record->head);
    if (!revisions->empty())
        m_table->selectRow(0);
    showAllowed();
}

void RevisionsDialog::select(RevisionId revision)
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (m_model->at(m_model->index(row, 0))->id == revision)
            m_table->selectRow(row);
}

const RevisionRecord* RevisionsDialog::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model->at(rows.front());
}

void RevisionsDialog::showAllowed()
{
    const bool open = m_controller.session() && m_controller.caseId() == m_id;
    const bool writable = open && !m_controller.session()->readOnly();
    m_revert->setEnabled(chosen() && writable);
    m_compare->setEnabled(chosen() && open);
    m_export->setEnabled(chosen());
    if (m_model->rowCount() == 0)
        m_hint->setText(tr("Nothing has been saved yet."));
    else if (!open)
        m_hint->setText(tr("Open the case to revert to a revision or to compare with it."));
    else
        m_hint->setText(tr("Reverting is an edit: it can be undone, and nothing is lost."));
}

} // namespace annotomy
