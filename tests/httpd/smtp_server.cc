// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/smtp_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <string_view>

namespace plivo_dial::test {
namespace {

// Lines of a socket, without CR LF.
class LineReader {
 public:
  explicit LineReader(int socket) : socket_(socket) {}

  std::optional<std::string> next() {
    std::size_t end = bytes_.find("\r\n");
    while (end == std::string::npos) {
      char buffer[4096];
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return std::nullopt;
      bytes_.append(buffer, static_cast<std::size_t>(count));
      end = bytes_.find("\r\n");
    }
    std::string line = bytes_.substr(0, end);
    bytes_.erase(0, end + 2);
    return line;
  }

 private:
  int socket_;
  std::string bytes_;
};

void say(int client, std::string_view reply) {
  const std::string line = std::string(reply) + "\r\n";
  send(client, line.data(), line.size(), MSG_NOSIGNAL);
}

// Behind the colon, without parameters such as SIZE=.
std::string address_in(const std::string& line) {
  const std::size_t begin = line.find('<');
  const std::size_t end = line.find('>');
  return begin == std::string::npos || end == std::string::npos
             ? ""
             : line.substr(begin, end - begin + 1);
}

}  // namespace

SmtpServer::SmtpServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(listener_, generic, size), 0);
  EXPECT_EQ(getsockname(listener_, generic, &size), 0);
  EXPECT_EQ(listen(listener_, 8), 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

SmtpServer::~SmtpServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  const int client = client_;
  if (client >= 0) shutdown(client, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::vector<Mail> SmtpServer::mails() const {
  const std::lock_guard lock(mutex_);
  return mails_;
}

void SmtpServer::serve() {
  while (!stopping_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    client_ = client;
    talk_with(client);
    client_ = -1;
    close(client);
  }
}

void SmtpServer::talk_with(int client) {
  LineReader lines(client);
  Mail mail;
  say(client, "220 mail.example.com ESMTP");
  while (const std::optional<std::string> line = lines.next()) {
    if (line->starts_with("QUIT")) return say(client, "221 bye");
    if (line->starts_with("MAIL FROM:")) {
      mail = {address_in(*line), {}, ""};
      refusals_ += refusing_ ? 1 : 0;
      say(client, refusing_ ? "451 try later" : "250 ok");
    } else if (line->starts_with("RCPT TO:")) {
      mail.recipients.push_back(address_in(*line));
      say(client, "250 ok");
    } else if (*line == "DATA") {
      say(client, "354 go on");
      for (auto text = lines.next(); text && *text != "."; text = lines.next()) {
        mail.text += *text + "\n";
      }
      const std::lock_guard lock(mutex_);
      mails_.push_back(mail);
      say(client, "250 taken");
    } else {
      say(client, "250 mail.example.com");
    }
  }
}

}  // namespace plivo_dial::test
