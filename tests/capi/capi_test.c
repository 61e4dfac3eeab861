/* The C interface as a C program sees it: capi_test FOLDER, where it may write. */

#include <impasto/impasto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                                   \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      fprintf(stderr, "%s:%d: %s fails; last error: %s\n", __FILE__, __LINE__, #condition, \
              impasto_last_error());                                                       \
      ++failures;                                                                          \
    }                                                                                      \
  } while (0)

#define OK(call) CHECK((call) == IMPASTO_OK)
/* A call that fails with this status and a line that says this. */
#define FAILS(call, status, part)                        \
  do {                                                   \
    CHECK((call) == (status));                           \
    CHECK(strstr(impasto_last_error(), (part)) != NULL); \
    CHECK(strchr(impasto_last_error(), '\n') == NULL);   \
  } while (0)

enum { width = 48, height = 32, gap = 7 };

static impasto_layout layout_of(int channels, impasto_channel channel) {
  impasto_layout layout = {sizeof layout, width, height, 3, IMPASTO_U8, 0};
  layout.channels = channels;
  layout.channel = channel;
  return layout;
}

/* Of bands in some colours; period 0: of two flat halves. */
static impasto_picture* picture_of(int period) {
  unsigned char pixels[height][width][3];
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int band = period > 0 ? (x + y) % period * 80 / period : x < width / 2 ? 0 : 80;
        pixels[y][x][c] = (unsigned char)(40 + 60 * c + band);
      }
    }
  }
  const impasto_layout layout = layout_of(3, IMPASTO_U8);
  impasto_picture* picture = NULL;
  OK(impasto_picture_from(pixels, &layout, &picture));
  return picture;
}

static void test_pictures(const char* folder) {
  /* Rows from the bottom up, with gaps, in 16 bits and alpha; out and in again unchanged. */
  const size_t row = width * 4 + gap;
  uint16_t* pixels = calloc(height * row, sizeof *pixels);
  for (size_t i = 0; i < height * row; ++i) pixels[i] = (uint16_t)(i * 7919 | 1);
  impasto_layout layout = layout_of(4, IMPASTO_U16);
  layout.row_bytes = -(ptrdiff_t)(row * sizeof *pixels);
  impasto_picture* picture = NULL;
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) pixels[y * row + 4 * x + 3] = 65535;
  }
  OK(impasto_picture_from(pixels + (height - 1) * row, &layout, &picture));
  uint16_t* back = calloc(height * row, sizeof *back);
  OK(impasto_picture_copy(picture, back + (height - 1) * row, &layout));
  for (size_t y = 0; y < height; ++y) {
    CHECK(memcmp(pixels + y * row, back + y * row, width * 4 * sizeof *back) == 0);
    CHECK(back[y * row + width * 4] == 0); /* gaps are left alone */
  }
  free(back);
  free(pixels);

  impasto_picture_info info = {sizeof info, 0, 0, 0, 0, 0};
  OK(impasto_picture_describe(picture, &info));
  CHECK(info.width == width && info.height == height && info.has_alpha == 1);
  CHECK(info.bits == 16 && info.saved_style == 0);

  char path[4096];
  snprintf(path, sizeof path, "%s/capi.png", folder);
  OK(impasto_picture_write(picture, path, 0));
  impasto_picture_free(picture);
  OK(impasto_picture_read(path, &picture));
  OK(impasto_picture_describe(picture, &info));
  CHECK(info.width == width && info.bits == 16);
  impasto_picture_free(picture);

  FAILS(impasto_picture_read("missing.jpg", &picture), IMPASTO_INPUT, "missing.jpg");
  CHECK(picture == NULL);
  FAILS(impasto_picture_read(NULL, &picture), IMPASTO_USAGE, "path");
  layout.channel = (impasto_channel)9;
  FAILS(impasto_picture_from(path, &layout, &picture), IMPASTO_USAGE, "");
  layout = layout_of(5, IMPASTO_U8);
  FAILS(impasto_picture_from(path, &layout, &picture), IMPASTO_USAGE, "channels");
  layout.struct_size = 0;
  FAILS(impasto_picture_from(path, &layout, &picture), IMPASTO_USAGE, "struct_size");
  impasto_picture_free(NULL);
}

