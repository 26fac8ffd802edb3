#include "app/desktop/panels/model_choice.h"

#include "app/desktop/panels/gate_figures.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

bool learnsMirrored(const ModelRecord& model)
{
    return model.card.recipe.mirrorAxes != Index3{0, 0, 0};
}

} // namespace

ModelChoice::ModelChoice(QWidget* parent)
    : QWidget(parent), m_models(new QListWidget(this)), m_rule(new QComboBox(this)),
      m_mirror(new QCheckBox(tr("Average over mirror images (slower)"), this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(makeLabel(tr("Models; several become one"), "secondary", this));
    makeCalm(*m_models);
    m_models->setAccessibleName(tr("Models that propose"));
    m_models->setMinimumHeight(120);
    column->addWidget(m_models);
    // Weights are the command line's.
    m_rule->addItem(tr("Mean of their probabilities"), static_cast<int>(EnsembleRule::Mean));
    m_rule->addItem(tr("Vote"), static_cast<int>(EnsembleRule::Vote));
    m_rule->addItem(tr("STAPLE: by their reliability"), static_cast<int>(EnsembleRule::Staple));
    m_rule->setAccessibleName(tr("How several models become one"));
    m_rule->setFixedWidth(260);
    auto* row = new QHBoxLayout;
    row->addWidget(makeLabel(tr("Together"), "secondary", this));
    row->addStretch(1);
    row->addWidget(m_rule);
    column->addLayout(row);
    column->addWidget(m_mirror);
    connect(m_models, &QListWidget::itemChanged, this, [this] {
        showAllowed();
        Q_EMIT changed();
    });
    showAllowed();
}

void ModelChoice::setModels(const std::vector<ModelRecord>& models, ModelId current)
{
    m_records.assign(models.rbegin(), models.rend());
    const QSignalBlocker quiet(m_models);
    m_models->clear();
    for (const ModelRecord& model : m_records) {
        const auto dice = validationDice(model);
        const QString name = QString::fromStdString(model.name);
        const QString figure = dice ? tr("Dice %1").arg(paneltext::dice(dice)) : tr("not measured");
        auto* item = new QListWidgetItem(model.id == current ? tr("%1 · %2 · in use").arg(name, figure)
                                                             : tr("%1 · %2").arg(name, figure),
                                         m_models);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setCheckState(model.id == current ? Qt::Checked : Qt::Unchecked);
    }
    showAllowed();
}

void ModelChoice::choose(const std::vector<ModelId>& models)
{
    for (std::size_t n = 0; n < m_records.size(); ++n) {
        const bool wanted = std::find(models.begin(), models.end(), m_records[n].id) != models.end();
        m_models->item(static_cast<int>(n))->setCheckState(wanted ? Qt::Checked : Qt::Unchecked);
    }
}

void ModelChoice::setRule(EnsembleRule rule)
{
    m_rule->setCurrentIndex(std::max(0, m_rule->findData(static_cast<int>(rule))));
}

void ModelChoice::setMirror(bool mirror)
{
    m_mirror->setChecked(mirror);
}

ProposeOptions ModelChoice::options() const
{
    ProposeOptions options;
    for (std::size_t n = 0; n < m_records.size(); ++n)
        if (m_models->item(static_cast<int>(n))->checkState() == Qt::Checked)
            options.models.push_back(m_records[n].id);
    options.inference.rule = static_cast<EnsembleRule>(m_rule->currentData().toInt());
    options.inference.mirror = m_mirror->isEnabled() && m_mirror->isChecked();
    return options;
}

void ModelChoice::showAllowed()
{
    int chosen = 0;
    bool mirrored = false;
    for (std::size_t n = 0; n < m_records.size(); ++n)
        if (m_models->item(static_cast<int>(n))->checkState() == Qt::Checked) {
            ++chosen;
            mirrored = mirrored || learnsMirrored(m_records[n]);
        }
    m_rule->setEnabled(chosen > 1);
    m_mirror->setEnabled(mirrored);
    m_mirror->setToolTip(mirrored ? QString() : tr("No chosen model was trained on mirror images."));
}

} // namespace annotomy
