#include "app/desktop/panels/export_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_widgets.h"
#include "app/desktop/panels/save_file_field.h"
#include "app/workbench/mask_export.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

struct Words {
    const char* format;
    const char* name;   // a proper name: not translated
    const char* suffix; // the one of its suffixes that a new file gets
    const char* about;
};

constexpr std::array words{
    Words{"nifti", "NIfTI", ".nii.gz",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "One label a voxel: where segments overlap, the last one counts. Names and codes are not kept.")},
    Words{"nrrd", "NRRD", ".nrrd",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "One label a voxel: where segments overlap, the last one counts. Names and codes are not kept.")},
    Words{"seg-nrrd", "NRRD, Slicer segmentation", ".seg.nrrd",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "Overlapping segments, names, colours and codes are kept, for 3D Slicer.")},
    Words{"mha", "MetaImage", ".mha",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "One label a voxel: where segments overlap, the last one counts. Names and codes are not kept.")},
    Words{"dicom-seg", "DICOM SEG", ".dcm",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "Overlapping segments, names, codes, tracking and the references to the images are kept, for PACS.")},
    Words{"rtstruct", "DICOM RTSTRUCT", ".dcm",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "Contours slice by slice, for treatment planning. Overlapping segments and names are kept; voxels come "
                            "back with a Dice of 0.99 or more.")},
    Words{"dicom-sr", "DICOM SR", ".dcm",
          QT_TRANSLATE_NOOP("annotomy::ExportDialog",
                            "A report of volumes and intensities (TID 1500), and beside it the segmentation that it measures.")},
};

const Words* wordsOf(const std::string& format)
{
    const auto found = std::find_if(words.begin(), words.end(), [&](const Words& w) { return format == w.format; });
    return found == words.end() ? nullptr : &*found;
}

QString titleOf(const ExportFormat& format)
{
    const Words* known = wordsOf(format.name);
    return QString::fromStdString(known ? known->name : format.name);
}

QString suffixOf(const QString& format)
{
    if (const Words* known = wordsOf(format.toStdString()))
        return QString::fromLatin1(known->suffix);
    const ExportFormat* row = exportFormatNamed(format.toStdString());
    return row ? QString::fromStdString(row->suffixes.front()) : QString();
}

// The longest of all suffixes that it ends in.
QString withoutSuffix(const QString& path)
{
    qsizetype longest = 0;
    for (const ExportFormat& format : exportFormats())
        for (const std::string& suffix : format.suffixes)
            if (const QString text = QString::fromStdString(suffix); path.endsWith(text, Qt::CaseInsensitive))
                longest = std::max(longest, text.size());
    return path.chopped(longest);
}

} // namespace

QString fileNameOf(const QString& patient)
{
    QString name;
    for (const QChar letter : patient)
        name +=
            letter.isLetterOrNumber() || QStringLiteral(".-_").contains(letter) ? letter : QLatin1Char('_');
    return name.isEmpty() || name.startsWith(QLatin1Char('.')) ? QStringLiteral("mask") + name : name;
}

QString exportsFolder(CaseController& controller)
{
    return QString::fromStdString(controller.workbench().workspace().folder()) + QStringLiteral("/exports");
}

void makeExportsFolder(CaseController& controller, const QString& file)
{
    const QString folder = QFileInfo(exportsFolder(controller)).absoluteFilePath();
    if (QFileInfo(file).absolutePath() == folder)
        QDir().mkpath(folder);
}

ExportDialog::ExportDialog(CaseController& controller, FileChooser& chooser, CaseId id, RevisionId revision,
                           const QString& patient, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_id(id), m_revision(revision),
      m_format(new QComboBox(this)),
      m_about(makeLabel({}, "secondary", this)), m_deidentify(new QCheckBox(tr("De-identify"), this)), m_file(new SaveFileField(chooser, this))
{
    setWindowTitle(revision ? tr("Export revision %1 of %2").arg(revision.value).arg(patient)
                            : tr("Export the mask of %1").arg(patient));
    setMinimumWidth(520);
    buildFormat();
    body()->addWidget(m_file);
    m_named = fileNameOf(patient) + modalitySuffix();
    m_nameless = QStringLiteral("case_%1").arg(id.value, 4, 10, QLatin1Char('0')) + modalitySuffix();
    setPath(QDir(exportsFolder(m_controller)).filePath(m_named + suffixOf(format())));
    followFormat();
    startButton()->setText(tr("Export"));
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::followFormat);
    connect(m_deidentify, &QCheckBox::toggled, this, &ExportDialog::hideName);
    connect(m_file, &SaveFileField::changed, this, [this] { startButton()->setText(tr("Export")); });
}