static void test_options(void) {
  const impasto_job jobs[] = {IMPASTO_JOB_STYLIZE, IMPASTO_JOB_TEXTURE, IMPASTO_JOB_DOODLE,
                              IMPASTO_JOB_STYLE_FILE, IMPASTO_JOB_SESSION};
  for (size_t j = 0; j < sizeof jobs / sizeof *jobs; ++j) {
    impasto_options* options = NULL;
    OK(impasto_options_new(jobs[j], &options));
    CHECK(impasto_option_count(jobs[j]) > 1);
    for (size_t i = 0; i < impasto_option_count(jobs[j]); ++i) {
      impasto_option_info info;
      memset(&info, 0, sizeof info);
      info.struct_size = sizeof info;
      OK(impasto_option_describe(jobs[j], i, &info));
      CHECK(strlen(info.name) > 0 && strlen(info.help) > 0 && strlen(info.form) > 0);
      const char* value = NULL;
      OK(impasto_options_get(options, info.name, &value));
      CHECK(strcmp(value, info.initial) == 0);
      OK(impasto_options_set(options, info.name, info.initial));
      for (size_t c = 0; c < info.choice_count; ++c) {
        OK(impasto_options_set(options, info.name, info.choices[c]));
        OK(impasto_options_get(options, info.name, &value));
        CHECK(strcmp(value, info.choices[c]) == 0);
      }
    }
    FAILS(impasto_options_set(options, "no-such", "1"), IMPASTO_USAGE, "no-such");
    impasto_options_free(options);
  }
  impasto_options* options = NULL;
  OK(impasto_options_new(IMPASTO_JOB_STYLIZE, &options));
  FAILS(impasto_options_set(options, "strength", "101"), IMPASTO_USAGE,
        "strength: expected a number from 0 to 100, found '101'");
  impasto_options_free(options);
  FAILS(impasto_options_new((impasto_job)77, &options), IMPASTO_USAGE, "77");
  CHECK(options == NULL);
  CHECK(impasto_option_count((impasto_job)77) == 0);
  impasto_option_info info;
  info.struct_size = sizeof info;
  FAILS(impasto_option_describe(IMPASTO_JOB_STYLIZE, 10000, &info), IMPASTO_USAGE, "10000");
  /* Of a program that knows less of the struct, nothing more is written. */
  memset(&info, 0x55, sizeof info);
  info.struct_size = offsetof(impasto_option_info, help);
  OK(impasto_option_describe(IMPASTO_JOB_STYLIZE, 0, &info));
  CHECK(strcmp(info.name, "quality") == 0);
  CHECK(memchr(&info.help, 0x55, sizeof info.help) == &info.help);
}

struct heard {
  int reports, previews, cancel_after;
  double fraction;
};

static void hear_report(void* user, const impasto_report* report) {
  struct heard* heard = user;
  ++heard->reports;
  CHECK(report->fraction >= heard->fraction && report->fraction <= 1);
  CHECK(report->stage != NULL);
  heard->fraction = report->fraction;
}

static int hear_cancelled(void* user) {
  const struct heard* heard = user;
  return heard->cancel_after > 0 && heard->reports >= heard->cancel_after;
}

static void hear_preview(void* user, const impasto_picture* picture) {
  struct heard* heard = user;
  impasto_picture_info info = {sizeof info, 0, 0, 0, 0, 0};
  OK(impasto_picture_describe(picture, &info));
  CHECK(info.width > 0);
  ++heard->previews;
}

static impasto_options* options_of(impasto_job job, const char* size) {
  impasto_options* options = NULL;
  OK(impasto_options_new(job, &options));
  OK(impasto_options_set(options, "size", size));
  OK(impasto_options_set(options, "iterations", "3"));
  return options;
}

