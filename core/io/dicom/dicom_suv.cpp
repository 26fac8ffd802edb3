#include "core/io/dicom/dicom_suv.h"

#include "core/io/dicom/dicom_occasion.h"
#include "core/io/dicom/dicom_private.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace annotomy {

namespace {

namespace own {
constexpr DicomTag seriesDate = 0x00080021, acquisitionDate = 0x00080022, seriesTime = 0x00080031,
                   geScanDateTime = 0x0009100D, weight = 0x00101030,
                   startTime = 0x00181072, totalDose = 0x00181074, halfLife = 0x00181075,
                   startDateTime = 0x00181078, frameDuration = 0x00181242, correctedImage = 0x00280051,
                   radiopharmaceuticals = 0x00540016, units = 0x00541001, suvType = 0x00541006,
                   decayCorrected = 0x00189758, attenuationCorrected = 0x00189759, decayCorrectionTime = 0x00189701,
                   decayCorrection = 0x00541102, frameReferenceTime = 0x00541300, philipsSuv = 0x70531000, philipsActivity = 0x70531009;
} // namespace own

constexpr double secondsOfADay = 86400;
constexpr double leastDose = 1e5; // Bq; scanners that store MBq stay far below

bool isPositive(const std::optional<double>& value)
{
    return value && *value > 0;
}

PetScale without(const std::string& unit, const std::string& reason)
{
    return {1, unit, false, reason};
}

// The instant in seconds to which a scan corrected to its start was corrected.
std::optional<double> scanStart(const DicomDataSet& set, double halfLife)
{
    const auto series = secondsOf(set.text(own::seriesDate), set.text(own::seriesTime)),
               acquired = secondsOf(set.text(own::acquisitionDate), set.text(tag::acquisitionTime));
    if (series && (!acquired || *series <= *acquired))
        return series;
    // The series' time is that of later processing.
    if (const auto scanned = secondsOfDateTime(set.text(privateTag(set, own::geScanDateTime, "GEMS_PETD_01"))))
        return scanned;
    const auto reference = set.number(own::frameReferenceTime), duration = set.number(own::frameDuration);
    if (!acquired || !isPositive(reference) || !isPositive(duration))
        return std::nullopt;
    const double decay = std::log(2.0) / halfLife, during = decay * *duration / 1000;
    const double average = std::log(during / (1 - std::exp(-during))) / decay; // within the frame
    return *acquired - *reference / 1000 + average;
}

// Of the injection; without a date it was before the scan, on its day or the evening before.
std::optional<double> injectionBefore(const DicomDataSet& drug, double scan)
{
    if (const auto whole = secondsOfDateTime(drug.text(own::startDateTime)))
        return whole;
    const auto ofDay = secondsOf({}, drug.text(own::startTime));
    if (!ofDay)
        return std::nullopt;
    const double midnight = std::floor(scan / secondsOfADay) * secondsOfADay;
    const double sameDay = midnight + std::fmod(*ofDay, secondsOfADay);
    return sameDay <= scan ? sameDay : sameDay - secondsOfADay;
}

std::string told(double weight, double dose, double minutes)
{
    std::array<char, 120> text{};
    std::snprintf(text.data(), text.size(), "%.4g kg body weight, %.4g MBq injected%s", weight, dose / 1e6,
                  minutes >= 0 ? "" : ", to whose time the scan is corrected");
    std::string result = text.data();
    if (minutes >= 0) {
        std::snprintf(text.data(), text.size(), " %.0f minutes before the scan", minutes);
        result += text.data();
    }
    return result;
}

// Of values in Bq/ml.
PetScale fromActivity(const DicomDataSet& set)
{
    constexpr const char* unit = "Bq/ml";
    const DicomDataSet* drug = set.firstItem(own::radiopharmaceuticals);
    const auto weight = set.number(own::weight);
    const auto dose = drug ? drug->number(own::totalDose) : std::nullopt,
               halfLife = drug ? drug->number(own::halfLife) : std::nullopt;
    const auto corrections = set.texts(own::correctedImage);
    const auto isCorrected = [&](const char* what) {
        return std::find(corrections.begin(), corrections.end(), what) != corrections.end();
    };
    const std::string corrected = set.text(own::decayCorrection);
    const bool isEnhanced = set.has(own::decayCorrectionTime); // which says in other elements what was corrected
    const bool isDone = isEnhanced ? set.text(own::attenuationCorrected) == "YES" && set.text(own::decayCorrected) == "YES"
                                   : isCorrected("ATTN") && isCorrected("DECY");
    if (!isDone)
        return without(unit, "the scan is not corrected for attenuation and decay");
    if (!isPositive(weight))
        return without(unit, "the body weight is missing");
    if (!isPositive(dose) || !isPositive(halfLife))
        return without(unit, "the injected dose or its half-life is missing");
    if (*dose < leastDose)
        return without(unit, "the injected dose cannot be right: it is to be given in Bq");
    if (corrected == "ADMIN")
        return {*weight * 1000 / *dose, "SUVbw", true, told(*weight, *dose, -1)};
    if (corrected != "START" && !isEnhanced)
        return without(unit, "it is not said to which time decay was corrected");
    const auto scan = isEnhanced ? secondsOfDateTime(set.text(own::decayCorrectionTime)) : scanStart(set, *halfLife);
    const auto injection = scan ? injectionBefore(*drug, *scan) : std::nullopt;
    if (!injection)
        return without(unit, "the time of the scan or of the injection is missing");
    const double passed = *scan - *injection;
    if (passed < 0 || passed > secondsOfADay)
        return without(unit, "the injection was not within the day before the scan");
    const double left = *dose * std::pow(2.0, -passed / *halfLife);
    return {*weight * 1000 / left, "SUVbw", true, told(*weight, *dose, passed / 60)};
}

PetScale fromCounts(const DicomDataSet& set)
{
    constexpr const char* creator = "Philips PET Private Group";
    const auto factor = set.number(privateTag(set, own::philipsSuv, creator)),
               activity = set.number(privateTag(set, own::philipsActivity, creator));
    if (isPositive(factor))
        return {*factor, "SUVbw", true, "the factor of Philips' private element 7053,1000"};
    if (!isPositive(activity))
        return without("counts", "the values are counts without a factor");
    PetScale scale = fromActivity(set); // factor is 1 where there is no SUV: then the values become Bq/ml
    scale.factor *= *activity;
    return scale;
}

} // namespace

PetScale petScaleOf(const DicomDataSet& set, const std::string& realWorldUnit)
{
    const std::string type = set.text(own::suvType);
    std::string units = set.text(own::units);
    if (units.empty() && realWorldUnit == "Bq/ml")
        units = "BQML";
    else if (units.empty() && (realWorldUnit == "{SUVbw}g/ml" || realWorldUnit == "g/ml{SUVbw}"))
        units = "GML";
    if (units == "BQML")
        return fromActivity(set);
    if (units == "CNTS")
        return fromCounts(set);
    if (units == "GML" && (type.empty() || type == "BW"))
        return {1, "SUVbw", true, "as the file has them"};
    if (units == "GML")
        return without("SUV " + type, "the values are SUV by another measure than body weight");
    return without(units, units.empty() ? "the units are not given" : "the units are " + units);
}

} // namespace annotomy
