#include "core/io/plain/metaimage_header.h"

#include "core/io/bytes/text_fields.h"
#include "core/io/plain/plain_image.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::size_t maxHeaderBytes = std::size_t{1} << 16;

struct HeaderText {
    TextFields fields; // names as they are
    std::size_t bytes = 0;
};

Result<HeaderText> headerText(const std::string& path)
{
    const auto text = firstText(path, maxHeaderBytes);
    if (!text)
        return text.error();
    HeaderText header;
    std::size_t at = 0;
    while (at < text->size()) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        const std::string line = text->substr(at, end - at);
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos)
            break;
        const std::string name = trimmed(line.substr(0, equals));
        header.fields[name] = trimmed(line.substr(equals + 1));
        at = end + 1;
        if (name == "ElementDataFile") {
            header.bytes = at;
            return header;
        }
    }
    const bool isMeta = header.fields.contains("ObjectType") || header.fields.contains("NDims");
    return Error{isMeta ? ErrorCode::Malformed : ErrorCode::Unrecognised, path, "no MetaImage header"};
}

std::string field(const TextFields& fields, std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (const auto it = fields.find(name); it != fields.end())
            return it->second;
    return {};
}

bool isTrue(const std::string& text)
{
    return !text.empty() && (text[0] == 'T' || text[0] == 't' || text[0] == '1');
}

std::optional<std::vector<double>> numbers(const std::string& text, std::size_t count)
{
    std::vector<double> list;
    for (const std::string& word : words(text)) {
        const auto value = number(word);
        if (!value)
            return std::nullopt;
        list.push_back(*value);
    }
    return list.size() == count ? std::optional(list) : std::nullopt;
}

std::optional<RawType> typeNamed(const std::string& name, const std::string& channels)
{
    static const std::map<std::string, RawType> types{
        {"MET_CHAR", RawType::Int8},       {"MET_UCHAR", RawType::UInt8},      {"MET_SHORT", RawType::Int16},
        {"MET_USHORT", RawType::UInt16},   {"MET_INT", RawType::Int32},        {"MET_UINT", RawType::UInt32},
        {"MET_LONG", RawType::Int32},      {"MET_ULONG", RawType::UInt32},     {"MET_LONG_LONG", RawType::Int64},
        {"MET_ULONG_LONG", RawType::UInt64}, {"MET_FLOAT", RawType::Float32}, {"MET_DOUBLE", RawType::Float64}};
    const auto it = types.find(name);
    if (it == types.end())
        return std::nullopt;
    if (channels.empty() || channels == "1")
        return it->second;
    const bool isRgb = it->second == RawType::UInt8 && (channels == "3" || channels == "4");
    return isRgb ? std::optional(channels == "3" ? RawType::Rgb8 : RawType::Rgba8) : std::nullopt;
}

// The letters tell from which side of the patient each axis starts: "RAI" is LPS.
std::string orientationOf(const VolumeGeometry& grid)
{
    std::string letters;
    for (int a = 0; a < 3; ++a) {
        const Vec3 axis = grid.axis(a);
        const auto largest = std::max_element(axis.begin(), axis.end(),
                                              [](double x, double y) { return std::abs(x) < std::abs(y); });
        letters += (*largest > 0 ? "RAI" : "LPS")[largest - axis.begin()];
    }
    return letters;
}

void warnOfContradictions(const TextFields& fields, const std::string& path, MetaImageHeader& header)
{
    const std::string said = field(fields, {"AnatomicalOrientation"});
    const bool isKnown = said.size() == 3 && said.find_first_not_of("RLAPIS") == std::string::npos;
    if (isKnown && said != orientationOf(header.geometry))
        header.warnings.push_back({"orientationContradicts",
                                   "The file calls its orientation " + said + " but its axes are " +
                                       orientationOf(header.geometry) + "; the axes are used.",
                                   {path}});
    const auto centre = numbers(field(fields, {"CenterOfRotation"}), 3);
    if (centre && length({(*centre)[0], (*centre)[1], (*centre)[2]}) > 0 &&
        header.geometry.direction != identityMatrix)
        header.warnings.push_back({"centreOfRotation",
                                   "The file names a centre of rotation; the image is placed by its offset alone.",
                                   {path}});
}

