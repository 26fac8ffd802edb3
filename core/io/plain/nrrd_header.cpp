#include "core/io/plain/nrrd_header.h"

#include "core/io/bytes/text_fields.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>

namespace fs = std::filesystem;

namespace annotomy {

namespace {

constexpr std::size_t maxHeaderBytes = std::size_t{1} << 20;

using Fields = TextFields; // names in lower case

struct HeaderText {
    Fields fields;
    Fields keyValues; // names as they are
    std::size_t bytes = 0; // up to and with the blank line
};

Result<std::string> firstBytes(const std::string& path)
{
    auto text = firstText(path, maxHeaderBytes);
    if (!text)
        return text;
    if (!text->starts_with("NRRD000"))
        return Error{ErrorCode::Unrecognised, path, "not an NRRD header"};
    return text;
}

// In a value "\n" stands for a line's end, and "\\\\" for a backslash.
std::string unescaped(const std::string& value)
{
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool isEscape = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == 'n' || value[i + 1] == '\\');
        if (isEscape)
            text += value[++i] == 'n' ? '\n' : '\\';
        else
            text += value[i];
    }
    return text;
}

Result<HeaderText> headerText(const std::string& path)
{
    const auto text = firstBytes(path);
    if (!text)
        return text.error();
    HeaderText header;
    std::size_t at = text->find('\n');
    while (at != std::string::npos) {
        const std::size_t end = text->find('\n', ++at);
        const std::string line = trimmed(text->substr(at, end == std::string::npos ? end : end - at));
        if (line.empty() && (end != std::string::npos || at >= text->size())) {
            header.bytes = end == std::string::npos ? text->size() : end + 1;
            return header;
        }
        const std::size_t colon = line.find(':');
        if (line.starts_with('#') || colon == std::string::npos) {
            at = end;
            continue;
        }
        if (line.compare(colon, 2, ":=") == 0)
            header.keyValues[line.substr(0, colon)] = unescaped(line.substr(colon + 2));
        else
            header.fields[lowered(trimmed(line.substr(0, colon)))] = trimmed(line.substr(colon + 1));
        at = end;
    }
    header.bytes = text->size(); // a detached header may end without a blank line
    return header;
}

std::string field(const Fields& fields, const char* name, const char* otherName = "")
{
    const auto it = fields.find(name);
    if (it != fields.end())
        return it->second;
    const auto other = fields.find(otherName);
    return other == fields.end() ? std::string() : other->second;
}

// "(1,0,0)" -> three numbers.
std::optional<Vec3> vector(const std::string& text)
{
    if (text.size() < 2 || text.front() != '(' || text.back() != ')')
        return std::nullopt;
    std::string inner = text.substr(1, text.size() - 2);
    std::replace(inner.begin(), inner.end(), ',', ' ');
    const auto parts = words(inner);
    Vec3 result{};
    if (parts.size() != 3)
        return std::nullopt;
    for (std::size_t a = 0; a < 3; ++a) {
        const auto value = number(parts[a]);
        if (!value)
            return std::nullopt;
        result[a] = *value;
    }
    return result;
}

std::optional<RawType> typeNamed(const std::string& name)
{
    static const std::map<std::string, RawType> types{{"signed char", RawType::Int8},
                                                      {"int8", RawType::Int8},
                                                      {"int8_t", RawType::Int8},
                                                      {"uchar", RawType::UInt8},
                                                      {"unsigned char", RawType::UInt8},
                                                      {"uint8", RawType::UInt8},
                                                      {"uint8_t", RawType::UInt8},
                                                      {"short", RawType::Int16},
                                                      {"short int", RawType::Int16},
                                                      {"signed short", RawType::Int16},
                                                      {"signed short int", RawType::Int16},
                                                      {"int16", RawType::Int16},
                                                      {"int16_t", RawType::Int16},
                                                      {"ushort", RawType::UInt16},
                                                      {"unsigned short", RawType::UInt16},
                                                      {"unsigned short int", RawType::UInt16},
                                                      {"uint16", RawType::UInt16},
                                                      {"uint16_t", RawType::UInt16},
                                                      {"int", RawType::Int32},
                                                      {"signed int", RawType::Int32},
                                                      {"int32", RawType::Int32},
                                                      {"int32_t", RawType::Int32},
                                                      {"uint", RawType::UInt32},
                                                      {"unsigned int", RawType::UInt32},
                                                      {"uint32", RawType::UInt32},
                                                      {"uint32_t", RawType::UInt32},
                                                      {"signed long long", RawType::Int64},
                                                      {"signed long long int", RawType::Int64},
                                                      {"longlong", RawType::Int64},
                                                      {"long long", RawType::Int64},
                                                      {"long long int", RawType::Int64},
                                                      {"int64", RawType::Int64},
                                                      {"int64_t", RawType::Int64},
                                                      {"ulonglong", RawType::UInt64},
                                                      {"unsigned long long", RawType::UInt64},
                                                      {"unsigned long long int", RawType::UInt64},
                                                      {"uint64", RawType::UInt64},
                                                      {"uint64_t", RawType::UInt64},
                                                      {"float", RawType::Float32},
                                                      {"double", RawType::Float64}};
    const auto it = types.find(lowered(name));
    return it == types.end() ? std::nullopt : std::optional(it->second);
}

