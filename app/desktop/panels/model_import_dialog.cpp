#include "app/desktop/panels/model_import_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/user_dialog.h"
#include "app/workbench/model_transfer.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace annotomy {

ModelImportDialog::ModelImportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_name(new QLineEdit(this))
{
    setWindowTitle(tr("Import a model"));
    setMinimumWidth(560);
    auto* about = makeLabel(tr("A TorchScript model, a MONAI bundle exported as one, or weights alone. It becomes a candidate: the "
                               "current model stays what it is."),
                            "secondary", this);
    about->setWordWrap(true);
    body()->addWidget(about);
    const QString json = tr("JSON files (*.json)");
    m_file = addFile(tr("Model"), tr("Models (*.pt *.ts *.pth *.safetensors);;All files (*)"));
    m_card = addFile(tr("Card, for what the model does not say"), json);
    m_architecture = addFile(tr("Network, for weights alone"), json);
    m_labels = addFile(tr("Names of the classes"), json);
    body()->addWidget(makeLabel(tr("Name"), "secondary", this));
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("As the model calls itself"));
    body()->addWidget(m_name);
    startButton()->setText(tr("Import"));
    startButton()->setEnabled(false);
    connect(m_file, &QLineEdit::textChanged, this,
            [this](const QString& text) { startButton()->setEnabled(!text.trimmed().isEmpty() && !working()); });
}

QLineEdit* ModelImportDialog::addFile(const QString& name, const QString& filter)
{
    body()->addWidget(makeLabel(name, "secondary", this));
    auto* row = new QHBoxLayout;
    auto* line = new QLineEdit(this);
    line->setAccessibleName(name);
    auto* browse = makeButton(tr("Browse…"), "quiet", this);
    row->addWidget(line, 1);
    row->addWidget(browse);
    body()->addLayout(row);
    connect(browse, &QPushButton::clicked, this, [this, line, name, filter] {
        const QString start = QFileInfo(line->text().isEmpty() ? m_file->text() : line->text()).path();
        if (const QString file = m_chooser.file(this, name, start, filter); !file.isEmpty())
            line->setText(file);
    });
    return line;
}

void ModelImportDialog::setModelFile(const QString& path)
{
    m_file->setText(path);
}

void ModelImportDialog::start()
{
    const QString who = UserDialog::nameOrAsk(m_controller, this);
    if (who.isEmpty())
        return;
    ModelImportFiles files;
    files.model = m_file->text().trimmed().toStdString();
    files.card = m_card->text().trimmed().toStdString();
    files.architecture = m_architecture->text().trimmed().toStdString();
    files.labels = m_labels->text().trimmed().toStdString();
    files.name = m_name->text().trimmed().toStdString();
    files.person = who.toStdString();
    follow(m_controller.jobs().run<ModelRecord>(
        Job::Kind::Import, {staticMetaObject, QT_TR_NOOP("Importing a model")}, this,
        [files](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return importModelFile(workbench, files, stop, report);
        },
        [this](Result<ModelRecord> model) {
            rest();
            finish(model);
        }));
}

void ModelImportDialog::finish(const Result<ModelRecord>& model)
{
    if (!model)
        return showFailure(model.error());
    QStringList classes;
    for (const ModelClass& one : model->card.classes)
        classes << QString::fromStdString(one.name);
    showDone(tr("%1 is here; it finds %2.").arg(QString::fromStdString(model->name), classes.join(QStringLiteral(", "))));
    Q_EMIT m_controller.modelsChanged();
}

} // namespace annotomy
