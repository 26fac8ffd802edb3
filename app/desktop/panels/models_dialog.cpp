#include "app/desktop/panels/models_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/gate_figures.h"
#include "app/desktop/panels/model_export_dialog.h"
#include "app/desktop/panels/model_import_dialog.h"
#include "app/desktop/panels/model_list_model.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/user_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

namespace annotomy {

ModelsDialog::ModelsDialog(CaseController& controller, QWidget* parent, FileChooser& chooser)
    : QDialog(parent), m_controller(controller), m_chooser(chooser), m_model(new ModelListModel(this)),
      m_table(new QTableView(this)), m_gate(makeLabel({}, "secondary", this)), m_reason(new QLineEdit(this)),
      m_promote(makeButton(tr("Make current"), "primary", this)),
      m_export(makeButton(tr("Export model…"), "quiet", this)), m_rollBack(makeButton(tr("Roll back"), "", this))
{
    setWindowTitle(tr("Models"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 440);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    m_table->setModel(m_model);
    makeCalm(*m_table, 30, 10);
    m_table->setAccessibleName(tr("Models"));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ModelListModel::Name, QHeaderView::Stretch);
    column->addWidget(m_table, 1);
    m_gate->setWordWrap(true);
    column->addWidget(m_gate);
    column->addLayout(buildTransfers());
    column->addLayout(buildActions());
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ModelsDialog::showChosen);
    connect(m_reason, &QLineEdit::textChanged, this, &ModelsDialog::showChosen);
    connect(&m_controller, &CaseController::modelsChanged, this, &ModelsDialog::refresh);
    refresh();
}

QLayout* ModelsDialog::buildTransfers()
{
    auto* row = new QHBoxLayout;
    auto* import = makeButton(tr("Import model…"), "quiet", this);
    row->addWidget(import);
    row->addWidget(m_export);
    row->addStretch(1);
    connect(import, &QPushButton::clicked, this, [this] { (new ModelImportDialog(m_controller, m_chooser, this))->open(); });
    connect(m_export, &QPushButton::clicked, this, [this] {
        if (const ModelRecord* model = chosen())
            (new ModelExportDialog(m_controller, m_chooser, *model, this))->open();
    });
    return row;
}

QLayout* ModelsDialog::buildActions()
{
    auto* row = new QHBoxLayout;
    m_reason->setPlaceholderText(tr("Reason, kept with the decision"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMinimumHeight(30);
    auto* close = makeButton(tr("Close"), "quiet", this);
    row->addWidget(m_reason, 1);
    row->addWidget(close);
    row->addWidget(m_rollBack);
    row->addWidget(m_promote);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_promote, &QPushButton::clicked, this, [this] {
        if (const ModelRecord* model = chosen())
            promote(model->id);
    });
    connect(m_rollBack, &QPushButton::clicked, this, [this] {
        if (const ModelRecord* former = m_model->formerCurrent())
            promote(former->id);
    });
    return row;
}

void ModelsDialog::refresh()
{
    const ModelRecord* before = chosen();
    const ModelId kept = before ? before->id : ModelId{};
    auto models = m_controller.workbench().workspace().models();
    if (!models) {
        Q_EMIT m_controller.failed(models.error());
        return;
    }
    m_model->setModels(std::move(*models));
    if (m_model->rowCount() > 0)
        m_table->selectRow(std::max(0, m_model->rowOf(kept)));
    showChosen();
}

void ModelsDialog::select(ModelId id)
{
    if (const int row = m_model->rowOf(id); row >= 0)
        m_table->selectRow(row);
}

const ModelRecord* ModelsDialog::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model->at(rows.front());
}

void ModelsDialog::showChosen()
{
    const ModelRecord* model = chosen();
    const ModelRecord* former = m_model->formerCurrent();
    const bool reasoned = !m_reason->text().trimmed().isEmpty();
    QString gate = model ? gateSentence(gateFigures(model->gateJson))
                         : tr("No model yet: approve a few cases, then train.");
    if (model && gate.isEmpty())
        gate = tr("This model was never compared with another one.");
    m_gate->setText(gate);
    m_export->setEnabled(model);
    m_promote->setEnabled(model && model->status != ModelStatus::Current && reasoned);
    m_rollBack->setEnabled(former && reasoned);
    m_rollBack->setToolTip(former ? tr("Make %1 current again").arg(QString::fromStdString(former->name))
                                  : tr("There is no former model"));
}

void ModelsDialog::promote(ModelId id)
{
    const std::string reason = m_reason->text().trimmed().toStdString();
    const QString who = UserDialog::nameOrAsk(m_controller, this);
    if (who.isEmpty())
        return;
    const auto promoted = m_controller.workbench().promote(id, who.toStdString(), reason);
    if (!promoted) {
        Q_EMIT m_controller.failed(promoted.error());
        return;
    }
    m_reason->clear();
    Q_EMIT m_controller.modelsChanged();
}

} // namespace annotomy
