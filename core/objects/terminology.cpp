#include "core/objects/terminology.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace annotomy {

namespace {

struct Term {
    std::string_view word; // found in the name as whole words
    std::string_view type, meaning;
    enum class Kind { Structure, Abnormal, Region } kind = Kind::Structure;
    std::string_view region = {}, regionMeaning = {}; // of findings: where they are
};

using Kind = Term::Kind;

// Longer words first where one holds another. Codes are SNOMED CT's, of DICOM's CID 7151 and the groups it
// includes.
constexpr auto terms = std::to_array<Term>({
    {"hippocampus anterior", "5366008", "Hippocampus", Kind::Structure},
    {"hippocampus", "5366008", "Hippocampus", Kind::Structure},
    {"anterior hippocampus", "5366008", "Hippocampus", Kind::Structure},
    {"primary tumor", "372087000", "Neoplasm, Primary", Kind::Abnormal},
    {"primary tumour", "372087000", "Neoplasm, Primary", Kind::Abnormal},
    {"metastasis", "14799000", "Neoplasm, Secondary", Kind::Abnormal},
    {"enhancing tumor", "108369006", "Neoplasm", Kind::Abnormal},
    {"liver tumor", "108369006", "Neoplasm", Kind::Abnormal, "10200004", "Liver"},
    {"liver tumour", "108369006", "Neoplasm", Kind::Abnormal, "10200004", "Liver"},
    {"lung nodule", "27925004", "Nodule", Kind::Abnormal, "39607008", "Lung"},
    {"gtv", "108369006", "Neoplasm", Kind::Abnormal},
    {"tumor", "108369006", "Neoplasm", Kind::Abnormal},
    {"tumour", "108369006", "Neoplasm", Kind::Abnormal},
    {"neoplasm", "108369006", "Neoplasm", Kind::Abnormal},
    {"mass", "4147007", "Mass", Kind::Abnormal},
    {"nodule", "27925004", "Nodule", Kind::Abnormal},
    {"lesion", "52988006", "Lesion", Kind::Abnormal},
    {"lesions", "52988006", "Lesion", Kind::Abnormal},
    {"cyst", "367643001", "Cyst", Kind::Abnormal},
    {"edema", "79654002", "Edema", Kind::Abnormal},
    {"oedema", "79654002", "Edema", Kind::Abnormal},
    {"necrosis", "6574001", "Necrosis", Kind::Abnormal},
    {"hemorrhage", "50960005", "Hemorrhage", Kind::Abnormal},
    {"haemorrhage", "50960005", "Hemorrhage", Kind::Abnormal},
    {"spinal cord", "2748008", "Spinal cord", Kind::Structure},
    {"white matter", "68523003", "Cerebral White Matter", Kind::Structure},
    {"gall bladder", "28231008", "Gallbladder", Kind::Structure},
    {"gallbladder", "28231008", "Gallbladder", Kind::Structure},
    {"urinary bladder", "89837001", "Bladder", Kind::Structure},
    {"bladder", "89837001", "Bladder", Kind::Structure},
    {"adrenal gland", "23451007", "Adrenal gland", Kind::Structure},
    {"thyroid gland", "69748006", "Thyroid", Kind::Structure},
    {"thyroid", "69748006", "Thyroid", Kind::Structure},
    {"small bowel", "30315005", "Small Intestine", Kind::Structure},
    {"small intestine", "30315005", "Small Intestine", Kind::Structure},
    {"inferior vena cava", "64131007", "Inferior vena cava", Kind::Structure},
    {"portal vein", "32764006", "Portal vein", Kind::Structure},
    {"liver", "10200004", "Liver", Kind::Structure},
    {"spleen", "78961009", "Spleen", Kind::Structure},
    {"kidney", "64033007", "Kidney", Kind::Structure},
    {"kidneys", "64033007", "Kidney", Kind::Structure},
    {"stomach", "69695003", "Stomach", Kind::Structure},
    {"pancreas", "15776009", "Pancreas", Kind::Structure},
    {"esophagus", "32849002", "Esophagus", Kind::Structure},
    {"oesophagus", "32849002", "Esophagus", Kind::Structure},
    {"duodenum", "38848004", "Duodenum", Kind::Structure},
    {"colon", "71854001", "Colon", Kind::Structure},
    {"rectum", "34402009", "Rectum", Kind::Structure},
    {"prostate", "41216001", "Prostate", Kind::Structure},
    {"uterus", "35039007", "Uterus", Kind::Structure},
    {"lung", "39607008", "Lung", Kind::Structure},
    {"lungs", "39607008", "Lung", Kind::Structure},
    {"trachea", "44567001", "Trachea", Kind::Structure},
    {"heart", "80891009", "Heart", Kind::Structure},
    {"aorta", "15825003", "Aorta", Kind::Structure},
    {"brainstem", "119238007", "Brain Stem", Kind::Structure},
    {"cerebellum", "113305005", "Cerebellum", Kind::Structure},
    {"thalamus", "42695009", "Thalamus", Kind::Structure},
    {"brain", "12738006", "Brain", Kind::Structure},
    {"skull", "89546000", "Skull", Kind::Structure},
    {"vertebra", "51282000", "Vertebra", Kind::Structure},
    {"sacrum", "54735007", "Sacrum", Kind::Structure},
    {"spine", "421060004", "Spine", Kind::Structure},
    {"rib", "113197003", "Rib", Kind::Structure},
    {"femur", "71341001", "Femur", Kind::Structure},
    {"humerus", "85050009", "Humerus", Kind::Structure},
    {"sternum", "56873002", "Sternum", Kind::Structure},
    {"bone", "272673000", "Bone", Kind::Structure},
    {"muscle", "71616004", "Muscle", Kind::Structure},
    {"fat", "55603005", "Fat", Kind::Structure},
    {"breast", "76752008", "Breast", Kind::Structure},
    {"eye", "81745001", "Eye", Kind::Structure},
    {"artery", "51114001", "Artery", Kind::Structure},
    {"vein", "29092000", "Vein", Kind::Structure},
    {"body", "38266002", "Entire body", Kind::Region},
    {"skin", "39937001", "Skin", Kind::Structure},
});

constexpr auto sides = std::to_array<Term>({{"left", "7771000", "Left"},
                                            {"right", "24028007", "Right"},
                                            {"bilateral", "51440002", "Right and left"},
                                            {"both", "51440002", "Right and left"}});

constexpr auto ends =
    std::to_array<Term>({{"anterior", "255549009", "Anterior"}, {"posterior", "255551008", "Posterior"}});

// Lower case letters and digits, words apart by one space, a space at both ends.
std::string words(const std::string& name)
{
    std::string result = " ";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isLetter = std::isalnum(byte) || byte >= 0x80;
        if (isLetter)
            result += static_cast<char>(std::tolower(byte));
        else if (result.back() != ' ')
            result += ' ';
    }
    if (result.back() != ' ')
        result += ' ';
    return result;
}

