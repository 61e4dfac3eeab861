#include "version_text.h"

#include "impasto/version.h"

namespace impasto::cli {

std::string version_text() {
  std::string with, without;
  for (const Component& c : components()) {
    std::string& list = c.built_in ? with : without;
    list += (list.empty() ? "" : ", ") + c.name + (c.built_in ? "" : " (" + c.package + ")");
  }
  return std::string("impasto ") + version() + (with.empty() ? "" : "\nwith: " + with) +
         (without.empty() ? "" : "\nwithout: " + without);
}

}  // namespace impasto::cli
