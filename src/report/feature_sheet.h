#pragma once

#include <vector>

#include "report/tap_view.h"
#include "zoo/zoo.h"

namespace impasto {

/// The picture that inspect writes: the photograph, then for each tap its feature maps and its
/// matrix, labelled, on white.
Image draw_feature_sheet(const Image& photo, const std::vector<TapView>&, const InspectOptions&,
                         const Network&);

}  // namespace impasto
