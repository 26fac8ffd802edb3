#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <array>
#include <optional>
#include <string>

namespace annotomy {

// What may tell apart images at the same position, by falling meaning. Internal to core/io.
enum class OccasionKey {
    BValue,
    Echo,
    Component, // magnitude, phase, real, imaginary, water, fat, ...
    TemporalPosition,
    Trigger,
    Acquisition,
    FrameReferenceTime,
    AcquisitionTime,
    ContentTime,
    Dimensions, // Dimension Index Values but those of the place
    Stack
};
inline constexpr std::size_t occasionKeys = 11;

// When and how an image was taken, as far as its header says; texts are empty where it does not.
struct DicomOccasion {
    std::array<std::string, occasionKeys> texts;
    std::optional<double> seconds; // of the acquisition, else of the content, as secondsOf

    std::string& operator[](OccasionKey key) { return texts[static_cast<std::size_t>(key)]; }
    const std::string& operator[](OccasionKey key) const { return texts[static_cast<std::size_t>(key)]; }
};

// Of an image with one frame.
DicomOccasion occasionOf(const DicomDataSet& set);

// Of a frame of an enhanced image; a null group says nothing. `frame` and `shared` are its items in the Per-frame
// and Shared Functional Groups Sequences.
DicomOccasion frameOccasionOf(const DicomDataSet& set, const DicomDataSet* frame, const DicomDataSet* shared);

// Seconds since 1970 without regard to time zones, without a date of the day; nothing when `time` is no DICOM TM.
std::optional<double> secondsOf(const std::string& date, const std::string& time);
std::optional<double> secondsOfDateTime(const std::string& dateTime); // DICOM DT; its time zone is left out

} // namespace annotomy
