#include "app/desktop/panels/dataset_dialog.h"

#include "app/desktop/case_controller.h"
#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/folder_field.h"
#include "app/desktop/panels/panel_widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace annotomy {

namespace {

struct Layout {
    const char* key;
    const char* name; // a proper name: not translated
    const char* about;
};

constexpr std::array layouts{
    Layout{"nnunet", "nnU-Net v2",
           QT_TRANSLATE_NOOP("annotomy::DatasetDialog",
                             "Raw data with dataset.json and the splits: train and validation cases in imagesTr, test "
                             "cases in imagesTs. One label a voxel.")},
    Layout{"msd", "Medical Segmentation Decathlon",
           QT_TRANSLATE_NOOP("annotomy::DatasetDialog",
                             "imagesTr, labelsTr and imagesTs with dataset.json; channels in one 4-D file. One label a voxel.")},
    Layout{"coco", "COCO",
           QT_TRANSLATE_NOOP("annotomy::DatasetDialog",
                             "Slices as pictures with outlines and boxes, for 2-D detectors. Overlapping segments are kept.")},
    Layout{"bids", "BIDS derivatives",
           QT_TRANSLATE_NOOP("annotomy::DatasetDialog",
                             "Subjects and derivatives of masks with their label table, for MR. One label a voxel.")},
};

QWidget* row(const QString& label, QWidget* field, QWidget* parent)
{
    auto* holder = new QWidget(parent);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(makeLabel(label, "secondary", holder));
    line->addStretch(1);
    line->addWidget(field);
    return holder;
}

} // namespace

DatasetDialog::DatasetDialog(CaseController& controller, FileChooser& chooser, QWidget* parent)
    : JobDialog(controller, chooser, parent), m_layout(new QComboBox(this)), m_about(makeLabel({}, "secondary", this)),
      m_modality(new QComboBox(this)), m_counts(makeLabel({}, "", this)), m_name(new QLineEdit(this)),
      m_planeRow(nullptr), m_plane(new ChoiceBar({tr("Axial"), tr("Coronal"), tr("Sagittal")}, this)),
      m_suffixRow(nullptr), m_suffix(new QLineEdit(this)),
      m_flatten(new QCheckBox(tr("Where segments overlap, the last one counts"), this)),
      m_folder(new FolderField(chooser, tr("Folder of the data set: a new one"), this))
{
    setWindowTitle(tr("Export a data set"));
    setMinimumWidth(520);
    buildChoices();
    startButton()->setText(tr("Export"));
    connect(m_layout, &QComboBox::currentIndexChanged, this, &DatasetDialog::showChoices);
    connect(m_modality, &QComboBox::currentIndexChanged, this, &DatasetDialog::showCounts);
    connect(m_folder, &FolderField::changed, this, &DatasetDialog::showCounts);
    m_folder->setFocus();
    showChoices();
    readApproved();
}

void DatasetDialog::buildChoices()
{
    constexpr int fieldWidth = 260;
    for (const Layout& layout : layouts)
        m_layout->addItem(QString::fromLatin1(layout.name), QString::fromLatin1(layout.key));
    m_layout->setAccessibleName(tr("Layout"));
    m_modality->setAccessibleName(tr("Modality"));
    m_modality->addItem(tr("All modalities"));
    m_name->setPlaceholderText(tr("As the folder is called"));
    m_name->setAccessibleName(tr("Name"));
    m_suffix->setPlaceholderText(tr("By the series: T1w, FLAIR, …"));
    m_suffix->setAccessibleName(tr("Suffix"));
    for (QWidget* field : std::initializer_list<QWidget*>{m_layout, m_modality, m_name, m_suffix, m_plane})
        field->setFixedWidth(fieldWidth);
    m_about->setWordWrap(true);
    m_about->setMinimumHeight(2 * m_about->fontMetrics().lineSpacing() + 4); // the dialog keeps still
    m_about->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_counts->setWordWrap(true);
    body()->addWidget(row(tr("Layout"), m_layout, this));
    body()->addWidget(m_about);
    body()->addWidget(row(tr("Images"), m_modality, this));
    body()->addWidget(m_counts);
    body()->addWidget(row(tr("Name"), m_name, this));
    m_planeRow = row(tr("Slices"), m_plane, this);
    body()->addWidget(m_planeRow);
    m_suffixRow = row(tr("Suffix"), m_suffix, this);
    body()->addWidget(m_suffixRow);
    body()->addWidget(m_flatten);
    body()->addWidget(m_folder);
    m_flatten->setToolTip(tr("Otherwise a mask with overlapping segments is refused by layouts of one label a voxel."));
}

