// File: mod_plivo_dial/ctl/http/reply_head.h
//
// What the head of a reply tells of who sent it: mod_plivo_dial, or something else in its place.
// Use it where a reply is not what it should be, to say whose it is.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial::ctl {

struct ReplyHead {
  long status = 0;  // 0: none came
  std::string allow;
  std::string cache_control;
  std::string content_type;
  std::string server;
  std::string location;         // of a redirect, which is never followed
  std::string mark;             // of a probe's reply, see lib/signature/probe.h
  bool proxy_protocol = false;  // the connection of the request began with a line of PROXY
};

// Takes a line of a reply's head, with its end, as it comes in. A status line begins a new head, as
// behind 100.
void read_head_line(std::string_view line, ReplyHead& head);

// Whether the reply to a PATCH, which the module refuses everywhere, comes from mod_plivo_dial.
bool is_our_method_refusal(const ReplyHead& head);

// Whether Plivo takes a document under this Content-Type.
bool is_document_type(std::string_view content_type);

// Whether a reply with a status from 400 on does.
bool is_our_refusal(const ReplyHead& head, std::string_view body);

// Where a connection was closed without a word: the end of a sentence, about the PROXY protocol,
// by which the request came or not.
std::string silence_advice(bool proxy_protocol);

// What kind of thing answered in the module's place, and what to do: the end of a sentence that
// begins with the URL.
std::string stranger_text(const ReplyHead& head);

}  // namespace plivo_dial::ctl
