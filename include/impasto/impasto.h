/* impasto from C, and from every language that can call C.
 *
 * Objects are opaque; each is made by a function that says so and given back with its _free, which
 * takes NULL, too. Text is UTF-8 and ends with 0. Functions that can fail return IMPASTO_OK or what
 * kind of thing went wrong; impasto_last_error() then tells it in one line. Nothing is thrown.
 *
 * Structs that begin with `struct_size` are filled in by the caller, who writes sizeof there: a
 * program that was built with an older header goes on working when later ones grow. What is 0 is
 * as if it were not there.
 *
 * Threads: a session, and what is made with it, is for one thread at a time; several sessions may
 * be used on several threads. Pictures and options may be read by several threads at once.
 * Callbacks come on the thread that called.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define IMPASTO_API __attribute__((visibility("default")))
#else
#define IMPASTO_API
#endif

/* Any number may come from C; C++ wants to know of what type. */
#ifdef __cplusplus
#define IMPASTO_INT : int
#else
#define IMPASTO_INT
#endif

typedef enum impasto_status IMPASTO_INT {
  IMPASTO_OK = 0,
  IMPASTO_INTERNAL = 1,    /* a broken promise inside impasto: please report */
  IMPASTO_USAGE = 2,       /* options that are unknown, out of range or contradict each other */
  IMPASTO_INPUT = 3,       /* a file that is missing, damaged, hostile or of the wrong kind */
  IMPASTO_OUTPUT = 4,      /* a result that cannot be written */
  IMPASTO_MEMORY = 5,      /* the job does not fit into the memory it may use */
  IMPASTO_UNSUPPORTED = 6, /* valid, but not something this build can do */
  IMPASTO_NETWORK = 7      /* a download that failed */
} impasto_status;

/* "0.1.0" */
IMPASTO_API const char* impasto_version(void);

/* Of the last call on this thread that failed, in one line; it stays until the next one fails. */
IMPASTO_API const char* impasto_last_error(void);

/* ---- Options: what a job can be asked, by name. ---- */

typedef enum impasto_job IMPASTO_INT {
  IMPASTO_JOB_STYLIZE = 0,
  IMPASTO_JOB_TEXTURE = 1,
  IMPASTO_JOB_DOODLE = 2,
  IMPASTO_JOB_STYLE_FILE = 3,
  IMPASTO_JOB_SESSION = 4 /* threads, max-memory */
} impasto_job;

typedef enum impasto_option_kind IMPASTO_INT {
  IMPASTO_OPTION_TEXT = 0,   /* `form` tells how */
  IMPASTO_OPTION_NUMBER = 1, /* low .. high, or one of the choices */
  IMPASTO_OPTION_WHOLE = 2,  /* the same, without a fraction */
  IMPASTO_OPTION_CHOICE = 3, /* one of the choices */
  IMPASTO_OPTION_FILE = 4,   /* a file, or one of the choices */
  IMPASTO_OPTION_YES_NO = 5  /* "yes" or "no" */
} impasto_option_kind;

/* All that there is to know of one option. It lives as long as the program. */
typedef struct impasto_option_info {
  size_t struct_size;
  const char* name;
  const char* help;
  const char* group; /* heading under which it belongs */
  impasto_option_kind kind;
  double low, high;
  const char* const* choices; /* choice_count of them */
  size_t choice_count;
  const char* unit;    /* of a number; "": none */
  const char* form;    /* what stands for the value in help: "0..100" */
  const char* initial; /* its value when nothing is said */
} impasto_option_info;

/* Options of a job, numbered from 0 in the order of help. */
IMPASTO_API size_t impasto_option_count(impasto_job job);
/* IMPASTO_USAGE: no such job or index. */
IMPASTO_API impasto_status impasto_option_describe(impasto_job job, size_t index,
                                                   impasto_option_info* info);

typedef struct impasto_options impasto_options;

