#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>

#include "impasto/assess.h"
#include "report/html.h"
#include "report/loss_plot.h"
#include "report/markup.h"

namespace impasto::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Image picture(int width, int height) {
  Image image(width, height);
  for (int i = 0; i < 3 * width * height; ++i) image.data()[i] = static_cast<float>(i % 97) / 97;
  return image;
}

struct Painted {
  Image content = picture(60, 40);
  std::vector<Painting> styles = {picture(30, 30)};
  StylizeFiles files = {"photo.jpg", {"painting.jpg"}};
  StylizeOptions options;
  StylizeResult result;

  Painted() { result.image = picture(60, 40); }
  std::string report() const { return stylize_report(content, styles, files, options, result); }
};

std::vector<LossPoint> falling(int longer_side, int steps) {
  std::vector<LossPoint> losses;
  for (int i = 1; i <= steps; ++i) {
    losses.push_back({longer_side, i, {{"content", 3.0 + i}, {"style", 1000.0 / i}}});
  }
  return losses;
}

int count(const std::vector<Element>& elements, const std::string& name,
          const std::string& kind = "") {
  int n = 0;
  for (const Element& e : elements) {
    const auto found = e.attributes.find("class");
    n += e.name == name && (kind.empty() || (found != e.attributes.end() && found->second == kind));
  }
  return n;
}

// Well-formed, and every coordinate a finite number within the panel.
std::vector<Element> checked(const std::string& html) {
  std::vector<Element> elements;
  EXPECT_NO_THROW(elements = parse_markup(html));
  for (const Element& e : elements) {
    for (const char* name : {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "viewBox"}) {
      if (!e.attributes.count(name)) continue;
      std::vector<double> numbers;
      EXPECT_NO_THROW(numbers = numbers_in(e.attributes.at(name))) << e.name << " " << name;
      for (const double n : numbers) EXPECT_TRUE(n >= 0 && n <= 1000) << e.name << " " << name;
    }
    EXPECT_FALSE(std::regex_search(e.text, std::regex("\\b-?(nan|inf)\\b"))) << e.text;
  }
  return elements;
}

std::string decode_base64(const std::string& text) {
  std::string bytes;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    static const std::string digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    group = group << 6 | static_cast<uint32_t>(digits.find(c));
    if ((bits += 6) >= 8) bytes += static_cast<char>(group >> (bits -= 8) & 255);
  }
  return bytes;
}

Image open_url(const std::string& url) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("impasto_report_test_" + std::to_string(getpid()) + ".picture");
  std::ofstream(path, std::ios::binary) << decode_base64(url.substr(url.find(',') + 1));
  const Image image = read_image(path.string());
  std::filesystem::remove(path);
  return image;
}

TEST(Report, ShowsPicturesCurvesAndOptions) {
  Painted run;
  run.result.losses = falling(128, 20);
  const auto second = falling(256, 10);
  run.result.losses.insert(run.result.losses.end(), second.begin(), second.end());
  run.result.planned_bytes = 64 << 20;
  run.result.seconds = 12.5;
  run.options.strength = 73;
  const std::string html = run.report();
  const auto elements = checked(html);
  EXPECT_EQ(count(elements, "img"), 3);
  EXPECT_EQ(count(elements, "svg"), 3);            // total, content, style
  EXPECT_EQ(count(elements, "line", "scale"), 3);  // one between two scales, in each
  EXPECT_EQ(count(elements, "td", "changed"), 1);  // --strength
  EXPECT_THAT(html, HasSubstr("<td class=\"changed\">73</td>"));
  EXPECT_THAT(html, HasSubstr("64 MiB"));
  EXPECT_THAT(html, HasSubstr("12.5 s"));
  // Last step of each scale: content + style.
  EXPECT_THAT(
      html, HasSubstr("<th scope=\"row\">128 px</th><td>20</td><td>23</td><td>50</td><td>73</td>"));
  EXPECT_THAT(
      html,
      HasSubstr("<th scope=\"row\">256 px</th><td>10</td><td>13</td><td>100</td><td>113</td>"));
}

