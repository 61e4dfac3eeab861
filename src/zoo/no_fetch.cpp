#include "base/component.h"
#include "zoo/fetch.h"

namespace impasto {

void fetch(const Download&, const std::string&, Progress&) {
  not_in_this_build("fetch");
}

}  // namespace impasto