// A patient's CT and MR are two files.
QString ExportDialog::modalitySuffix() const
{
    const auto record = m_controller.workbench().workspace().caseById(m_id);
    if (!record || record->series.info.modality.empty() || record->series.info.modality == "OT")
        return {};
    return QLatin1Char('_') + fileNameOf(QString::fromStdString(record->series.info.modality));
}

void ExportDialog::setPath(const QString& path)
{
    m_file->setPath(path);
}

QString ExportDialog::path() const
{
    return m_file->path();
}

void ExportDialog::buildFormat()
{
    auto* line = new QHBoxLayout;
    line->addWidget(makeLabel(tr("Format"), "secondary", this));
    line->addStretch(1);
    for (const ExportFormat& format : exportFormats())
        m_format->addItem(titleOf(format), QString::fromStdString(format.name));
    m_format->setAccessibleName(tr("Format"));
    m_format->setFixedWidth(260);
    line->addWidget(m_format);
    body()->addLayout(line);
    m_about->setWordWrap(true);
    m_about->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_about->setMinimumHeight(2 * m_about->fontMetrics().lineSpacing() + 4); // the dialog keeps still
    body()->addWidget(m_about);
    m_deidentify->setToolTip(tr("The object names no patient: new UIDs and a pseudonym, the same in every export of this workspace."));
    body()->addWidget(m_deidentify);
}

void ExportDialog::setFormat(const QString& format)
{
    m_format->setCurrentIndex(std::max(0, m_format->findData(format)));
}

QString ExportDialog::format() const
{
    return m_format->currentData().toString();
}

void ExportDialog::setDeidentified(bool deidentified)
{
    m_deidentify->setChecked(deidentified);
}

bool ExportDialog::deidentified() const
{
    return m_deidentify->isEnabled() && m_deidentify->isChecked();
}

void ExportDialog::followFormat()
{
    const Words* known = wordsOf(format().toStdString());
    m_about->setText(known ? tr(known->about) : QString());
    m_file->setFilter(QStringLiteral("%1 (*%2)").arg(m_format->currentText(), suffixOf(format())));
    m_deidentify->setEnabled(suffixOf(format()) == QStringLiteral(".dcm"));
    setPath(withoutSuffix(path()) + suffixOf(format()));
    hideName();
}

// A file that names nobody is not called after the patient; a name that the user typed stays.
void ExportDialog::hideName()
{
    const QString former = deidentified() ? m_named : m_nameless, wanted = deidentified() ? m_nameless : m_named;
    const QString suffix = suffixOf(format());
    if (QFileInfo(path()).fileName() == former + suffix)
        setPath(QDir(QFileInfo(path()).path()).filePath(wanted + suffix));
}

void ExportDialog::start()
{
    if (!m_file->mayWrite()) {
        showQuestion(tr("This file exists. Press Replace to write over it."));
        return startButton()->setText(tr("Replace"));
    }
    makeExportsFolder(m_controller, path());
    const CaseId id = m_id;
    const RevisionId revision = m_revision;
    const std::string kind = format().toStdString(), file = path().toStdString();
    follow(m_controller.jobs().run<ExportOutcome>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("Exporting")}, this,
        [=, nameless = deidentified()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return nameless ? workbench.exportDeidentified(id, revision, kind, file, {}, {}, stop, report)
                            : workbench.exportMask(id, revision, kind, file, stop, report);
        },
        [this](Result<ExportOutcome> written) {
            rest();
            if (!written)
                return showFailure(written.error());
            QStringList lines;
            for (const std::string& path : written->files)
                lines << tr("Written and read back: %1").arg(QDir::toNativeSeparators(QString::fromStdString(path)));
            for (const std::string& note : written->notes)
                lines << translatedSentence(note);
            showDone(lines.join(QLatin1Char('\n')));
        }));
}

} // namespace annotomy