/* Those of a job, all with their initial values. Free them with impasto_options_free. */
IMPASTO_API impasto_status impasto_options_new(impasto_job job, impasto_options** options);
IMPASTO_API void impasto_options_free(impasto_options* options);
/* IMPASTO_USAGE: unknown name, or a value that it does not take; the options are as before. */
IMPASTO_API impasto_status impasto_options_set(impasto_options* options, const char* name,
                                               const char* value);
/* The value as text, good until this option is got again from the same options. */
IMPASTO_API impasto_status impasto_options_get(impasto_options* options, const char* name,
                                               const char** value);

/* ---- Sessions: threads, memory, and networks that stay open from one job to the next. ---- */

typedef struct impasto_session impasto_session;

/* `options` of IMPASTO_JOB_SESSION, or NULL for the initial ones. They are copied. */
IMPASTO_API impasto_status impasto_session_new(const impasto_options* options,
                                               impasto_session** session);
IMPASTO_API void impasto_session_free(impasto_session* session);

/* ---- Pictures. ---- */

typedef struct impasto_picture impasto_picture;

typedef enum impasto_channel IMPASTO_INT {
  IMPASTO_U8 = 0,  /* 0 .. 255 */
  IMPASTO_U16 = 1, /* 0 .. 65,535, in the machine's byte order */
  IMPASTO_F32 = 2  /* 0 .. 1 */
} impasto_channel;

/* How a program keeps a picture in memory of its own: rows of pixels, a pixel's channels side by
 * side, sRGB-encoded; alpha, if any, last and not multiplied into the colours. */
typedef struct impasto_layout {
  size_t struct_size;
  int32_t width, height;
  int32_t channels; /* 1: grey; 2: grey, alpha; 3: red, green, blue; 4: red, green, blue, alpha */
  impasto_channel channel;
  ptrdiff_t row_bytes; /* from one row to the next, also negative; 0: rows without gaps */
} impasto_layout;

typedef struct impasto_picture_info {
  size_t struct_size;
  int32_t width, height;
  int32_t has_alpha;   /* 0 or 1 */
  int32_t bits;        /* a channel of the file that it came from: 8, or 16 for anything finer */
  int32_t saved_style; /* 1: a style file, whose pixels are only a small preview */
} impasto_picture_info;

/* A photograph: JPEG, PNG, WebP, TIFF, HEIC, AVIF and others, told by content. */
IMPASTO_API impasto_status impasto_picture_read(const char* path, impasto_picture** picture);
/* A painting: a picture, or a style file that stands for one. */
IMPASTO_API impasto_status impasto_painting_read(const char* path, impasto_picture** picture);
/* A copy of pixels in the caller's memory, which begin with the first of the first row. */
IMPASTO_API impasto_status impasto_picture_from(const void* pixels, const impasto_layout* layout,
                                                impasto_picture** picture);
IMPASTO_API void impasto_picture_free(impasto_picture* picture);
IMPASTO_API impasto_status impasto_picture_describe(const impasto_picture* picture,
                                                    impasto_picture_info* info);
/* Into the caller's memory, of the picture's size, with 3 or 4 channels. */
IMPASTO_API impasto_status impasto_picture_copy(const impasto_picture* picture, void* pixels,
                                                const impasto_layout* layout);
/* Written beside `path` and renamed; the ending is the format. `quality`: 1 .. 100 where the format
 * obeys one, 0 for the usual. */
IMPASTO_API impasto_status impasto_picture_write(const impasto_picture* picture, const char* path,
                                                 int32_t quality);

/* ---- Jobs. ---- */

typedef struct impasto_report {
  size_t struct_size; /* of what the library fills in */
  double fraction;    /* of the whole job, 0 .. 1, never decreasing */
  double seconds;     /* since the job began */
  double remaining;   /* estimated seconds until the end */
  const char* stage;  /* for people; good during the call */
  int32_t step;       /* of the optimiser, from 1; 0: none was made */
} impasto_report;

