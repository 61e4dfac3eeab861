// How far pictures are painted at each strength: what --strength is calibrated with.
//
// usage: strength_curve PHOTOS PAINTINGS PAIRS COUNT SIZE STRENGTH,... [--OPTION VALUE ...]
//
// PAIRS lists names in the two folders, without .jpg: "photo painting", a pair a line; the first
// COUNT of them are painted SIZE pixels long. Options are those of impasto stylize. Prints CSV: a
// line for each picture with all scores of impasto/assess.h, and how far it is from the photograph
// and from the picture of the strength before (root mean squares in levels of 8 bits).

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "impasto/assess.h"
#include "impasto/error.h"
#include "impasto/stylizer.h"

namespace {

using namespace impasto;

struct Pair {
  std::string photo, painting;
};

std::vector<Pair> read_pairs(const std::string& file, size_t count) {
  std::ifstream in(file);
  std::vector<Pair> pairs;
  for (Pair p; pairs.size() < count && in >> p.photo >> p.painting;) pairs.push_back(p);
  if (pairs.empty()) throw Error(ErrorCode::input, file + ": expected pairs, found none");
  return pairs;
}

std::vector<double> numbers(const std::string& list) {
  std::vector<double> result;
  std::stringstream in(list);
  for (std::string item; std::getline(in, item, ',');) result.push_back(std::stod(item));
  return result;
}

SharedImage shared(Image image) {
  return std::make_shared<const Image>(std::move(image));
}

double difference(const Image& a, const Image& b) {
  const int64_t n = int64_t{3} * a.width() * a.height();
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::pow(a.data()[i] - b.data()[i], 2);
  return 255 * std::sqrt(sum / static_cast<double>(n));
}

int run(int argc, char** argv) {
  if (argc < 7 || argc % 2 == 0) {
    std::fprintf(stderr,
                 "usage: strength_curve PHOTOS PAINTINGS PAIRS COUNT SIZE STRENGTH,... "
                 "[--OPTION VALUE ...]\n");
    return 2;
  }
  StylizeOptions options;
  for (const auto& option : stylize_options()) {
    for (int i = 7; i + 1 < argc; i += 2) {
      if ("--" + option.name == argv[i]) option.set(options, argv[i + 1]);
    }
  }
  options.size = std::stoi(argv[5]);
  Session session;
  Stylizer stylizer(session, options);
  bool first = true;
  for (const Pair& pair : read_pairs(argv[3], std::stoul(argv[4]))) {
    const Image photo = read_image(std::string(argv[1]) + "/" + pair.photo + ".jpg");
    const Size size = result_size(photo, options.size);
    const SharedImage content = shared(resize(photo, size.width, size.height));
    const std::vector<Painting> styles = {
        read_painting(std::string(argv[2]) + "/" + pair.painting + ".jpg")};
    const std::vector<SharedPainting> paintings = {std::make_shared<const Painting>(styles[0])};
    Image before = *content;
    for (const double strength : numbers(argv[6])) {
      options.strength = strength;
      stylizer.set_options(options);
      Progress quiet;
      const StylizeResult result = stylizer.paint(content, paintings, quiet);
      const auto scores = scores_of(assess(session, *content, styles, options, result));
      if (first) {
        std::printf("quality,size,photo,painting,strength");
        for (const auto& [name, value] : scores) std::printf(",%s", name.c_str());
        std::printf(",from_photo,from_before,seconds\n");
        first = false;
      }
      std::printf("%s,%d,%s,%s,%g", name_of(result.quality), options.size.width, pair.photo.c_str(),
                  pair.painting.c_str(), strength);
      for (const auto& [name, value] : scores) std::printf(",%.4f", value);
      std::printf(",%.2f,%.2f,%.2f\n", difference(result.image, *content),
                  difference(result.image, before), result.seconds);
      std::fflush(stdout);
      before = result.image;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "strength_curve: %s\n", e.what());
    return 1;
  }
}
