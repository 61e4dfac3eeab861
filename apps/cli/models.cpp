#include <CLI/CLI.hpp>

#include "impasto/models.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "impasto/error.h"
#include "impasto/style_file.h"
#include "models_style.h"
#include "print.h"
#include "terminal.h"

namespace impasto::cli {

namespace {

std::string megabytes_text(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) * 1e-6);
  return text;
}

nlohmann::json to_json(const ModelInfo& m) {
  nlohmann::json json = {
      {"name", m.name},       {"place", name_of(m.place)}, {"path", m.path},
      {"bytes", m.bytes},     {"source", m.source},        {"licence", m.licence},
      {"problem", m.problem}, {"sha256", m.sha256},        {"kind", m.kind}};
  if (!m.convention.empty()) {
    json.update({{"convention", m.convention},
                 {"padding", m.padding},
                 {"pooling", m.pooling},
                 {"pixel_matrix", m.pixel_matrix},
                 {"pixel_offset", m.pixel_offset}});
  }
  if (!m.layers.empty()) {
    json.update({{"parameters", m.parameters()}, {"layers", nlohmann::json::array()}});
  }
  for (const ModelLayer& l : m.layers) {
    json["layers"].push_back(
        {{"name", l.name}, {"tap", l.tap}, {"shape", l.shape}, {"parameters", l.parameters()}});
  }
  for (const char* key : {"path", "source", "licence", "problem", "sha256"}) {
    if (json[key] == "") json.erase(key);
  }
  return json;
}

using Row = std::vector<std::string>;

// Columns as wide as their widest cell, two spaces between them; `right` are aligned to the right.
void print_table(const std::vector<Row>& rows, const std::vector<bool>& right) {
  std::vector<size_t> widths(right.size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - row[i].size(), ' ');
      line += (i ? "  " : "") + (right[i] ? gap + row[i] : row[i] + gap);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%s\n", line.c_str());
  }
}

std::string where(const ModelInfo& m) {
  if (m.place == ModelPlace::built_in) return "built in";
  if (m.place == ModelPlace::remote) return "impasto models fetch " + m.name;
  return m.problem.empty() ? m.path : m.problem;
}

void print_list(const std::vector<ModelInfo>& models) {
  std::vector<Row> rows = {{"NAME", "KIND", "SIZE", "WEIGHTS", "LICENCE", "WHERE"}};
  for (const ModelInfo& m : models) {
    rows.push_back({m.name, m.kind, m.bytes ? megabytes_text(m.bytes) : "?",
                    m.layers.empty() ? "" : std::to_string(m.parameters()),
                    m.licence.empty() ? "?" : m.licence, where(m)});
  }
  print_table(rows, {false, false, true, true, false, false});
}

std::string pixels_text(const ModelInfo& m) {
  if (m.convention == "torchvision") return "RGB, ImageNet's mean and deviation (torchvision)";
  if (m.convention == "caffe") return "BGR 0..255 minus ImageNet's mean (caffe)";
  if (m.convention == "normalised") return "RGB through the file's own matrix (normalised)";
  return "RGB through a matrix in the file (native)";
}

void print_info(const ModelInfo& m) {
  std::vector<Row> facts = {
      {"name", m.name},
      {"kind", m.kind},
      {"where", where(m)},
      {"size", megabytes_text(m.bytes) + ", " + std::to_string(m.parameters()) + " weights"},
      {"sha256", m.sha256},
      {"source", m.source.empty() ? "not known" : m.source},
      {"licence", m.licence.empty() ? "not known" : m.licence}};
  if (!m.convention.empty()) {
    facts.insert(facts.end(),
                 {{"pixels", pixels_text(m)}, {"padding", m.padding}, {"pooling", m.pooling}});
  }
  print_table(facts, {false, false});
  std::vector<Row> rows = {{"LAYER", "TAP", "SHAPE", "WEIGHTS"}};
  for (const ModelLayer& l : m.layers) {
    std::string shape;
    for (const int64_t extent : l.shape) {
      shape += (shape.empty() ? "" : "x") + std::to_string(extent);
    }
    rows.push_back({l.name, l.tap, shape, std::to_string(l.parameters())});
  }
  std::printf("\n");
  print_table(rows, {false, false, true, true});
}

// Long jobs that end in a network: Ctrl-C is not an error of theirs.
template <class Job>
int run_job(const Job& job) {
  catch_interrupts();
  TerminalProgress progress(Verbosity::normal);
  try {
    const ModelInfo model = job(progress);
    progress.end_line();
    std::printf("%s: %s\n", model.name.c_str(), model.path.c_str());
    return 0;
  } catch (const Error& error) {
    progress.end_line();
    if (!interrupted()) throw;
    print_message(error.what());
    return stopped;
  }
}

}  // namespace

void add_models(CLI::App& app, Run& run) {
  auto* models = app.add_subcommand("models", "List, describe, import and fetch networks");
  models->require_subcommand(1);
  const auto json = std::make_shared<bool>(false);
  const auto name = std::make_shared<std::string>();
  const auto options = std::make_shared<ImportOptions>();

  auto* list = models->add_subcommand("list", "All networks that have a name");
  list->add_flag("--json", *json, "As JSON");
  list->callback([=, &run] {
    run = [=] {
      if (!*json) {
        print_list(list_models());
        return 0;
      }
      auto all = nlohmann::json::array();
      for (const ModelInfo& model : list_models()) all.push_back(to_json(model));
      print_json(all, 2);
      return 0;
    };
  });

  auto* info = models->add_subcommand(
      "info", "Layers, convention, origin of a network; or what a style file holds");
  info->add_option("network", *name, "A name from 'impasto models list', or a file")
      ->required()
      ->type_name("NAME|FILE");
  info->add_flag("--json", *json, "As JSON");
  info->callback([=, &run] {
    run = [=] {
      if (is_style_file(*name)) {
        print_style_info(*name, *json);
        return 0;
      }
      const ModelInfo model = model_info(*name);
      if (*json)
        print_json(to_json(model), 2);
      else
        print_info(model);
      return 0;
    };
  });

  auto* importing = models->add_subcommand(
      "import", "Convert a VGG (.safetensors, .pth, .pt) and keep it under a name");
  importing->add_option("file", *name, "The weights")->required()->type_name("FILE");
  importing->add_option("--name", options->name, "Keep it under this name (else the file's)");
  importing->add_option("-o,--output", options->output, "Write this file instead")
      ->type_name("FILE");
  importing
      ->add_option("--convention", options->convention,
                   "What pictures it expects: detect, torchvision, caffe, normalised")
      ->capture_default_str();
  importing->callback([=, &run] {
    run = [=] { return run_job([&](Progress& p) { return import_model(*name, *options, p); }); };
  });

  auto* fetch = models->add_subcommand("fetch", "Download a network that others publish");
  fetch->add_option("name", *name, "vgg19 or vgg16")->type_name("NAME")->required();
  fetch->callback([=, &run] {
    run = [=] { return run_job([&](Progress& p) { return fetch_model(*name, p); }); };
  });
  add_models_style(*models, run);
}

}  // namespace impasto::cli
