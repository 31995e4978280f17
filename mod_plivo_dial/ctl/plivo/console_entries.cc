// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plivo/console_entries.h"

#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"

namespace plivo_dial::ctl {
namespace {

// A GET would have all parameters in the URL, where logs keep them.
constexpr std::string_view kEntryMethod = "POST";

}  // namespace

std::array<ConsoleEntry, 3> console_entries(const std::string& answer) {
  const NumberUrls urls = urls_for_plivo(answer);
  return {{{"answer", "answer URL", kEntryMethod, urls.answer,
            "asked when a call begins; without options, since a caller waits"},
           {"fallback", "fallback URL", kEntryMethod, urls.fallback,
            "asked when the answer URL gives no document; best is that of a second httpd"},
           {"hangup", "hangup URL", kEntryMethod, urls.hangup,
            "told when a call is over; behind # stands that Plivo repeats it after a 503"}}};
}

}  // namespace plivo_dial::ctl
