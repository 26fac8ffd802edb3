#include "app/desktop/panels/case_menu.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/attach_dialog.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/relink_dialog.h"
#include "app/desktop/panels/revisions_dialog.h"
#include "app/desktop/panels/worklist_panel.h"

#include <QMenu>

#include <algorithm>

namespace annotomy {

namespace {

// The case stays as it is, with its work: the regularised series is another one.
void importRegularised(CaseController& controller, CaseId id, QWidget* context)
{
    const auto record = controller.workbench().workspace().caseById(id);
    if (!record)
        return controller.report(record.error());
    ImportOptions options;
    options.regularise = true;
    // With the other stretches of a stack that was cut where its spacing changes.
    std::vector<std::string> files = record->series.files;
    if (const auto siblings = controller.workbench().workspace().casesOfSeries(record->series.info.seriesUid))
        for (const CaseId sibling : *siblings)
            if (const auto other = controller.workbench().workspace().caseById(sibling); other && sibling != id)
                files.insert(files.end(), other->series.files.begin(), other->series.files.end());
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    controller.jobs().run<ImportReport>(
        Job::Kind::Import,
        {WorklistPanel::staticMetaObject, QT_TRANSLATE_NOOP("annotomy::WorklistPanel", "Importing on an even grid")}, context,
        [files, options](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.importPaths(files, options, stop, report);
        },
        [&controller](Result<ImportReport> report) {
            if (!report)
                return controller.report(report.error());
            Q_EMIT controller.caseListChanged();
            if (!report->cases.empty())
                controller.openCase(report->cases.front().id);
        });
}

} // namespace

void showCaseMenu(CaseController& controller, FileChooser& chooser, CaseId id, const QString& patient, QWidget* parent,
                  const QPoint& position)
{
    auto* menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(WorklistPanel::tr("Open"), parent, [&controller, id] {
        if (id != controller.caseId())
            controller.openCase(id);
    });
    menu->addAction(WorklistPanel::tr("Revisions…"), parent,
                    [&controller, &chooser, id, parent] { (new RevisionsDialog(controller, chooser, id, parent))->open(); });
    menu->addAction(WorklistPanel::tr("Attach a mask…"), parent, [&controller, &chooser, id, patient, parent] {
        (new AttachDialog(controller, chooser, id, patient, parent))->open();
    });
    menu->addAction(WorklistPanel::tr("Export mask…"), parent, [&controller, &chooser, id, patient, parent] {
        (new ExportDialog(controller, chooser, id, {}, patient, parent))->open();
    });
    menu->addSeparator();
    const auto record = controller.workbench().workspace().caseById(id);
    if (record && (record->series.irregular || !record->series.partOf.empty()) && !record->series.regularised)
        menu->addAction(WorklistPanel::tr("Import again on an even grid"), parent,
                        [&controller, id, parent] { importRegularised(controller, id, parent); });
    menu->addAction(WorklistPanel::tr("Point to moved files…"), parent,
                    [&controller, &chooser, id, parent] { (new RelinkDialog(controller, chooser, id, parent))->open(); });
    menu->popup(position);
}

} // namespace annotomy
