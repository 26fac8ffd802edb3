#include "app/desktop/panels/evaluation_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/model_choice.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/workbench/evaluation.h"

#include <QDesktopServices>
#include <QDir>
#include <QHBoxLayout>
#include <QUrl>
#include <QVBoxLayout>

namespace annotomy {

EvaluationDialog::EvaluationDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_models(new ModelChoice(this)),
      m_pool(new ChoiceBar({tr("Validation"), tr("Test")}, this)), m_folder(new FolderField(chooser, tr("Folder for the report"), this)),
      m_open(makeButton(tr("Open the report"), "quiet", this))
{
    setWindowTitle(tr("Judge a model"));
    setMinimumWidth(520);
    auto* hint = makeLabel(tr("The model proposes on every approved case of the pool; overlap, distances and volumes are written as "
                              "HTML, PDF, CSV and JSON."),
                           "secondary", this);
    hint->setWordWrap(true);
    body()->addWidget(hint);
    body()->addWidget(m_models);
    auto* row = new QHBoxLayout;
    row->addWidget(makeLabel(tr("Pool"), "secondary", this));
    row->addStretch(1);
    row->addWidget(m_pool);
    body()->addLayout(row);
    body()->addWidget(m_folder);
    body()->addWidget(m_open, 0, Qt::AlignLeft);
    m_open->hide();
    m_folder->setFolder(QDir(exportsFolder(controller)).filePath(QStringLiteral("report")));
    startButton()->setText(tr("Judge"));
    connect(m_open, &QPushButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QDir(m_folder->folder()).filePath(QStringLiteral("report.html"))));
    });
    Workspace& workspace = controller.workbench().workspace();
    const auto models = workspace.models();
    const auto current = workspace.currentModel();
    if (models && current)
        m_models->setModels(*models, *current ? (*current)->id : ModelId{});
    else
        showFailure(models ? current.error() : models.error());
}

void EvaluationDialog::setFolder(const QString& folder)
{
    m_folder->setFolder(folder);
}

void EvaluationDialog::setPool(Pool pool)
{
    m_pool->setCurrent(pool == Pool::Test ? 1 : 0);
}

Pool EvaluationDialog::pool() const
{
    return m_pool->current() == 1 ? Pool::Test : Pool::Validation;
}

void EvaluationDialog::start()
{
    const ProposeOptions options = m_models->options();
    if (options.models.empty())
        return showQuestion(tr("Choose at least one model."));
    if (m_folder->folder().isEmpty())
        return showQuestion(tr("Choose a folder for the report."));
    m_open->hide();
    follow(m_controller.jobs().run<int>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Judging a model")}, this,
        [pool = pool(), options, folder = m_folder->folder().toStdString()](Workbench& workbench, std::stop_token stop,
                                                                            const JobReport& report) -> Result<int> {
            const auto evaluation = workbench.evaluate(pool, options, stop, report);
            if (!evaluation)
                return evaluation.error();
            if (const auto written = writeEvaluation(*evaluation, folder); !written)
                return written.error();
            return static_cast<int>(evaluation->cases.size());
        },
        [this, folder = m_folder->folder()](Result<int> cases) {
            rest();
            finish(cases, folder);
        }));
}

void EvaluationDialog::finish(const Result<int>& cases, const QString& folder)
{
    if (!cases)
        return showFailure(cases.error());
    m_open->show();
    showDone(tr("Cases judged: %1; the report lies in %2.").arg(*cases).arg(QDir::toNativeSeparators(folder)));
}

} // namespace annotomy
