#pragma once

#include <string>
#include <vector>

namespace impasto::test {

/// One #include of one file.
struct Include {
  std::string file;    ///< the including file, from the root: "src/nn/graph.h"
  std::string target;  ///< "nn/layer.h", "vector"
  bool angled = false;
};

/// The files below src/, apps/ and include/ with these extensions, from the root, sorted.
std::vector<std::string> project_files(const std::vector<std::string>& extensions);

/// Content of a file that is named from the root.
std::string project_text(const std::string& file);

/// Every #include of those files, outside of line comments.
std::vector<Include> project_includes();

/// "src/backend/cpu/conv.cpp" -> "backend"; "apps" and "include" for the others.
std::string room_of(const std::string& file);

}  // namespace impasto::test
