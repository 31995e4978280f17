// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/doctor_config.h"

#include <algorithm>
#include <utility>

#include "lib/base/directive_words.h"

#include "lib/base/text.h"

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

// Of "127.0.0.1:80, [::1]:80", or "no address".
std::vector<std::string> places_of(std::string_view text) {
  std::vector<std::string> places;
  while (!text.empty() && text != "no address") {
    const std::size_t end = std::min(text.find(", "), text.size());
    places.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return places;
}

// Of "account main MAXXXXXXXXXXXXXXXXXX, token in /etc/main.token".
std::string auth_id_of(std::string_view line) {
  const std::string account = between(line, "account ", {", token in "});
  return account.substr(account.rfind(' ') + 1);
}

// What Plivo sends to the URL in an attribute; "" where it is no URL of ours to ask.
std::string_view endpoint_of_attribute(std::string_view attribute, bool of_record) {
  if (attribute == "action") return of_record ? "recording" : "action";
  if (attribute == "callbackUrl") return of_record ? "recording" : "callback";
  return attribute == "confirmSound" ? "confirm" : "";
}

// "dial: timeout=20 action=https://...", "every dial: ..." or "record ...".
void read_urls_of_plan(std::string_view line, DumpedLocation& location) {
  const bool of_record = line.starts_with("record ");
  if (!of_record && !line.starts_with("dial: ") && !line.starts_with("every dial: ")) return;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view attribute = word.substr(0, equals);
    const std::string_view endpoint = endpoint_of_attribute(attribute, of_record);
    if (endpoint.empty()) continue;
    const std::string_view url = word.substr(equals + 1);
    DumpedUrl found{std::string(attribute), std::string(endpoint),
                    std::string(url.substr(0, url.find('#')))};
    const bool known = std::ranges::any_of(location.own_urls, [&](const DumpedUrl& other) {
      return other.endpoint == found.endpoint && other.url == found.url;
    });
    if (!known) location.own_urls.push_back(std::move(found));
  }
}

void read_line_of_location(std::string_view line, DumpedLocation& location) {
  if (line.starts_with("endpoint ")) {
    location.endpoint = between(line, "endpoint ", {","});
    const std::string url = between(line, ", public URL ", {", signature "});
    location.public_url = url == "none" ? "" : url;
    location.signature = between(line, ", signature ", {","});
  } else if (line.starts_with("reached at ")) {
    location.reach_is_known = true;
    location.places = places_of(line.substr(std::string_view("reached at ").size()));
  } else if (line.starts_with("account ")) {
    location.accounts.push_back(between(line, "account ", {" "}));
    location.auth_ids.push_back(auth_id_of(line));
    location.token_files.push_back(between(line, ", token in ", {", previous token in ", "  ("}));
    const std::string previous = between(line, ", previous token in ", {"  ("});
    if (!previous.empty()) location.previous_files.push_back(previous);
  } else if (line.starts_with("plan +")) {
    location.numbers.push_back(between(line, "plan ", {" "}));
  } else if (line.starts_with("no SetHandler ")) {
    location.served = false;
  } else if (line.starts_with("fallback document  (")) {
    location.fallback = between(line, "fallback document  (", {")"});
  } else if (line.starts_with("event secret in ")) {
    location.secret_file = between(line, "event secret in ", {", sent "});
  }
}

// A line of two blanks: of the server, or the head of a Location.
void read_line_of_server(std::string_view line, DumpedConfig& config) {
  const std::size_t location = line.find(" <Location \"");
  if (line.starts_with("spool ")) {
    config.spool = between(line, "spool ", {", keeps ", ", waits "});
  } else if (line.starts_with("status file ")) {
    config.status_file = between(line, "status file ", {});
  } else if (line.starts_with("sink ") && line.find(": syslog at ") != line.npos) {
    config.syslog_sockets.push_back(between(line, ": syslog at ", {"  ("}));
  } else if (line.starts_with("user ")) {
    config.user = between(line, "user ", {});
  } else if (line.starts_with("dispatcher ")) {
    config.dispatcher = between(line, "dispatcher ", {" "});
  } else if (line.starts_with("beside ")) {
    config.neighbours.push_back(
        {between(line, "beside ", {", as it comes"}), !line.ends_with(", as it comes")});
  } else if (location != std::string_view::npos) {
    DumpedLocation found;
    found.server = line.substr(0, location);
    found.path = between(line, " <Location \"", {"\">"});
    config.locations.push_back(std::move(found));
  }
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

// What Debian's apachectl and httpd itself add, and what tells nobody anything.
bool is_noise(std::string_view line) {
  return line.empty() || line.starts_with("AH00558") || line.find("Syntax OK") != line.npos ||
         line.starts_with("Action '") || line.starts_with("The Apache error log may have") ||
         line.starts_with("AH00014") || line.starts_with("Configuration Failed");
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
  return line.starts_with("PD0104: ") || line.starts_with("PD0105: ");
}

}  // namespace

DumpedConfig parse_dump(std::string_view text) {
  DumpedConfig config;
  bool ours = false;
  for (const std::string_view line : lines_of(text)) {
    if (line.starts_with("Plivo configuration:")) {
      ours = true;
      continue;
    }
    if (!line.starts_with("  ")) ours = false;
    if (!ours) continue;
    const std::size_t indent = line.find_first_not_of(' ');
    const std::string_view content = trim(line, kLineBlanks);
    if (content.starts_with("no Plivo directives")) continue;
    config.used = true;
    if (indent == 2) read_line_of_server(content, config);
    if (indent == 4 && content.starts_with("PlivoEventSink ")) {
      std::vector<std::string> words = words_of_directive(content);
      words.erase(words.begin());
      config.sinks.push_back(std::move(words));
    } else if (indent >= 4 && !config.locations.empty()) {
      DumpedLocation& location = config.locations.back();
      if (indent == 4) read_line_of_location(content, location);
      read_line_of_plan(indent, content, location.plans);
    }
    if (indent > 4 && !config.locations.empty()) {
      read_urls_of_plan(content, config.locations.back());
    }
  }
  return config;
}

bool lists_module(std::string_view text) {
  return text.find(" plivo_dial_module ") != std::string_view::npos;
}

std::vector<std::string> errors_of_configtest(std::string_view text) {
  std::vector<std::string> errors;
  std::string place;  // of what the next line says
  for (const std::string_view line : lines_of(text)) {
    const std::string said = without_prefix(line);
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
  return error.find("run configtest as root") != error.npos ||
         error.find("do it as the user who starts httpd") != error.npos;
}

bool takes_no_arguments(std::string_view text) {
  return text.find("Passing arguments to httpd using apachectl is no longer supported") !=
         text.npos;
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
