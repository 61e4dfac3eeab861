#include "impasto/version.h"

namespace impasto {

const char* version() {
  return IMPASTO_VERSION;
}

}  // namespace impasto
