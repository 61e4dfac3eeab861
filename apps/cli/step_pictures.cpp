#include "step_pictures.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "impasto/error.h"

namespace impasto::cli {

namespace fs = std::filesystem;

StepPictures::StepPictures(int every, const std::string& output, const Job& plan,
                           const StylizeFiles& inputs, const WriteOptions& write)
    : every_(every), size_(plan.size), write_(write) {
  if (every_ == 0) return;
  const fs::path path = output;
  before_ = (path.parent_path() / path.stem()).string() + "_";
  ending_ = path.extension().string();
  int steps = 0;
  for (const JobStage& stage : plan.stages) steps += stage.steps;
  digits_ = std::max(digits_, std::to_string(steps).size());
  // Whatever has such a number would be overwritten sooner or later.
  std::vector<std::string> paths = inputs.regions.paths();
  paths.insert(paths.end(), inputs.styles.begin(), inputs.styles.end());
  paths.push_back(inputs.content);
  const std::string begin = fs::path(before_).filename().string();
  for (const fs::path input : paths) {
    const std::string name = input.filename().string();
    const bool alike = name.size() > begin.size() + ending_.size() && name.starts_with(begin) &&
                       name.ends_with(ending_) &&
                       std::all_of(name.begin() + static_cast<std::ptrdiff_t>(begin.size()),
                                   name.end() - static_cast<std::ptrdiff_t>(ending_.size()),
                                   [](unsigned char c) { return std::isdigit(c); });
    std::error_code ignored;
    const fs::path folder = path.parent_path().empty() ? "." : path.parent_path();
    const fs::path other = input.parent_path().empty() ? "." : input.parent_path();
    if (!alike || !fs::equivalent(folder, other, ignored)) continue;
    throw Error(ErrorCode::usage, input.string() + ": --save-every would overwrite this picture, " +
                                      "which the run is made from");
  }
}

std::string StepPictures::name_of(int step) const {
  const std::string number = std::to_string(step);
  return before_ + std::string(digits_ - std::min(digits_, number.size()), '0') + number + ending_;
}

void StepPictures::save(int step, const Image& image) const {
  const bool same = image.width() == size_.width && image.height() == size_.height;
  write_image(same ? image : resize(image, size_.width, size_.height), name_of(step), write_);
}

}  // namespace impasto::cli
