#pragma once

#include "core/io/dicom/dicom_data_set.h"
#include "core/privacy/element_tree.h"

#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace annotomy {

// What would tell who a file is of: the original values that must not be met in what is written.
class Identifiers {
public:
    // The UID was replaced: it must not occur any more.
    void addUid(const std::string& uid) { m_uids.insert(uid); }
    // A person's name: the whole, and its parts of three letters or more.
    void addName(std::string_view name);
    // Another identifying text: a number, an institution, an address.
    void addText(std::string_view text);

    bool knowsUid(const std::string& uid) const { return m_uids.contains(uid); }
    bool empty() const { return m_texts.empty() && m_uids.empty(); }

    // The text without any identifier in it, each taken out as a whole word. Case does not matter.
    std::string without(std::string_view text) const;

    // Where one of them occurs in `bytes`: as a whole word, or (long ones) anywhere.
    enum class Match { WholeWords, LongAnywhere };
    bool occurIn(std::string_view bytes, Match match) const;
    bool uidOccursIn(std::string_view bytes) const;

private:
    std::set<std::string> m_texts; // in capitals
    std::unordered_set<std::string> m_uids;
};

// The first attribute of a data set in which an identifier is still found, "(gggg,eeee)"; empty when there is
// none. Numbers, dates and coded words (CS) without digits are taken for what they are.
std::string attributeWithIdentifier(const DicomDataSet& set, const Identifiers& identifiers);

std::string tagText(DicomTag tag);

} // namespace annotomy
