#include "transfer/style_file.h"

#include <algorithm>
#include <cmath>

#include "base/number_text.h"
#include "formats/safetensors.h"
#include "impasto/error.h"
#include "transfer/packed_covariance.h"

namespace impasto {

namespace {

constexpr const char* format_key = "impasto.format";
const std::string network_prefix = "network.";
constexpr int64_t most_rungs = 32, largest_side = 100000;
constexpr float largest_number = 1e9f;

[[noreturn]] void damaged(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::input, file + ": damaged style file: " + what);
}

// In the order of PictureStatistics.
std::vector<std::string> parts() {
  std::vector<std::string> names = {"colours"};
  names.insert(names.end(), style_taps().begin(), style_taps().end());
  return names;
}

// A file that was parsed as safetensors, and what is asked of it.
struct Reader {
  std::string file;
  NamedTensors tensors;
  std::map<std::string, std::string> metadata;

  std::string text(const std::string& key) const {
    const auto found = metadata.find(key);
    if (found == metadata.end()) damaged(file, "it does not tell " + key);
    if (found->second.size() > 4096) damaged(file, key + " is too long");
    return found->second;
  }
  int side(const std::string& key) const {
    const std::string digits = text(key);
    const bool whole = !digits.empty() && digits.size() < 7 &&
                       digits.find_first_not_of("0123456789") == std::string::npos;
    const int value = whole ? std::stoi(digits) : 0;
    if (value < 1 || value > largest_side) damaged(file, key + " is not a size");
    return value;
  }
  const Tensor& tensor(const std::string& name, const std::vector<int64_t>& shape) const {
    const auto found = tensors.find(name);
    if (found == tensors.end()) damaged(file, "it lacks the tensor " + name);
    const Shape& s = found->second.shape();
    bool fits = s.rank() == static_cast<int>(shape.size());
    for (int i = 0; fits && i < s.rank(); ++i) {
      fits = shape[static_cast<size_t>(i)] < 0 || s[i] == shape[static_cast<size_t>(i)];
    }
    if (!fits) {
      std::string expected;
      for (const int64_t extent : shape) {
        expected += (expected.empty() ? "" : ", ") + (extent < 0 ? "?" : std::to_string(extent));
      }
      damaged(file, name + ": expected the shape [" + expected + "], found " + s.str());
    }
    const float* v = found->second.data<float>();
    if (!std::all_of(v, v + s.size(), [](float x) { return std::abs(x) <= largest_number; })) {
      damaged(file, name + " holds a number that is not finite, or beyond all features");
    }
    return found->second;
  }
};

std::vector<double> row(const Tensor& t, int64_t index) {
  const int64_t n = t.shape()[1];
  const float* from = t.data<float>() + index * n;
  return {from, from + n};
}

void read_statistics(const Reader& in, SavedStyle& style) {
  const auto rungs = static_cast<int64_t>(style.rungs.size());
  for (const std::string& part : parts()) {
    const Tensor& mean = in.tensor(part + ".mean", {rungs, -1});
    const int64_t c = mean.shape()[1];
    if (c < 1 || (part == "colours" && c != 3)) damaged(in.file, part + ": impossible channels");
    const Tensor& deviation = in.tensor(part + ".deviation", {rungs, c});
    const Tensor& factor = in.tensor(part + ".factor", {rungs, c * (c + 1) / 2});
    for (int64_t i = 0; i < rungs; ++i) {
      PackedCovariance packed{row(deviation, i), row(factor, i)};
      const std::string problem = check_packed(packed);
      if (!problem.empty()) damaged(in.file, part + ": " + problem);
      const int64_t side = style.rungs[static_cast<size_t>(i)].longer_side;
      style.rungs[static_cast<size_t>(i)].statistics.push_back(
          {c, static_cast<double>(side * side), row(mean, i), unpack_covariance(packed)});
    }
  }
}

constexpr const char *channels_key = "network.channels", *blocks_key = "network.blocks";
constexpr int most_channels = 128, most_blocks = 16;  // 20 MB

// "16,32,32", and "4".
StyleNetworkConfig read_config(const Reader& in) {
  StyleNetworkConfig config;
  std::string rest = in.text(channels_key) + ",";
  for (int& channels : config.channels) {
    const size_t comma = rest.find(',');
    const auto found = number_in<int>(rest.substr(0, comma));
    if (comma == rest.npos || !found || *found < 1 || *found > most_channels) {
      damaged(in.file, std::string(channels_key) + ": expected three numbers of channels");
    }
    channels = *found;
    rest.erase(0, comma + 1);
  }
  const auto blocks = number_in<int>(in.text(blocks_key));
  if (!rest.empty() || !blocks || *blocks < 0 || *blocks > most_blocks) {
    damaged(in.file, std::string(blocks_key) + ": impossible number");
  }
  config.blocks = *blocks;
  return config;
}

std::shared_ptr<const StyleNetwork> read_network(const Reader& in) {
  if (!in.metadata.contains(channels_key)) return nullptr;
  const auto network = std::make_shared<StyleNetwork>(read_config(in));
  for (const Parameter& p : network->parameters.all()) {
    std::vector<int64_t> shape;
    for (int i = 0; i < p.value.shape().rank(); ++i) shape.push_back(p.value.shape()[i]);
    p.value.copy_from(in.tensor(network_prefix + p.name, shape));
  }
  return network;
}

void write_network(const StyleNetwork& network, NamedTensors& tensors,
                   std::set<std::string>& halves, std::map<std::string, std::string>& metadata) {
  for (const Parameter& p : network.parameters.all()) {
    tensors[network_prefix + p.name] = p.value;
    if (p.value.shape().rank() == 4) halves.insert(network_prefix + p.name);
  }
  const auto& c = network.config.channels;
  metadata[channels_key] =
      std::to_string(c[0]) + "," + std::to_string(c[1]) + "," + std::to_string(c[2]);
  metadata[blocks_key] = std::to_string(network.config.blocks);
}

FeatureStatistics between(const FeatureStatistics& a, const FeatureStatistics& b, double share) {
  FeatureStatistics s = a;
  const auto mix = [share](std::vector<double>& to, const std::vector<double>& other) {
    for (size_t i = 0; i < to.size(); ++i) to[i] += share * (other[i] - to[i]);
  };
  mix(s.mean, b.mean);
  mix(s.covariance, b.covariance);
  return s;
}

// The rungs beside a size, and how far it is on the way from the first to the second.
struct Place {
  size_t low, high;
  double share;
};
Place place_of(const SavedStyle& style, double side) {
  size_t high = 0;
  while (high + 1 < style.rungs.size() && style.rungs[high].longer_side < side) ++high;
  const double top = style.rungs[high].longer_side;
  if (high == 0 || side >= top) return {high, high, 0};
  const double bottom = style.rungs[high - 1].longer_side;
  return {high - 1, high, std::log(side / bottom) / std::log(top / bottom)};
}

FeatureStatistics at(const SavedStyle& style, const Place& place, size_t part) {
  return between(style.rungs[place.low].statistics[part], style.rungs[place.high].statistics[part],
                 place.share);
}

}  // namespace