/* What a job tells while it runs. Each may be NULL. */
typedef struct impasto_progress {
  size_t struct_size;
  void* user; /* is given to the callbacks */
  void (*report)(void* user, const impasto_report* report);
  /* Asked often, within milliseconds: anything but 0 ends the job with the best so far. */
  int (*cancelled)(void* user);
  /* The painting so far, good during the call; at most every `preview_interval` seconds. */
  void (*preview)(void* user, const impasto_picture* picture);
  double preview_interval;
} impasto_progress;

/* How a job ended, beside its picture. */
typedef struct impasto_outcome {
  size_t struct_size;
  int32_t cancelled; /* 1: it was; the picture, if any, is the best so far */
  double seconds;
  const char* quality; /* what was painted: "draft", "good" or "best" */
} impasto_outcome;

/* Paints `content` in the manner of `count` paintings. `weights`: one for each, or NULL for all
 * alike. `options` of IMPASTO_JOB_STYLIZE, or NULL; `progress` and `outcome` may be NULL. *result
 * is NULL, with IMPASTO_OK, when the job was cancelled before anything was painted. */
IMPASTO_API impasto_status impasto_stylize(impasto_session* session, const impasto_options* options,
                                           const impasto_picture* content,
                                           const impasto_picture* const* paintings,
                                           const double* weights, size_t count,
                                           const impasto_progress* progress,
                                           impasto_picture** result, impasto_outcome* outcome);

/* A texture of pictures that show it. `options` of IMPASTO_JOB_TEXTURE. Otherwise as
 * impasto_stylize(). */
IMPASTO_API impasto_status impasto_texture(impasto_session* session, const impasto_options* options,
                                           const impasto_picture* const* pictures,
                                           const double* weights, size_t count,
                                           const impasto_progress* progress,
                                           impasto_picture** result, impasto_outcome* outcome);

/* A picture in the painting's manner whose shapes follow a map: where the painting's map has a
 * colour, there is what `map` wants where it has that colour. `content`, a photograph whose things
 * stay, may be NULL. `options` of IMPASTO_JOB_DOODLE. Otherwise as impasto_stylize(). */
IMPASTO_API impasto_status impasto_doodle(
    impasto_session* session, const impasto_options* options, const impasto_picture* painting,
    const impasto_picture* painting_map, const impasto_picture* map, const impasto_picture* content,
    const impasto_progress* progress, impasto_picture** result, impasto_outcome* outcome);

/* Keeps a painting's statistics in a small file that impasto_painting_read() takes in its place.
 * `options` of IMPASTO_JOB_STYLE_FILE. When it is cancelled nothing is written. */
IMPASTO_API impasto_status impasto_style_save(impasto_session* session,
                                              const impasto_options* options,
                                              const impasto_picture* painting, const char* path,
                                              const impasto_progress* progress,
                                              impasto_outcome* outcome);

/* ---- Networks that the option "network" can name. ---- */

typedef struct impasto_networks impasto_networks;

typedef struct impasto_network_info {
  size_t struct_size;
  const char* name;
  const char* place;   /* built-in, cache, remote (to be had with impasto_network_fetch) */
  const char* kind;    /* encoder: what pictures are measured by; instant: what paints at once; "":
                          not known before it is fetched */
  const char* problem; /* why it cannot be used; "": it can */
  uint64_t bytes;
} impasto_network_info;

IMPASTO_API impasto_status impasto_networks_list(impasto_networks** networks);
IMPASTO_API void impasto_networks_free(impasto_networks* networks);
IMPASTO_API size_t impasto_networks_count(const impasto_networks* networks);
/* Texts are good until the list is freed. IMPASTO_USAGE: no such index. */
IMPASTO_API impasto_status impasto_networks_describe(const impasto_networks* networks, size_t index,
                                                     impasto_network_info* info);
/* Downloads one into the cache, if it is not there. */
IMPASTO_API impasto_status impasto_network_fetch(const char* name,
                                                 const impasto_progress* progress);

#ifdef __cplusplus
}
#endif
