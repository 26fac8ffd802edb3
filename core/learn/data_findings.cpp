#include "core/learn/data_fingerprint.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>

namespace annotomy {

namespace {

constexpr double wildRatio = 3;
constexpr std::size_t fewCases = 3;

using Findings = std::vector<DataFinding>;
using CasesOfImage = std::map<std::string, std::vector<const CaseFingerprint*>>;

std::int64_t voxelsOf(const CaseFingerprint& one, int output)
{
    const auto n = static_cast<std::size_t>(output);
    return n < one.classVoxels.size() ? std::max<std::int64_t>(0, one.classVoxels[n]) : 0;
}

void findEmptyClasses(const DataFingerprint& data, Findings& findings)
{
    std::size_t empty = 0;
    for (const ModelClass& wanted : data.classes) {
        const bool any = std::any_of(data.cases.begin(), data.cases.end(), [&](const CaseFingerprint& one) {
            return one.pool == "train" && voxelsOf(one, wanted.output) > 0;
        });
        if (any)
            continue;
        ++empty;
        findings.push_back({"emptyClass", false,
                            "No training case holds a voxel of \"" + wanted.name + "\": it will not be found."});
    }
    if (empty > 0 && empty == data.classes.size())
        findings.push_back({"emptyClass", true, "There is nothing to learn: all classes are empty."});
}

CasesOfImage byImage(const DataFingerprint& data)
{
    CasesOfImage images;
    for (const CaseFingerprint& one : data.cases)
        if (!one.imageHash.empty())
            images[one.imageHash].push_back(&one);
    return images;
}

void findCopies(const CasesOfImage& images, Findings& findings)
{
    for (const auto& [hash, cases] : images) {
        const CaseFingerprint& first = *cases.front();
        for (std::size_t n = 1; n < cases.size(); ++n) {
            const CaseFingerprint& other = *cases[n];
            const std::string both = first.key + " and " + other.key;
            if (first.pool != other.pool)
                findings.push_back({"leak", false,
                                    both + " are one image in the " + first.pool + " and the " + other.pool
                                        + " pool: figures on it prove nothing."});
            else if (first.patient != other.patient)
                findings.push_back({"leak", false, both + " are one image under two patients."});
            if (first.labelHash != other.labelHash)
                findings.push_back({"contradiction", false, both + " are one image with different masks."});
        }
    }
}

std::string folded(const std::string& name)
{
    std::string out;
    for (const unsigned char c : name)
        if (!std::isspace(c) && c != '_' && c != '-')
            out += static_cast<char>(std::tolower(c));
    return out;
}

void findSimilarNames(const DataFingerprint& data, Findings& findings)
{
    std::map<std::string, std::string> known;
    for (const ModelClass& one : data.classes) {
        const auto [place, isNew] = known.try_emplace(folded(one.name), one.name);
        if (!isNew)
            findings.push_back({"similarNames", false,
                                "\"" + place->second + "\" and \"" + one.name
                                    + "\" are learnt as two classes: rename one of them if they are the same."});
    }
}

void findSpacings(const DataFingerprint& data, Findings& findings)
{
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto less = [axis](const CaseFingerprint& a, const CaseFingerprint& b) {
            return a.spacing[axis] < b.spacing[axis];
        };
        const auto [finest, coarsest] = std::minmax_element(data.cases.begin(), data.cases.end(), less);
        if (finest == data.cases.end() || coarsest->spacing[axis] <= wildRatio * finest->spacing[axis])
            continue;
        char text[300];
        std::snprintf(text, sizeof text,
                      "Spacings lie far apart along axis %c: %.3g mm in %s, %.3g mm in %s; what is learnt on one may not be "
                      "found on the other.",
                      "ijk"[axis], finest->spacing[axis], finest->key.c_str(), coarsest->spacing[axis],
                      coarsest->key.c_str());
        findings.push_back({"spacing", false, text});
    }
}

void findTooFew(const DataFingerprint& data, Findings& findings)
{
    const auto count = static_cast<std::size_t>(std::count_if(
        data.cases.begin(), data.cases.end(), [](const CaseFingerprint& one) { return one.pool == "train"; }));
    if (count == 0)
        findings.push_back({"fewCases", true, "There is no training case."});
    else if (count < fewCases)
        findings.push_back({"fewCases", false,
                            "Only " + std::to_string(count) + " cases train: expect proposals to be rough."});
}

} // namespace

std::vector<DataFinding> findingsOf(const DataFingerprint& fingerprint)
{
    Findings findings;
    findTooFew(fingerprint, findings);
    findEmptyClasses(fingerprint, findings);
    findCopies(byImage(fingerprint), findings);
    findSimilarNames(fingerprint, findings);
    findSpacings(fingerprint, findings);
    return findings;
}

} // namespace annotomy
