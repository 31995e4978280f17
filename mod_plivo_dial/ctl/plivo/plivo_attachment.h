// File: mod_plivo_dial/ctl/plivo/plivo_attachment.h
//
// Whether calls to a number at Plivo come to a Location of ours, judged by what Plivo's API says of
// the number and its application. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/findings.h"
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"

namespace plivo_dial::ctl {

// The URLs that an application at Plivo needs for a Location.
struct NumberUrls {
  std::string answer;
  std::string fallback;
  std::string hangup;  // with the fragment that makes Plivo repeat a report that got a 503
  // Others of this server that do as well, without fragments.
  std::vector<std::string> other_fallbacks = {};
  std::vector<std::string> other_hangups = {};
};

// `answer` is the Location's URL as Plivo dials it: "https://pbx.example.com/dialstatus".
NumberUrls urls_for_plivo(const std::string& answer);

// Whether the answer URL of an application leads to the Location, whatever its query and fragment.
bool leads_to(const AttachedApplication& application, const NumberUrls& urls);

// Whether `url` has options by which Plivo repeats a request that was answered with 503.
bool is_repeated_after_503(std::string_view url);

// One finding of check "Plivo" for what calls to `number` are attached to, and one more for each of
// the application's other URLs that is not as it should be. `application` is that of the number,
// nothing when the number has none.
Findings judge_attachment(const PlivoNumber& number,
                          const std::optional<AttachedApplication>& application,
                          const NumberUrls& urls);

// "pbx" (1234)
std::string name_of(const AttachedApplication& application);

}  // namespace plivo_dial::ctl
