#include "transfer/transfer.h"

namespace impasto {

const std::vector<std::string>& style_taps() {
  static const std::vector<std::string> taps = {"relu1_1", "relu2_1", "relu3_1", "relu4_1",
                                                "relu5_1"};
  return taps;
}

}  // namespace impasto
