#include "app/desktop/panels/propose_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/model_choice.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QCheckBox>
#include <QDir>
#include <QVBoxLayout>

namespace annotomy {

ProposeDialog::ProposeDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(controller.caseId()), m_models(new ModelChoice(this)),
      m_probabilities(new QCheckBox(tr("Write the probability map"), this)),
      m_uncertainty(new QCheckBox(tr("Write the uncertainty map"), this))
{
    setWindowTitle(tr("Propose for %1").arg(controller.view()->overlayText.patient));
    setMinimumWidth(520);
    body()->addWidget(m_models);
    m_probabilities->setToolTip(tr("One minus the background's probability, as NIfTI among the exports"));
    m_uncertainty->setToolTip(tr("The entropy of the classes in nats, as NIfTI among the exports"));
    body()->addWidget(m_probabilities);
    body()->addWidget(m_uncertainty);
    startButton()->setText(tr("Propose"));
    Workspace& workspace = controller.workbench().workspace();
    const auto models = workspace.models();
    const auto current = workspace.currentModel();
    if (models && current)
        m_models->setModels(*models, *current ? (*current)->id : ModelId{});
    else
        showFailure(models ? current.error() : models.error());
}

void ProposeDialog::setMaps(bool probabilities, bool uncertainty)
{
    m_probabilities->setChecked(probabilities);
    m_uncertainty->setChecked(uncertainty);
}

QString ProposeDialog::mapPath(const QString& what) const
{
    const QString name = QStringLiteral("case-%1_%2.nii.gz").arg(m_id.value).arg(what);
    return QDir(exportsFolder(m_controller)).filePath(name);
}

void ProposeDialog::start()
{
    ProposeOptions options = m_models->options();
    if (options.models.empty())
        return showQuestion(tr("Choose at least one model."));
    if (m_probabilities->isChecked())
        options.probabilitiesPath = mapPath(QStringLiteral("probability")).toStdString();
    if (m_uncertainty->isChecked())
        options.uncertaintyPath = mapPath(QStringLiteral("entropy")).toStdString();
    makeExportsFolder(m_controller, mapPath({}));
    follow(m_controller.jobs().run<std::vector<Proposal>>(
        Job::Kind::Propose, {staticMetaObject, QT_TR_NOOP("Proposing")}, this,
        [id = m_id, options](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.propose({id}, options, stop, report);
        },
        [this, options](Result<std::vector<Proposal>> proposals) {
            rest();
            finish(proposals, options);
        }));
}

void ProposeDialog::finish(const Result<std::vector<Proposal>>& proposals, const ProposeOptions& options)
{
    if (!proposals)
        return showFailure(proposals.error());
    m_controller.takeProposal(m_id);
    QStringList written;
    for (const std::string& path : {options.probabilitiesPath, options.uncertaintyPath})
        if (!path.empty())
            written << QDir::toNativeSeparators(QString::fromStdString(path));
    if (written.isEmpty())
        return accept();
    showDone(tr("Written: %1").arg(written.join(QStringLiteral(", "))));
}

} // namespace annotomy
