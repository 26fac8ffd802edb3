#include "core/objects/mask_contours.h"

#include <algorithm>
#include <numeric>

namespace annotomy {

namespace {

// Directions along pixel borders, clockwise as seen with j downwards. What is inside lies to the right.
constexpr std::array<std::array<int, 2>, 4> steps{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

struct Node {
    int x = 0, y = 0; // corner of pixels
    int next = -1, previous = -1;
    int loop = -1;
};

struct Loop {
    int start = 0;         // any node
    int leftmost = 0;      // node of least x
    std::int64_t area = 0; // twice; positive around pixels, negative around a hole
    int root = 0;          // what it was joined to
};

class Tracer {
public:
    Tracer(std::span<const std::uint8_t> pixels, int width)
        : m_pixels(pixels), m_width(width), m_height(static_cast<int>(pixels.size()) / width),
          m_out(static_cast<std::size_t>((m_width + 1) * (m_height + 1)), 0),
          m_nodesAt(m_out.size(), {-1, -1})
    {
    }

    std::vector<IndexPolygon> polygons(std::array<int, 2> first)
    {
        findBorders();
        for (std::size_t corner = 0; corner < m_out.size(); ++corner)
            while (m_out[corner] != 0)
                traceFrom(static_cast<int>(corner) % (m_width + 1), static_cast<int>(corner) / (m_width + 1));
        joinHoles();
        std::vector<IndexPolygon> result;
        for (const Loop& loop : m_loops)
            if (loop.area > 0)
                result.push_back(simplified(loop.start, first));
        return result;
    }

private:
    bool isInside(int x, int y) const
    {
        return x >= 0 && y >= 0 && x < m_width && y < m_height &&
               m_pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) +
                        static_cast<std::size_t>(x)] != 0;
    }

    std::size_t corner(int x, int y) const
    {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width + 1) +
               static_cast<std::size_t>(x);
    }

    // One bit per direction in which a border leaves a corner.
    void findBorders()
    {
        for (int y = 0; y < m_height; ++y) {
            for (int x = 0; x < m_width; ++x) {
                if (!isInside(x, y))
                    continue;
                if (!isInside(x, y - 1))
                    m_out[corner(x, y)] |= 1;
                if (!isInside(x + 1, y))
                    m_out[corner(x + 1, y)] |= 2;
                if (!isInside(x, y + 1))
                    m_out[corner(x + 1, y + 1)] |= 4;
                if (!isInside(x - 1, y))
                    m_out[corner(x, y + 1)] |= 8;
            }
        }
    }

    int addNode(int x, int y, int loop)
    {
        const int index = static_cast<int>(m_nodes.size());
        m_nodes.push_back({x, y, -1, -1, loop});
        auto& here = m_nodesAt[corner(x, y)];
        (here[0] < 0 ? here[0] : here[1]) = index;
        return index;
    }

    void link(int from, int to)
    {
        m_nodes[static_cast<std::size_t>(from)].next = to;
        m_nodes[static_cast<std::size_t>(to)].previous = from;
    }

    // Where two borders leave a corner the one to the right is taken, which stays with the same pixel.
    void traceFrom(int x, int y)
    {
        const int loop = static_cast<int>(m_loops.size());
        const int startX = x, startY = y;
        int direction = 0;
        while (!(m_out[corner(x, y)] & (1 << direction)))
            ++direction;
        const int firstDirection = direction;
        Loop made;
        made.root = loop;
        made.start = made.leftmost = addNode(x, y, loop);
        int last = made.start;
        for (;;) {
            m_out[corner(x, y)] = static_cast<std::uint8_t>(m_out[corner(x, y)] & ~(1 << direction));
            const int nextX = x + steps[static_cast<std::size_t>(direction)][0],
                      nextY = y + steps[static_cast<std::size_t>(direction)][1];
            made.area += static_cast<std::int64_t>(x) * nextY - static_cast<std::int64_t>(nextX) * y;
            x = nextX;
            y = nextY;
            const unsigned out = m_out[corner(x, y)];
            int turned = -1;
            for (const int turn : {1, 0, 3}) {
                const int candidate = (direction + turn) % 4;
                const bool closes = x == startX && y == startY && candidate == firstDirection;
                if (closes || (out & (1U << candidate))) {
                    turned = closes ? -1 : candidate;
                    break;
                }
            }
            if (turned < 0)
                break;
            direction = turned;
            const int node = addNode(x, y, loop);
            link(last, node);
            last = node;
            if (x < m_nodes[static_cast<std::size_t>(made.leftmost)].x)
                made.leftmost = node;
        }
        link(last, made.start);
        m_loops.push_back(made);
    }

