#pragma once

#include "app/desktop/panels/job_dialog.h"
#include "storage/records.h"

class QCheckBox;
class QComboBox;

namespace annotomy {

class SaveFileField;

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
    void buildFormat();
    void followFormat();
    QString modalitySuffix() const;
    void hideName();

    CaseId m_id;
    RevisionId m_revision;
    QComboBox* m_format;
    QLabel* m_about;
    QCheckBox* m_deidentify;
    SaveFileField* m_file;
    QString m_named, m_nameless; // suggested names of the file, without folder and suffix
};

// A patient's name as a file's: letters, digits, dot, dash and underscore.
QString fileNameOf(const QString& patient);
// Where exports are put unless the user says otherwise; made when a file is to be written there.
QString exportsFolder(CaseController& controller);
void makeExportsFolder(CaseController& controller, const QString& file);

} // namespace annotomy
