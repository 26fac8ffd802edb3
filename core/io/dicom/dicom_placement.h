#pragma once

#include "core/io/dicom/dicom_slice.h"

#include <optional>

namespace annotomy {

// Where images lie in the patient, from the elements of a data set or a functional group. Internal to core/io.

// Image Orientation (Patient) into the slice's axes; false, and no change, where it is absent or no rotation.
bool readOrientation(const DicomDataSet& set, DicomSlice& slice);
// Image Position (Patient); nothing when it lies kilometres away, where differences lose their meaning.
std::optional<Vec3> positionOf(const DicomDataSet& set);
// Pixel Spacing and Slice Thickness; without the former what else tells the pixels' size: the detector's or the
// scanned film's pixels, or an ultrasound region's.
void readSpacing(const DicomDataSet& set, DicomSlice& slice);

// The frames of an image without Per-frame Functional Groups: NM by its detectors' position, others as a stack of
// unknown place (DicomSlice::placeKnown).
std::vector<DicomSlice> stackedFrames(const DicomDataSet& set, const DicomSlice& common, int count);
// One image that does not say where it lies: by its instance number within a stack, or for itself.
void placeUnknown(const DicomDataSet& set, DicomSlice& slice);

} // namespace annotomy