void DatasetDialog::readApproved()
{
    m_controller.jobs().run<std::vector<CaseRow>>(
        Job::Kind::Other, {}, this,
        [](Workbench& workbench, std::stop_token, const JobReport&) {
            CaseFilter filter;
            filter.state = CaseState::Approved;
            return workbench.workspace().findCases(filter);
        },
        [this](Result<std::vector<CaseRow>> rows) {
            if (!rows)
                return showFailure(rows.error());
            m_approved = *std::move(rows);
            m_read = true;
            QStringList modalities;
            for (const CaseRow& approved : m_approved)
                if (const QString modality = QString::fromStdString(approved.modality);
                    !modality.isEmpty() && !modalities.contains(modality))
                    modalities << modality;
            modalities.sort();
            m_modality->addItems(modalities);
            showCounts();
        });
}

void DatasetDialog::setLayoutName(const QString& layout)
{
    m_layout->setCurrentIndex(std::max(0, m_layout->findData(layout)));
}

void DatasetDialog::setFolder(const QString& folder)
{
    m_folder->setFolder(folder);
}

void DatasetDialog::setModality(const QString& modality)
{
    m_modality->setCurrentIndex(std::max(0, modality.isEmpty() ? 0 : m_modality->findText(modality)));
}

QString DatasetDialog::countsText() const
{
    return m_counts->text();
}

void DatasetDialog::showChoices()
{
    const QString key = m_layout->currentData().toString();
    m_about->setText(tr(layouts[static_cast<std::size_t>(m_layout->currentIndex())].about));
    m_planeRow->setVisible(key == QStringLiteral("coco"));
    m_suffixRow->setVisible(key == QStringLiteral("bids"));
    m_flatten->setVisible(key != QStringLiteral("coco"));
    showCounts();
}

void DatasetDialog::showCounts()
{
    const std::string modality = options().modality;
    std::array<int, 4> pools{};
    int all = 0;
    for (const CaseRow& approved : m_approved)
        if (modality.empty() || approved.modality == modality) {
            ++pools[static_cast<std::size_t>(approved.pool)];
            ++all;
        }
    const auto count = [&](Pool pool) { return pools[static_cast<std::size_t>(pool)]; };
    if (!m_read)
        m_counts->setText(tr("Counting the approved cases…"));
    else if (all == 0)
        m_counts->setText(tr("No case is approved yet: only what was signed off is exported."));
    else
        m_counts->setText((all == 1 ? tr("%1 approved case: %2 to train, %3 to validate, %4 to test")
                                    : tr("%1 approved cases: %2 to train, %3 to validate, %4 to test"))
                              .arg(QLocale().toString(all), QLocale().toString(count(Pool::Train)),
                                   QLocale().toString(count(Pool::Validation)), QLocale().toString(count(Pool::Test))));
    startButton()->setEnabled(!working() && all > 0 && !m_folder->folder().isEmpty());
}

DatasetExportOptions DatasetDialog::options() const
{
    static constexpr std::array planes{"axial", "coronal", "sagittal"};
    DatasetExportOptions options;
    options.layout = m_layout->currentData().toString().toStdString();
    options.name = m_name->text().trimmed().toStdString();
    if (m_modality->currentIndex() > 0)
        options.modality = m_modality->currentText().toStdString();
    options.plane = planes[static_cast<std::size_t>(m_plane->current())];
    options.suffix = m_suffix->text().trimmed().toStdString();
    options.flatten = m_flatten->isChecked();
    return options;
}

void DatasetDialog::start()
{
    const std::string folder = m_folder->folder().toStdString();
    follow(m_controller.jobs().run<DatasetExportReport>(
        Job::Kind::Export, {staticMetaObject, QT_TR_NOOP("Exporting a data set")}, this,
        [folder, options = options()](Workbench& workbench, std::stop_token stop, const JobReport& report) {
            return workbench.exportDataset(folder, options, stop, report);
        },
        [this](Result<DatasetExportReport> report) {
            rest();
            showCounts();
            if (report)
                showReport(*report);
            else
                showFailure(report.error());
        }));
}

void DatasetDialog::showReport(const DatasetExportReport& report)
{
    const QLocale locale;
    QStringList lines{(report.cases.size() == 1 ? tr("%1 case in %2 files (%3), its mask read back: %4")
                                                : tr("%1 cases in %2 files (%3), every mask read back: %4"))
                          .arg(locale.toString(static_cast<qlonglong>(report.cases.size())),
                               locale.toString(static_cast<qlonglong>(report.files)),
                               locale.formattedDataSize(report.bytes), QDir::toNativeSeparators(m_folder->folder()))};
    for (const std::string& note : report.notes)
        lines << translatedSentence(note);
    constexpr qsizetype mostLines = 8;
    if (lines.size() > mostLines) {
        const qsizetype more = lines.size() - mostLines;
        lines = lines.first(mostLines);
        lines << tr("and %1 more notes, in manifest.json").arg(more);
    }
    showDone(lines.join(QLatin1Char('\n')));
}

} // namespace annotomy