bool looks_like_style(std::string_view beginning) {
  const size_t key = beginning.find(format_key, 9);
  if (key == beginning.npos || beginning[8] != '{') return false;
  return beginning.substr(key, std::string_view(format_key).size() + 12).find("\"style-") !=
         beginning.npos;
}

std::vector<std::byte> format_style(const SavedStyle& style) {
  const auto rungs = static_cast<int64_t>(style.rungs.size());
  NamedTensors tensors = {{"preview", style.preview}, {"sizes", Tensor({rungs})}};
  std::set<std::string> halves = {"preview"};
  const std::vector<std::string> names = parts();
  for (size_t k = 0; k < names.size(); ++k) {
    const int64_t c = style.rungs[0].statistics[k].channels;
    const Tensor mean({rungs, c}), deviation({rungs, c}), factor({rungs, c * (c + 1) / 2});
    for (int64_t i = 0; i < rungs; ++i) {
      const SavedStyle::Rung& rung = style.rungs[static_cast<size_t>(i)];
      const FeatureStatistics& s = rung.statistics[k];
      const PackedCovariance packed = pack_covariance(s.covariance, c);
      const auto store = [i](const std::vector<double>& from, const Tensor& to) {
        for (size_t j = 0; j < from.size(); ++j) {
          if (!std::isfinite(from[j])) {
            throw Error(ErrorCode::output, "the painting's statistics are not finite");
          }
          to.data<float>()[static_cast<size_t>(i) * from.size() + j] = static_cast<float>(from[j]);
        }
      };
      tensors["sizes"].data<float>()[i] = static_cast<float>(rung.longer_side);
      store(s.mean, mean);
      store(packed.deviation, deviation);
      store(packed.factor, factor);
    }
    tensors[names[k] + ".mean"] = mean;
    tensors[names[k] + ".deviation"] = deviation;
    tensors[names[k] + ".factor"] = factor;
    halves.insert(names[k] + ".factor");
  }
  std::map<std::string, std::string> metadata = {{format_key, style_format},
                                                 {"encoder", style.encoder},
                                                 {"encoder.sha256", style.encoder_sha256},
                                                 {"encoder.pooling", style.pooling},
                                                 {"painting.width", std::to_string(style.width)},
                                                 {"painting.height", std::to_string(style.height)}};
  if (style.network) write_network(*style.network, tensors, halves, metadata);
  return format_safetensors(tensors, halves, metadata);
}

