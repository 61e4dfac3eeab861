#pragma once

#include <string>

#include "impasto/image.h"
#include "impasto/option.h"

namespace impasto {

/// How the files of results are written.
struct ResultOptions {
  std::string format;                    ///< "png"; empty: each photograph's own. Of files whose
                                         ///< names are not given
  int quality = WriteOptions{}.quality;  ///< in formats that obey it, 1..100
  bool no_recipe = false;                ///< nothing that tells how they were made is embedded
};

/// Those, with ranges and help. Made once.
const OptionTable<ResultOptions>& result_options();

}  // namespace impasto
