// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/configtest.h"

#include <algorithm>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/log/log_id.h"

namespace plivo_dial::ctl {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// What stands behind the first `before` and in front of the next of `after` that is there.
std::string between(std::string_view text, std::string_view before,
                    std::initializer_list<std::string_view> after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = text.substr(begin + before.size());
  std::size_t end = rest.size();
  for (const std::string_view mark : after) end = std::min(end, rest.find(mark));
  return std::string(rest.substr(0, end));
}

// "[Tue ...] [plivo_dial:error] [pid 7] PD0102: error: text" without what stands before the id or
// the text.
std::string without_prefix(std::string_view line) {
  line = trim(line, kLineBlanks);
  while (line.starts_with('[')) {
    const std::size_t end = line.find("] ");
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 2);
  }
  return std::string(line);
}

// What httpd itself adds, and what tells nobody anything.
bool is_noise(std::string_view line) {
  return line.empty() || line.starts_with("AH00558") || line.find("Syntax OK") != line.npos ||
         line.starts_with("AH00014") || line.starts_with("Configuration Failed");
}

// Behind it Debian's apachectl says where to look.
bool is_end_of_httpd(std::string_view line) {
  return line.starts_with("Action '");
}

// "AH00526: Syntax error on line 7 of /etc/x.conf:" as "/etc/x.conf:7: "; "" for another line.
std::string place_of_syntax_error(std::string_view line) {
  if (!line.starts_with("AH00526")) return "";
  const std::string number = between(line, " on line ", {" of "});
  const std::string file = between(line, " on line " + number + " of ", {});
  if (number.empty() || file.size() < 2) return "";
  return file.substr(0, file.size() - 1) + ":" + number + ": ";
}

bool is_warning(std::string_view line) {
  return has_log_id(line, log_id::kConfigWarning) || has_log_id(line, log_id::kTwinLocations);
}

}  // namespace

bool lists_module(std::string_view text) {
  return text.find(" plivo_dial_module ") != std::string_view::npos;
}

std::vector<std::string> errors_of_configtest(std::string_view text) {
  std::vector<std::string> errors;
  std::string place;  // of what the next line says
  for (const std::string_view line : lines_of(text)) {
    const std::string said = without_prefix(line);
    if (is_end_of_httpd(said)) break;
    if (said.starts_with("AH00526")) {
      place = place_of_syntax_error(said);
    } else if (!is_noise(said) && !is_warning(said)) {
      errors.push_back(place + said);
      place.clear();
    }
  }
  return errors;
}

bool is_for_root(std::string_view error) {
  return has_log_id(error, log_id::kUnjudged);
}

bool takes_no_arguments(std::string_view text) {
  const bool is_of_httpd = text.find("AH0") != text.npos || text.find("PD0") != text.npos ||
                           text.find("Syntax") != text.npos;
  return !is_of_httpd && text.find("apachectl") != text.npos;
}

std::string no_arguments_text(const std::string& program, std::string_view output) {
  const std::string first(trim(output.substr(0, output.find('\n')), kLineBlanks));
  return program + " -t does not reach httpd, and says " + in_quotes(first) +
         ": where it passes no -t on, as on Fedora and RHEL, name httpd itself, such as --httpd "
         "/usr/sbin/httpd";
}

std::vector<std::string> warnings_of_configtest(std::string_view text) {
  std::vector<std::string> warnings;
  for (const std::string_view line : lines_of(text)) {
    const std::string said = without_prefix(line);
    if (is_warning(said)) warnings.push_back(said);
  }
  return warnings;
}

}  // namespace plivo_dial::ctl
