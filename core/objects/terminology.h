#pragma once

#include "core/image/segment_table.h"

namespace annotomy {

// A segment with the codes that DICOM objects need: those it has, else what its name says in a small table of
// organs and findings (SNOMED CT), else "Tissue". A side in the name ("kidney_left") becomes a modifier.
Segment withCodes(const Segment& segment);

// What a person may choose a segment to be: the terms of the table, each once.
struct SegmentTerm {
    CodedConcept category, type;
    bool isFinding = false; // it lies in an organ, which is its region; else it is a structure of its own
};
std::vector<SegmentTerm> segmentTerms(); // by meaning
std::vector<CodedConcept> sideTerms();   // left, right, both

// RT ROI Interpreted Type (PS3.3 C.8.8.8): "GTV", "ORGAN" and so on; empty where nothing fits.
std::string interpretedType(const Segment& segment);

} // namespace annotomy
