#include "zoo/downloads.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/promise.h"
#include "impasto/error.h"
#include "impasto/models.h"
#include "zoo/cache.h"
#include "zoo/fetch.h"

namespace impasto {

const std::vector<Download>& known_downloads() {
  static const std::vector<Download> all = {
      {"vgg16", "vgg16-397923af.pth",
       "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0", 553433881,
       "torchvision's VGG-16, trained on ImageNet (IMAGENET1K_V1)", "BSD-3-Clause"},
      {"vgg19", "vgg19-dcbb9e9d.pth",
       "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44", 574673361,
       "torchvision's VGG-19, trained on ImageNet (IMAGENET1K_V1)", "BSD-3-Clause"}};
  return all;
}

const Download* find_download(std::string_view name) {
  const auto& all = known_downloads();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Download& d) { return d.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string models_url() {
  const char* mirror = std::getenv("IMPASTO_MODELS_URL");
  return mirror && *mirror ? mirror : "https://download.pytorch.org/models";
}

ModelInfo fetch_model(const std::string& name, Progress& progress) try {
  const Download* download = find_download(name);
  if (!download) {
    std::string names;
    for (const Download& d : known_downloads()) names += (names.empty() ? "" : ", ") + d.name;
    throw Error(ErrorCode::usage, "'" + name + "' cannot be fetched; known are " + names);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(cached_file(name), ignored))
    fetch(*download, models_url(), progress);
  return model_info(name);
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
