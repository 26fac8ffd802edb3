#pragma once

#include "core/io/dicom/dicom_data_set.h"
#include "core/privacy/deidentification.h"

namespace annotomy {

// The action codes of PS3.15, table E.1-1a. The compound ones depend on what the object's definition
// requires.
enum class ProfileAction { X, Z, D, U, XZ, XD, ZD, XZD, XZU };

// What is done to an attribute under the options that were chosen.
enum class Handling {
    Remove,
    Empty,
    Dummy, // a value that says nothing, where a value is required
    ReplaceUid,
    ShiftDate,
    CleanText, // the words of a closed vocabulary stay
    Keep,      // sequences: their items are handled in turn
};

// `isClassic` tells of the single-frame image objects whose attributes of compound actions are of type 2 or
// 3; in all others a required value is assumed, which is always valid. `isSequence` by the attribute's VR.
Handling handlingOf(DicomTag tag, const std::string& vr, const DeidentificationOptions& options,
                    bool isClassic);

// UIDs that name a class, a code system or another concept, and not one thing.
bool namesConcept(DicomTag tag);

} // namespace annotomy
