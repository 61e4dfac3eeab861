#include "capi/objects.h"
#include "capi/status.h"
#include "impasto/doodle.h"
#include "impasto/error.h"
#include "impasto/impasto.h"

namespace impasto {

namespace {

constexpr impasto_job jobs[] = {IMPASTO_JOB_STYLIZE, IMPASTO_JOB_TEXTURE, IMPASTO_JOB_DOODLE,
                                IMPASTO_JOB_STYLE_FILE, IMPASTO_JOB_SESSION};

const OptionTable<impasto_options::Doodle>& doodle_table() {
  static const auto table = lifted(doodle_options(), &impasto_options::Doodle::options);
  return table;
}

const auto& table_of(const StylizeOptions&) {
  return stylize_options();
}
const auto& table_of(const TextureOptions&) {
  return texture_options();
}
const auto& table_of(const impasto_options::Doodle&) {
  return doodle_table();
}
const auto& table_of(const StyleFileOptions&) {
  return style_file_options();
}
const auto& table_of(const SessionOptions&) {
  return session_options();
}

impasto_options initial_options(impasto_job job) {
  switch (job) {
    case IMPASTO_JOB_STYLIZE:
      return {StylizeOptions()};
    case IMPASTO_JOB_TEXTURE:
      return {TextureOptions()};
    case IMPASTO_JOB_DOODLE:
      return {impasto_options::Doodle{doodle_defaults()}};
    case IMPASTO_JOB_STYLE_FILE:
      return {StyleFileOptions()};
    case IMPASTO_JOB_SESSION:
      return {SessionOptions()};
  }
  throw Error(ErrorCode::usage,
              "job: expected 0 to 4, found " + std::to_string(static_cast<int>(job)));
}

/// An option with its choices as C reads them.
struct Described {
  OptionInfo info;
  std::vector<const char*> choices;
};

// As they stand there for the program's life.
const std::vector<Described>& described(impasto_job job) {
  static const std::vector<std::vector<Described>> all = [] {
    std::vector<std::vector<Described>> made;
    for (const impasto_job j : jobs) {
      std::vector<Described>& of_job = made.emplace_back();
      std::visit(
          [&](const auto& options) {
            for (const OptionInfo& info : table_of(options)) of_job.push_back({info, {}});
          },
          initial_options(j).of);
      for (Described& d : of_job) {
        for (const std::string& choice : d.info.choices) d.choices.push_back(choice.c_str());
      }
    }
    return made;
  }();
  return all.at(initial_options(job).of.index());
}

impasto_option_kind kind_of(OptionKind kind) {
  switch (kind) {
    case OptionKind::number:
      return IMPASTO_OPTION_NUMBER;
    case OptionKind::whole:
      return IMPASTO_OPTION_WHOLE;
    case OptionKind::choice:
      return IMPASTO_OPTION_CHOICE;
    case OptionKind::file:
      return IMPASTO_OPTION_FILE;
    case OptionKind::yes_no:
      return IMPASTO_OPTION_YES_NO;
    case OptionKind::text:
      break;
  }
  return IMPASTO_OPTION_TEXT;
}

// Calls f(option, options) with the one of that name.
template <class F>
void with_option(impasto_options* options, const char* name, const F& f) {
  require(options, "options");
  require(name, "name");
  std::visit(
      [&](auto& of) {
        const auto* option = find_option(table_of(of), name);
        if (option == nullptr) {
          throw Error(ErrorCode::usage, std::string(name) + ": is no option of this job");
        }
        f(*option, of);
      },
      options->of);
}

}  // namespace
}  // namespace impasto

using namespace impasto;

extern "C" size_t impasto_option_count(impasto_job job) {
  size_t count = 0;
  guarded([&] { count = described(job).size(); });
  return count;
}

extern "C" impasto_status impasto_option_describe(impasto_job job, size_t index,
                                                  impasto_option_info* info) {
  return guarded([&] {
    const std::vector<Described>& all = described(job);
    require_index(index, all.size());
    const Described& d = all[index];
    impasto_option_info whole{};
    whole.name = d.info.name.c_str();
    whole.help = d.info.help.c_str();
    whole.group = d.info.group.c_str();
    whole.kind = kind_of(d.info.kind);
    whole.low = d.info.low;
    whole.high = d.info.high;
    whole.choices = d.choices.data();
    whole.choice_count = d.choices.size();
    whole.unit = d.info.unit.c_str();
    whole.form = d.info.form.c_str();
    whole.initial = d.info.initial.c_str();
    give(whole, info, "info");
  });
}

extern "C" impasto_status impasto_options_new(impasto_job job, impasto_options** options) {
  return guarded([&] {
    require(options, "options");
    *options = nullptr;
    *options = new impasto_options(initial_options(job));
  });
}

extern "C" void impasto_options_free(impasto_options* options) {
  delete options;
}

extern "C" impasto_status impasto_options_set(impasto_options* options, const char* name,
                                              const char* value) {
  return guarded([&] {
    require(value, "value");
    with_option(options, name, [&](const auto& option, auto& of) { option.set(of, value); });
  });
}

extern "C" impasto_status impasto_options_get(impasto_options* options, const char* name,
                                              const char** value) {
  return guarded([&] {
    require(value, "value");
    with_option(options, name, [&](const auto& option, const auto& of) {
      std::string& kept = options->got[name];
      kept = option.get(of);
      *value = kept.c_str();
    });
  });
}
