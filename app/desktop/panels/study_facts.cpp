#include "app/desktop/panels/study_facts.h"

#include "app/desktop/panels/core_sentences.h"
#include "app/desktop/panels/panel_text.h"
#include "app/desktop/patient_name.h"

#include <QCoreApplication>
#include <QDate>
#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace annotomy {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(annotomy::StudyFacts)
};

QString numbers(const Vec3& values, int decimals, const QString& between)
{
    QStringList parts;
    for (const double value : values)
        parts << QString::number(value, 'f', decimals);
    return parts.join(between).replace(QLatin1Char('-'), QStringLiteral("−"));
}

QString dateText(const std::string& dicomDate)
{
    const QString text = QString::fromStdString(dicomDate);
    const QDate date = QDate::fromString(text, QStringLiteral("yyyyMMdd"));
    return date.isValid() ? date.toString(Qt::ISODate) : text;
}

QString formatText(const SeriesEntry& series)
{
    QString text = QString::fromStdString(series.format);
    for (const auto& [format, name] : {std::pair("dicom", "DICOM"), std::pair("nifti", "NIfTI"), std::pair("nrrd", "NRRD"),
                                       std::pair("metaimage", "MetaImage")})
        if (series.format == format)
            text = QString::fromLatin1(name);
    if (!series.transferSyntaxUid.empty())
        text += QStringLiteral(" · ") + Words::tr("transfer syntax %1").arg(QString::fromStdString(series.transferSyntaxUid));
    return text;
}

// Frames of one file, and neighbours that stand in for missing slices, name it again.
QString filesText(std::vector<std::string> files)
{
    if (files.empty())
        return {};
    std::sort(files.begin(), files.end());
    const auto count = std::unique(files.begin(), files.end()) - files.begin();
    const QString first = QString::fromStdString(files.front());
    if (count == 1)
        return QDir::toNativeSeparators(first);
    return Words::tr("%1 in %2").arg(QLocale().toString(static_cast<qlonglong>(count)),
                                     QDir::toNativeSeparators(QFileInfo(first).path()));
}

} // namespace

std::vector<StudyFact> studyFacts(const SeriesEntry& series)
{
    const ImageInfo& info = series.info;
    const VolumeGeometry& grid = series.geometry;
    std::vector<StudyFact> facts;
    for (const Warning& warning : info.warnings) {
        QStringList files;
        for (const std::string& file : warning.files)
            files << QString::fromStdString(file);
        const bool warns = !paneltext::isNotice(warning.code);
        facts.push_back({warns ? Words::tr("Warning") : Words::tr("Note"), translatedSentence(warning.text), files, warns});
    }
    const auto tell = [&facts](const QString& name, const QString& value) {
        if (!value.isEmpty())
            facts.push_back({name, value});
    };
    tell(Words::tr("Patient"), readableName(info.patientName));
    tell(Words::tr("Patient ID"), QString::fromStdString(info.patientId));
    tell(Words::tr("Study"), QString::fromStdString(info.studyDescription));
    tell(Words::tr("Study date"), dateText(info.studyDate));
    tell(Words::tr("Series"), QString::fromStdString(info.seriesDescription));
    tell(Words::tr("Series number"), QString::fromStdString(info.seriesNumber));
    tell(Words::tr("Modality"), QString::fromStdString(info.modality));
    tell(Words::tr("Voxels"), QStringLiteral("%1 × %2 × %3").arg(grid.size[0]).arg(grid.size[1]).arg(grid.size[2]));
    tell(Words::tr("Spacing"), Words::tr("%1 mm").arg(numbers(grid.spacing, 3, QStringLiteral(" × "))));
    tell(Words::tr("First voxel"), Words::tr("%1 mm (LPS)").arg(numbers(grid.origin, 2, QStringLiteral(", "))));
    tell(Words::tr("Format"), formatText(series));
    tell(Words::tr("Files"), filesText(series.files));
    tell(Words::tr("Series UID"), QString::fromStdString(info.seriesUid));
    tell(Words::tr("Frame of reference"), QString::fromStdString(info.frameOfReferenceUid));
    return facts;
}

} // namespace annotomy
