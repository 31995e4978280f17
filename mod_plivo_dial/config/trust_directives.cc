// The setters of directives about who is believed: accounts, signatures, secrets.
// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

#include <algorithm>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/setter.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kFilePrefix = "file:";
constexpr std::string_view kHeaderPrefix = "header=";
constexpr std::size_t kMostNameBytes = 64;

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

bool only_has(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kLetters.find(c) != std::string_view::npos ||
           kDigits.find(c) != std::string_view::npos || more.find(c) != std::string_view::npos;
  });
}

// The file that `word` names. Never shows a word that may be the secret itself.
Result<std::string> secret_file_path(const cmd_parms* parms, std::string_view word,
                                     std::string_view what) {
  if (!word.starts_with(kFilePrefix)) {
    return Error{std::string(what) +
                 " must not stand here, where server-info and every reader of the configuration "
                 "can see it: write it into a file (chmod 600), and give file:/path/to/it"};
  }
  const std::string file(word.substr(kFilePrefix.size()));
  const char* path =
      file.empty() ? nullptr : ap_server_root_relative(parms->temp_pool, file.c_str());
  if (path == nullptr) return Error{in_quotes(word) + " names no file; write file:/path/to/it"};
  return std::string(path);
}

// The words of these lines are never shown: one of them may be a token in the wrong place.
Result<void> check_account_name(std::string_view name) {
  if (!name.empty() && name.size() <= kMostNameBytes && only_has(name, "._-")) return {};
  return Error{
      "its first argument is no name for an account, which has 1 to 64 letters, digits, dots, "
      "hyphens and underscores, such as main"};
}

Result<void> check_auth_id(std::string_view auth_id) {
  if (auth_id.starts_with(kFilePrefix)) {
    return Error{
        "the Auth ID is missing before file:, it is on the overview page of Plivo's "
        "console and begins with MA, or with SA for a subaccount"};
  }
  const bool prefixed = auth_id.starts_with("MA") || auth_id.starts_with("SA");
  if (prefixed && auth_id.size() <= kMostNameBytes && only_has(auth_id, "")) return {};
  return Error{
      "its second argument is no Auth ID, which begins with MA, or with SA for a subaccount, and "
      "has letters and digits only, such as MAXXXXXXXXXXXXXXXXXX"};
}

Result<AccountLine> parse_account(const cmd_parms* parms, const Words& words) {
  if (words.size() < 3) {
    return Error{
        "takes a name, an Auth ID and file:/path/to/its/token, such as: PlivoAccount main "
        "MAXXXXXXXXXXXXXXXXXX file:/etc/apache2/plivo/main.token"};
  }
  if (words.size() > 4) {
    return Error{
        "takes at most four arguments: name, Auth ID, file: of the token, file: of the "
        "previous token; put quotes around a path with spaces"};
  }
  AccountLine line;
  if (const Result<void> checked = check_account_name(words[0]); !checked) return checked.error();
  if (const Result<void> checked = check_auth_id(words[1]); !checked) return checked.error();
  line.name = words[0];
  line.auth_id = words[1];
  Result<std::string> token = secret_file_path(parms, words[2], "an auth token");
  if (!token) return token.error();
  line.token_file = std::move(token).value();
  if (words.size() == 4) {
    Result<std::string> previous = secret_file_path(parms, words[3], "an auth token");
    if (!previous) return previous.error();
    line.previous_token_file = std::move(previous).value();
    if (line.previous_token_file == line.token_file) {
      return Error{"token and previous token are the same file \"" + line.token_file +
                   "\"; write the previous one into a file of its own, or leave it out"};
    }
  }
  line.position = position_of(parms);
  return line;
}

Result<std::string> parse_secret_header(std::string_view word) {
  if (!word.starts_with(kHeaderPrefix)) {
    return Error{
        "behind file: only header=Name is known, such as header=X-Flow-Secret; the secret "
        "itself belongs into the file"};
  }
  const std::string header(word.substr(kHeaderPrefix.size()));
  if (header.empty() || header.size() > kMostNameBytes || !only_has(header, "-_")) {
    return Error{
        "header= takes the name of a header, such as X-Flow-Secret: letters, digits and "
        "hyphens"};
  }
  if (strcasecmp(header.c_str(), "Authorization") == 0) {
    return Error{"a bearer token or basic password in Authorization is known without header="};
  }
  return header;
}

Result<EventSecretLine> parse_event_secret(const cmd_parms* parms, const Words& words) {
  if (words.empty() || words.size() > 2) {
    return Error{
        "takes file:/path/to/the/secret, and header=Name where the flow sends it in a "
        "header of its own"};
  }
  EventSecretLine line;
  Result<std::string> file = secret_file_path(parms, words[0], "a secret");
  if (!file) return file.error();
  line.file = std::move(file).value();
  if (words.size() == 2) {
    Result<std::string> header = parse_secret_header(words[1]);
    if (!header) return header.error();
    line.header = std::move(header).value();
  }
  line.position = position_of(parms);
  return line;
}

Result<SignatureMode> parse_signature_mode(std::string_view word) {
  constexpr std::array<std::string_view, 4> kWords = {"Require", "Warn", "Off", "V2"};
  constexpr std::array<SignatureMode, 4> kModes = {SignatureMode::kRequire, SignatureMode::kWarn,
                                                   SignatureMode::kOff, SignatureMode::kV2};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (strcasecmp(std::string(word).c_str(), kWords[i].data()) == 0) return kModes[i];
  }
  std::string message = in_quotes(word) + " is not one of Require, Warn, Off and V2";
  // The nearest words by spelling would be Off and V2, which check less.
  if (strcasecmp(std::string(word).c_str(), "On") == 0 ||
      strcasecmp(std::string(word).c_str(), "V3") == 0) {
    message += "; Require is what checks V3";
  } else if (const auto meant = nearest_word(word, kWords)) {
    message += "; did you mean " + std::string(*meant) + "?";
  }
  return Error{message};
}

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_add_account(cmd_parms* parms, void* config, const char* arguments) {
  const auto set = [&](DirConfig& dir, const Words& words) -> Result<void> {
    Result<AccountLine> line = parse_account(parms, words);
    if (!line) return line.error();
    if (dir.accounts == nullptr) dir.accounts = pool_new<AccountList>(parms->pool);
    for (const AccountLine& known : dir.accounts->lines) {
      if (known.name != line->name) continue;
      return Error{"an account called \"" + known.name + "\" is there already (" +
                   to_string(known.position) +
                   "); give this one another name, or write a previous token as its fourth "
                   "argument"};
    }
    dir.accounts->lines.push_back(std::move(line).value());
    return {};
  };
  return set_words_in_section(parms, config, arguments, set);
}

const char* plivo_set_signature(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const Result<SignatureMode> mode = parse_signature_mode(argument);
    if (!mode) return mode.error();
    dir.signature = static_cast<int>(*mode);
    return {};
  });
}

const char* plivo_set_event_secret(cmd_parms* parms, void* config, const char* arguments) {
  const auto set = [&](DirConfig& dir, const Words& words) -> Result<void> {
    Result<EventSecretLine> line = parse_event_secret(parms, words);
    if (!line) return line.error();
    dir.event_secret = pool_new<EventSecretLine>(parms->pool, std::move(line).value());
    return {};
  };
  return set_words_in_section(parms, config, arguments, set);
}