template <std::size_t N>
const Term* found(const std::array<Term, N>& table, const std::string& name)
{
    const auto it = std::find_if(table.begin(), table.end(), [&](const Term& term) {
        return name.find(" " + std::string(term.word) + " ") != std::string::npos;
    });
    return it == table.end() ? nullptr : &*it;
}

CodedConcept sct(std::string_view value, std::string_view meaning)
{
    return {std::string(value), "SCT", std::string(meaning)};
}

bool isComplete(const CodedConcept& code)
{
    return !code.value.empty() && !code.scheme.empty() && !code.meaning.empty();
}

CodedConcept categoryOf(const Term* term)
{
    if (!term)
        return sct("85756007", "Tissue");
    return term->kind == Kind::Abnormal ? sct("49755003", "Morphologically Altered Structure")
                                        : sct("123037004", "Anatomical Structure");
}

} // namespace

Segment withCodes(const Segment& segment)
{
    Segment coded = segment;
    const std::string name = words(segment.name);
    const Term* term = found(terms, name);
    const bool hadType = isComplete(segment.type);
    if (!isComplete(segment.category))
        coded.category = hadType ? categoryOf(nullptr) : categoryOf(term);
    if (hadType)
        return coded;
    coded.type = term ? sct(term->type, term->meaning) : sct("85756007", "Tissue");
    const Term* side = found(sides, name);
    side = side || !term || term->meaning != std::string_view("Hippocampus") ? side : found(ends, name);
    if (!isComplete(segment.typeModifier) && side)
        coded.typeModifier = sct(side->type, side->meaning);
    if (!isComplete(segment.region) && term && !term->region.empty())
        coded.region = sct(term->region, term->regionMeaning);
    return coded;
}

std::vector<SegmentTerm> segmentTerms()
{
    std::vector<SegmentTerm> all;
    for (const Term& term : terms) {
        const SegmentTerm made{categoryOf(&term), sct(term.type, term.meaning), term.kind == Kind::Abnormal};
        if (std::none_of(all.begin(), all.end(), [&](const SegmentTerm& t) { return t.type == made.type; }))
            all.push_back(made);
    }
    std::sort(all.begin(), all.end(), [](const SegmentTerm& a, const SegmentTerm& b) {
        return a.type.meaning < b.type.meaning;
    });
    return all;
}

std::vector<CodedConcept> sideTerms()
{
    std::vector<CodedConcept> all;
    for (const Term& side : sides)
        if (const CodedConcept code = sct(side.type, side.meaning); std::find(all.begin(), all.end(), code) == all.end())
            all.push_back(code);
    return all;
}

std::string interpretedType(const Segment& segment)
{
    const std::string name = words(segment.name);
    for (const char* target : {"GTV", "CTV", "PTV"})
        if (name.find(words(target).substr(0, 4)) != std::string::npos) // "GTV-1" and "gtvp", too
            return target;
    if (name == " body " || name == " external " || name == " skin ")
        return "EXTERNAL";
    const Segment coded = withCodes(segment);
    return coded.category.value == "123037004" ? "ORGAN" : "";
}

} // namespace annotomy
