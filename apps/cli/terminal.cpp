#include "terminal.h"

#include <signal.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "impasto/output.h"
#include "print.h"

namespace impasto::cli {

namespace {

volatile sig_atomic_t interrupts = 0;

// A terminal that is closed may tell so more than once: nobody asked to drop anything.
void on_interrupt(int signal) {
  if (signal == SIGHUP && interrupts > 0) return;
  interrupts = interrupts + 1;
  if (interrupts < 2) return;
  remove_unfinished();
  _exit(stopped);
}

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(std::lround(std::max(0.0, seconds)));
  char text[32];
  if (s >= 3600)
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  return text;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // unless nohup said so
  // A reader of messages that goes away is no reason to lose a painting.
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() {
  return interrupts > 0;
}

TerminalProgress::TerminalProgress(Verbosity verbosity)
    : verbosity_(verbosity), terminal_(isatty(STDERR_FILENO) != 0) {}

TerminalProgress::~TerminalProgress() {
  end_line();
}

void TerminalProgress::end_line() {
  if (line_open_) std::fputc('\n', stderr);
  line_open_ = false;
}

void TerminalProgress::note(const std::string& text) {
  if (verbosity_ == Verbosity::quiet) return;
  clear_line();
  print_message("note: " + text);
}

void TerminalProgress::clear_line() {
  if (line_open_) std::fputs("\r\033[K", stderr);
  line_open_ = false;
}

void TerminalProgress::report(const ProgressReport& r) {
  if (verbosity_ == Verbosity::quiet) return;
  const auto now = std::chrono::steady_clock::now();
  const double pause = verbosity_ == Verbosity::json ? 0.25 : terminal_ ? 0.1 : 5;
  if (r.fraction < 1 && now - last_ < std::chrono::duration<double>(pause)) return;
  last_ = now;

  if (verbosity_ == Verbosity::json) {
    nlohmann::json line = {{"event", "progress"},
                           {"fraction", r.fraction},
                           {"seconds", r.seconds},
                           {"remaining", r.remaining},
                           {"stage", r.stage}};
    for (const auto& [name, value] : r.losses) line["losses"][name] = value;
    std::fprintf(stderr, "%s\n", text_of_json(line).c_str());
    return;
  }
  std::string losses;
  for (const auto& [name, value] : r.losses) {
    char text[64];
    std::snprintf(text, sizeof text, "  %s %.4g", name.c_str(), value);
    losses += text;
  }
  std::fprintf(stderr, "%s%3.0f %%  %s  %s left%s%s", terminal_ ? "\r\033[K" : "", r.fraction * 100,
               r.stage.c_str(), clock_text(r.remaining).c_str(), losses.c_str(),
               terminal_ ? "" : "\n");
  std::fflush(stderr);
  line_open_ = terminal_;
}

}  // namespace impasto::cli