SavedStyle parse_style(std::span<const std::byte> bytes, const std::string& file) {
  Reader in{file, {}, {}};
  in.tensors = parse_safetensors(bytes, file, &in.metadata);
  const std::string found = in.metadata[format_key];
  if (found.size() < 64 && found.starts_with("style-") && found != style_format) {
    throw Error(ErrorCode::input, file + ": expected a style file of the version " + style_format +
                                      ", found " + found + ": a newer impasto made it");
  }
  if (found != style_format) {
    throw Error(ErrorCode::input,
                file +
                    ": expected a picture or a style file (impasto models style), found "
                    "another kind of safetensors file");
  }
  SavedStyle style;
  style.file = file;
  style.encoder = in.text("encoder");
  style.encoder_sha256 = in.text("encoder.sha256");
  style.pooling = in.text("encoder.pooling");
  style.width = in.side("painting.width");
  style.height = in.side("painting.height");
  style.preview = in.tensor("preview", {-1, -1, 3});
  const Shape& p = style.preview.shape();
  if (std::min(p[0], p[1]) < 1 || std::max(p[0], p[1]) > preview_side) {
    damaged(file, "preview: expected sides of 1 to 64 pixels, found " + p.str());
  }
  const Tensor& sizes = in.tensor("sizes", {-1});
  if (sizes.size() < 1 || sizes.size() > most_rungs) damaged(file, "impossible number of sizes");
  for (int64_t i = 0; i < sizes.size(); ++i) {
    const float side = sizes.data<float>()[i];
    const float before = i > 0 ? sizes.data<float>()[i - 1] : 0;
    if (side != std::floor(side) || side <= before || side > largest_side) {
      damaged(file, "sizes do not ascend");
    }
    style.rungs.push_back({static_cast<int>(side), {}});
  }
  read_statistics(in, style);
  style.network = read_network(in);
  return style;
}

void check_encoder(const SavedStyle& style, const std::string& name, const std::string& sha256,
                   const std::string& pooling) {
  if (style.encoder_sha256 == sha256 && style.pooling == pooling) return;
  const auto text = [](const std::string& n, const std::string& hash, const std::string& pool) {
    return n + " (" + hash.substr(0, 8) + ", " + pool + " pooling)";
  };
  throw Error(ErrorCode::input, style.file + ": expected statistics of the encoder " +
                                    text(name, sha256, pooling) + ", found those of " +
                                    text(style.encoder, style.encoder_sha256, style.pooling) +
                                    ": make it anew (impasto models style)");
}

PictureStatistics statistics_at(const SavedStyle& style, double side) {
  PictureStatistics result;
  const Place place = place_of(style, side);
  for (size_t k = 0; k < parts().size(); ++k) result.push_back(at(style, place, k));
  return result;
}

FeatureStatistics statistics_at(const SavedStyle& style, double side, const std::string& tap) {
  const auto& taps = style_taps();
  const auto found = std::find(taps.begin(), taps.end(), tap);
  if (found == taps.end()) {
    throw Error(ErrorCode::usage, style.file + ": expected statistics of " + tap +
                                      " (`style-layers`), found those "
                                      "of " +
                                      taps.front() + " to " + taps.back() + " alone");
  }
  return at(style, place_of(style, side), 1 + static_cast<size_t>(found - taps.begin()));
}

}  // namespace impasto
