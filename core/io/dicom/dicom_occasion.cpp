#include "core/io/dicom/dicom_occasion.h"

#include "core/io/dicom/dicom_private.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <iterator>

namespace annotomy {

namespace {

namespace own {
constexpr DicomTag acquisitionDate = 0x00080022, contentDate = 0x00080023, acquisitionDateTime = 0x0008002A,
                   frameType = 0x00089007, complexComponent = 0x00089208, bValue = 0x00189087,
                   effectiveEchoTime = 0x00189082, frameAcquisition = 0x00209156, dimensionValues = 0x00209157,
                   frameAcquisitionDateTime = 0x00189074, frameReferenceDateTime = 0x00189151,
                   triggerDelay = 0x00209153, frameReferenceTime = 0x00541300, dimensionPointer = 0x00209165,
                   inStackPosition = 0x00209057;
constexpr DicomTag dimensionIndices = 0x00209222, echoGroup = 0x00189114, diffusionGroup = 0x00189117,
                   cardiacGroup = 0x00189118, frameTypeGroup = 0x00189226, convertedAttributes = 0x00209171,
                   sharedConvertedAttributes = 0x00209170;
} // namespace own

std::string shortNumber(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

// A number whose VR may be unknown, as private elements' often is: text, else a float or double by its length.
std::optional<double> looseNumber(const DicomDataSet& set, DicomTag tag)
{
    const DicomElement* element = set.find(tag);
    if (!element)
        return std::nullopt;
    if (const auto value = set.number(tag))
        return value;
    const bool isUnknown = element->vr.empty() || element->vr == "UN";
    const auto size = element->value.size();
    if (!isUnknown || element->bigEndian || (size != sizeof(float) && size != sizeof(double)))
        return std::nullopt;
    double value = 0;
    float single = 0;
    std::memcpy(size == sizeof(float) ? static_cast<void*>(&single) : &value, element->value.data(), size);
    value = size == sizeof(float) ? static_cast<double>(single) : value;
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// In s/mm2. GE stores some b-values with a billion added.
std::optional<double> bValueOf(const DicomDataSet& set)
{
    if (const auto standard = looseNumber(set, own::bValue))
        return standard;
    if (const auto siemens = looseNumber(set, privateTag(set, 0x0019100C, "SIEMENS MR HEADER")))
        return siemens;
    if (const auto philips = looseNumber(set, privateTag(set, 0x20011003, "Philips Imaging DD 001")))
        return philips;
    if (const auto ge = looseNumber(set, privateTag(set, 0x00431039, "GEMS_PARM_01")))
        return std::fmod(*ge, 1e9);
    return std::nullopt;
}

std::string bValueText(const DicomDataSet& set)
{
    const auto value = bValueOf(set);
    return value && *value >= 0 ? shortNumber(*value) : "";
}

// Image Type but the first two values, which tell how the image came about and not what of.
std::string componentOf(const std::vector<std::string>& types)
{
    std::string text;
    for (std::size_t t = 2; t < types.size(); ++t)
        text += types[t] + "\\";
    return text;
}

std::optional<double> acquisitionSeconds(const DicomDataSet& set)
{
    if (const auto whole = secondsOfDateTime(set.text(own::acquisitionDateTime)))
        return whole;
    if (const auto acquired = secondsOf(set.text(own::acquisitionDate), set.text(tag::acquisitionTime)))
        return acquired;
    return secondsOf(set.text(own::contentDate), set.text(tag::contentTime));
}

// The elements that a classic image has at its top, and a converted one among its unassigned attributes.
void readClassic(const DicomDataSet& set, DicomOccasion& occasion)
{
    const auto take = [&](OccasionKey key, const std::string& text) {
        if (occasion[key].empty())
            occasion[key] = text;
    };
    take(OccasionKey::BValue, bValueText(set));
    take(OccasionKey::Echo, set.text(tag::echoTime));
    take(OccasionKey::TemporalPosition, set.text(tag::temporalPosition));
    take(OccasionKey::Trigger, set.text(tag::triggerTime));
    take(OccasionKey::Acquisition, set.text(tag::acquisitionNumber));
    take(OccasionKey::FrameReferenceTime, set.text(own::frameReferenceTime));
    take(OccasionKey::AcquisitionTime, set.text(tag::acquisitionTime));
    take(OccasionKey::ContentTime, set.text(tag::contentTime));
    if (!occasion.seconds)
        occasion.seconds = acquisitionSeconds(set);
}

// Dimension Index Values without those that tell the place within the stack.
std::string dimensionsOf(const DicomDataSet& set, const DicomDataSet& content)
{
    const auto numbers = content.numbers(own::dimensionValues);
    const auto& pointers = set.items(own::dimensionIndices);
    std::string text;
    for (std::size_t d = 0; d < pointers.size() && d < numbers.size(); ++d) {
        const DicomElement* pointer = pointers[d].find(own::dimensionPointer);
        if (!pointer || pointer->bigEndian || pointer->value.size() != 4)
            continue;
        std::array<std::uint16_t, 2> tag{};
        std::memcpy(tag.data(), pointer->value.data(), 4);
        const DicomTag named = static_cast<DicomTag>(tag[0]) << 16 | tag[1];
        if (named != own::inStackPosition && named != tag::stackId && named != tag::position)
            text += shortNumber(numbers[d]) + "\\";
    }
    return text;
}

struct FrameGroups {
    const DicomDataSet *frame, *shared;

    const DicomDataSet* find(DicomTag group) const
    {
        const DicomDataSet* own = frame ? frame->firstItem(group) : nullptr;
        return own || !shared ? own : shared->firstItem(group);
    }
    std::string number(DicomTag group, DicomTag tag) const
    {
        const DicomDataSet* item = find(group);
        const auto value = item ? looseNumber(*item, tag) : std::nullopt;
        return value ? shortNumber(*value) : "";
    }
    std::string text(DicomTag group, DicomTag tag) const
    {
        const DicomDataSet* item = find(group);
        return item ? item->text(tag) : "";
    }
};

// Digits of a text from `at`, as a number; nothing when one of them is none.
std::optional<int> digits(const std::string& text, std::size_t at, std::size_t count)
{
    if (at + count > text.size())
        return std::nullopt;
    int value = 0;
    for (std::size_t c = at; c < at + count; ++c) {
        if (text[c] < '0' || text[c] > '9')
            return std::nullopt;
        value = 10 * value + (text[c] - '0');
    }
    return value;
}

// HHMMSS.FFFFFF, from the left as far as it goes; old files have colons.
std::optional<double> secondsOfDay(std::string time)
{
    std::erase(time, ':');
    const auto hours = digits(time, 0, 2);
    if (!hours)
        return std::nullopt;
    double seconds = 3600.0 * *hours + 60.0 * digits(time, 2, 2).value_or(0) + digits(time, 4, 2).value_or(0);
    double unit = 0.1;
    if (time.size() > 6 && time[6] == '.')
        for (std::size_t c = 7; c < time.size() && time[c] >= '0' && time[c] <= '9'; ++c, unit /= 10)
            seconds += unit * (time[c] - '0');
    return seconds;
}

std::optional<double> secondsOfDate(std::string date)
{
    std::erase(date, '.');
    const auto year = digits(date, 0, 4), month = digits(date, 4, 2), day = digits(date, 6, 2);
    if (!year || !month || !day)
        return std::nullopt;
    const std::chrono::year_month_day whole{std::chrono::year(*year),
                                            std::chrono::month(static_cast<unsigned>(*month)),
                                            std::chrono::day(static_cast<unsigned>(*day))};
    if (!whole.ok())
        return std::nullopt;
    return 86400.0 * static_cast<double>(std::chrono::sys_days(whole).time_since_epoch().count());
}

} // namespace

std::optional<double> secondsOf(const std::string& date, const std::string& time)
{
    const auto ofDay = secondsOfDay(time);
    return ofDay ? std::optional(*ofDay + secondsOfDate(date).value_or(0)) : std::nullopt;
}

std::optional<double> secondsOfDateTime(const std::string& dateTime)
{
    if (dateTime.size() < 10)
        return std::nullopt;
    const std::string time = dateTime.substr(8);
    return secondsOf(dateTime.substr(0, 8), time.substr(0, time.find_first_of("+-")));
}

DicomOccasion occasionOf(const DicomDataSet& set)
{
    DicomOccasion occasion;
    readClassic(set, occasion);
    occasion[OccasionKey::Component] = componentOf(set.texts(tag::imageType));
    return occasion;
}

DicomOccasion frameOccasionOf(const DicomDataSet& set, const DicomDataSet* frame, const DicomDataSet* shared)
{
    const FrameGroups groups{frame, shared};
    DicomOccasion occasion;
    occasion[OccasionKey::BValue] = groups.number(own::diffusionGroup, own::bValue);
    occasion[OccasionKey::Echo] = groups.number(own::echoGroup, own::effectiveEchoTime);
    occasion[OccasionKey::Trigger] = groups.number(own::cardiacGroup, own::triggerDelay);
    if (const DicomDataSet* type = groups.find(own::frameTypeGroup))
        occasion[OccasionKey::Component] =
            componentOf(type->texts(own::frameType)) + type->text(own::complexComponent);
    if (const DicomDataSet* content = groups.find(tag::frameContent)) {
        if (const auto index = content->integer(tag::temporalPositionIndex))
            occasion[OccasionKey::TemporalPosition] = std::to_string(*index);
        if (const auto number = content->integer(own::frameAcquisition))
            occasion[OccasionKey::Acquisition] = std::to_string(*number);
        occasion[OccasionKey::AcquisitionTime] = content->text(own::frameAcquisitionDateTime);
        occasion[OccasionKey::ContentTime] = content->text(own::frameReferenceDateTime);
        occasion[OccasionKey::Dimensions] = dimensionsOf(set, *content);
        occasion[OccasionKey::Stack] = content->text(tag::stackId);
        for (const DicomTag t : {own::frameAcquisitionDateTime, own::frameReferenceDateTime})
            if (!occasion.seconds)
                occasion.seconds = secondsOfDateTime(content->text(t));
    }
    for (const DicomTag group : {own::convertedAttributes, own::sharedConvertedAttributes})
        if (const DicomDataSet* converted = groups.find(group))
            readClassic(*converted, occasion);
    if (occasion[OccasionKey::Acquisition].empty())
        occasion[OccasionKey::Acquisition] = set.text(tag::acquisitionNumber);
    if (!occasion.seconds)
        occasion.seconds = acquisitionSeconds(set);
    return occasion;
}

} // namespace annotomy
