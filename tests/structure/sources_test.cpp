#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "structure/source_tree.h"

namespace impasto::test {
namespace {

// The words of the CMakeLists.txt nearest above `file`, and that file's folder.
struct SourceList {
  std::set<std::string> words;
  std::string folder;
};

SourceList list_for(const std::string& file) {
  std::string folder = file;
  std::string text;
  while (text.empty() && folder.find('/') != std::string::npos) {
    folder.resize(folder.rfind('/'));
    text = project_text(folder + "/CMakeLists.txt");
  }
  std::replace(text.begin(), text.end(), ')', ' ');
  std::replace(text.begin(), text.end(), '(', ' ');
  SourceList list{{}, folder};
  std::istringstream words(text);
  for (std::string word; words >> word;) list.words.insert(word);
  return list;
}

TEST(Sources, AreAllBuilt) {
  const auto files = project_files({".cpp"});
  ASSERT_GT(files.size(), 50u);
  for (const std::string& file : files) {
    const SourceList list = list_for(file);
    EXPECT_TRUE(list.words.count(file.substr(list.folder.size() + 1)))
        << file << " is not listed in " << list.folder << "/CMakeLists.txt";
  }
}

TEST(Sources, AreShortAndGuarded) {
  for (const std::string& file : project_files({".h", ".cpp"})) {
    const std::string text = project_text(file);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 400)
        << file << ": a file of more than 400 lines wants to be two";
    if (file.ends_with(".h")) {
      EXPECT_NE(text.find("#pragma once\n"), std::string::npos) << file << " has no #pragma once";
    }
  }
}

}  // namespace
}  // namespace impasto::test
