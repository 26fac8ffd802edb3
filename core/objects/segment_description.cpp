#include "core/objects/segment_description.h"

#include "core/image/cielab.h"
#include "core/objects/object_text.h"
#include "core/objects/source_header.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmseg/segment.h>

namespace annotomy {

namespace {

constexpr const char* later = "later";      // stands for a text until it is put in
constexpr const char* program = "Annotomy"; // the algorithm where nothing else is known

CodeSequenceMacro codeOf(const CodedConcept& code)
{
    return {code.value.c_str(), code.scheme.c_str(), later};
}

void putMeaning(DcmItem& parent, const DcmTagKey& sequence, const CodedConcept& code)
{
    DcmItem* item = nullptr;
    if (!code.value.empty() && parent.findAndGetSequenceItem(sequence, item, 0).good())
        item->putAndInsertString(DCM_CodeMeaning, shortened(code.meaning).c_str());
}

void putModifierMeaning(DcmItem& parent, const DcmTagKey& sequence, const DcmTagKey& modifiers,
                        const CodedConcept& code)
{
    DcmItem* item = nullptr;
    if (parent.findAndGetSequenceItem(sequence, item, 0).good())
        putMeaning(*item, modifiers, code);
}

DcmSegTypes::E_SegmentAlgoType algorithmOf(const Segment& segment)
{
    if (segment.algorithmType == "AUTOMATIC")
        return DcmSegTypes::SAT_AUTOMATIC;
    return segment.algorithmType == "SEMIAUTOMATIC" ? DcmSegTypes::SAT_SEMIAUTOMATIC
                                                    : DcmSegTypes::SAT_MANUAL;
}

void addModifiers(DcmSegment& created, const Segment& segment)
{
    if (!segment.typeModifier.value.empty())
        created.getSegmentedPropertyTypeModifierCode().push_back(
            new CodeSequenceMacro(codeOf(segment.typeModifier)));
    if (segment.region.value.empty())
        return;
    GeneralAnatomyMacro& anatomy = created.getGeneralAnatomyCode();
    anatomy.getAnatomicRegion().set(segment.region.value.c_str(), segment.region.scheme.c_str(), later);
    if (!segment.regionModifier.value.empty())
        anatomy.getAnatomicRegionModifier().push_back(new CodeSequenceMacro(codeOf(segment.regionModifier)));
}

} // namespace

Result<DcmSegment*> describedSegment(const Segment& segment, const std::string& trackingUid,
                                     const std::string& path)
{
    const auto algorithm = algorithmOf(segment);
    DcmSegment* created = nullptr;
    const OFCondition made =
        DcmSegment::create(created, later, codeOf(segment.category), codeOf(segment.type), algorithm,
                           algorithm == DcmSegTypes::SAT_MANUAL ? "" : program);
    if (made.bad())
        return dcmtkError(path, "describing a segment", made.text());
    if (!segment.description.empty())
        created->setSegmentDescription(later);
    const auto lab = dicomLabFromColour(segment.colour);
    created->setRecommendedDisplayCIELabValue(lab[0], lab[1], lab[2]);
    created->setTrackingID(later);
    created->setTrackingUID(trackingUid.c_str());
    addModifiers(*created, segment);
    return created;
}

void putSegmentTexts(DcmItem& item, const Segment& segment)
{
    const auto put = [&](const DcmTag& tag, const std::string& text) {
        if (!text.empty() && item.tagExists(tag))
            item.putAndInsertString(tag, text.c_str());
    };
    put(DCM_SegmentLabel, segment.name);
    put(DCM_SegmentDescription, segment.description);
    put(DCM_SegmentAlgorithmName, shortened(segment.algorithmName));
    put(DCM_TrackingID, segment.trackingId.empty() ? segment.name : segment.trackingId);
    putMeaning(item, DCM_SegmentedPropertyCategoryCodeSequence, segment.category);
    putMeaning(item, DCM_SegmentedPropertyTypeCodeSequence, segment.type);
    putMeaning(item, DCM_AnatomicRegionSequence, segment.region);
    putModifierMeaning(item, DCM_SegmentedPropertyTypeCodeSequence,
                       DCM_SegmentedPropertyTypeModifierCodeSequence, segment.typeModifier);
    putModifierMeaning(item, DCM_AnatomicRegionSequence, DCM_AnatomicRegionModifierSequence,
                       segment.regionModifier);
}

} // namespace annotomy
