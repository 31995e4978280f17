// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_settings.h"

#include <algorithm>

#include "lib/access/secret_file.h"
#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/target.h"
#include "lib/signature/token_doubt.h"
#include "lib/signature/url.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kMostAuthIdBytes = 64;

// httpd gives these a meaning of their own inside an argument.
bool means_something_to_httpd(std::string_view text) {
  return text.find_first_of("\"'\\$#<>") != std::string_view::npos;
}

// `argument` as one argument of a directive.
std::string as_argument(std::string_view argument) {
  const bool plain = argument.find_first_of(" \t") == std::string_view::npos;
  return plain ? std::string(argument) : "\"" + std::string(argument) + "\"";
}

}  // namespace

Result<void> check_auth_id_of_account(std::string_view auth_id) {
  if (auth_id.empty()) {
    return Error{"no Auth ID was given: Plivo's console shows it on its first page"};
  }
  const bool prefixed = auth_id.starts_with("MA") || auth_id.starts_with("SA");
  if (prefixed && auth_id.size() > 2 && auth_id.size() <= kMostAuthIdBytes &&
      std::ranges::all_of(auth_id, is_letter_or_digit)) {
    return {};
  }
  return Error{
      "what was given is no Auth ID, which begins with MA, or with SA for a subaccount, and has "
      "letters and digits only, such as MAXXXXXXXXXXXXXXXXXX; Plivo's console shows it on its "
      "first page"};
}

Result<void> check_token_text(std::string_view token, std::string_view auth_id) {
  if (token.empty()) {
    return Error{
        "no Auth Token was given: paste the one that Plivo's console shows beside the Auth ID"};
  }
  if (token == auth_id) {
    return Error{
        "the Auth Token is the same as the Auth ID: the token stands beside it in Plivo's console"};
  }
  if (const std::string doubt = doubt_of_token(token); !doubt.empty()) {
    return Error{"what was entered as Auth Token " + doubt};
  }
  if (!std::ranges::all_of(token, [](char c) { return c >= ' ' && c <= '~'; })) {
    return Error{
        "the Auth Token holds something that no token has, a control character or a byte that is "
        "not ASCII: copy it again from Plivo's console"};
  }
  return {};
}

Result<void> set_url(std::string_view url, InitSettings& settings) {
  const Result<PublicUrl> whole = PublicUrl::parse(url);
  if (!whole) return whole.error();
  const std::string& text = whole->text();
  const std::string_view authority = authority_of(text);
  const auto length = static_cast<std::size_t>(authority.data() - text.data()) + authority.size();
  settings.public_url = text.substr(0, length);
  settings.path = length == text.size() ? std::string(kUsualPath) : text.substr(length);
  if (means_something_to_httpd(settings.public_url)) {
    return Error{"the host of the URL " + in_quotes(url) + " has characters that no host has"};
  }
  if (const Result<void> plain = check_plain_path(settings.path); !plain) {
    return Error{"the path of the URL " + in_quotes(url) + ": " + plain.error().message};
  }
  return {};
}

Result<void> set_number(std::string_view number, InitSettings& settings) {
  if (const Result<void> checked = check_e164(number); !checked) return checked;
  settings.number = number;
  return {};
}

Result<void> add_stage(std::string_view targets, InitSettings& settings) {
  std::vector<std::string_view> arguments;
  std::string_view rest = targets;
  for (;;) {
    const std::size_t comma = rest.find(',');
    arguments.push_back(trim(rest.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  // Judged one by one too: parse_stage takes name=value for an attribute of the stage.
  std::string line;
  for (const std::string_view argument : arguments) {
    if (const Result<Target> target = parse_target(argument); !target) return target.error();
    if (means_something_to_httpd(argument)) {
      return Error{in_quotes(argument) +
                   " has a character that means something to httpd: write the "
                   "configuration by hand, see man mod_plivo_dial"};
    }
    line += (line.empty() ? "" : " ") + as_argument(argument);
  }
  const Result<Stage> stage = parse_stage(arguments);
  if (!stage) return stage.error();
  for (const Target& target : stage->targets) {
    if (target.address != settings.number) continue;
    return Error{target.address +
                 " is the number that is called: each call to it would call it again; name whom it "
                 "should ring"};
  }
  if (settings.stages.size() == kMaxStages) {
    return Error{"a plan has at most " + std::to_string(kMaxStages) + " stages"};
  }
  settings.stages.push_back(line);
  return {};
}

Result<void> check_plain_path(std::string_view path) {
  const auto plain = [](char c) {
    return is_letter_or_digit(c) || std::string_view("/._~-").find(c) != std::string_view::npos;
  };
  const bool steps = path.find("/../") != path.npos || path.find("//") != path.npos ||
                     path.find("/./") != path.npos || path.ends_with("/..") || path.ends_with("/.");
  if (path.starts_with('/') && std::ranges::all_of(path, plain) && !steps) return {};
  return Error{in_quotes(path) +
               " is no plain path: use letters, digits, '.', '_', '~' and '-' between single "
               "slashes, such as /dialstatus"};
}

std::string answer_url(const InitSettings& settings) {
  return settings.public_url + settings.path;
}

std::string render_configuration(const InitSettings& settings, const std::string& token_file) {
  std::string stages;
  for (const std::string& stage : settings.stages) {
    stages +=
        "            PlivoDial " + stage + " timeout=" + std::to_string(settings.timeout) + "\n";
  }
  if (settings.voicemail) {
    stages +=
        "            # Whom nobody answered: the message is an event \"recording\" with its "
        "RecordUrl.\n"
        "            PlivoVoicemail On\n";
  }
  return "# Calls to " + settings.number +
         ". Written by plivo-dialctl init; yours to change: man mod_plivo_dial.\n"
         "\n"
         "# Without the module httpd passes over all this, and starts.\n"
         "<IfModule mod_plivo_dial.c>\n"
         "    # Scheme, host and port as they stand in the answer URL at Plivo.\n"
         "    PlivoPublicURL " +
         settings.public_url +
         "\n"
         "\n"
         "    # Requests that are not signed with this account's Auth Token are refused.\n"
         "    PlivoAccount main " +
         settings.auth_id + " \"file:" + token_file +
         "\"\n"
         "\n"
         "    <Location \"" +
         settings.path +
         "\">\n"
         "        SetHandler plivo-dial\n"
         "\n"
         "        <PlivoNumber " +
         settings.number +
         ">\n"
         "            PlivoSpeak \"Connecting your call..\"\n"
         "            # Each line is a stage: its numbers ring together; then comes the next "
         "line.\n" +
         stages +
         "        </PlivoNumber>\n"
         "\n"
         "        # Calls to any other number that has this answer URL.\n"
         "        <PlivoNumber default>\n"
         "            PlivoSpeak \"This number is not in service.\"\n"
         "        </PlivoNumber>\n"
         "    </Location>\n"
         "</IfModule>\n";
}

}  // namespace plivo_dial::ctl
