// The arrows of docs/architecture.md, as #include directives.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "structure/source_tree.h"

namespace impasto::test {
namespace {

// Which rooms a room may include, besides itself and the public headers.
const std::map<std::string, std::set<std::string>>& arrows() {
  using Rooms = std::set<std::string>;
  static const auto with = [](Rooms rooms, const Rooms& more) {
    rooms.insert(more.begin(), more.end());
    return rooms;
  };
  static const Rooms network = {"base", "tensor", "backend", "nn"};
  static const Rooms parts =
      with(network, {"formats", "image", "models", "losses", "optim", "zoo", "transfer"});
  static const std::map<std::string, Rooms> all = {
      {"include", {}},
      {"apps", {}},
      {"base", {}},
      {"tensor", {"base"}},
      {"backend", {"base", "tensor"}},
      {"nn", {"base", "tensor", "backend"}},
      {"formats", {"base", "tensor"}},
      {"image", {"base"}},
      {"models", network},
      {"losses", network},
      {"optim", {"base", "tensor"}},
      {"zoo", with(network, {"formats", "models"})},
      {"transfer", with(network, {"formats", "models", "losses", "zoo"})},
      {"options", parts},
      {"canvas", with(parts, {"options"})},
      {"colour", with(parts, {"options", "canvas"})},
      {"descent", with(parts, {"options", "canvas"})},
      {"instant", with(parts, {"options", "canvas", "colour"})},
      {"jobs", with(parts, {"options", "canvas", "colour", "descent", "instant"})},
      {"many", with(parts, {"options", "canvas", "jobs"})},
      {"judge", with(parts, {"options", "canvas", "colour", "descent"})},
      {"report", with(parts, {"options", "canvas"})},
      {"train", with(parts, {"options", "canvas"})},
      {"capi", {}},
  };
  return all;
}

// Headers of other projects, each with the one or two places (a pattern of whole file names) that
// know it.
const std::vector<std::pair<std::string, std::string>>& third_parties() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"dnnl", "src/backend/cpu/(.*\\.cpp|dnnl_.*\\.h)"},
      {"immintrin.h", "src/backend/cpu/tile_.*\\.(cpp|h)"},  // the compiler's own
      {"vips/", "src/image/.*\\.cpp"},
      {"lcms2", "src/image/.*\\.cpp"},
      {"glib.h", "src/image/.*\\.cpp"},  // comes with libvips
      {"tiffio.h", "src/image/tiff_.*\\.cpp"},
      {"jxl/", "src/image/jxl_boxes\\.cpp"},
      {"jpeglib.h", "src/image/jpeg_end\\.cpp"},
      {"qoi.h", "src/image/qoi\\.cpp"},
      {"curl/", "src/zoo/http\\.cpp"},
      {"zlib.h", "src/(formats|image)/.*\\.cpp"},
      {"Eigen/", "src/(losses|colour|descent|jobs|report|train)/.*\\.cpp"},
      {"nlohmann/", "(src|apps)/.*\\.cpp"},
      {"CLI/", "apps/.*\\.cpp"},
  };
  return all;
}

// Standard C++ headers have no dot and no slash; the rest of the list is C, POSIX and OpenMP.
bool is_system(const std::string& target) {
  static const std::set<std::string> posix = {
      "dirent.h", "dlfcn.h",  "fcntl.h",  "omp.h",    "poll.h",    "pthread.h", "malloc.h",
      "sched.h",  "signal.h", "stddef.h", "stdint.h", "termios.h", "unistd.h"};
  return target.find_first_of("./") == std::string::npos || target.starts_with("sys/") ||
         posix.count(target) > 0;
}

TEST(Includes, FollowTheArrowsBetweenRooms) {
  for (const Include& i : project_includes()) {
    if (i.angled || i.target.starts_with("impasto/")) continue;
    const std::string room = room_of(i.file);
    const size_t slash = i.target.find('/');
    if (room == "apps" && slash == std::string::npos) continue;  // a neighbour
    ASSERT_TRUE(arrows().count(room)) << i.file << " stands in a room without arrows: " << room;
    ASSERT_NE(slash, std::string::npos)
        << i.file << " includes \"" << i.target << "\" without naming its room";
    const std::string to = i.target.substr(0, slash);
    EXPECT_TRUE(to == room || arrows().at(room).count(to))
        << i.file << " includes \"" << i.target << "\", but no arrow leads from " << room << " to "
        << to;
  }
}

TEST(Includes, LeaveTheBackendsInsidesAlone) {
  for (const Include& i : project_includes()) {
    if (i.angled || room_of(i.file) == "backend") continue;
    EXPECT_FALSE(i.target.starts_with("backend/cpu/") || i.target.starts_with("backend/reference/"))
        << i.file << " includes \"" << i.target << "\": enter through backend/backend.h";
  }
}

TEST(Includes, KeepOtherProjectsInTheirRooms) {
  for (const Include& i : project_includes()) {
    if (!i.angled || is_system(i.target)) continue;
    bool known = false;
    for (const auto& [header, places] : third_parties()) {
      if (!i.target.starts_with(header)) continue;
      known = true;
      EXPECT_TRUE(std::regex_match(i.file, std::regex(places)))
          << i.file << " includes <" << i.target << ">, which belongs in " << places;
    }
    EXPECT_TRUE(known) << i.file << " includes <" << i.target
                       << ">: name its rooms in this test, and the project in THIRD_PARTY.md";
  }
}

// So that each header is seen to stand by itself, and a source to be of its name: a unity build
// forgives both.
TEST(Includes, BeginWithTheOwnHeader) {
  const std::vector<std::string> headers = project_files({".h"});
  std::map<std::string, std::string> first;
  for (const Include& i : project_includes()) first.emplace(i.file, i.target);
  for (const std::string& file : project_files({".cpp"})) {
    const std::string header = file.substr(0, file.size() - 3) + "h";
    if (std::count(headers.begin(), headers.end(), header) == 0) continue;
    const std::string& target = first[file];
    EXPECT_TRUE(!target.empty() && header.ends_with("/" + target))
        << file << " includes \"" << target << "\" first: expected its own header";
  }
}

TEST(Includes, AreReallyRead) {
  std::set<std::string> rooms;
  for (const Include& i : project_includes()) rooms.insert(room_of(i.file));
  for (const auto& [room, to] : arrows()) EXPECT_TRUE(rooms.count(room)) << room << " is empty";
}

}  // namespace
}  // namespace impasto::test
