#include "core/privacy/element_tree.h"

#include "core/privacy/value_dictionary.h"

namespace annotomy {

namespace {

void append(std::string& out, std::uint32_t value, int bytes, bool bigEndian)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * (bigEndian ? bytes - 1 - i : i)));
}

// A sequence that a file holds as UN without a length is parsed as one.
std::string vrOf(DicomTag tag, const DicomElement& element)
{
    if (!element.items.empty())
        return "SQ";
    if (isVr(element.vr) && element.vr != "UN")
        return element.vr;
    if (element.vr == "UN" && element.bigEndian)
        return {}; // such values are little endian, whatever surrounds them
    return standardVr(tag);
}

char paddingOf(const std::string& vr)
{
    return vr == "UI" || vr == "OB" || vr == "UN" ? '\0' : ' ';
}

// An odd value is padded; what is written as implicit was perhaps never told apart from bytes.
void appendValue(std::string& out, DicomTag tag, const Element& element, TreeEncoding encoding)
{
    const std::string_view value = element.value();
    const bool isOdd = value.size() % 2 != 0;
    const auto length = static_cast<std::uint32_t>(value.size() + isOdd);
    const bool fits = hasLongLength(element.vr) || length <= 0xFFFF;
    out += encodedHead(tag, fits ? element.vr : "UN", length, encoding);
    out += value;
    if (isOdd)
        out += paddingOf(element.vr);
}

std::string encodedItems(const std::vector<ElementTree>& items, TreeEncoding encoding)
{
    std::string out;
    for (const ElementTree& item : items) {
        const std::string bytes = encoded(item, encoding);
        append(out, 0xFFFE, 2, encoding.bigEndian);
        append(out, 0xE000, 2, encoding.bigEndian);
        append(out, static_cast<std::uint32_t>(bytes.size()), 4, encoding.bigEndian);
        out += bytes;
    }
    return out;
}

} // namespace

ElementTree elementTree(const DicomDataSet& set)
{
    ElementTree tree;
    for (const auto& [tag, source] : set.elements()) {
        if ((tag & 0xFFFF) == 0)
            continue; // group lengths would no longer be right
        Element element;
        element.vr = vrOf(tag, source);
        element.original = source.value;
        if (element.vr == "SQ" && source.items.empty() && !source.value.empty() && source.vr == "UN")
            element.vr.clear(); // a sequence that was not looked into
        if (element.vr == "SQ")
            element.original = {};
        for (const DicomDataSet& item : source.items)
            element.items.push_back(elementTree(item));
        tree.emplace(tag, std::move(element));
    }
    return tree;
}

std::string encodedHead(DicomTag tag, const std::string& vr, std::uint32_t length, TreeEncoding encoding)
{
    std::string out;
    append(out, tag >> 16, 2, encoding.bigEndian);
    append(out, tag & 0xFFFF, 2, encoding.bigEndian);
    if (!encoding.explicitVr) {
        append(out, length, 4, encoding.bigEndian);
        return out;
    }
    out += vr;
    if (hasLongLength(vr))
        append(out, 0, 2, encoding.bigEndian);
    append(out, length, hasLongLength(vr) ? 4 : 2, encoding.bigEndian);
    return out;
}

std::string encoded(const ElementTree& tree, TreeEncoding encoding)
{
    std::string out;
    for (const auto& [tag, element] : tree) {
        if (element.vr != "SQ") {
            appendValue(out, tag, element, encoding);
            continue;
        }
        const std::string items = encodedItems(element.items, encoding);
        out += encodedHead(tag, "SQ", static_cast<std::uint32_t>(items.size()), encoding);
        out += items;
    }
    return out;
}

} // namespace annotomy
