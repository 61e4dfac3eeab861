#pragma once

#include <string>

#include "models/conventions.h"

namespace impasto {

/// A VGG from a file in any format and naming that we know (see read_weights and import_vgg).
ImportedVgg read_vgg(const std::string& path, VggConvention = VggConvention::detect);

}  // namespace impasto
