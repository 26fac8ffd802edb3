#pragma once

#include "core/privacy/deidentification.h"
#include "core/privacy/element_tree.h"
#include "core/privacy/identifiers.h"

#include <set>
#include <string>
#include <vector>

namespace annotomy {

// Applies the profile to one data set, counting into `outcome` what it does, and collecting what must not be
// met afterwards. Pixel data is no part of the tree.
class DataSetCleaner {
public:
    DataSetCleaner(const IdentityMap& identities, const DeidentificationOptions& options,
                   DeidentifiedFile& outcome);

    void clean(ElementTree& tree);
    const Identifiers& identifiers() const { return m_identifiers; }
    const std::string& pseudonym() const { return m_pseudonym; }
    // The new UID of one that identifies a thing; concepts and DICOM's own stay as they are.
    std::string newUid(const std::string& uid);

private:
    void collect(const ElementTree& tree);
    void cleanTree(ElementTree& tree);
    bool keeps(DicomTag tag, Element& element, const ElementTree& siblings); // false: the element goes
    bool isDropped(DicomTag tag, const std::set<DicomTag>& safePrivate);
    void dummy(DicomTag tag, Element& element, const ElementTree& siblings);
    bool emptied(DicomTag tag, Element& element, const ElementTree& siblings);
    void replaceUids(Element& element);
    bool shiftDates(DicomTag tag, Element& element);
    void cleanWords(DicomTag tag, Element& element);
    void scrub(DicomTag tag, Element& element);
    void cleanContentItems(std::vector<ElementTree>& items);

    const IdentityMap& m_identities;
    const DeidentificationOptions& m_options;
    DeidentifiedFile& m_outcome;
    Identifiers m_identifiers;
    std::string m_pseudonym;
    int m_dayShift = 0;
    bool m_isClassic = false;
};

} // namespace annotomy