std::optional<NrrdEncoding> encodingNamed(const std::string& name)
{
    const std::string low = lowered(name);
    if (low == "raw")
        return NrrdEncoding::Raw;
    if (low == "gzip" || low == "gz")
        return NrrdEncoding::Gzip;
    if (low == "bzip2" || low == "bz2")
        return NrrdEncoding::Bzip2;
    if (low == "ascii" || low == "text" || low == "txt")
        return NrrdEncoding::Ascii;
    return std::nullopt;
}

// The signs that turn the file's space into LPS.
std::optional<Vec3> lpsSigns(const std::string& space)
{
    std::string low = lowered(space);
    if (low.ends_with("-time"))
        low.resize(low.size() - 5);
    if (low == "left-posterior-superior" || low == "lps")
        return Vec3{1, 1, 1};
    if (low == "right-anterior-superior" || low == "ras")
        return Vec3{-1, -1, 1};
    if (low == "left-anterior-superior" || low == "las")
        return Vec3{1, -1, 1};
    return std::nullopt;
}

// Spaces that have nothing to do with the patient, or leave it open how.
bool isSpaceWithoutPatient(const std::string& space)
{
    const std::string low = lowered(space);
    return low.empty() || low.starts_with("scanner-xyz") || low.starts_with("3d-right-handed") ||
           low.starts_with("3d-left-handed");
}

// "none", or the vector of nothing but "nan" that some programs write instead.
bool isNoDirection(const std::string& direction)
{
    const std::string low = lowered(direction);
    std::size_t at = 0, nans = 0;
    for (; (at = low.find_first_not_of("(,) ", at)) != std::string::npos && low.compare(at, 3, "nan") == 0; at += 3)
        ++nans;
    return low == "none" || (nans > 0 && at == std::string::npos);
}

Vec3 signedBy(const Vec3& signs, const Vec3& v)
{
    return {signs[0] * v[0], signs[1] * v[1], signs[2] * v[2]};
}

// The three spatial axes out of `sizes` and what was said of each; an axis "none" of one sample is passed
// over.
struct Axes {
    int valuesPerVoxel = 1;
    std::vector<int> sizes;
    std::vector<std::string> directions; // "none" or "(x,y,z)"; empty when not given
    std::vector<std::string> spacings;
};

Result<Axes> spatialAxes(const Fields& fields, const std::string& path)
{
    const auto sizes = words(field(fields, "sizes"));
    const auto directions = words(field(fields, "space directions")),
               spacings = words(field(fields, "spacings"));
    const auto dimension = number(field(fields, "dimension"));
    if (!dimension || static_cast<double>(sizes.size()) != *dimension ||
        (!directions.empty() && directions.size() != sizes.size()) ||
        (!spacings.empty() && spacings.size() != sizes.size()))
        return Error{ErrorCode::Malformed, path, "the numbers of dimensions, sizes and directions differ"};
    Axes axes;
    for (std::size_t a = 0; a < sizes.size(); ++a) {
        const auto size = number(sizes[a]);
        if (!size || !(*size >= 1 && *size <= 65535) || *size != std::floor(*size))
            return Error{ErrorCode::Malformed, path, "impossible sizes"};
        const bool isNone = !directions.empty() && isNoDirection(directions[a]);
        if (*size == 1 && (isNone || (sizes.size() > 3 && directions.empty())))
            continue;
        if (isNone && a == 0) {
            axes.valuesPerVoxel = static_cast<int>(*size);
            continue;
        }
        if (isNone)
            return Error{ErrorCode::Unsupported, path,
                         "several values or volumes in one file (an axis is not spatial)"};
        axes.sizes.push_back(static_cast<int>(*size));
        if (!directions.empty())
            axes.directions.push_back(directions[a]);
        if (!spacings.empty())
            axes.spacings.push_back(spacings[a]);
    }
    if (axes.sizes.size() != 3)
        return Error{ErrorCode::Unsupported, path,
                     std::to_string(axes.sizes.size()) + " spatial axes instead of three"};
    return axes;
}

