// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ctl/loopback_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace plivo_dial::ctl {
namespace {

// A socket bound to a free port of 127.0.0.1.
int bound_socket(int& port) {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(bound, generic, size), 0);
  EXPECT_EQ(getsockname(bound, generic, &size), 0);
  port = ntohs(address.sin_port);
  return bound;
}

std::string url_of(int port, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(port) + path;
}

bool is_complete(const std::string& request) {
  const std::size_t end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::size_t length = request.find("Content-Length: ");
  if (length == std::string::npos || length > end) return true;
  return request.size() - end - 4 >= std::strtoul(request.c_str() + length + 16, nullptr, 10);
}

}  // namespace

LoopbackServer::LoopbackServer(std::string reply) : reply_(std::move(reply)) {
  listener_ = bound_socket(port_);
  EXPECT_EQ(listen(listener_, 1), 0);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  // Wakes accept() when no client came.
  shutdown(listener_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  close(listener_);
}

std::string LoopbackServer::url(const std::string& path) const {
  return url_of(port_, path);
}

std::string LoopbackServer::request() {
  thread_.join();
  return request_;
}

void LoopbackServer::serve() {
  const int client = accept(listener_, nullptr, nullptr);
  if (client < 0) return;
  char buffer[4096];
  while (!is_complete(request_)) {
    const ssize_t got = read(client, buffer, sizeof buffer);
    if (got <= 0) break;
    request_.append(buffer, static_cast<std::size_t>(got));
  }
  std::size_t sent = 0;
  while (sent < reply_.size()) {
    const ssize_t wrote = send(client, reply_.data() + sent, reply_.size() - sent, MSG_NOSIGNAL);
    if (wrote <= 0) break;
    sent += static_cast<std::size_t>(wrote);
  }
  close(client);
}

ClosedPort::ClosedPort() {
  socket_ = bound_socket(port_);
}

ClosedPort::~ClosedPort() {
  close(socket_);
}

std::string ClosedPort::url(const std::string& path) const {
  return url_of(port_, path);
}

}  // namespace plivo_dial::ctl
