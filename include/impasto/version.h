#pragma once

namespace impasto {

/// "0.1.0"
const char* version();

}  // namespace impasto
