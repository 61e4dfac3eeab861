#include "capi/callbacks.h"
#include "impasto/doodle.h"
#include "impasto/error.h"
#include "impasto/stylizer.h"

using namespace impasto;

namespace {

// The job's own options, or the initial ones.
template <class Options>
Options options_in(const impasto_options* given, const Options& initial) {
  if (given == nullptr) return initial;
  if (const Options* options = std::get_if<Options>(&given->of)) return *options;
  throw Error(ErrorCode::usage, "options: expected those of this job, found those of another");
}

Painting painting_of(const impasto_picture& picture) {
  return picture.painting ? *picture.painting : Painting(*picture.image);
}

std::vector<SharedPainting> paintings_in(const impasto_picture* const* given, size_t count) {
  require(given, "paintings");
  std::vector<SharedPainting> pictures;
  for (size_t i = 0; i < count; ++i) {
    require(given[i], "a painting");
    pictures.push_back(given[i]->painting ? given[i]->painting
                                          : std::make_shared<const Painting>(*given[i]->image));
  }
  return pictures;
}

std::vector<double> weights_in(const double* given, size_t count) {
  return given == nullptr ? std::vector<double>() : std::vector<double>(given, given + count);
}

void tell(impasto_outcome* outcome, bool cancelled, double seconds, const char* quality) {
  if (outcome == nullptr) return;
  impasto_outcome whole{};
  whole.cancelled = cancelled;
  whole.seconds = seconds;
  whole.quality = quality;
  give(whole, outcome, "outcome");
}

// Runs a job that paints.
template <class F>
impasto_status paint(impasto_session* session, const impasto_progress* progress,
                     impasto_picture** result, impasto_outcome* outcome, const F& job) {
  return guarded([&] {
    require(session, "session");
    require(result, "result");
    *result = nullptr;
    if (outcome) taken(outcome, "outcome");  // refused before hours of work, not after
    Callbacks callbacks(progress);
    StylizeResult made = job(session->session, callbacks);
    if (made.painted) {
      *result = new impasto_picture(Painting(std::move(made.image)));
    }
    tell(outcome, made.cancelled, made.seconds, name_of(made.quality));
  });
}

std::vector<Painting> copies_of(const std::vector<SharedPainting>& pictures) {
  std::vector<Painting> copies;
  for (const SharedPainting& picture : pictures) copies.push_back(*picture);
  return copies;
}

}  // namespace

extern "C" impasto_status impasto_session_new(const impasto_options* options,
                                              impasto_session** session) {
  return guarded([&] {
    require(session, "session");
    *session = nullptr;
    *session = new impasto_session{Session(options_in(options, SessionOptions()))};
  });
}

extern "C" void impasto_session_free(impasto_session* session) {
  delete session;
}

extern "C" impasto_status impasto_stylize(impasto_session* session, const impasto_options* options,
                                          const impasto_picture* content,
                                          const impasto_picture* const* paintings,
                                          const double* weights, size_t count,
                                          const impasto_progress* progress,
                                          impasto_picture** result, impasto_outcome* outcome) {
  return paint(session, progress, result, outcome, [&](Session& s, Progress& p) {
    require(content, "content");
    StylizeOptions o = options_in(options, StylizeOptions());
    o.style_weights = weights_in(weights, count);
    return Stylizer(s, o).paint(content->image, paintings_in(paintings, count), p);
  });
}

extern "C" impasto_status impasto_texture(impasto_session* session, const impasto_options* options,
                                          const impasto_picture* const* pictures,
                                          const double* weights, size_t count,
                                          const impasto_progress* progress,
                                          impasto_picture** result, impasto_outcome* outcome) {
  return paint(session, progress, result, outcome, [&](Session& s, Progress& p) {
    TextureOptions o = options_in(options, TextureOptions());
    o.paint.style_weights = weights_in(weights, count);
    return texture(s, copies_of(paintings_in(pictures, count)), o, p);
  });
}

extern "C" impasto_status impasto_doodle(impasto_session* session, const impasto_options* options,
                                         const impasto_picture* painting,
                                         const impasto_picture* painting_map,
                                         const impasto_picture* map, const impasto_picture* content,
                                         const impasto_progress* progress, impasto_picture** result,
                                         impasto_outcome* outcome) {
  return paint(session, progress, result, outcome, [&](Session& s, Progress& p) {
    require(painting, "painting");
    require(painting_map, "painting_map");
    require(map, "map");
    DoodlePictures pictures;
    pictures.style = painting_of(*painting);
    pictures.style_map = *painting_map->image;
    pictures.map = *map->image;
    if (content) pictures.content = *content->image;
    const impasto_options::Doodle initial{doodle_defaults()};
    return doodle(s, pictures, options_in(options, initial).options, p);
  });
}

extern "C" impasto_status impasto_style_save(impasto_session* session,
                                             const impasto_options* options,
                                             const impasto_picture* painting, const char* path,
                                             const impasto_progress* progress,
                                             impasto_outcome* outcome) {
  return guarded([&] {
    require(session, "session");
    require(painting, "painting");
    require(path, "path");
    if (outcome) taken(outcome, "outcome");
    Callbacks callbacks(progress);
    const StyleFileOptions o = options_in(options, StyleFileOptions());
    const bool written = save_style(session->session, painting_of(*painting), path, o, callbacks);
    tell(outcome, !written, 0, "");
  });
}
