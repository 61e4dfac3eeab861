#pragma once

#include <string>

#include "impasto/progress.h"
#include "zoo/downloads.h"

namespace impasto {

/// Brings one into the cache: what fetch_model does, for any table and server. Error{unsupported}
/// where the component "fetch" is not built in.
void fetch(const Download&, const std::string& url, Progress&);

}  // namespace impasto