TEST(Report, SaysWhatIsThoughtOfTheResult) {
  const Painted run;
  Assessment assessment;
  assessment.style = 0.4375;
  assessment.warnings = {"too <faint>"};
  const std::string html =
      stylize_report(run.content, run.styles, run.files, run.options, run.result, assessment);
  EXPECT_EQ(count(checked(html), "p", "warning"), 1);
  EXPECT_THAT(html, HasSubstr("too &lt;faint&gt;"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">style</th><td>0.4375</td>"));
  EXPECT_THAT(run.report(), Not(HasSubstr("edge_ssim")));
}

TEST(Report, LoadsNothingAndRunsNothing) {
  Painted run;
  run.result.losses = falling(128, 3);
  for (const Element& e : checked(run.report())) {
    EXPECT_NE(e.name, "script");
    EXPECT_NE(e.name, "link");
    for (const auto& [name, value] : e.attributes) {
      EXPECT_NE(name.substr(0, 2), "on") << name;
      EXPECT_NE(name, "href");
      if (name == "src") {
        EXPECT_EQ(value.substr(0, 11), "data:image/");
      }
    }
    EXPECT_THAT(e.text, Not(HasSubstr("url(")));
    EXPECT_THAT(e.text, Not(HasSubstr("@import")));
  }
}

TEST(Report, TakesNamesAsText) {
  Painted run;
  run.files.content = "\"><script>alert('x')</script>&amp;.jpg";
  run.files.styles = {"</figcaption>\xff\x01 \xe2\x82\xac<b>"};
  run.options.network = "</td><img src=x onerror=\"alert(1)\">";
  run.options.style_layers = {{"<i>", 1.0}};
  run.result.network_sha256 = "&<>";
  run.result.losses = {{128, 1, {{"<a href='x'>&", 1.0}}}};
  const std::string html = run.report();
  const auto elements = checked(html);
  EXPECT_EQ(count(elements, "script"), 0);
  EXPECT_EQ(count(elements, "i"), 0);
  EXPECT_EQ(count(elements, "a"), 0);
  EXPECT_EQ(count(elements, "img"), 3);
  EXPECT_THAT(html,
              HasSubstr("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;"));
  EXPECT_THAT(html, HasSubstr("\xef\xbf\xbd\xef\xbf\xbd \xe2\x82\xac&lt;b&gt;"));
}

TEST(Report, KeepsCharactersAndReplacesBrokenOnes) {
  const std::string good = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xa8\t\n", bad = "\xef\xbf\xbd";
  EXPECT_EQ(html_text(good), good);
  EXPECT_EQ(html_text("\xc3"), bad);                                // cut off
  EXPECT_EQ(html_text("\xc0\xaf"), bad + bad);                      // a long form of '/'
  EXPECT_EQ(html_text("\xed\xa0\x80"), bad + bad + bad);            // a surrogate
  EXPECT_EQ(html_text("\xf4\x90\x80\x80"), bad + bad + bad + bad);  // beyond Unicode
  EXPECT_EQ(html_text(std::string("\0", 1)), bad);
  EXPECT_EQ(html_text("\xef\xbf\xbf"), bad);
}

TEST(Report, DoesWithoutLosses) {
  Painted run;
  EXPECT_THAT(run.report(), HasSubstr("No step was made"));
  EXPECT_EQ(count(checked(run.report()), "svg"), 0);
  run.result = {};  // not even a picture
  run.styles.clear();
  run.files = {};
  checked(run.report());
}

TEST(Report, DrawsOneStepAsADot) {
  Painted run;
  run.result.losses = falling(128, 1);
  const auto elements = checked(run.report());
  EXPECT_EQ(count(elements, "circle"), 3);
  EXPECT_EQ(count(elements, "line", "scale"), 0);
}

TEST(Report, SurvivesNumbersThatAreNone) {
  Painted run;
  run.result.losses = falling(128, 6);
  run.result.losses[1].terms[0].second = nan;
  run.result.losses[2].terms[0].second = INFINITY;
  run.result.losses[3].terms[0].second = 0;
  run.result.losses[4].terms[0].second = -5;
  for (LossPoint& point : run.result.losses) point.terms.emplace_back("tv", 0.0);
  run.result.losses.push_back({256, 1, {{"late", 1e-300}}});
  run.result.losses.push_back({256, 2, {{"late", 1e300}}});
  run.result.seconds = nan;
  const std::string html = run.report();
  EXPECT_EQ(count(checked(html), "svg"), 5);
  EXPECT_THAT(html, HasSubstr("nothing above 0"));
}

