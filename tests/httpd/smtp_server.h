// File: tests/httpd/smtp_server.h
//
// A mail server on 127.0.0.1 that takes what it gets and keeps it, for hooks that send mail. It
// knows the commands that a client without login or TLS needs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace plivo_dial::test {

struct Mail {
  std::string sender;                   // of MAIL FROM, as "<pbx@example.com>"
  std::vector<std::string> recipients;  // of RCPT TO, likewise
  std::string text;                     // header and body, without the dot at its end
};

// Serves one client after the other. Safe from any thread.
class SmtpServer {
 public:
  SmtpServer();
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  int port() const { return port_; }

  // From now on mail is refused with 451, or taken.
  void refuse(bool refusing) { refusing_ = refusing; }

  // How often mail was refused.
  int refusals() const { return refusals_; }

  std::vector<Mail> mails() const;

 private:
  void serve();
  void talk_with(int client);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> refusing_ = false;
  std::atomic<int> refusals_ = 0;
  std::atomic<int> client_ = -1;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<Mail> mails_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace plivo_dial::test
