// File: mod_plivo_dial/ctl/doctor/doctor_questions.h
//
// What `plivo-dialctl doctor` asks a Location: what Plivo sends in a call, signed, with a parameter
// that only a probe has (lib/signature/probe.h) and without the ids of a call or a recording, so
// that a server that does not take it for a probe refuses it. None makes an event.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/settings/config_manifest.h"
#include "lib/signature/probe.h"
#include "mod_plivo_dial/ctl/doctor/doctor_probe.h"
#include "mod_plivo_dial/ctl/doctor/probe_answer.h"

namespace plivo_dial::ctl {

// A URL in a Location that a directive names.
struct NamedUrl {
  std::string suffix;     // behind the Location's URL, with a query; "" for that itself
  std::string endpoint;   // what Plivo sends there, see ManifestUrl
  std::string attribute;  // that names it: "action"
};

// Whose token signs, and over which URL.
struct ProbeSigner {
  std::string dialled;     // the Location's URL as Plivo dials it
  std::string_view token;  // "": nothing is signed
};

// Asks the Location at the prober's target by POST, then by GET, and by POST at each of the URLs
// below it that the documents of the module and an application at Plivo name. Stops behind the
// first request where somebody else answers that. The process that serves the first one tries the
// spool. `endpoint` is the Location's own: with another than "answer" there are no URLs below; a
// Location of flows gets a PATCH alone, which the module refuses. Asks at `named`, too.
std::vector<ProbeAnswer> ask_location(Prober& prober, const ProbeSigner& signer,
                                      std::string_view endpoint,
                                      const std::vector<NamedUrl>& named = {});

// Asks for one URL, as `ask_location` does, as fast as the callbacks of a call come: until somebody
// refuses one.
std::vector<ProbeAnswer> ask_in_a_row(Prober& prober, const ProbeSigner& signer,
                                      std::string_view endpoint);

}  // namespace plivo_dial::ctl
