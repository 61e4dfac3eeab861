#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "image/apart_wire.h"

namespace impasto::apart {

namespace {

// Whoever starts the others lives as long as the program, and they as long as it.
void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
}

// Keys pressed in the terminal reach all of its processes; what follows from them is the program's
// to decide.
void leave_the_terminal() {
  for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE}) signal(number, SIG_IGN);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
#ifndef __SANITIZE_ADDRESS__  // its reports are wanted
  dup2(nothing, STDERR_FILENO);
#endif
}

// Files that the program holds open must be closed when it closes them.
int alone(int line) {
  dup2(line, STDERR_FILENO + 1);
  close_range(STDERR_FILENO + 2, ~0u, 0);
  return STDERR_FILENO + 1;
}

void start_worker(int control) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) _exit(1);
  const pid_t nursery = getpid();
  const pid_t worker = fork();
  if (worker == 0) {
    die_with(nursery);
    serve(alone(ends[1]));
  }
  const int32_t answer = worker;  // -1: none could be made
  if (!send_all(control, &answer, sizeof answer, ends[0])) _exit(0);
  close(ends[0]);
  close(ends[1]);
}

void bury(int control, pid_t worker) {
  int status = 0;
  while (waitpid(worker, &status, 0) < 0 && errno == EINTR) continue;
  const int32_t answer = status;
  if (!send_all(control, &answer, sizeof answer)) _exit(0);
}

[[noreturn]] void nurse(int control) {
  for (Order order{}; receive_all(control, &order, sizeof order);) {
    if (order.bury) {
      bury(control, order.process);
    } else {
      start_worker(control);
    }
  }
  _exit(0);
}

// A control message with room for one descriptor.
union Beside {
  cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

bool send_all(int line, const void* data, size_t bytes, int file) {
  Beside beside{};
  iovec piece{const_cast<void*>(data), bytes};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (file >= 0) {
    message.msg_control = beside.bytes;
    message.msg_controllen = sizeof beside.bytes;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &file, sizeof file);
  }
  while (piece.iov_len > 0) {
    const ssize_t sent = sendmsg(line, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    piece.iov_base = static_cast<char*>(piece.iov_base) + sent;
    piece.iov_len -= static_cast<size_t>(sent);
    message.msg_control = nullptr;
    message.msg_controllen = 0;
  }
  return true;
}

bool receive_all(int line, void* data, size_t bytes, int* file) {
  Beside beside{};
  iovec piece{data, bytes};
  while (piece.iov_len > 0) {
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (file != nullptr) {
      message.msg_control = beside.bytes;
      message.msg_controllen = sizeof beside.bytes;
    }
    const ssize_t got = recvmsg(line, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    const cmsghdr* head = file != nullptr ? CMSG_FIRSTHDR(&message) : nullptr;
    if (head != nullptr && head->cmsg_type == SCM_RIGHTS) {
      std::memcpy(file, CMSG_DATA(head), sizeof *file);
    }
    piece.iov_base = static_cast<char*>(piece.iov_base) + got;
    piece.iov_len -= static_cast<size_t>(got);
  }
  return true;
}

int start_nursery() {
  int ends[2] = {-1, -1};
  const bool connected = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
  const pid_t program = getpid();
  const pid_t nursery = connected ? fork() : -1;
  if (nursery == 0) {
    die_with(program);
    leave_the_terminal();
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    nurse(alone(ends[1]));
  }
  const int failure = errno;
  if (ends[1] >= 0) close(ends[1]);
  if (nursery > 0) return ends[0];
  if (ends[0] >= 0) close(ends[0]);
  throw Error(ErrorCode::memory, std::string("no process to decode pictures can be started: ") +
                                     std::strerror(failure));
}

}  // namespace impasto::apart
