// File: mod_plivo_dial/ctl/call/call_script.h
//
// What is to be played: who calls whom, the URLs that a Plivo application would hold, and how the
// people and lines behave. Plain data, made by the command line and by tests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/call/key_press.h"
#include "mod_plivo_dial/ctl/call/outcome.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {

enum class Direction { kInbound, kOutbound };

// One request beside those that the call itself brings, see report_forms.h.
struct Report {
  std::string_view word;  // of its kind, a view of constant data
  std::string url;        // "": the answer URL
};

struct CallScript {
  std::string answer_url;
  std::string method = "POST";            // of the answer, fallback, ring and hangup requests
  std::optional<std::string> hangup_url;  // nothing: no hangup request
  std::optional<std::string> ring_url;    // requested for outbound calls only, as Plivo does
  std::optional<std::string> fallback_url;
  // What Plivo dials in place of the scheme, host and port of the answer URL, as
  // PublicUrl::text() has it. URLs in documents that begin with it are requested at the answer
  // URL's server, and that server's own URLs are signed as URLs below it. "": all URLs are dialled
  // as they stand.
  std::string public_url;
  // host:port at which the answer URL's server is reached, whatever that URL says; "": what it
  // says.
  std::string connect_to;
  bool proxy_protocol = false;  // that server expects the PROXY protocol

  std::string auth_id = "MAXXXXXXXXXXXXXXXXXX";  // of the account that the call belongs to
  // The account's auth token, "" for requests without signature. Must outlive the script.
  std::string_view token;

  std::string from = "+14155550111";
  std::string to = "+14155550199";
  std::string caller_name;  // "": the number of the caller
  Direction direction = Direction::kInbound;
  FormPairs extra;  // parameters added to every request about the call itself

  std::vector<TargetOutcome> outcomes;
  int ring_seconds = 8;
  int talk_seconds = 30;
  std::vector<std::string> digits;  // what the caller types, one entry for each question
  std::vector<KeyPress> presses;    // what is pressed in each talk, one after the other

  std::vector<Report> reports;         // sent once the call has its first document
  bool reports_only = false;           // nothing else is played
  bool again = false;                  // each request is sent twice, as when Plivo got no reply
  std::optional<std::uint64_t> chaos;  // the seed of a disorder, see chaos.h; nothing: none
  std::string_view event_secret = {};  // that a flow's report shows; "": none. Must outlive this
  std::string flow_method = "POST";    // of a flow's report: POST, PUT, GET or DELETE
  std::string flow_body = "form";      // with POST and PUT: form, json, or json-as-form

  int max_requests = 50;
  std::string call_uuid;
  std::int64_t start_microseconds = 0;    // Unix time at which the call begins
  std::function<std::string()> new_uuid;  // for B legs and recordings
};

}  // namespace plivo_dial::ctl
