#include "image/apart.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <vector>

#include "image/apart_wire.h"
#include "image/packed_rows.h"
#include "image/vips.h"
#include "impasto/error.h"

namespace impasto {

namespace apart {

namespace {

constexpr int patience_ms = 50;  // between questions whether to go on
constexpr size_t most_idle = 16;

struct Worker {
  pid_t process = -1;
  int line = -1;
};

/// The nursery, and workers that have nothing to do. Any thread.
class Workers {
 public:
  static Workers& all() {
    static Workers workers;
    return workers;
  }

  bool is_open() const { return control_ >= 0; }
  void open() {
    if (is_open()) return;
    idle_.reserve(most_idle);
    control_ = start_nursery();
  }

  Worker take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return start();
    const Worker worker = idle_.back();
    idle_.pop_back();
    return worker;
  }
  /// False when there are enough of them.
  bool give_back(const Worker& worker) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() == idle_.capacity()) return false;
    idle_.push_back(worker);
    return true;
  }
  /// How it ended, as of waitpid(); 0 when nobody knows.
  int bury(const Worker& worker) {
    const std::lock_guard lock(mutex_);
    close(worker.line);
    const Order order{true, worker.process};
    int32_t status = 0;
    if (!send_all(control_, &order, sizeof order) ||
        !receive_all(control_, &status, sizeof status)) {
      return 0;
    }
    return status;
  }

 private:
  Worker start() const {
    const Order order{false, 0};
    Worker worker;
    int32_t process = -1;
    if (send_all(control_, &order, sizeof order) &&
        receive_all(control_, &process, sizeof process, &worker.line) && process > 0) {
      worker.process = process;
      return worker;
    }
    if (worker.line >= 0) close(worker.line);
    throw Error(ErrorCode::memory, "no process to decode pictures can be started");
  }

  std::mutex mutex_;
  std::vector<Worker> idle_;
  int control_ = -1;
};

/// One file's way through a worker, which is killed if that does not come to its end.
class Conversation {
 public:
  Conversation(const InputFile& file, const ReadOptions& options, Wish wish)
      : file_(file), options_(options), worker_(Workers::all().take()) {
    const Request request{wish, static_cast<uint32_t>(file.path().size()), options.max_pixels,
                          options.compact};
    if (send_all(worker_.line, &request, sizeof request, file.descriptor())) {
      send_all(worker_.line, file.path().data(), file.path().size());
    }
  }
  ~Conversation() {
    if (worker_.line < 0) return;
    if (ended_ && Workers::all().give_back(worker_)) return;
    kill(worker_.process, SIGKILL);
    Workers::all().bury(worker_);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// Throws the Error that a part is, and for parts that cannot be.
  Head next() {
    Head head{};
    receive(&head, sizeof head);
    if (head.part == Part::end) ended_ = true;
    if (head.part == Part::rows) return head;
    if (head.bytes > most_bytes) nonsense();
    if (head.part != Part::error) return head;
    const std::string message = text(head);
    ended_ = true;
    if (head.value > static_cast<uint32_t>(ErrorCode::internal)) nonsense();
    throw Error(static_cast<ErrorCode>(head.value), message);
  }

  std::string text(const Head& head) {
    std::string text(head.bytes, '\0');
    receive(text.data(), text.size());
    return text;
  }

  void receive(void* to, size_t bytes) {
    for (size_t done = 0; done < bytes;) {
      const ssize_t got =
          recv(worker_.line, static_cast<char*>(to) + done, bytes - done, MSG_DONTWAIT);
      if (got > 0) {
        done += static_cast<size_t>(got);
      } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        lament();
      } else {
        wait();
      }
    }
  }

  [[noreturn]] void nonsense() const {
    throw Error(ErrorCode::input, file_.path() + ": is damaged: its decoder went astray");
  }

 private:
  void wait() const {
    pollfd line{worker_.line, POLLIN, 0};
    poll(&line, 1, patience_ms);
    if (options_.cancelled && options_.cancelled()) {
      throw Error(ErrorCode::input, file_.path() + ": reading was stopped");
    }
  }

