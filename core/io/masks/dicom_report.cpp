#include "core/io/masks/dicom_report.h"

#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"

namespace annotomy {

namespace {

// Of the SR Document Content module (PS3.3 C.17.3).
constexpr DicomTag valueType = 0x0040A040, conceptName = 0x0040A043, conceptCode = 0x0040A168,
                   content = 0x0040A730, textValue = 0x0040A160, uidValue = 0x0040A124,
                   measuredValue = 0x0040A300, numericValue = 0x0040A30A, units = 0x004008EA,
                   referencedSop = 0x00081199, referencedInstance = 0x00081155;

constexpr const char *measurementGroup = "125007", *trackingIdentifier = "112039", *trackingUnique = "112040",
                     *finding = "121071", *derivation = "121401", *referencedSegment = "121191";

class ReportReader {
public:
    explicit ReportReader(const DicomDataSet& set) : m_characterSets(set.texts(tag::specificCharacterSet)) {}

    // The parser bounds how deep items nest.
    Result<void> collect(const DicomDataSet& container, std::vector<ReportedGroup>& groups) const
    {
        for (const DicomDataSet& item : container.items(content)) {
            if (item.text(valueType) != "CONTAINER")
                continue;
            if (nameOf(item).value == measurementGroup) {
                auto group = groupOf(item);
                if (!group)
                    return group.error();
                groups.push_back(std::move(*group));
            } else if (auto below = collect(item, groups); !below) {
                return below;
            }
        }
        return {};
    }

private:
    CodedConcept codeIn(const DicomDataSet& item, DicomTag sequence) const
    {
        const DicomDataSet* code = item.firstItem(sequence);
        if (!code)
            return {};
        const std::string value = code->text(tag::codeValue);
        return {value.empty() ? code->text(tag::longCodeValue) : value, code->text(tag::codingScheme),
                utf8FromDicom(code->text(tag::codeMeaning), m_characterSets)};
    }

    CodedConcept nameOf(const DicomDataSet& item) const { return codeIn(item, conceptName); }

    Result<ReportedGroup> groupOf(const DicomDataSet& container) const
    {
        ReportedGroup group;
        for (const DicomDataSet& item : container.items(content)) {
            const std::string name = nameOf(item).value, type = item.text(valueType);
            if (name == trackingIdentifier)
                group.trackingId = utf8FromDicom(item.text(textValue), m_characterSets);
            else if (name == trackingUnique)
                group.trackingUid = item.text(uidValue);
            else if (name == finding)
                group.finding = codeIn(item, conceptCode);
            else if (name == referencedSegment)
                readReference(item, group);
            if (type != "NUM")
                continue;
            const auto number = numberOf(item);
            if (!number)
                return number.error();
            group.numbers.push_back(*number);
        }
        return group;
    }

    static void readReference(const DicomDataSet& item, ReportedGroup& group)
    {
        if (const DicomDataSet* reference = item.firstItem(referencedSop)) {
            group.segmentationUid = reference->text(referencedInstance);
            group.segment = reference->integer(tag::referencedSegmentNumber).value_or(0);
        }
    }

    Result<ReportedNumber> numberOf(const DicomDataSet& item) const
    {
        ReportedNumber number;
        number.name = nameOf(item);
        const DicomDataSet* value = item.firstItem(measuredValue);
        const auto numeric = value ? value->number(numericValue) : std::nullopt;
        if (!numeric)
            return Error{ErrorCode::Malformed,
                         {},
                         "the measurement \"" + number.name.meaning + "\" has no readable value"};
        number.value = *numeric;
        number.unit = codeIn(*value, units);
        for (const DicomDataSet& modifier : item.items(content))
            if (nameOf(modifier).value == derivation)
                number.derivation = codeIn(modifier, conceptCode);
        return number;
    }

    std::vector<std::string> m_characterSets;
};

} // namespace

Result<std::vector<ReportedGroup>> readMeasurementReport(const std::string& path)
{
    const auto file = readDicomFile(path, DicomExtent::WholeFile);
    if (!file)
        return file.error();
    if (!file->dataSet.text(tag::sopClassUid).starts_with("1.2.840.10008.5.1.4.1.1.88."))
        return Error{ErrorCode::Unrecognised, path, "not a structured report"};
    std::vector<ReportedGroup> groups;
    if (auto read = ReportReader(file->dataSet).collect(file->dataSet, groups); !read)
        return Error{read.error().code, path, read.error().detail};
    return groups;
}

} // namespace annotomy