TEST(Report, ReducesPicturesAndDropsTheirMetadata) {
  Image large = picture(2000, 1000);
  large.metadata["exif"] = {'E', 'x', 'i', 'f'};
  const std::string url = picture_url(large, 900);
  EXPECT_EQ(url.substr(0, 23), "data:image/jpeg;base64,");
  const Image opened = open_url(url);
  EXPECT_EQ(opened.width(), 900);
  EXPECT_EQ(opened.height(), 450);
  EXPECT_FALSE(opened.metadata.count("exif"));

  Image clear = picture(7, 5);
  clear.alpha.assign(35, 0.5f);
  const Image reopened = open_url(picture_url(clear, 900));
  EXPECT_EQ(reopened.width(), 7);
  ASSERT_EQ(reopened.alpha.size(), 35u);
  EXPECT_NEAR(reopened.alpha[0], 0.5, 0.01);
  EXPECT_EQ(picture_url(picture(3000, 1), 900).substr(0, 10), "data:image");
  EXPECT_EQ(picture_url(Image(), 900), "");
}

TEST(LossPlot, SplitsScales) {
  const auto runs = scale_spans({{128, 1, {}}, {128, 2, {}}, {128, 1, {}}, {200, 1, {}}});
  ASSERT_EQ(runs.size(), 3u);  // the same size twice, told apart by its steps
  EXPECT_EQ(runs[0].end, 2u);
  EXPECT_EQ(runs[1].longer_side, 128);
  EXPECT_EQ(runs[2].begin, 3u);
  EXPECT_TRUE(scale_spans({}).empty());
}

TEST(LossPlot, KnowsTermsThatComeLate) {
  const std::vector<LossPoint> losses = {{1, 1, {{"a", 1}}}, {1, 2, {{"b", 2}, {"a", 3}}}};
  EXPECT_THAT(term_names(losses), ElementsAre("a", "b"));
  EXPECT_TRUE(std::isnan(term_of(losses[0], "b")));
  EXPECT_EQ(total_of(losses[1]), 5);
}

std::vector<double> path_of(const std::vector<double>& values, const std::vector<ScaleSpan>& runs) {
  for (const Element& e : checked(loss_plot("x", values, runs, "#000000"))) {
    if (e.name == "path") return numbers_in(e.attributes.at("d"));
  }
  return {};
}

TEST(LossPlot, IsLogarithmic) {
  const auto path = path_of({1000, 100, 10, 1}, {{0, 4, 128}});
  ASSERT_EQ(path.size(), 8u);
  for (size_t i = 1; i < 4; ++i) {
    EXPECT_NEAR(path[2 * i] - path[2 * i - 2], path[2] - path[0], 0.02);
    EXPECT_NEAR(path[2 * i + 1] - path[2 * i - 1], path[3] - path[1], 0.02);
  }
  EXPECT_GT(path[2], path[0]);  // to the right
  EXPECT_GT(path[3], path[1]);  // and down
}

TEST(LossPlot, LabelsItsAxisInEveryRange) {
  for (const double ratio : {1.0, 1.001, 1.3, 3.0, 30.0, 1e4, 1e20, 1e300}) {
    const auto elements = checked(loss_plot("x", {1.01, 1.01 * ratio}, {{0, 2, 128}}, "#000000"));
    const int lines = count(elements, "line", "grid");
    EXPECT_TRUE(lines >= 2 && lines <= 9) << ratio << ": " << lines;
  }
}

TEST(LossPlot, ThinsLongRunsWithoutLosingASpike) {
  std::vector<double> values(100'000, 1.0);
  values[54'321] = 1e6;
  const auto path = path_of(values, {{0, values.size(), 512}});
  EXPECT_LE(path.size(), 2u * 2000);
  double least = 1000, most = 0;
  for (size_t i = 1; i < path.size(); i += 2) {
    least = std::min(least, path[i]);
    most = std::max(most, path[i]);
  }
  EXPECT_GT(most - least, 150);  // the spike, six decades up
}

}  // namespace
}  // namespace impasto::test
