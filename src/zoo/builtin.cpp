#include "zoo/builtin.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

// The assembler copies the file: compilers take minutes and gigabytes for large arrays of numbers.
// IMPASTO_MODELS_DIR comes from CMake, which also rebuilds this when one of the files changes.
#define IMPASTO_EMBED(symbol, file)                         \
  asm(".pushsection .rodata\n"                              \
      ".balign 64\n"                                        \
      ".global impasto_" #symbol "_begin, impasto_" #symbol \
      "_end\n"                                              \
      ".hidden impasto_" #symbol "_begin, impasto_" #symbol \
      "_end\n"                                              \
      "impasto_" #symbol                                    \
      "_begin:\n"                                           \
      ".incbin \"" IMPASTO_MODELS_DIR "/" file              \
      "\"\n"                                                \
      "impasto_" #symbol                                    \
      "_end:\n"                                             \
      ".byte 0\n"                                           \
      ".popsection\n");                                     \
  extern "C" const std::byte impasto_##symbol##_begin[], impasto_##symbol##_end[];

IMPASTO_EMBED(manifest, "MANIFEST.json")
IMPASTO_EMBED(encoder, "encoder.safetensors")
IMPASTO_EMBED(instant, "instant.safetensors")

namespace impasto {

namespace {

const std::map<std::string, std::span<const std::byte>>& embedded_files() {
  static const std::map<std::string, std::span<const std::byte>> files = {
      {"encoder.safetensors", {impasto_encoder_begin, impasto_encoder_end}},
      {"instant.safetensors", {impasto_instant_begin, impasto_instant_end}}};
  return files;
}

std::vector<Builtin> read_manifest() {
  std::vector<Builtin> result;
  const auto manifest = nlohmann::json::parse(builtin_manifest());
  for (const auto& model : manifest.at("models")) {
    result.push_back({model.at("name"), embedded_files().at(model.at("file")), model.at("sha256"),
                      model.at("about"), model.at("licence")});
  }
  return result;
}

}  // namespace

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = read_manifest();
  return all;
}

const Builtin* find_builtin(std::string_view name) {
  const auto& all = builtins();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Builtin& b) { return b.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view builtin_manifest() {
  return {reinterpret_cast<const char*>(impasto_manifest_begin),
          static_cast<size_t>(impasto_manifest_end - impasto_manifest_begin)};
}

}  // namespace impasto
