// File: mod_plivo_dial/ctl/plan/number_plans.h
//
// Which plan a call to a number gets at each Location of httpd, as the module decides it, by the
// configuration that httpd tells and the route maps that it names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/plan/routed_number.h"

namespace plivo_dial::ctl {

// The number that a person or Plivo wrote, as "+14155550199"; Plivo leaves the '+' out, and a link
// has "tel:" in front. A SIP user stays as it is: no PlivoNumber names one. The error quotes what
// is written, and proposes the number that was meant.
Result<std::string> number_called(std::string_view text);

// The one number that the words of a command line are, as number_called() has it: a number with
// blanks is several words, and refused there; two numbers are refused here.
Result<std::string> number_in(const std::vector<std::string>& words);

enum class DecidedBy {
  kNumber,    // a <PlivoNumber> that names it
  kMap,       // a line of the Location's route map
  kDefault,   // <PlivoNumber default>
  kLocation,  // the Location's own lines: no <PlivoNumber> fits
};

struct NumberPlan {
  const ManifestLocation* location;
  ManifestPlan plan;
  DecidedBy decided_by = DecidedBy::kLocation;
  bool among_numbers = false;  // the Location has numbers that it could be one of
  std::string nearest;         // where none of them fits, the one that may have been meant, or ""
  std::optional<RoutedNumber> routed;  // what the route map says, where it was asked
};

// At each Location that answers calls, in the order of the configuration. Reads its route map.
std::vector<NumberPlan> plans_for(const ConfigManifest& config, const std::string& number);

// Whether somebody is called, or the caller hears something.
bool does_something(const ManifestPlan& plan);

// For people, safe for a terminal; and one JSON object, see the manual.
std::string render_plans(const std::string& number, const std::vector<NumberPlan>& plans);
std::string render_plans_json(const std::string& number, const std::vector<NumberPlan>& plans);

}  // namespace plivo_dial::ctl
