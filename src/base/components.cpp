#include <algorithm>

#include "base/component.h"
#include "impasto/error.h"
#include "impasto/version.h"

namespace impasto {

const std::vector<Component>& components() {
  static const std::vector<Component> all = {
#include IMPASTO_COMPONENT_TABLE
  };
  return all;
}

void not_in_this_build(std::string_view name) {
  const auto& all = components();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Component& c) { return c.name == name; });
  if (found == all.end()) {
    throw Error(ErrorCode::internal, "no component is called '" + std::string(name) + "'");
  }
  throw Error(ErrorCode::unsupported, found->does + " is not in this build: it takes " +
                                          found->takes + " (Debian: " + found->package + ")");
}

}  // namespace impasto
