#include "app/desktop/dialogs.h"

#include "app/desktop/panels/attach_dialog.h"
#include "app/desktop/panels/compute_dialog.h"
#include "app/desktop/panels/dataset_dialog.h"
#include "app/desktop/panels/deidentify_dialog.h"
#include "app/desktop/panels/evaluation_dialog.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/file_chooser.h"
#include "app/desktop/inbox_control.h"
#include "app/desktop/panels/image_export_dialog.h"
#include "app/desktop/panels/import_dialog.h"
#include "app/desktop/panels/inbox_dialog.h"
#include "app/desktop/panels/models_dialog.h"
#include "app/desktop/panels/plan_dialog.h"
#include "app/desktop/panels/propose_dialog.h"
#include "app/desktop/panels/relink_dialog.h"
#include "app/desktop/panels/revisions_dialog.h"
#include "app/desktop/panels/study_dialog.h"
#include "app/desktop/panels/user_dialog.h"
#include "app/workbench/mask_attachment.h"

#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QWidget>

#include <numeric>

namespace annotomy {

namespace {

// An image of few grey values on the case's grid can be read as a mask, too: one has few segments, and leaves voxels out.
bool looksLikeMask(const LabelMap& labels)
{
    constexpr std::size_t mostSegments = 64;
    const std::vector<std::int64_t> counts = voxelCounts(labels);
    const std::int64_t labelled = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    return labels.segments().segments().size() <= mostSegments
           && labelled < static_cast<std::int64_t>(labels.geometry().voxelCount());
}

// Not modal to the loop: the job a dialog runs reports through the ordinary event loop.
void present(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowModality(Qt::WindowModal);
    dialog->open();
}

} // namespace

Dialogs::Dialogs(CaseController& controller, QWidget* window)
    : QObject(window), m_controller(controller), m_window(window)
{
    controller.setNamePrompt([this] { return UserDialog::ask(m_controller, m_window); });
    controller.setEmptyPrompt([this] { return confirmEmpty(); });
    connect(&controller, &CaseController::fileMissing, this, &Dialogs::relink);
}

Dialogs::~Dialogs()
{
    m_controller.setNamePrompt({});
    m_controller.setEmptyPrompt({});
}

bool Dialogs::confirmEmpty()
{
    QMessageBox question(QMessageBox::Question, tr("Approve"),
                         tr("Nothing is segmented in this case. Approve that there is nothing to segment?"),
                         QMessageBox::Cancel, m_window);
    const QAbstractButton* approve = question.addButton(tr("Approve as empty"), QMessageBox::AcceptRole);
    question.setDefaultButton(QMessageBox::Cancel);
    question.exec();
    return question.clickedButton() == approve;
}

void Dialogs::import(const QStringList& paths)
{
    auto* dialog = new ImportDialog(m_controller, systemFileChooser(), m_window);
    dialog->addPaths(paths);
    present(dialog);
}

// A lone file that can be read as a mask of the open case is offered to it, everything else to the worklist.
void Dialogs::takeDropped(const QStringList& paths)
{
    const QString& first = paths.front();
    const bool mayBeMask = paths.size() == 1 && m_controller.session() && QFileInfo(first).isFile()
                           && !first.endsWith(QStringLiteral(".zip"), Qt::CaseInsensitive);
    if (!mayBeMask)
        return import(paths);
    m_controller.jobs().run<bool>(
        Job::Kind::Other, {staticMetaObject, QT_TR_NOOP("Looking at what was dropped")}, this,
        [id = m_controller.caseId(), path = first.toStdString()](Workbench& workbench, std::stop_token stop,
                                                                 const JobReport& report) -> Result<bool> {
            const auto mask = workbench.readMask(id, path, {}, {}, stop, report);
            return mask && looksLikeMask(mask->labels);
        },
        [this, paths, id = m_controller.caseId()](Result<bool> isMask) {
            if (!isMask || !*isMask || m_controller.caseId() != id)
                import(paths); // which tells what is wrong with it
            else
                attachMask(paths.front());
        });
}

void Dialogs::importFolder()
{
    const QString folder = systemFileChooser().folder(m_window, tr("Import a folder"), QDir::homePath());
    if (!folder.isEmpty())
        import({folder});
}

void Dialogs::importFiles()
{
    const QStringList files = systemFileChooser().files(m_window, tr("Import files"));
    if (!files.isEmpty())
        import(files);
}

void Dialogs::exportMask()
{
    if (!m_controller.session())
        return;
    // The newest revision is what is exported, so that what was exported can be found again.
    if (m_controller.session()->hasUnsavedEdits())
        m_controller.save();
    present(new ExportDialog(m_controller, systemFileChooser(), m_controller.caseId(), {},
                             m_controller.view()->overlayText.patient, m_window));
}

void Dialogs::exportImage()
{
    if (m_controller.session())
        present(new ImageExportDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::attachMask(const QString& file)
{
    if (!m_controller.session())
        return;
    auto* dialog = new AttachDialog(m_controller, systemFileChooser(), m_controller.caseId(),
                                    m_controller.view()->overlayText.patient, m_window);
    dialog->setPath(file);
    present(dialog);
}

void Dialogs::exportDataset()
{
    present(new DatasetDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::deidentify()
{
    present(new DeidentifyDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::relinkAll()
{
    present(new RelinkDialog(m_controller, systemFileChooser(), {}, m_window));
}

void Dialogs::inbox()
{
    present(new InboxDialog(m_controller.inbox(), systemFileChooser(), m_window));
}

void Dialogs::showRevisions()
{
    if (m_controller.session())
        present(new RevisionsDialog(m_controller, systemFileChooser(), m_controller.caseId(), m_window));
}

void Dialogs::showStudy()
{
    if (m_controller.session())
        present(new StudyDialog(m_controller, m_window));
}

void Dialogs::showModels()
{
    present(new ModelsDialog(m_controller, m_window));
}

void Dialogs::propose()
{
    if (m_controller.session())
        present(new ProposeDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::planTraining()
{
    auto* dialog = new PlanDialog(m_controller, systemFileChooser(), m_window);
    connect(dialog, &PlanDialog::trainingWanted, this, &Dialogs::trainingWanted);
    present(dialog);
}

void Dialogs::judgeModel()
{
    present(new EvaluationDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::showCompute()
{
    present(new ComputeDialog(m_controller, systemFileChooser(), m_window));
}

void Dialogs::relink(CaseId id, const Error& error)
{
    auto* dialog = new RelinkDialog(m_controller, systemFileChooser(), id, m_window);
    dialog->setReason(error);
    present(dialog);
}

} // namespace annotomy
