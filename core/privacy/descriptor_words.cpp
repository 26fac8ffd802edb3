#include "core/privacy/descriptor_words.h"

#include <algorithm>
#include <cctype>
#include <unordered_set>

namespace annotomy {

namespace {

// Names of people that are also such words (May, Black, Head as a surname) are the reason for what is
// missing.
const std::unordered_set<std::string_view>& vocabulary()
{
    static const std::unordered_set<std::string_view> words{
        "2D",         "3D",        "4D",        "ABD",         "ABDOMEN",  "ABDOMINAL",   "ADC",
        "ADRENAL",    "ANGIO",     "ANTERIOR",  "AORTA",       "AP",       "ARM",         "ARTERIAL",
        "ARTERY",     "ATLAS",     "AX",        "AXIAL",       "BLADDER",  "BODY",        "BONE",
        "BOOST",      "BOWEL",     "BRAIN",     "BRAINSTEM",   "BREAST",   "BRONCHUS",    "CARDIAC",
        "CAROTID",    "CAVITY",    "CE",        "CEREBELLUM",  "CERVICAL", "CHEST",       "CHIASM",
        "CINE",       "COCHLEA",   "COLON",     "CONTRAST",    "COR",      "CORD",        "CORONAL",
        "CT",         "CTA",       "CTV",       "CTV1",        "CTV2",     "DCE",         "DELAYED",
        "DERIVED",    "DIFFUSION", "DISC",      "DTI",         "DUODENUM", "DWI",         "DYNAMIC",
        "EPI",        "ESOPHAGUS", "EXTERNAL",  "EYE",         "FEMORAL",  "FEMUR",       "FLAIR",
        "FLASH",      "FOOT",      "FRFSE",     "FS",          "FSE",      "FSPGR",       "GALLBLADDER",
        "GD",         "GE",        "GRE",       "GTV",         "GTV1",     "GTV2",        "HAND",
        "HASTE",      "HEART",     "HIP",       "HIPPOCAMPUS", "IR",       "ITV",         "JOINT",
        "KIDNEY",     "KNEE",      "LARYNX",    "LAT",         "LEFT",     "LENS",        "LESION",
        "LIVER",      "LOC",       "LOCALISER", "LOCALIZER",   "LT",       "LUMBAR",      "LUNG",
        "LUNGS",      "LYMPH",     "MAG",       "MANDIBLE",    "MASS",     "MEDIASTINUM", "MIP",
        "MOUTH",      "MPR",       "MPRAGE",    "MR",          "MRA",      "MRI",         "MUSCLE",
        "NECK",       "NECROSIS",  "NERVE",     "NODE",        "NODES",    "NODULE",      "OBLIQUE",
        "OESOPHAGUS", "OPTIC",     "ORAL",      "ORBIT",       "PA",       "PANCREAS",    "PAROTID",
        "PD",         "PELVIS",    "PENILE",    "PERFUSION",   "PET",      "PHASE",       "PHANTOM",
        "PORTAL",     "POST",      "POSTERIOR", "PRE",         "PROSTATE", "PROTOCOL",    "PT",
        "PTV",        "PTV1",      "PTV2",      "RECON",       "RECTUM",   "RIB",         "RIGHT",
        "RT",         "SAG",       "SAGITTAL",  "SCOUT",       "SE",       "SEMINAL",     "SHOULDER",
        "SKIN",       "SKULL",     "SPACE",     "SPGR",        "SPINAL",   "SPINE",       "SPLEEN",
        "STIR",       "STOMACH",   "STUDY",     "SUPINE",      "PRONE",    "SURVEY",      "SWI",
        "T1",         "T1W",       "T2",        "T2W",         "TEST",     "THIN",        "THICK",
        "THORAX",     "THYROID",   "TIRM",      "TISSUE",      "TOF",      "TRA",         "TRACHEA",
        "TRANSVERSE", "TSE",       "TUMOR",     "TUMOUR",      "TURBO",    "UTERUS",      "VEIN",
        "VENOUS",     "VERTEBRA",  "VESSEL",    "VIBE",        "WHOLE",    "WITH",        "WITHOUT",
        "WO",         "WRIST",     "EDEMA",     "ENHANCING",   "VOLUME",   "LOWER",       "UPPER",
        "LOBE",       "MM",        "CM",        "KV",          "SOFT",     "STANDARD",    "HIGH",
        "LOW",        "RES",       "FAST",      "FAT",         "SAT",      "WATER"};
    return words;
}

bool isShortNumber(const std::string& word)
{
    return word.size() <= 2 &&
           std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

} // namespace

std::string knownWordsOf(std::string_view description)
{
    std::string result;
    for (std::size_t at = 0; at < description.size();) {
        const auto isWord = [&](std::size_t i) {
            const auto c = static_cast<unsigned char>(description[i]);
            return std::isalnum(c) != 0 || c >= 0x80;
        };
        std::size_t end = at;
        while (end < description.size() && isWord(end))
            ++end;
        const std::string word(description.substr(at, end - at));
        std::string upper = word;
        std::transform(upper.begin(), upper.end(), upper.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (!word.empty() && (vocabulary().contains(upper) || isShortNumber(word)))
            result += (result.empty() ? "" : " ") + word;
        at = std::max(end, at + 1);
    }
    return result;
}

} // namespace annotomy
