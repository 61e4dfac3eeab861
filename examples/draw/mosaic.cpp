// Stained glass: tiles of jewel colours in rings round three roses, with dark leading between them.
#include "canvas.h"
#include "color.h"
#include "noise.h"
#include "pictures.h"

namespace impasto::draw {
namespace {

constexpr int kWidth = 1000, kHeight = 800;

struct Rose {
  Vec2 center;
  float reach, ring;  // the size of its share of the window; the width of a ring
  int palette;
};
constexpr Rose kRoses[] = {{{470, 390}, 1.0f, 33, 0},
                           {{930, 130}, 0.52f, 27, 1},
                           {{880, 720}, 0.42f, 25, 2},
                           {{40, 760}, 0.46f, 27, 1},
                           {{60, 40}, 0.44f, 25, 2}};

constexpr uint32_t kJewels[3][6] = {{0xf3b61f, 0xb8122b, 0x1746a2, 0x0f7f8c, 0xd94f14, 0x3b1d8f},
                                    {0xf6e27a, 0x13795b, 0x0b2f8a, 0x8a1253, 0x1fa3b5, 0xe07b1a},
                                    {0xffd24d, 0x8e1b2f, 0x2a6fdb, 0x5a2a9c, 0x16805a, 0xe8622c}};

struct Tile {
  Vec2 center;
  Vec3 color;
};

int nearest_rose(Vec2 p) {
  int best = 0;
  float best_distance = 1e9f;
  for (int i = 0; i < 5; ++i) {
    const float d = length(p - kRoses[i].center) / kRoses[i].reach;
    if (d < best_distance) best_distance = d, best = i;
  }
  return best;
}

std::vector<Tile> lay_tiles(Random& random) {
  std::vector<Tile> tiles;
  for (int r = 0; r < 5; ++r) {
    const Rose& rose = kRoses[r];
    for (int ring = 0; ring < 40; ++ring) {
      const float wide = ring % 3 == 2 ? 1.3f : 0.85f;  // broad rings set off the narrow ones
      const float radius =
          (static_cast<float>(ring) + 0.2f * static_cast<float>(ring % 3)) * rose.ring;
      const int count =
          std::max(1, static_cast<int>(2 * kPi * radius / (rose.ring * wide * 1.15f)));
      const float turn = random.uniform(0, 2 * kPi);
      const int jewel = ring == 0 ? 0 : static_cast<int>(hash(r, ring) % 6);
      const int second = (jewel + 1 + static_cast<int>(hash(r, ring, 1) % 4)) % 6;
      for (int i = 0; i < count; ++i) {
        const float step = 2 * kPi / static_cast<float>(count);
        const float angle = turn + step * (static_cast<float>(i) + random.uniform(-0.16f, 0.16f));
        const Vec2 at = rose.center + direction(angle) * (radius + random.uniform(-4, 4));
        if (nearest_rose(at) != r || at.x < -60 || at.y < -60 || at.x > kWidth + 60 ||
            at.y > kHeight + 60)
          continue;
        const bool odd = hash01(r, ring, 2) > 0.45f && i % 3 == 0;
        Vec3 color = rgb(kJewels[rose.palette][odd ? second : jewel]);
        const float lightness = random.uniform(0.72f, 1.2f);
        const Vec3 drift{random.normal(), random.normal(), random.normal()};
        color = saturate(color * lightness + drift * 0.045f, 1.12f);
        if (random.uniform() < 0.05f) color = mix(color, rgb(0xf7e9c0), 0.6f);
        tiles.push_back({at, color});
      }
    }
  }
  return tiles;
}

/// The tiles by cells, so that the nearest is found in the 25 cells around a point.
class Grid {
 public:
  explicit Grid(const std::vector<Tile>& tiles) : cells_(kColumns * kColumns) {
    for (const Tile& tile : tiles) cells_[cell(tile.center)].push_back(tile);
  }
  template <class Visit>
  void around(Vec2 p, const Visit& visit) const {
    const int middle = cell(p);
    for (int j = -2; j <= 2; ++j)
      for (int i = -2; i <= 2; ++i)
        for (const Tile& tile : cells_[middle + j * kColumns + i]) visit(tile);
  }

 private:
  static constexpr int kColumns = 40;
  static int cell(Vec2 p) {
    return static_cast<int>((p.x + 150) / 34) + static_cast<int>((p.y + 150) / 34) * kColumns;
  }
  std::vector<std::vector<Tile>> cells_;
};

Vec3 glass(Vec2 p, const Tile& tile, float edge) {
  const Vec2 local = p - tile.center;
  const float id = tile.center.x * 0.37f + tile.center.y * 0.61f;
  const Vec2 warp = local + Vec2{fbm(p * 0.03f, 2), fbm(p * 0.03f + Vec2{9, 4}, 2)} * 16;
  const Vec2 axis = direction(id);
  const float streak =
      noise(Vec2{dot(warp, axis) * 0.03f + id, dot(warp, perpendicular(axis)) * 0.22f});
  const float cloud = fbm(p * 0.05f + Vec2{id, 0}, 3);
  const float backlight = 1.15f - 0.45f * length(local - Vec2{-4, -5}) / 26;
  Vec3 color = tile.color * (backlight + 0.20f * streak + 0.22f * cloud);
  color += Vec3{0.20f, 0.17f, 0.12f} * smoothstep(0.25f, 0.8f, streak + 0.6f * cloud);
  const float bevel = smoothstep(7, 1, edge);  // the glass dips towards the lead
  const float lit = dot(normalize(local), Vec2{-0.6f, -0.8f});
  return color * (1 - 0.45f * bevel) +
         Vec3{0.9f, 0.85f, 0.75f} * (0.26f * bevel * std::max(lit, 0.0f));
}

}  // namespace

Image mosaic() {
  Random random(11);
  const Grid grid(lay_tiles(random));
  Canvas canvas(kWidth, kHeight, 2);
  canvas.shade([&](Vec2 at, Vec3) {
    const Vec2 p = at + Vec2{noise(at * 0.05f), noise(at * 0.05f + Vec2{31, 7})} * 2.2f;
    Tile nearest{};
    float best = 1e9f;
    grid.around(p, [&](const Tile& tile) {
      const float d = length(tile.center - p);
      if (d < best) best = d, nearest = tile;
    });
    float edge = 1e9f;
    Vec2 towards{1, 0};
    grid.around(p, [&](const Tile& tile) {
      const Vec2 between = tile.center - nearest.center;
      if (dot(between, between) < 1) return;
      const float d = dot((nearest.center + tile.center) * 0.5f - p, normalize(between));
      if (d < edge) edge = d, towards = normalize(between);
    });
    const float lead = 2.7f + 0.7f * noise(at * 0.03f);
    const float across = clamp01(edge / lead);  // 0 in the middle of the lead
    const float bead = std::sqrt(1 - across * across);
    const float gleam = std::max(dot(towards, Vec2{-0.6f, -0.8f}), 0.0f) * across;
    const Vec3 metal = Vec3{0.055f, 0.055f, 0.07f} + Vec3{0.10f, 0.10f, 0.11f} * bead * bead +
                       Vec3{0.22f, 0.22f, 0.24f} * (gleam * bead * (1 + 0.5f * noise(at * 0.3f)));
    return mix(metal, glass(p, nearest, edge - lead), smoothstep(lead - 0.5f, lead + 0.5f, edge));
  });
  return canvas.shrink();
}

}  // namespace impasto::draw
