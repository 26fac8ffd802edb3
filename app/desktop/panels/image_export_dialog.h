#pragma once

#include "app/desktop/case_channels.h"
#include "app/desktop/panels/job_dialog.h"

class QComboBox;

namespace annotomy {

class SaveFileField;

// Writes the image of the open case, or another one of its images, as NIfTI, NRRD or MetaImage.
class ImageExportDialog : public JobDialog {
    Q_OBJECT

public:
    ImageExportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent = nullptr);

    void setPath(const QString& path);
    QString path() const;
    void setImage(int index); // one of the case's channels
    void setSuffix(const QString& suffix); // ".nii.gz", ".nrrd" or ".mha"
    QString suffix() const;

protected:
    void start() override;

private:
    void addRow(const QString& name, QComboBox* box);
    void suggest(); // a name that tells patient, image and format
    void finish(const Result<std::vector<Warning>>& warnings, const QString& file);

    CaseId m_id;
    std::vector<CaseChannel> m_images;
    QComboBox* m_image;
    QComboBox* m_format;
    SaveFileField* m_file;
    QString m_suggested; // no longer followed once the user names the file
};

} // namespace annotomy
