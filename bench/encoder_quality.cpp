// How good an encoder paints, judged by a third network: pictures painted through it and through a
// reference encoder are measured in the real VGG-19's own statistics. The encoder under test paints
// at several strengths, so that style distances are compared at the same content distance.
//
// usage: encoder_quality CONTENT_DIR STYLE_DIR ENCODER REFERENCE VGG19 [SIZE]

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "canvas/picture.h"
#include "impasto/error.h"
#include "impasto/stylize.h"
#include "losses/loss.h"
#include "nn/plan.h"
#include "zoo/vgg_file.h"

namespace {

using namespace impasto;

constexpr int pairs = 20;
const std::vector<std::string> style_taps = {"relu1_1", "relu2_1", "relu3_1"};
const std::vector<std::string> content_taps = {"relu2_2", "relu3_4"};

struct Distance {
  double content, style;
};

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Image at_size(const std::string& path, int longer) {
  const Image image = read_image(path);
  const Size size = scaled_to(image, longer);
  return resize(image, size.width, size.height);
}

class Judge {
 public:
  explicit Judge(const std::string& path) : backend_(make_cpu_backend()) {
    const ImportedVgg vgg = read_vgg(path);
    const auto graph = make_vgg(vgg.config);
    graph->load(vgg.tensors, path);
    graph_ = graph;
  }

  Distance measure(const Image& picture, const Image& photo, const Image& painting) {
    const auto p = features(picture), c = features(photo), s = features(painting);
    Distance d{0, 0};
    for (size_t i = 0; i < content_taps.size(); ++i) {
      const size_t at = style_taps.size() + i;
      d.content += make_content_loss(ContentKind::normalised, *backend_, c[at])
                       ->evaluate(*backend_, p[at], 1, nullptr, false) /
                   static_cast<double>(content_taps.size());
    }
    for (size_t i = 0; i < style_taps.size(); ++i) {
      d.style += make_style_loss(StyleKind::w2, {{feature_statistics(*backend_, s[i]), 1}})
                     ->evaluate(*backend_, p[i], 1, nullptr, false) /
                 static_cast<double>(style_taps.size());
    }
    return d;
  }

 private:
  std::vector<Tensor> features(const Image& image) {
    PlanOptions options;
    options.taps = style_taps;
    options.taps.insert(options.taps.end(), content_taps.begin(), content_taps.end());
    const Tensor input = to_tensor(image);
    Plan plan(graph_, *backend_, input.shape(), options);
    plan.forward(input);
    std::vector<Tensor> result;
    for (const std::string& tap : options.taps) result.push_back(plan.tap(tap).clone());
    return result;
  }
  std::unique_ptr<Backend> backend_;
  std::shared_ptr<const Graph> graph_;
};

// Style distance at a content distance, on the line through measured points (log style).
double style_at(std::vector<Distance> points, double content) {
  std::sort(points.begin(), points.end(),
            [](const Distance& a, const Distance& b) { return a.content < b.content; });
  size_t i = 1;
  while (i + 1 < points.size() && points[i].content < content) ++i;
  const Distance &a = points[i - 1], &b = points[i];
  const double t = (content - a.content) / std::max(b.content - a.content, 1e-9);
  return std::exp(std::log(a.style) + t * (std::log(b.style) - std::log(a.style)));
}

int run(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr,
                 "usage: encoder_quality CONTENT_DIR STYLE_DIR ENCODER REFERENCE VGG19 [SIZE]\n");
    return 2;
  }
  const std::vector<std::string> photos = files_in(argv[1]), paintings = files_in(argv[2]);
  const int size = argc > 6 ? std::stoi(argv[6]) : 256;
  Judge judge(argv[5]);
  Session session;
  Progress silent;
  double log_sum = 0;
  for (int i = 0; i < pairs; ++i) {
    const std::string &photo_path = photos[static_cast<size_t>(i) % photos.size()],
                      &painting_path = paintings[static_cast<size_t>(i) * 5 % paintings.size()];
    const Image photo = at_size(photo_path, size), painting = at_size(painting_path, size);
    const auto paint = [&](const std::string& network, double strength) {
      StylizeOptions o;
      o.network = network;
      o.strength = strength;
      return judge.measure(stylize(session, photo, {painting}, o, silent).image, photo, painting);
    };
    const Distance reference = paint(argv[4], 50);
    std::vector<Distance> ours;
    for (const double strength : {35.0, 50.0, 65.0}) ours.push_back(paint(argv[3], strength));
    const double ratio = style_at(ours, reference.content) / reference.style;
    log_sum += std::log(ratio);
    std::printf("%-16s %-24s reference %.3f %.4f  ours %.3f %.4f  style at equal content x%.2f\n",
                std::filesystem::path(photo_path).stem().c_str(),
                std::filesystem::path(painting_path).stem().c_str(), reference.content,
                reference.style, ours[1].content, ours[1].style, ratio);
    std::fflush(stdout);
  }
  std::printf("style distance at equal content distance, geometric mean of %d pairs: x%.3f\n",
              pairs, std::exp(log_sum / pairs));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const impasto::Error& e) {
    std::fprintf(stderr, "encoder_quality: %s\n", e.what());
    return 1;
  }
}
