#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "impasto/image.h"
#include "impasto/models.h"
#include "impasto/session.h"
#include "impasto/style_file.h"
#include "impasto/stylize.h"
#include "impasto/texture.h"

// What the interface's opaque types are.

struct impasto_session {
  impasto::Session session;
};

struct impasto_picture {
  explicit impasto_picture(impasto::SharedImage lent) : image(std::move(lent)) {}
  explicit impasto_picture(impasto::Painting own)
      : painting(std::make_shared<const impasto::Painting>(std::move(own))), image(painting) {}

  impasto::SharedPainting painting;  ///< null: the image is lent
  impasto::SharedImage image;
};

/// The job is the variant's index.
struct impasto_options {
  struct Doodle {
    impasto::StylizeOptions options;
  };
  std::variant<impasto::StylizeOptions, impasto::TextureOptions, Doodle, impasto::StyleFileOptions,
               impasto::SessionOptions>
      of;
  std::map<std::string, std::string> got = {};  ///< by name, as they were last got
};

struct impasto_networks {
  std::vector<impasto::ModelInfo> all;
};
