// File: mod_plivo_dial/ctl/doctor/doctor_probe.h
//
// Requests that find out who answers at a URL, over one connection as long as the server keeps it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "mod_plivo_dial/ctl/http/http_client.h"
#include "mod_plivo_dial/ctl/http/reply_head.h"

namespace plivo_dial::ctl {

// Where a request goes.
struct ProbeTarget {
  std::string url;         // what is requested: https://pbx.example.com/dialstatus
  std::string connect_to;  // host:port to connect to in place of the URL's; "" for the URL's own
  bool any_certificate = false;  // on the machine itself, where names need not fit
  bool proxy_protocol = false;   // begin each connection as a proxy does that speaks PROXY
  bool is_guess = false;         // counts when the module answers there, and not otherwise
};

struct ProbeReply : ReplyHead {
  std::string body;      // as far as Plivo reads one
  std::string error;     // a sentence with its remedy, when no reply came
  bool refused = false;  // nobody listens there
};

// Not for use by several threads at once. Goes through no proxy and follows no redirect.
class Prober {
 public:
  explicit Prober(ProbeTarget target);
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  const ProbeTarget& target() const { return target_; }

  // Sends `request`, whose URL is the target's or one below it, for at most ten seconds.
  ProbeReply send(const HttpRequest& request);

 private:
  struct Curl;

  ProbeTarget target_;
  std::unique_ptr<Curl> curl_;
};

}  // namespace plivo_dial::ctl
