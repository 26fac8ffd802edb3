#pragma once

#include <array>
#include <cmath>

namespace annotomy {

using Vec3 = std::array<double, 3>;
using Mat3 = std::array<std::array<double, 3>, 3>; // rows; m[r][c]
using Index3 = std::array<int, 3>;                 // (i, j, k) = (column, row, slice)

inline constexpr Mat3 identityMatrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

inline Vec3 operator+(const Vec3& a, const Vec3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Vec3 operator*(double s, const Vec3& a) { return {s * a[0], s * a[1], s * a[2]}; }
inline double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline double length(const Vec3& a) { return std::sqrt(dot(a, a)); }
inline Vec3 normalised(const Vec3& a) { return (1.0 / length(a)) * a; }

inline Vec3 cross(const Vec3& a, const Vec3& b)
{
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

inline Vec3 operator*(const Mat3& m, const Vec3& v) { return {dot(m[0], v), dot(m[1], v), dot(m[2], v)}; }

inline Vec3 column(const Mat3& m, int c)
{
    const auto i = static_cast<std::size_t>(c);
    return {m[0][i], m[1][i], m[2][i]};
}

inline Mat3 fromColumns(const Vec3& a, const Vec3& b, const Vec3& c)
{
    return {{{a[0], b[0], c[0]}, {a[1], b[1], c[1]}, {a[2], b[2], c[2]}}};
}

double determinant(const Mat3& m);
// Requires determinant(m) != 0.
Mat3 inverse(const Mat3& m);

} // namespace annotomy
