#pragma once

#include "core/image/vec.h"
#include "core/synthetic/seeded_random.h"

#include <vector>

namespace annotomy {

enum class Tissue { Air, Fat, Muscle, LeftLung, RightLung, Airway, Heart, Aorta, Bone, Marrow, Disc, Liver, Spleen };

// A vessel's piece: a cone frustum drawn as a capsule of the mean radius.
struct VesselPiece {
    Vec3 from{}, to{};
    double radiusMm = 1;
};

// The shapes of a chest, drawn once from a random source. Coordinates are LPS mm about the middle of the chest of an adult of
// about 330 x 240 x 280 mm (left-right, front-back, height).
class ChestAnatomy {
public:
    explicit ChestAnatomy(SeededRandom& random);

    Tissue tissueAt(const Vec3& p) const;
    const std::vector<VesselPiece>& vessels() const { return m_vessels; } // within the lungs and their hila

    static double hounsfield(Tissue tissue);

private:
    bool insideLung(const Vec3& p, double side) const;
    bool insideRib(const Vec3& p, double wall) const;
    Tissue spineAt(const Vec3& p) const; // Air where there is none
    Tissue mediastinumAt(const Vec3& p) const;
    double diaphragm(const Vec3& p) const; // height of its dome above (x, y)
    void growVessels(const Vec3& from, const Vec3& direction, double radius, int depth, double side,
                     SeededRandom& random);

    double m_halfWidth, m_halfDepth; // of the body
    double m_fat, m_muscle;          // thickness
    double m_lungWidth, m_lungDepth, m_lungTop, m_dome;
    Vec3 m_heart{}, m_heartHalf{};
    double m_ribPhase, m_ribSlope;
    std::vector<VesselPiece> m_vessels;
};

} // namespace annotomy
