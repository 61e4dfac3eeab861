#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "commands.h"
#include "help.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/output.h"
#include "print.h"
#include "version_text.h"
#include "words.h"

namespace {

// The one place where kinds of errors become exit statuses.
int exit_status(impasto::ErrorCode code) {
  switch (code) {
    case impasto::ErrorCode::usage:
      return 2;
    case impasto::ErrorCode::input:
      return 3;
    case impasto::ErrorCode::output:
      return 4;
    case impasto::ErrorCode::memory:
      return 5;
    case impasto::ErrorCode::unsupported:
      return 6;
    case impasto::ErrorCode::network:
      return 7;
    case impasto::ErrorCode::internal:
      return 70;
  }
  return 70;
}

// A wrong word explains more than what the parser misses because of it.
std::string reason_for(const CLI::ParseError& error, const CLI::App& app,
                       const std::vector<std::string>& arguments) {
  const std::string unknown = impasto::cli::unknown_word(app, arguments);
  if (!unknown.empty()) return unknown;
  return std::string(error.what()) + " ('" + impasto::cli::command_in(app, arguments) +
         " --help' tells more)";
}

// Threads that wait for each other spin. With libgomp's default of some 300,000 rounds a picture of
// 3 seconds takes 40 as soon as one other program wants a processor; with these it takes 6, and no
// longer alone. libgomp asks the environment while it is loaded, which is before main: start again.
void spin_less(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
  if (setenv("GOMP_SPINCOUNT", "5000", 1) == 0) execv("/proc/self/exe", argv);
}

// Under a limit of its address space (ulimit -v) the stack may not be able to grow when it has to,
// which is a crash: it grows now. Threads share one heap, where each would reserve 64 MiB.
void prepare_for_limits() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  mallopt(M_ARENA_MAX, 1);
  constexpr size_t deepest = size_t{768} << 10, page = 4096;
  auto* const stack = static_cast<volatile char*>(__builtin_alloca(deepest));
  for (size_t i = 0; i < deepest; i += page) stack[i] = 0;
}

// Where one of the three standard streams is closed, the next file that is opened would take its
// number, and get what is meant for the stream. This takes it, open for nothing of use.
void fill_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    [[maybe_unused]] const int taken =
        open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

// GLib ends the process by this signal when it gets no memory, or no thread.
void on_trap(int) {
  impasto::remove_unfinished();
  constexpr char line[] = "impasto: out of memory\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, sizeof line - 1);
  _exit(exit_status(impasto::ErrorCode::memory));
}

}  // namespace

static int run_program(int argc, char** argv) {
  // Large blocks go back to the system when they are freed; by itself glibc would keep ever more.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  prepare_for_limits();
  std::signal(SIGTRAP, on_trap);
  CLI::App app("impasto repaints a picture in the style of another.", "impasto");
  app.set_version_flag("-v,--version", impasto::cli::version_text());
  app.require_subcommand(1);
  app.footer(std::string("impasto COMMAND --help tells more. Start with:\n  ") +
             impasto::cli::example);
  impasto::cli::Run run;
  impasto::cli::add_stylize(app, run);
  impasto::cli::add_doodle(app, run);
  impasto::cli::add_texture(app, run);
  impasto::cli::add_inspect(app, run);
  impasto::cli::add_models(app, run);
  impasto::cli::add_train(app, run);
  impasto::cli::add_bench(app, run);
  impasto::cli::add_help(app, run);
  impasto::cli::add_documents(app, run);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    if (argc < 2) {
      std::fputs(impasto::cli::short_help(app).c_str(), stderr);
    } else {
      std::fprintf(stderr, "impasto: %s\n", reason_for(e, app, {argv + 1, argv + argc}).c_str());
    }
    return exit_status(impasto::ErrorCode::usage);
  }
  spin_less(argv);
  try {
    impasto::decode_apart();
    return run();
  } catch (const impasto::Error& e) {
    const bool of_words = e.code() == impasto::ErrorCode::usage;
    impasto::cli::print_message(of_words ? impasto::cli::as_option(e.what(), app) : e.what());
    return exit_status(e.code());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "impasto: out of memory; try a smaller --size\n");
    return exit_status(impasto::ErrorCode::memory);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "impasto: unexpected: %s\n", e.what());
    return exit_status(impasto::ErrorCode::internal);
  }
}

int main(int argc, char** argv) {
  fill_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large (ulimit -f) is an error like others
  return impasto::cli::check_printed(run_program(argc, argv),
                                     exit_status(impasto::ErrorCode::output));
}