// Whether the first axis holds red, green, blue and maybe opacity. Slicer calls them a vector.
bool areColours(const Fields& fields, int valuesPerVoxel)
{
    const auto kinds = words(lowered(field(fields, "kinds")));
    const std::string first = kinds.empty() ? std::string() : kinds.front();
    if (valuesPerVoxel == 3)
        return first == "rgb-color" || first == "3-color" || first == "vector";
    return valuesPerVoxel == 4 && (first == "rgba-color" || first == "4-color");
}

// The mm steps of the three axes in the file's own space.
Result<std::array<Vec3, 3>> stepsOf(const Axes& axes, const std::string& path)
{
    std::array<Vec3, 3> steps{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (std::size_t a = 0; a < 3; ++a) {
        if (!axes.directions.empty()) {
            const auto direction = vector(axes.directions[a]);
            if (!direction)
                return Error{ErrorCode::Malformed, path, "unreadable space directions"};
            steps[a] = *direction;
        } else if (!axes.spacings.empty()) {
            const auto spacing = number(axes.spacings[a]);
            steps[a] = (spacing && std::isfinite(*spacing) ? *spacing : 1.0) * steps[a];
        }
    }
    return steps;
}

Result<VolumeGeometry> gridOf(const Fields& fields, const Axes& axes, const std::string& path,
                              std::vector<Warning>& warnings)
{
    const auto steps = stepsOf(axes, path);
    if (!steps)
        return steps.error();
    const std::string space = field(fields, "space");
    const auto signs = lpsSigns(space);
    if (!signs && !isSpaceWithoutPatient(space))
        return Error{ErrorCode::Unsupported, path, "the space \"" + space + "\""};
    if (!signs || axes.directions.empty())
        warnings.push_back(
            {"orientationUnknown", "The file does not say how the image lies in the patient.", {path}});
    const std::string originText = field(fields, "space origin");
    const auto origin = originText.empty() ? std::optional(Vec3{}) : vector(originText);
    if (!origin)
        return Error{ErrorCode::Malformed, path, "unreadable space origin"};
    const Vec3 s = signs.value_or(Vec3{1, 1, 1});
    const VolumeGeometry grid =
        geometryFromSteps({axes.sizes[0], axes.sizes[1], axes.sizes[2]}, signedBy(s, (*steps)[0]),
                          signedBy(s, (*steps)[1]), signedBy(s, (*steps)[2]), signedBy(s, *origin));
    if (!isPlausible(grid))
        return Error{ErrorCode::Malformed, path, "the header gives no usable voxel grid"};
    return grid;
}

// The voxels' file: this one, or one named by the header, which must lie in the header's folder.
Result<std::string> dataPathOf(const Fields& fields, const std::string& path)
{
    const std::string name = field(fields, "data file", "datafile");
    if (name.empty())
        return path;
    const fs::path file(name);
    if (name == "LIST" || name.starts_with("LIST ") || name.find('%') != std::string::npos)
        return Error{ErrorCode::Unsupported, path, "voxels spread over several files"};
    if (file.is_absolute() || std::find(file.begin(), file.end(), fs::path("..")) != file.end())
        return Error{ErrorCode::Unsupported, path, "voxels outside the header's folder"};
    return (fs::path(path).parent_path() / file).string();
}

} // namespace

Result<NrrdHeader> readNrrdHeader(const std::string& path)
{
    const auto text = headerText(path);
    if (!text)
        return text.error();
    const Fields& fields = text->fields;
    NrrdHeader header;
    const auto axes = spatialAxes(fields, path);
    if (!axes)
        return axes.error();
    const auto grid = gridOf(fields, *axes, path, header.warnings);
    if (!grid)
        return grid.error();
    const auto type = typeNamed(field(fields, "type"));
    const auto encoding = encodingNamed(field(fields, "encoding"));
    if (!type || !encoding)
        return Error{ErrorCode::Unsupported, path,
                     "voxel type \"" + field(fields, "type") + "\" in encoding \"" +
                         field(fields, "encoding") + "\""};
    const auto dataPath = dataPathOf(fields, path);
    if (!dataPath)
        return dataPath.error();
    const auto skip = number(field(fields, "byte skip", "byteskip")).value_or(0);
    if (!(skip >= -1 && skip < 1e12) || number(field(fields, "line skip", "lineskip")).value_or(0) != 0)
        return Error{ErrorCode::Unsupported, path, "the position of the voxels"};
    header.geometry = *grid;
    header.valuesPerVoxel = axes->valuesPerVoxel;
    header.areColours = areColours(fields, axes->valuesPerVoxel);
    header.keyValues = text->keyValues;
    header.type = *type;
    header.encoding = *encoding;
    header.order = lowered(field(fields, "endian")) == "big" ? std::endian::big : std::endian::little;
    header.dataPath = *dataPath;
    header.dataOffset = *dataPath == path ? text->bytes : 0;
    header.byteSkip = static_cast<std::int64_t>(skip);
    return header;
}

} // namespace annotomy
