#include "core/synthetic/chest_anatomy.h"

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

constexpr double ribStep = 27; // mm between ribs
constexpr int vesselDepth = 8;

double squared(double v)
{
    return v * v;
}

double ellipsoid(const Vec3& p, const Vec3& centre, const Vec3& half)
{
    const Vec3 d = p - centre;
    return squared(d[0] / half[0]) + squared(d[1] / half[1]) + squared(d[2] / half[2]);
}

} // namespace

ChestAnatomy::ChestAnatomy(SeededRandom& random)
    : m_halfWidth(random.uniform(148, 168)), m_halfDepth(random.uniform(104, 120)), m_fat(random.uniform(8, 20)),
      m_muscle(random.uniform(11, 16)), m_lungWidth(random.uniform(56, 63)), m_lungDepth(random.uniform(74, 84)),
      m_lungTop(random.uniform(108, 126)), m_dome(random.uniform(-88, -66)),
      m_heart{random.uniform(16, 28), random.uniform(-38, -26), random.uniform(-52, -36)},
      m_heartHalf{random.uniform(46, 56), random.uniform(36, 44), random.uniform(44, 54)},
      m_ribPhase(random.uniform(0, ribStep)), m_ribSlope(random.uniform(34, 52))
{
    for (const double side : {-1.0, 1.0}) {
        for (int branch = 0; branch < 6; ++branch) {
            const Vec3 hilum{side * 26, random.uniform(2, 18), random.uniform(-12, 14)};
            const Vec3 direction = normalised({side * random.uniform(0.5, 1), random.uniform(-1, 1), (branch - 2.5) * 0.55});
            growVessels(hilum, direction, random.uniform(4, 6), 0, side, random);
        }
    }
}

double ChestAnatomy::hounsfield(Tissue tissue)
{
    switch (tissue) {
    case Tissue::Air: return -1000;
    case Tissue::Fat: return -100;
    case Tissue::Muscle: return 50;
    case Tissue::LeftLung:
    case Tissue::RightLung: return -850;
    case Tissue::Airway: return -980;
    case Tissue::Heart: return 110;
    case Tissue::Aorta: return 140;
    case Tissue::Bone: return 520;
    case Tissue::Marrow: return 190;
    case Tissue::Disc: return 85;
    case Tissue::Liver: return 75;
    case Tissue::Spleen: break;
    }
    return 60;
}

double ChestAnatomy::diaphragm(const Vec3& p) const
{
    const double side = p[0] < 0 ? -1 : 1;
    const double away = squared((p[0] - side * 66) / 75) + squared((p[1] - 4) / 95);
    return m_dome + (side < 0 ? 12 : 0) - 46 * std::min(away, 1.6);
}

bool ChestAnatomy::insideLung(const Vec3& p, double side) const
{
    if (p[0] * side <= 0 || p[2] < diaphragm(p))
        return false;
    const double taper = p[2] > 0 ? std::sqrt(std::max(0.0, 1 - squared(p[2] / m_lungTop))) : 1.0;
    const double width = m_lungWidth * (0.25 + 0.75 * taper), depth = m_lungDepth * (0.2 + 0.8 * taper);
    if (p[2] > m_lungTop || taper == 0)
        return false;
    const double x = (p[0] - side * (71 - 8 * (1 - taper))) / width, y = (p[1] - 6) / depth;
    return squared(x) * squared(x) * 0.4 + squared(x) * 0.6 + squared(y) < 1;
}

bool ChestAnatomy::insideRib(const Vec3& p, double wall) const
{
    if (std::abs(wall - (m_fat + m_muscle + 3)) > 4.5 || std::abs(p[0]) < 14)
        return false;
    const double front = 0.5 * (1 - p[1] / m_halfDepth); // 0 at the back, 1 in front
    if (front > 0.94 && p[2] < -30)
        return false;
    const double along = p[2] + m_ribSlope * front + m_ribPhase;
    return std::abs(along - ribStep * std::round(along / ribStep)) < 5;
}