    int rootOf(int loop)
    {
        while (m_loops[static_cast<std::size_t>(loop)].root != loop)
            loop = m_loops[static_cast<std::size_t>(loop)].root;
        return loop;
    }

    // The first corner of another border to the left of a hole, from its leftmost corner on: within the same
    // object.
    int leftOf(int node)
    {
        const int y = m_nodes[static_cast<std::size_t>(node)].y,
                  own = rootOf(m_nodes[static_cast<std::size_t>(node)].loop);
        for (int x = m_nodes[static_cast<std::size_t>(node)].x; x >= 0; --x)
            for (const int other : m_nodesAt[corner(x, y)])
                if (other >= 0 && rootOf(m_nodes[static_cast<std::size_t>(other)].loop) != own)
                    return other;
        return -1;
    }

    // From the leftmost hole on, so that what lies to the left of one has been joined already.
    void joinHoles()
    {
        std::vector<int> holes;
        for (std::size_t n = 0; n < m_loops.size(); ++n)
            if (m_loops[n].area < 0)
                holes.push_back(static_cast<int>(n));
        const auto leftmostX = [&](int loop) {
            return m_nodes[static_cast<std::size_t>(m_loops[static_cast<std::size_t>(loop)].leftmost)].x;
        };
        std::sort(holes.begin(), holes.end(), [&](int a, int b) { return leftmostX(a) < leftmostX(b); });
        for (const int hole : holes) {
            const int inner = m_loops[static_cast<std::size_t>(hole)].leftmost, outer = leftOf(inner);
            if (outer >= 0)
                join(outer, inner);
        }
    }

    // outer -> inner -> round the hole -> inner again -> outer again -> on.
    void join(int outer, int inner)
    {
        const Node from = m_nodes[static_cast<std::size_t>(outer)],
                   to = m_nodes[static_cast<std::size_t>(inner)];
        const int innerAgain = static_cast<int>(m_nodes.size()), outerAgain = innerAgain + 1;
        m_nodes.push_back(to);
        m_nodes.push_back(from);
        const int onward = from.next, roundsOff = to.previous;
        link(outer, inner);
        link(roundsOff, innerAgain);
        link(innerAgain, outerAgain);
        link(outerAgain, onward);
        m_loops[static_cast<std::size_t>(rootOf(to.loop))].root = rootOf(from.loop);
    }

    // Corners only: where the direction changes, also where it turns back.
    IndexPolygon simplified(int start, std::array<int, 2> first) const
    {
        std::vector<std::array<int, 2>> points;
        int node = start;
        do {
            const Node& here = m_nodes[static_cast<std::size_t>(node)];
            if (points.empty() || points.back() != std::array{here.x, here.y})
                points.push_back({here.x, here.y});
            node = here.next;
        } while (node != start);
        IndexPolygon polygon;
        for (std::size_t n = 0; n < points.size(); ++n) {
            const auto &before = points[(n + points.size() - 1) % points.size()], &here = points[n],
                       &after = points[(n + 1) % points.size()];
            const std::array into{sign(here[0] - before[0]), sign(here[1] - before[1])},
                out{sign(after[0] - here[0]), sign(after[1] - here[1])};
            if (into != out)
                polygon.push_back({first[0] + here[0] - 0.5, first[1] + here[1] - 0.5});
        }
        return polygon;
    }

    static int sign(int v) { return (v > 0) - (v < 0); }

    std::span<const std::uint8_t> m_pixels;
    int m_width, m_height;
    std::vector<std::uint8_t> m_out;           // by corner
    std::vector<std::array<int, 2>> m_nodesAt; // by corner: a border passes it twice at most
    std::vector<Node> m_nodes;
    std::vector<Loop> m_loops;
};

} // namespace

std::vector<IndexPolygon> maskContours(std::span<const std::uint8_t> pixels, int width,
                                       std::array<int, 2> first)
{
    if (width < 1 || pixels.empty())
        return {};
    return Tracer(pixels, width).polygons(first);
}

} // namespace annotomy
