#include "app/desktop/panels/image_export_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/export_dialog.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/save_file_field.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace annotomy {

ImageExportDialog::ImageExportDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(controller.caseId()), m_images(controller.channels().all()),
      m_image(new QComboBox(this)), m_format(new QComboBox(this)), m_file(new SaveFileField(chooser, this))
{
    setWindowTitle(tr("Export the image of %1").arg(controller.view()->overlayText.patient));
    setMinimumWidth(520);
    for (const CaseChannel& image : m_images)
        m_image->addItem(channelTitle(image));
    m_image->setCurrentIndex(controller.channels().shown());
    for (const auto& [name, suffix] :
         {std::pair("NIfTI", ".nii.gz"), std::pair("NRRD", ".nrrd"), std::pair("MetaImage", ".mha")})
        m_format->addItem(QString::fromLatin1(name), QString::fromLatin1(suffix));
    if (m_images.size() > 1)
        addRow(tr("Image"), m_image);
    else
        m_image->hide();
    addRow(tr("Format"), m_format);
    auto* about = makeLabel(tr("The values and the place in the patient are kept, and nothing else of the header."), "secondary", this);
    about->setWordWrap(true);
    body()->addWidget(about);
    body()->addWidget(m_file);
    suggest();
    startButton()->setText(tr("Export"));
    connect(m_image, &QComboBox::currentIndexChanged, this, &ImageExportDialog::suggest);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ImageExportDialog::suggest);
    connect(m_file, &SaveFileField::changed, this, [this] { startButton()->setText(tr("Export")); });
}

void ImageExportDialog::addRow(const QString& name, QComboBox* box)
{
    auto* row = new QHBoxLayout;
    row->addWidget(makeLabel(name, "secondary", this));
    row->addStretch(1);
    box->setAccessibleName(name);
    box->setFixedWidth(260);
    row->addWidget(box);
    body()->addLayout(row);
}

void ImageExportDialog::setPath(const QString& path)
{
    m_file->setPath(path);
}

QString ImageExportDialog::path() const
{
    return m_file->path();
}

void ImageExportDialog::setImage(int index)
{
    m_image->setCurrentIndex(index);
}

void ImageExportDialog::setSuffix(const QString& suffix)
{
    m_format->setCurrentIndex(std::max(0, m_format->findData(suffix)));
}

QString ImageExportDialog::suffix() const
{
    return m_format->currentData().toString();
}

void ImageExportDialog::suggest()
{
    m_file->setFilter(QStringLiteral("%1 (*%2)").arg(m_format->currentText(), suffix()));
    const QString folder = m_suggested.isEmpty() ? exportsFolder(m_controller) : QFileInfo(path()).path();
    if (QFileInfo(path()).fileName() == m_suggested) {
        const QString image = m_image->currentText().isEmpty() ? QString() : QLatin1Char('_') + fileNameOf(m_image->currentText());
        m_suggested = fileNameOf(m_controller.view()->overlayText.patient) + image
                      + QStringLiteral("_image") + suffix(); // the mask of it is called alike
        return setPath(QDir(folder).filePath(m_suggested));
    }
    QString name = path();
    for (int n = 0; n < m_format->count(); ++n) // what the user typed keeps its name
        if (const QString former = m_format->itemData(n).toString(); name.endsWith(former, Qt::CaseInsensitive))
            return setPath(name.chopped(former.size()) + suffix());
}

void ImageExportDialog::start()
{
    if (!m_file->mayWrite()) {
        showQuestion(tr("This file exists. Press Replace to write over it."));
        return startButton()->setText(tr("Replace"));
    }
    makeExportsFolder(m_controller, path());
    const CaseChannel& image = m_images[static_cast<std::size_t>(m_image->currentIndex())];
    follow(m_controller.jobs().run<std::vector<Warning>>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("Exporting the image")}, this,
        [id = m_id, channel = image.primary ? std::string() : image.name, file = path().toStdString()](
            Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.exportImage(id, channel, file, stop, report);
        },
        [this, file = path()](Result<std::vector<Warning>> warnings) {
            rest();
            finish(warnings, file);
        }));
}

void ImageExportDialog::finish(const Result<std::vector<Warning>>& warnings, const QString& file)
{
    if (!warnings)
        return showFailure(warnings.error());
    QStringList lines{tr("Written: %1").arg(QDir::toNativeSeparators(file))};
    for (const Warning& warning : *warnings)
        lines << translatedSentence(warning.text);
    if (warnings->empty())
        showDone(lines.front());
    else
        showQuestion(lines.join(QLatin1Char('\n')));
}

} // namespace annotomy
