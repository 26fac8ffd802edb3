#include "core/datasets/lidc_xml.h"

#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/byte_stream.h"

#include <pugixml.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace annotomy {

namespace {

constexpr std::size_t maxXmlBytes = std::size_t{64} << 20;
constexpr std::size_t maxPoints = 10'000'000;

// Elements carry a prefix in some copies.
bool isNamed(const pugi::xml_node& node, const char* name)
{
    const char* const colon = std::strchr(node.name(), ':');
    return std::strcmp(colon ? colon + 1 : node.name(), name) == 0;
}

pugi::xml_node childOf(const pugi::xml_node& node, const char* name)
{
    for (const pugi::xml_node& child : node.children())
        if (isNamed(child, name))
            return child;
    return {};
}

std::string textOf(const pugi::xml_node& node, const char* name)
{
    const std::string text = childOf(node, name).text().get();
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<double> numberOf(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0' && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// Reads one file's tree; remembers the first thing that is wrong.
class Parser {
public:
    explicit Parser(const std::string& path) : m_path(path) {}

    Result<LidcAnnotations> annotations(const pugi::xml_node& root)
    {
        LidcAnnotations result;
        const pugi::xml_node header = childOf(root, "ResponseHeader");
        result.seriesUid = textOf(header, "SeriesInstanceUid");
        if (result.seriesUid.empty())
            result.seriesUid = textOf(header, "SeriesInstanceUID");
        result.studyUid = textOf(header, "StudyInstanceUID");
        for (const pugi::xml_node& session : root.children())
            if (isNamed(session, "readingSession"))
                result.readers.push_back(reader(session));
        if (m_problem)
            return Error{ErrorCode::Malformed, m_path, m_problem};
        if (m_points > maxPoints)
            return Error{ErrorCode::Unsupported, m_path, "more than 10 million points"};
        return result;
    }

private:
    LidcReader reader(const pugi::xml_node& session)
    {
        LidcReader result;
        for (const pugi::xml_node& node : session.children()) {
            if (isNamed(node, "nonNodule"))
                ++result.nonNodules;
            if (!isNamed(node, "unblindedReadNodule"))
                continue;
            LidcNodule one = nodule(node);
            const bool isMark = std::all_of(one.outlines.begin(), one.outlines.end(),
                                            [](const LidcOutline& outline) { return outline.points.size() <= 1; });
            if (isMark && one.characteristics.empty())
                ++result.smallNodules;
            else
                result.nodules.push_back(std::move(one));
        }
        return result;
    }

    LidcNodule nodule(const pugi::xml_node& node)
    {
        LidcNodule result;
        result.id = textOf(node, "noduleID");
        for (const pugi::xml_node& trait : childOf(node, "characteristics").children())
            if (const std::string value = trait.text().get(); !value.empty())
                result.characteristics += (result.characteristics.empty() ? "" : ", ") + std::string(trait.name()) + " " + value;
        for (const pugi::xml_node& roi : node.children())
            if (isNamed(roi, "roi"))
                result.outlines.push_back(outline(roi));
        return result;
    }

    LidcOutline outline(const pugi::xml_node& roi)
    {
        LidcOutline result;
        result.zMm = numberOf(textOf(roi, "imageZposition"));
        result.imageUid = textOf(roi, "imageSOP_UID");
        if (!result.zMm && result.imageUid.empty())
            m_problem = "an outline that names neither the position of its slice nor its image";
        const std::string inclusion = textOf(roi, "inclusion");
        result.isInclusion = inclusion != "FALSE" && inclusion != "false";
        for (const pugi::xml_node& edge : roi.children()) {
            if (!isNamed(edge, "edgeMap"))
                continue;
            const auto x = numberOf(textOf(edge, "xCoord")), y = numberOf(textOf(edge, "yCoord"));
            if (!x || !y || !(std::abs(*x) < 65536 && std::abs(*y) < 65536))
                m_problem = "an outline with an impossible point";
            else if (++m_points <= maxPoints)
                result.points.emplace_back(static_cast<int>(*x), static_cast<int>(*y));
        }
        return result;
    }

    const std::string& m_path;
    const char* m_problem = nullptr;
    std::size_t m_points = 0;
};

} // namespace

bool looksLikeLidc(const std::string& path)
{
    auto reader = ByteReader::open(path, Compression::None);
    if (!reader)
        return false;
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(reader->mostBytes(), 4096)), '\0');
    if (auto got = reader->read(std::as_writable_bytes(std::span(text))); !got)
        return false;
    const auto first = text.find('<');
    return first != std::string::npos && first < 4 && text.find("LidcReadMessage") != std::string::npos;
}

Result<LidcAnnotations> readLidcXml(const std::string& path)
{
    auto bytes = readWholeFile(path, maxXmlBytes);
    if (!bytes)
        return bytes.error();
    pugi::xml_document document;
    const auto parsed = document.load_buffer_inplace(bytes->data(), bytes->size());
    if (!parsed)
        return Error{ErrorCode::Malformed, path, parsed.description()};
    const pugi::xml_node root = document.document_element();
    if (isNamed(root, "IdriReadMessage"))
        return Error{ErrorCode::Unsupported, path, "annotations of a chest X-ray"};
    if (!isNamed(root, "LidcReadMessage"))
        return Error{ErrorCode::Unrecognised, path, "not an annotation of the LIDC"};
    return Parser(path).annotations(root);
}

std::string marksLeftOut(const LidcAnnotations& annotations)
{
    int small = 0, others = 0;
    for (const LidcReader& reader : annotations.readers) {
        small += reader.smallNodules;
        others += reader.nonNodules;
    }
    if (small + others == 0)
        return {};
    return "Marked by a point and so without voxels: " + std::to_string(small) + " nodules below 3 mm and " +
           std::to_string(others) + " non-nodules.";
}

} // namespace annotomy
