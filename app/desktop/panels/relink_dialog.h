#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QCheckBox;

namespace annotomy {

class FolderField;

// A study that is no longer where it was: the user points to its new folder, and the case opens again. One look there may serve
// every other case whose files are missing, too.
class RelinkDialog : public JobDialog {
    Q_OBJECT

public:
    // id 0: none in particular, all that are missing
    RelinkDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent = nullptr);
    void setReason(const Error& error); // what could not be found
    void setFolder(const QString& folder);

protected:
    void start() override;

private:
    void relinkOne(const std::string& folder);
    void relinkAll(const std::string& folder);
    void showAll(const RelinkReport& report);

    CaseId m_id;
    QLabel* m_reason;
    FolderField* m_folder;
    QCheckBox* m_all;
};

} // namespace annotomy
