// File: mod_plivo_dial/ctl/doctor/probe_answer.h
//
// What came of one of doctor's questions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "lib/signature/probe.h"
#include "mod_plivo_dial/ctl/doctor/doctor_probe.h"

namespace plivo_dial::ctl {

// One request and what came of it.
struct ProbeAnswer {
  std::string suffix;  // of the URL, behind the Location's: "/callback"
  std::string method;
  std::size_t body_bytes = 0;  // as sent
  bool is_signed = false;
  ProbeReply reply;
  MarkVerdict mark;           // of a signed one
  std::string named_by = {};  // the attribute of a directive; "" for a URL of the module's own
};

// Whether mod_plivo_dial sent a reply, be it a refusal.
bool is_of_module(const ProbeAnswer& answer);

}  // namespace plivo_dial::ctl
