// File: mod_plivo_dial/check/explain.h
//
// What decides about a call, step by step, with file and line of each: asked by plivo-dialctl
// explain through httpd -t, so that the plans, maps and hours are the very ones that requests use.
//
//   httpd -t -D 'PLIVO_EXPLAIN:To=14155550199&From=14155550111&At=2026-12-25T10:00'
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// The question that httpd was started with, form-encoded as above (From, Forwarded and At may be
// left out); nothing without one. The definition stays in httpd's memory.
std::optional<std::string_view> question_of_call();

// The answer, as one line of JSON:
//   {"plivo_explanation":{"locations":[{"server":"main server","path":"/dialstatus","steps":[
//    {"what":"stage","text":"PlivoDial +14155550111 timeout=20","position":"/etc/a.conf:7"}]}]}}
// `what` is location, section, map, caller, schedule, prompt, skipped, begin, stage, on, menu,
// not_reached, ends or fault. For every Location that answers calls.
std::string explain_call(apr_pool_t* scratch, server_rec* main_server, std::string_view question);

}  // namespace plivo_dial
