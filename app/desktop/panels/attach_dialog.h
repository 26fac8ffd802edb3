#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QLineEdit;

namespace annotomy {

// Makes a mask file the newest revision of a case, open or not: work that is there is kept, as undo takes the mask back.
class AttachDialog : public JobDialog {
    Q_OBJECT

public:
    AttachDialog(CaseController& controller, FileChooser& chooser, CaseId id, const QString& patient,
                 QWidget* parent = nullptr);

    void setPath(const QString& path);
    QString path() const;
    void choose(); // asks for the file at once

protected:
    void start() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    bool isOpen() const;
    void attachToOpen();
    void attachToClosed();
    void finish(const Result<RevisionRecord>& attached);
    QString folder() const;

    CaseId m_id;
    QLineEdit* m_path;
};

} // namespace annotomy