Tissue ChestAnatomy::spineAt(const Vec3& p) const
{
    const double radius = std::hypot(p[0] / 1.15, p[1] - 60);
    if (std::hypot(p[0], p[1] - 86) < 8)
        return Tissue::Muscle; // the canal
    if (radius < 18) {
        const double level = p[2] - 25 * std::floor(p[2] / 25);
        return level < 6 ? Tissue::Disc : radius > 14.5 || level < 8 || level > 23 ? Tissue::Bone : Tissue::Marrow;
    }
    const bool arch = std::hypot(p[0], p[1] - 86) < 13 || (std::abs(p[0]) < 3.5 && p[1] > 92 && p[1] < 108);
    return arch && p[1] < m_halfDepth - m_fat ? Tissue::Bone : Tissue::Air;
}

Tissue ChestAnatomy::mediastinumAt(const Vec3& p) const
{
    const double carina = 16;
    const double bronchus = p[2] > carina ? 0 : std::min((carina - p[2]) * 1.1, 34.0);
    const bool airway = p[2] > carina - 34 && std::hypot(std::abs(p[0]) - bronchus, p[1] - 22) < (p[2] > carina ? 8 : 5.5);
    if (airway)
        return Tissue::Airway;
    if (ellipsoid(p, m_heart, m_heartHalf) < 1)
        return Tissue::Heart;
    if (std::hypot(p[0] - 24, p[1] - 44) < 11.5 && p[2] < 62)
        return Tissue::Aorta;
    const double arch = std::hypot(std::hypot(p[1] - 12, p[2] - 44) - 32, (p[0] - 14) * 0.9);
    if (arch < 11 && p[2] > 44)
        return Tissue::Aorta;
    return Tissue::Fat;
}

Tissue ChestAnatomy::tissueAt(const Vec3& p) const
{
    const double radial = std::sqrt(squared(p[0] / m_halfWidth) + squared(p[1] / m_halfDepth));
    if (radial >= 1)
        return Tissue::Air;
    const double wall = (1 - radial) * (std::abs(p[0]) > std::abs(p[1]) ? m_halfWidth : m_halfDepth);
    if (wall < 2)
        return Tissue::Muscle; // skin
    if (wall < m_fat)
        return Tissue::Fat;
    if (const Tissue spine = spineAt(p); spine != Tissue::Air)
        return spine;
    if (insideRib(p, wall))
        return std::abs(wall - (m_fat + m_muscle + 3)) < 2 ? Tissue::Marrow : Tissue::Bone;
    if (wall < m_fat + 14 && std::abs(p[0]) < 17 && p[1] < 0 && p[2] > -45 && wall > m_fat + 4)
        return Tissue::Marrow; // sternum
    if (wall < m_fat + m_muscle)
        return Tissue::Muscle;
    const Tissue middle = mediastinumAt(p);
    const bool heartAbove = p[2] > diaphragm(p) - 6;
    if (middle != Tissue::Fat && (middle != Tissue::Heart || heartAbove))
        return middle;
    if (insideLung(p, 1))
        return Tissue::LeftLung;
    if (insideLung(p, -1))
        return Tissue::RightLung;
    if (p[2] < diaphragm(p))
        return p[0] < 18 ? Tissue::Liver : Tissue::Spleen;
    return std::abs(p[0]) > 52 || p[1] > 48 ? Tissue::Muscle : Tissue::Fat;
}

void ChestAnatomy::growVessels(const Vec3& from, const Vec3& direction, double radius, int depth, double side,
                               SeededRandom& random)
{
    if (depth == vesselDepth || radius < 0.6)
        return;
    const double reach = random.uniform(11, 22) * std::pow(0.92, depth);
    const Vec3 to = from + reach * direction;
    if (depth > 2 && !insideLung(to, side))
        return;
    m_vessels.push_back({from, to, radius});
    const int children = depth > 0 && random.uniform(0, 1) < 0.15 ? 1 : 2;
    for (int child = 0; child < children; ++child) {
        const Vec3 bend{random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
        growVessels(to, normalised(direction + 0.65 * bend), radius * random.uniform(0.68, 0.86), depth + 1, side,
                    random);
    }
}

} // namespace annotomy
