#include "zoo/file_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace impasto::test {

namespace {

int bind_to_free_port(int& port) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (s < 0 || bind(s, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no local port");
  }
  port = ntohs(address.sin_port);
  return s;
}

std::string local_url(int port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace

FileServer::FileServer(std::function<Answer(const Request&)> answer)
    : answer_(std::move(answer)), listener_(bind_to_free_port(port_)) {
  if (listen(listener_, 8) != 0) throw std::runtime_error("cannot listen");
  thread_ = std::thread([this] { serve(); });
}

FileServer::~FileServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept
  thread_.join();
  close(listener_);
}

std::string FileServer::url() const {
  return local_url(port_);
}

std::vector<FileServer::Request> FileServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FileServer::serve() {
  for (int connection; (connection = accept(listener_, nullptr, nullptr)) >= 0;) {
    talk(connection);
    close(connection);
  }
}

void FileServer::talk(int connection) {
  const timeval patience{20, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return;
    head.append(buffer, static_cast<size_t>(count));
  }
  Request request;
  request.path = head.substr(4, head.find(' ', 4) - 4);
  const size_t range = head.find("Range: bytes=");
  if (range != std::string::npos) request.begin = std::stoull(head.substr(range + 13));
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const Answer answer = answer_(request);
  for (size_t sent = 0; sent < answer.bytes.size();) {
    const ssize_t count =
        send(connection, answer.bytes.data() + sent, answer.bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
  if (!answer.hang) shutdown(connection, SHUT_WR);
  while (recv(connection, buffer, sizeof buffer, 0) > 0) {
  }
}

std::string response(const std::string& status, const std::string& body,
                     const std::string& more_headers) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "Connection: close\r\n\r\n" + body;
}

std::string serve_file(const std::string& content, const FileServer::Request& request) {
  const std::string size = std::to_string(content.size());
  if (!request.begin) return response("200 OK", content);
  if (*request.begin >= content.size()) {
    return response("416 Range Not Satisfiable", "no", "Content-Range: bytes */" + size + "\r\n");
  }
  return response("206 Partial Content", content.substr(*request.begin),
                  "Content-Range: bytes " + std::to_string(*request.begin) + "-" +
                      std::to_string(content.size() - 1) + "/" + size + "\r\n");
}

std::string unreachable_url() {
  int port = 0;
  close(bind_to_free_port(port));
  return local_url(port);
}

}  // namespace impasto::test
