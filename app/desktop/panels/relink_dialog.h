#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QLineEdit;

namespace annotomy {

// A study that is no longer where it was: the user points to its new folder, and the case opens again.
class RelinkDialog : public JobDialog {
    Q_OBJECT

public:
    RelinkDialog(CaseController& controller, FileChooser& chooser, CaseId id, QWidget* parent = nullptr);
    void setReason(const Error& error); // what could not be found
    void setFolder(const QString& folder);

protected:
    void start() override;

private:
    CaseId m_id;
    QLabel* m_reason;
    QLineEdit* m_folder;
};

} // namespace annotomy
