#include "core/io/dicom/dicom_real_world.h"

#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_tags.h"

namespace annotomy {

namespace {

constexpr DicomTag unitCode = 0x004008EA, codeValue = 0x00080100, explanation = 0x00283003, labelTag = 0x00409210,
                   table = 0x00409212, intercept = 0x00409224, slope = 0x00409225;

std::string unitOf(const DicomDataSet& item)
{
    const DicomDataSet* code = item.firstItem(unitCode);
    const std::string value = code ? code->text(codeValue) : std::string();
    return value == "1" ? std::string() : value;
}

} // namespace

bool isParametricMap(const DicomDataSet& set)
{
    return set.text(tag::sopClassUid) == "1.2.840.10008.5.1.4.1.1.30";
}

std::optional<RealWorldMapping> realWorldMappingOf(const DicomDataSet& holder, const DicomDataSet& set)
{
    const DicomDataSet* item = holder.firstItem(tag::realWorldMappings);
    if (!item)
        return std::nullopt;
    RealWorldMapping mapping;
    mapping.unit = unitOf(*item);
    const std::string words = item->text(explanation);
    mapping.label = utf8FromDicom(words.empty() ? item->text(labelTag) : words, set.texts(tag::specificCharacterSet));
    const auto factor = item->number(slope);
    mapping.isTable = !factor || *factor == 0 || item->has(table);
    if (!mapping.isTable)
        mapping.rescale = {*factor, item->number(intercept).value_or(0)};
    return mapping;
}

Warning realWorldWarning(const RealWorldMapping& mapping, std::size_t items, const std::string& path)
{
    const std::string what = mapping.label.empty() ? std::string() : " (" + mapping.label + ")";
    if (mapping.isTable)
        return {"realWorldTable",
                "The values are as stored: the table that gives their real-world values" + what + " is not applied.",
                {path}};
    std::string text = "The values are real-world values" + what + " in " +
                       (mapping.unit.empty() ? std::string("no unit") : mapping.unit);
    if (items > 1)
        text += ", by the first of " + std::to_string(items) + " mappings";
    return {"realWorldValues", text + ".", {path}};
}

} // namespace annotomy