Result<VolumeGeometry> gridOf(const TextFields& fields, const std::string& path, std::vector<Warning>& warnings)
{
    const auto damaged = [&](const char* what) { return Error{ErrorCode::Malformed, path, what}; };
    const std::string dimensions = field(fields, {"NDims"});
    if (dimensions != "3")
        return Error{ErrorCode::Unsupported, path, "an image of " + dimensions + " dimensions instead of three"};
    const auto size = numbers(field(fields, {"DimSize"}), 3);
    if (!size)
        return damaged("no three sizes");
    Index3 sizes{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (!((*size)[a] >= 1 && (*size)[a] <= 65535) || (*size)[a] != std::floor((*size)[a]))
            return damaged("impossible sizes");
        sizes[a] = static_cast<int>((*size)[a]);
    }
    const std::string spacingText = field(fields, {"ElementSpacing", "ElementSize"});
    const std::string offsetText = field(fields, {"Offset", "Position", "Origin"});
    const std::string axesText = field(fields, {"TransformMatrix", "Rotation", "Orientation"});
    const auto spacing = numbers(spacingText.empty() ? "1 1 1" : spacingText, 3);
    const auto offset = numbers(offsetText.empty() ? "0 0 0" : offsetText, 3);
    const auto axes = numbers(axesText.empty() ? "1 0 0 0 1 0 0 0 1" : axesText, 9);
    if (!spacing || !offset || !axes)
        return damaged("unreadable spacing, offset or axes");
    if (axesText.empty() || offsetText.empty())
        warnings.push_back(
            {"orientationUnknown", "The file does not say how the image lies in the patient.", {path}});
    const auto step = [&](std::size_t a) {
        return std::abs((*spacing)[a]) * Vec3{(*axes)[3 * a], (*axes)[3 * a + 1], (*axes)[3 * a + 2]};
    };
    const VolumeGeometry grid =
        geometryFromSteps(sizes, step(0), step(1), step(2), {(*offset)[0], (*offset)[1], (*offset)[2]});
    if (!isPlausible(grid))
        return damaged("the header gives no usable voxel grid");
    return grid;
}

// The voxels' file: this one, or one in its folder.
Result<std::string> dataPathOf(const TextFields& fields, const std::string& path)
{
    const std::string name = field(fields, {"ElementDataFile"});
    if (name == "LOCAL" || name == "Local" || name == "local")
        return path;
    const fs::path file(name);
    if (name.starts_with("LIST") || name.find('%') != std::string::npos)
        return Error{ErrorCode::Unsupported, path, "voxels spread over several files"};
    if (name.empty() || file.is_absolute() || std::find(file.begin(), file.end(), fs::path("..")) != file.end())
        return Error{ErrorCode::Unsupported, path, "voxels outside the header's folder"};
    return (fs::path(path).parent_path() / file).string();
}

} // namespace

Result<MetaImageHeader> readMetaImageHeader(const std::string& path)
{
    const auto text = headerText(path);
    if (!text)
        return text.error();
    const TextFields& fields = text->fields;
    if (const std::string object = field(fields, {"ObjectType"}); !object.empty() && object != "Image")
        return Error{ErrorCode::Unsupported, path, "a MetaIO object of type " + object};
    MetaImageHeader header;
    const auto grid = gridOf(fields, path, header.warnings);
    if (!grid)
        return grid.error();
    const std::string typeName = field(fields, {"ElementType"}), channels = field(fields, {"ElementNumberOfChannels"});
    const auto type = typeNamed(typeName, channels);
    if (!type || field(fields, {"BinaryData"}) == "False")
        return Error{ErrorCode::Unsupported, path,
                     type ? "voxels as text" : "voxels of type " + typeName + (channels.empty() ? "" : " in " + channels + " channels")};
    const auto dataPath = dataPathOf(fields, path);
    if (!dataPath)
        return dataPath.error();
    const std::string headerSize = field(fields, {"HeaderSize"});
    const auto skip = number(headerSize.empty() ? "0" : headerSize);
    if (!skip || !(*skip >= -1 && *skip < 1e12))
        return Error{ErrorCode::Malformed, path, "impossible position of the voxels"};
    header.geometry = *grid;
    header.type = *type;
    const bool isBig = isTrue(field(fields, {"BinaryDataByteOrderMSB", "ElementByteOrderMSB"}));
    header.order = isBig ? std::endian::big : std::endian::little;
    header.compressed = isTrue(field(fields, {"CompressedData"}));
    header.dataPath = *dataPath;
    header.atEnd = *skip < 0;
    header.dataOffset = *dataPath == path ? text->bytes : static_cast<std::uint64_t>(std::max(0.0, *skip));
    if (isColour(*type))
        header.warnings.push_back(colourWarning(path));
    warnOfContradictions(fields, path, header);
    return header;
}

} // namespace annotomy