  /// Tells of what the worker died.
  [[noreturn]] void lament() {
    const Worker dead = std::exchange(worker_, Worker());
    kill(dead.process, SIGKILL);  // if it only closed its line
    const int status = Workers::all().bury(dead);
    const auto error = [&](ErrorCode code, const std::string& reason) {
      return Error(code, file_.path() + ": " + reason);
    };
    if (WIFEXITED(status) && WEXITSTATUS(status) == no_memory) {
      throw error(ErrorCode::memory, "no memory to decode it");
    }
    const int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number == SIGXCPU) throw error(ErrorCode::input, "is damaged: its decoder comes to no end");
    if (number == SIGALRM) throw error(ErrorCode::input, "is damaged: its decoder stands still");
    if (number == SIGKILL) {
      throw error(ErrorCode::memory, "its decoder was ended by the system, as for want of memory");
    }
    const char* name = number > 0 ? sigabbrev_np(number) : nullptr;
    throw error(ErrorCode::input, std::string("is damaged: its decoder crashed") +
                                      (name ? " (SIG" + std::string(name) + ")" : ""));
  }

  const InputFile& file_;
  const ReadOptions& options_;
  Worker worker_;
  bool ended_ = false;
};

/// A header that makes sense.
PictureHeader header_in(Conversation& talk, const Head& head, const ReadOptions& options) {
  WireHeader sent{};
  if (head.bytes != sizeof sent) talk.nonsense();
  talk.receive(&sent, sizeof sent);
  const int64_t width = sent.width, height = sent.height;
  if (width < 1 || height < 1 || width * height > options.max_pixels ||
      sent.samples < Samples::f32 || sent.samples > Samples::u8 ||
      (sent.bits != 8 && sent.bits != 16)) {
    talk.nonsense();
  }
  PictureHeader header(sent.width, sent.height, sent.samples, options.storage, sent.has_alpha);
  header.bits = sent.bits;
  header.decoding_bytes = sent.decoding_bytes;
  return header;
}

/// A run of rows; the first that is still missing then.
int rows_in(Conversation& talk, const Head& head, Image& image, int y) {
  PackedRows rows(image);
  const size_t colours = head.value * PackedRows::row_bytes(image);
  const size_t pixels = head.value * static_cast<size_t>(image.width());
  if (head.value < 1 || head.value > static_cast<uint32_t>(image.height() - y) ||
      head.bytes != colours + (image.has_alpha() ? pixels * sizeof(float) : 0)) {
    talk.nonsense();
  }
  const int count = static_cast<int>(head.value);
  if (uint8_t* place = rows.in_memory(y)) {
    talk.receive(place, colours);
  } else {
    thread_local std::vector<uint8_t> piece;
    piece.resize(colours);
    talk.receive(piece.data(), colours);
    rows.put(y, count, piece.data());
  }
  if (image.has_alpha()) {
    float* alpha = image.alpha.data() + static_cast<size_t>(y) * static_cast<size_t>(image.width());
    talk.receive(alpha, pixels * sizeof(float));
  }
  return y + count;
}

void block_in(Conversation& talk, const Head& head, PictureFacts& facts) {
  const std::string both = talk.text(head);
  if (head.value > both.size() || facts.metadata.size() > 16) talk.nonsense();
  facts.metadata[both.substr(0, head.value)].assign(both.begin() + head.value, both.end());
}

}  // namespace

bool is_running() {
  return Workers::all().is_open();
}

PictureHeader read_header(const InputFile& file, const ReadOptions& options) {
  Conversation talk(file, options, Wish::header);
  PictureHeader header = header_in(talk, talk.next(), options);
  header.note = talk.text(talk.next());
  if (talk.next().part != Part::end) talk.nonsense();
  return header;
}

PictureFacts read_image(const InputFile& file, const ReadOptions& options, Image& image) {
  Conversation talk(file, options, Wish::image);
  image = Image(header_in(talk, talk.next(), options));
  PictureFacts facts;
  int y = 0;
  for (Head head = talk.next(); head.part != Part::end; head = talk.next()) {
    if (head.part == Part::rows) {
      y = rows_in(talk, head, image, y);
    } else if (head.part == Part::block) {
      block_in(talk, head, facts);
    } else if (head.part == Part::facts) {
      facts.note = talk.text(head);
      facts.alpha_may_be_added = head.value != 0;
    } else {
      talk.nonsense();
    }
  }
  if (y != image.height()) talk.nonsense();
  return facts;
}

std::string read_recipe(const InputFile& file) {
  const ReadOptions options;
  Conversation talk(file, options, Wish::recipe);
  std::string recipe = talk.text(talk.next());
  if (talk.next().part != Part::end) talk.nonsense();
  return recipe;
}

}  // namespace apart

void decode_apart() {
  vips::start();  // once, for all of them
  apart::Workers::all().open();
}

}  // namespace impasto
