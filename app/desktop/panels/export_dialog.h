#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace annotomy {

// Writes a case's mask to a file on the image's own grid.
class ExportDialog : public JobDialog {
    Q_OBJECT

public:
    // revision 0: the newest one.
    ExportDialog(CaseController& controller, FileChooser& chooser, CaseId id, RevisionId revision,
                 const QString& patient, QWidget* parent = nullptr);

    void setPath(const QString& path);
    QString path() const;
    void setFormat(const QString& format); // one of exportFormats()
    QString format() const;
    void setDeidentified(bool deidentified);
    bool deidentified() const; // of DICOM formats only

protected:
    void start() override;

private:
    QString exportsFolder() const;
    void buildFormat();
    void followFormat();
    QString modalitySuffix() const;
    void hideName();
    bool mayWrite(); // false: the file exists, and the user was asked

    CaseId m_id;
    RevisionId m_revision;
    QComboBox* m_format;
    QLabel* m_about;
    QCheckBox* m_deidentify;
    QLineEdit* m_path;
    QString m_named, m_nameless; // suggested names of the file, without folder and suffix
    QString m_replaced; // the existing file that the user agreed to replace
};

// A patient's name as a file's: letters, digits, dot, dash and underscore.
QString fileNameOf(const QString& patient);

} // namespace annotomy