static void test_jobs(const char* folder) {
  impasto_options* of_session = NULL;
  OK(impasto_options_new(IMPASTO_JOB_SESSION, &of_session));
  OK(impasto_options_set(of_session, "threads", "1"));
  impasto_session* session = NULL;
  OK(impasto_session_new(of_session, &session));
  impasto_options_free(of_session);

  impasto_picture *photo = picture_of(16), *painting = picture_of(5), *map = picture_of(0);
  impasto_picture* result = NULL;
  const impasto_picture* paintings[] = {painting, photo};
  const double weights[] = {2, 1};
  impasto_options* options = options_of(IMPASTO_JOB_STYLIZE, "40");
  OK(impasto_options_set(options, "quality", "best"));
  struct heard heard = {0, 0, 0, 0};
  impasto_progress progress = {sizeof progress, &heard,       hear_report,
                               hear_cancelled,  hear_preview, 0};
  impasto_outcome outcome = {sizeof outcome, 7, -1, NULL};
  impasto_picture_info info = {sizeof info, 0, 0, 0, 0, 0};

  OK(impasto_stylize(session, options, photo, paintings, weights, 2, &progress, &result, &outcome));
  CHECK(heard.reports > 0 && heard.previews > 0);
  CHECK(outcome.cancelled == 0 && outcome.seconds > 0 && strcmp(outcome.quality, "best") == 0);
  OK(impasto_picture_describe(result, &info));
  CHECK(info.width == 40 && info.height == 27);
  impasto_picture_free(result);

  /* One that is cancelled at once has painted nothing. */
  heard.reports = heard.cancel_after = 1;
  heard.fraction = 0;
  OK(impasto_stylize(session, options, photo, paintings, NULL, 1, &progress, &result, &outcome));
  CHECK(result == NULL && outcome.cancelled == 1);

  FAILS(impasto_stylize(session, options, photo, paintings, NULL, 0, NULL, &result, NULL),
        IMPASTO_USAGE, "painting");
  FAILS(impasto_stylize(session, options, NULL, paintings, NULL, 1, NULL, &result, NULL),
        IMPASTO_USAGE, "content");
  FAILS(impasto_stylize(NULL, options, photo, paintings, NULL, 1, NULL, &result, NULL),
        IMPASTO_USAGE, "session");
  impasto_options* of_texture = options_of(IMPASTO_JOB_TEXTURE, "48x40");
  FAILS(impasto_stylize(session, of_texture, photo, paintings, NULL, 1, NULL, &result, NULL),
        IMPASTO_USAGE, "options");

  OK(impasto_options_set(of_texture, "tileable", "yes"));
  OK(impasto_texture(session, of_texture, paintings, NULL, 1, NULL, &result, NULL));
  OK(impasto_picture_describe(result, &info));
  CHECK(info.width == 48 && info.height == 40);
  impasto_picture_free(result);

  impasto_options* of_doodle = options_of(IMPASTO_JOB_DOODLE, "32");
  OK(impasto_doodle(session, of_doodle, painting, map, map, NULL, NULL, &result, NULL));
  OK(impasto_picture_describe(result, &info));
  CHECK(info.width == 32);
  impasto_picture_free(result);

  char path[4096];
  snprintf(path, sizeof path, "%s/capi.style", folder);
  OK(impasto_style_save(session, NULL, painting, path, NULL, &outcome));
  impasto_picture* saved = NULL;
  OK(impasto_painting_read(path, &saved));
  OK(impasto_picture_describe(saved, &info));
  CHECK(info.saved_style == 1);
  const impasto_picture* of_file[] = {saved};
  OK(impasto_options_set(options, "quality", "draft"));
  OK(impasto_options_set(options, "iterations", "50"));
  OK(impasto_stylize(session, options, photo, of_file, NULL, 1, NULL, &result, &outcome));
  CHECK(result != NULL && strcmp(outcome.quality, "draft") == 0);

  impasto_picture_free(result);
  impasto_picture_free(saved);
  impasto_picture_free(photo);
  impasto_picture_free(painting);
  impasto_picture_free(map);
  impasto_options_free(options);
  impasto_options_free(of_texture);
  impasto_options_free(of_doodle);
  impasto_session_free(session);
}

static void test_networks(void) {
  impasto_networks* networks = NULL;
  OK(impasto_networks_list(&networks));
  CHECK(impasto_networks_count(networks) >= 2);
  int small = 0;
  impasto_network_info info = {sizeof info, NULL, NULL, NULL, NULL, 0};
  for (size_t i = 0; i < impasto_networks_count(networks); ++i) {
    OK(impasto_networks_describe(networks, i, &info));
    if (strcmp(info.name, "small") == 0) small = strcmp(info.place, "built-in") == 0;
  }
  CHECK(small);
  FAILS(impasto_networks_describe(networks, 10000, &info), IMPASTO_USAGE, "10000");
  FAILS(impasto_network_fetch("no-such", NULL), IMPASTO_USAGE, "no-such");
  impasto_networks_free(networks);
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  CHECK(strlen(impasto_version()) >= 5);
  test_pictures(arguments[1]);
  test_options();
  test_jobs(arguments[1]);
  test_networks();
  return failures > 0;
}
