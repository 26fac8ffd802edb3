#include "storage/series_json.h"

#include "core/image/voi_curve.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <cmath>

namespace annotomy {

namespace {

struct TextField {
    const char* name;
    std::string ImageInfo::*member;
};

constexpr std::array<TextField, 12> textFields{{{"modality", &ImageInfo::modality},
                                                {"patientName", &ImageInfo::patientName},
                                                {"patientId", &ImageInfo::patientId},
                                                {"patientBirthDate", &ImageInfo::patientBirthDate},
                                                {"patientSex", &ImageInfo::patientSex},
                                                {"studyUid", &ImageInfo::studyUid},
                                                {"studyDate", &ImageInfo::studyDate},
                                                {"studyDescription", &ImageInfo::studyDescription},
                                                {"seriesUid", &ImageInfo::seriesUid},
                                                {"seriesNumber", &ImageInfo::seriesNumber},
                                                {"seriesDescription", &ImageInfo::seriesDescription},
                                                {"frameOfReferenceUid", &ImageInfo::frameOfReferenceUid}}};

std::string compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<QJsonObject> parsedObject(const std::string& text)
{
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text));
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

QString textOf(const std::string& text)
{
    return QString::fromStdString(text);
}

QJsonArray arrayOf(const Vec3& v)
{
    return {v[0], v[1], v[2]};
}

bool read(const QJsonValue& value, Vec3& target)
{
    const QJsonArray array = value.toArray();
    if (array.size() != 3)
        return false;
    for (int a = 0; a < 3; ++a) {
        if (!array[a].isDouble())
            return false;
        target[static_cast<std::size_t>(a)] = array[a].toDouble();
    }
    return true;
}

bool read(const QJsonValue& value, Index3& target)
{
    Vec3 numbers{};
    if (!read(value, numbers))
        return false;
    for (std::size_t a = 0; a < 3; ++a) {
        if (numbers[a] < 0 || numbers[a] > 65535 || numbers[a] != std::floor(numbers[a]))
            return false;
        target[a] = static_cast<int>(numbers[a]);
    }
    return true;
}

DisplayWindow windowFrom(const QJsonObject& object)
{
    DisplayWindow window;
    window.centre = object["centre"].toDouble();
    window.width = object["width"].toDouble();
    window.explanation = object["explanation"].toString().toStdString();
    // What is no curve leaves the window straight.
    if (object.contains("function"))
        setCurve(window, object["function"].toString().toStdString(), object["curve"].toString().toStdString());
    return window;
}

Warning warningFrom(const QJsonObject& object)
{
    Warning warning;
    warning.code = object["code"].toString().toStdString();
    warning.text = object["text"].toString().toStdString();
    for (const QJsonValue file : object["files"].toArray())
        warning.files.push_back(file.toString().toStdString());
    return warning;
}

QJsonArray windowsOf(const ImageInfo& info)
{
    QJsonArray windows;
    for (const DisplayWindow& window : info.windows) {
        QJsonObject object{
            {"centre", window.centre}, {"width", window.width}, {"explanation", textOf(window.explanation)}};
        if (window.function != VoiFunction::Linear)
            object["function"] = textOf(std::string(functionName(window.function)));
        if (!window.curve.empty())
            object["curve"] = textOf(curveText(window.curve));
        windows.append(object);
    }
    return windows;
}

QJsonArray warningsOf(const ImageInfo& info)
{
    QJsonArray warnings;
    for (const Warning& warning : info.warnings) {
        QJsonArray files;
        for (const std::string& file : warning.files)
            files.append(textOf(file));
        warnings.append(
            QJsonObject{{"code", textOf(warning.code)}, {"text", textOf(warning.text)}, {"files", files}});
    }
    return warnings;
}

std::optional<ImageInfo> infoFrom(const QJsonObject& object)
{
    ImageInfo info;
    for (const TextField& field : textFields)
        info.*field.member = object[QLatin1String(field.name)].toString().toStdString();
    for (const QJsonValue value : object["windows"].toArray()) {
        const DisplayWindow window = windowFrom(value.toObject());
        if (!(window.width > 0) || !std::isfinite(window.width) || !std::isfinite(window.centre))
            return std::nullopt;
        info.windows.push_back(window);
    }
    for (const QJsonValue value : object["warnings"].toArray())
        info.warnings.push_back(warningFrom(value.toObject()));
    return info;
}

} // namespace

std::string headerJson(const SeriesEntry& series)
{
    const ImageInfo& info = series.info;
    QJsonObject object;
    for (const TextField& field : textFields)
        object[QLatin1String(field.name)] = textOf(info.*field.member);
    object["windows"] = windowsOf(info);
    object["warnings"] = warningsOf(info);
    if (const auto assembly = parsedObject(assemblyJsonText(series)); assembly && !assembly->isEmpty())
        object["assembly"] = *assembly;
    return compact(object);
}

bool readHeaderJson(const std::string& json, SeriesEntry& series)
{
    const auto object = parsedObject(json);
    const auto info = object ? infoFrom(*object) : std::nullopt;
    if (!info)
        return false;
    series.info = *info;
    const QJsonValue assembly = (*object)["assembly"]; // absent: a plain series, or one of an older version
    return assembly.isUndefined() || readAssembly(compact(assembly.toObject()), series);
}

std::string geometryJson(const VolumeGeometry& geometry)
{
    const Index3& size = geometry.size;
    QJsonArray direction;
    for (const auto& row : geometry.direction)
        direction.append(arrayOf(row));
    return compact({{"size", QJsonArray{size[0], size[1], size[2]}},
                    {"spacing", arrayOf(geometry.spacing)},
                    {"origin", arrayOf(geometry.origin)},
                    {"direction", direction}});
}

std::optional<VolumeGeometry> geometryFromJson(const std::string& json)
{
    const auto object = parsedObject(json);
    if (!object)
        return std::nullopt;
    VolumeGeometry geometry;
    const QJsonArray direction = (*object)["direction"].toArray();
    bool valid = direction.size() == 3 && read((*object)["size"], geometry.size) &&
                 read((*object)["spacing"], geometry.spacing) && read((*object)["origin"], geometry.origin);
    for (int row = 0; valid && row < 3; ++row)
        valid = read(direction[row], geometry.direction[static_cast<std::size_t>(row)]);
    if (!valid || !isPlausible(geometry))
        return std::nullopt;
    return geometry;
}

bool isJsonObject(const std::string& text)
{
    return parsedObject(text).has_value();
}

} // namespace annotomy
