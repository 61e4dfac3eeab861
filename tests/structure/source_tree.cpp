#include "structure/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace impasto::test {

namespace fs = std::filesystem;

std::vector<std::string> project_files(const std::vector<std::string>& extensions) {
  const fs::path root = IMPASTO_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* top : {"src", "apps", "include"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (entry.is_regular_file() &&
          std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) {
        files.push_back(fs::relative(entry.path(), root).generic_string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string project_text(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(std::string(IMPASTO_SOURCE_DIR) + "/" + file).rdbuf();
  return text.str();
}

std::vector<Include> project_includes() {
  static const std::regex pattern("\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  std::vector<Include> includes;
  for (const std::string& file : project_files({".h", ".cpp"})) {
    std::istringstream lines(project_text(file));
    std::smatch m;
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_match(line, m, pattern)) includes.push_back({file, m[2], m[1] == "<"});
    }
  }
  return includes;
}

std::string room_of(const std::string& file) {
  if (file.rfind("src/", 0) != 0) return file.substr(0, file.find('/'));
  return file.substr(4, file.find('/', 4) - 4);
}

}  // namespace impasto::test
