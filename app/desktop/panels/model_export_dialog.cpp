#include "app/desktop/panels/model_export_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/save_file_field.h"
#include "app/workbench/model_transfer.h"

#include <QDir>
#include <QVBoxLayout>

namespace annotomy {

ModelExportDialog::ModelExportDialog(CaseController& controller, FileChooser& chooser, const ModelRecord& model, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(model.id), m_file(new SaveFileField(chooser, this))
{
    const QString name = QString::fromStdString(model.name);
    setWindowTitle(tr("Export %1").arg(name));
    setMinimumWidth(520);
    auto* about = makeLabel(tr("One TorchScript file with the model's card inside. It holds no images and no patient data."), "secondary", this);
    about->setWordWrap(true);
    body()->addWidget(about);
    m_file->setFilter(tr("TorchScript models (*.pt)"));
    m_file->setPath(QDir(exportsFolder(controller)).filePath(fileNameOf(name) + QStringLiteral(".pt")));
    body()->addWidget(m_file);
    startButton()->setText(tr("Export"));
    connect(m_file, &SaveFileField::changed, this, [this] { startButton()->setText(tr("Export")); });
}

QString ModelExportDialog::path() const
{
    return m_file->path();
}

void ModelExportDialog::setPath(const QString& path)
{
    m_file->setPath(path);
}

void ModelExportDialog::start()
{
    if (!m_file->mayWrite()) {
        showQuestion(tr("This file exists. Press Replace to write over it."));
        return startButton()->setText(tr("Replace"));
    }
    makeExportsFolder(m_controller, path());
    follow(m_controller.jobs().run<bool>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("Exporting a model")}, this,
        [id = m_id, file = path().toStdString()](Workbench& workbench, std::stop_token stop, const JobReport& report) -> Result<bool> {
            const auto done = exportModelFile(workbench, id, file, stop, report);
            return done ? Result<bool>(true) : Result<bool>(done.error());
        },
        [this, file = path()](Result<bool> done) {
            rest();
            if (!done)
                return showFailure(done.error());
            showDone(tr("Written: %1").arg(QDir::toNativeSeparators(file)));
        }));
}

} // namespace annotomy
