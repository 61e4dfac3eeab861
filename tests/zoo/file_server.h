#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace impasto::test {

/// An HTTP server on this machine that answers as the test says, well or badly.
class FileServer {
 public:
  struct Request {
    std::string path;               ///< "/tiny.pth"
    std::optional<uint64_t> begin;  ///< of the range that is asked for
  };
  struct Answer {
    std::string bytes;  ///< head and body, as they go over the wire
    bool hang = false;  ///< keep the connection open, silent, until the client leaves
  };

  explicit FileServer(std::function<Answer(const Request&)> answer);
  ~FileServer();

  std::string url() const;
  std::vector<Request> requests();

 private:
  void serve();
  void talk(int connection);

  std::function<Answer(const Request&)> answer_;
  int port_ = 0, listener_ = -1;
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::thread thread_;
};

/// A response with its Content-Length.
std::string response(const std::string& status, const std::string& body,
                     const std::string& more_headers = "");

/// What a good server of `content` answers: all of it, the rest of it, or 416.
std::string serve_file(const std::string& content, const FileServer::Request& request);

/// A port where nobody listens.
std::string unreachable_url();

}  // namespace impasto::test
