// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_command.h"

#include <openssl/crypto.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "lib/access/secret_file.h"
#include "lib/base/in_quotes.h"
#include "lib/signature/url.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/findings.h"
#include "mod_plivo_dial/ctl/http/curl_http_client.h"
#include "mod_plivo_dial/ctl/init/init_account.h"
#include "mod_plivo_dial/ctl/init/init_files.h"
#include "mod_plivo_dial/ctl/init/init_places.h"
#include "mod_plivo_dial/ctl/init/init_plivo.h"
#include "mod_plivo_dial/ctl/init/init_questions.h"
#include "mod_plivo_dial/ctl/init/init_settings.h"
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kInit = "init";
constexpr int kLongestTimeout = 3600;

struct InitOptions {
  std::string number;
  std::vector<std::string> to;
  std::string url;
  std::string auth_id;
  std::string token_file;
  std::string configuration;
  int timeout = 20;
  bool voicemail = false;
  bool dry_run = false;
  bool force = false;
  bool plivo = false;
  std::string plivo_api{kPlivoApi};
};

int report(std::string_view message, int status) {
  report_usage(kInit, printable(message));
  return status;
}

// All that the command line says.
Result<InitSettings> read_settings(const InitOptions& options) {
  InitSettings settings;
  settings.timeout = options.timeout;
  settings.voicemail = options.voicemail;
  if (auto set = set_number(options.number, settings); !set) return set.error();
  for (const std::string& targets : options.to) {
    if (auto added = add_stage(targets, settings); !added)
      return bad_option("--to", added.error().message);
  }
  if (auto set = set_url(options.url, settings); !set)
    return bad_option("--url", set.error().message);
  if (!options.auth_id.empty()) {
    if (auto checked = check_auth_id_of_account(options.auth_id); !checked) {
      return bad_option("--auth-id", checked.error().message);
    }
    settings.auth_id = options.auth_id;
  }
  return settings;
}

// Whose files these are: in the distribution's places root's alone.
Result<void> check_user(const InitOptions& options) {
  const bool own_places = !options.configuration.empty() && !options.token_file.empty();
  if (geteuid() == 0 || own_places || options.dry_run) return {};
  return Error{
      "the configuration of httpd belongs to root, and you are another user: run it with sudo. "
      "For a httpd of your own give --config and --token-file"};
}

// What would make a second file of a first configuration: accounts of the same name are refused.
void warn_of_other_configuration(const InitPlaces& places) {
  const std::string other = other_configuration(places);
  if (other.empty()) return;
  report("warning: " + in_quotes(other) +
             " has a PlivoAccount already, and init writes a first configuration: with both in use "
             "configtest may refuse them; for one more number add a <PlivoNumber> there",
         0);
}

// Before anything is asked: nobody shall paste a token in vain.
Result<void> check_free(const InitPlaces& places, bool force) {
  for (const std::string& path : {places.configuration, places.token_file}) {
    if (Result<void> there = check_directory_above(path); !there) return there;
  }
  if (force) return {};
  for (const std::string& path : {places.configuration, places.token_file}) {
    if (access(path.c_str(), F_OK) != 0) continue;
    return Error{in_quotes(path) + " is there already: remove it, name another file (" +
                 (path == places.configuration ? "--config" : "--token-file") +
                 "), or replace both files with --force"};
  }
  return {};
}

Result<void> ask_auth_id(InitSettings& settings) {
  if (!settings.auth_id.empty()) return {};
  Result<std::string> answer = ask_for_auth_id();
  if (!answer) return answer.error();
  settings.auth_id = std::move(*answer);
  doubt_auth_id(settings.auth_id);
  return {};
}

// The line of a token's file, erased with the object.
class TokenLine {
 public:
  explicit TokenLine(const Secret& token) : bytes_(token.view().size() + 1, '\n') {
    token.view().copy(bytes_.data(), token.view().size());
  }
  ~TokenLine() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  TokenLine(const TokenLine&) = delete;
  TokenLine& operator=(const TokenLine&) = delete;

  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

// While it lives, no signal interrupts the writing in the middle.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_;
};

// Both files, or none. Whether a configuration that was there stayed under another name.
Result<bool> write_files(const InitPlaces& places, const std::string& configuration,
                         const Secret& token, bool force) {
  const SignalsHeld held;
  const TokenLine line(token);
  Result<NewFile> token_file = NewFile::write({places.token_file, 0600, 0700, force}, line.view());
  if (!token_file) return token_file.error();
  Result<NewFile> configuration_file = NewFile::write(
      {.path = places.configuration, .replace = force, .keep_former = true}, configuration);
  if (!configuration_file) return configuration_file.error();
  if (auto published = token_file->publish(); !published) return published.error();
  // As httpd will read it: a directory above may be open to others.
  if (auto readable = read_secret_file(places.token_file, geteuid()); !readable) {
    return readable.error();
  }
  if (auto published = configuration_file->publish(); !published) return published.error();
  token_file->keep();
  return configuration_file->keep();
}

std::string indented(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    out += line.empty() ? "\n" : "    " + line + "\n";
    at = end + 1;
  }
  return out;
}

std::string next_steps(const InitSettings& settings, const InitPlaces& places) {
  std::string text = "\n" + entries_at_plivo(settings) + "\nNext, as root:\n";
  for (const std::string& command : commands_to_enable(places)) text += "    " + command + "\n";
  text += "    plivo-dialctl call --url http://127.0.0.1" + settings.path + " --public-url " +
          shell_word(settings.public_url) + " --token-file " + shell_word(places.token_file) +
          " --to " + settings.number + "\n";
  text +=
      "\nThe call is played without a phone; --url has to reach the host and port that serve it "
      "here.\nWhere the module is not loaded, httpd passes over this configuration: a2enmod "
      "plivo_dial,\nor LoadModule plivo_dial_module. plivo-dialctl doctor looks at all of it.\n";
  return text;
}

void warn_of_http(const InitSettings& settings) {
  if (PublicUrl::parse(settings.public_url)->is_https()) return;
  report("warning: " + settings.public_url +
             " is not https: who listens on the way hears the numbers of your callers; use https "
             "for anything but a trial",
         0);
}

// What is entered at Plivo now, where that was asked for; "" where it was not.
Result<std::string> text_of_plivo(const InitOptions& options, const InitSettings& settings,
                                  const Secret& token) {
  if (!options.plivo) return std::string();
  auto client =
      CurlHttpClient::create("plivo-dialctl/" PLIVO_DIAL_VERSION " init", "", kPlivoPatience);
  if (!client) return client.error();
  const Result<Findings> found = ask_plivo(**client, options.plivo_api, settings, token.view());
  if (!found) return found.error();
  return "\nWhat Plivo has now:\n" + indented(render_findings(*found));
}

int run_init(const InitOptions& options) {
  if (const Result<void> checked = check_api_origin(options.plivo_api); !checked) {
    return report("--plivo-api: " + checked.error().message, kExitUsage);
  }
  Result<InitSettings> settings = read_settings(options);
  if (!settings) return report(settings.error().message, kExitUsage);
  if (auto right = check_user(options); !right) return report(right.error().message, kExitUsage);
  const Result<InitPlaces> places = choose_places(options.configuration, options.token_file, "");
  if (!places) return report(places.error().message, kExitUsage);
  warn_of_http(*settings);
  if (!settings->auth_id.empty()) doubt_auth_id(settings->auth_id);
  warn_of_other_configuration(*places);
  const Result<void> free = check_free(*places, options.force);
  if (options.dry_run) {
    if (settings->auth_id.empty()) settings->auth_id = "MAXXXXXXXXXXXXXXXXXX";
    const std::string text = "Would write the Auth Token into " + places->token_file +
                             " (mode 0600), and " + places->configuration + ":\n\n" +
                             indented(render_configuration(*settings, places->token_file)) +
                             next_steps(*settings, *places);
    const int status = write_output(kInit, text, kExitOk);
    if (free) return status;
    return report("it could not be written: " + free.error().message, kExitNotWritten);
  }
  if (!free) return report(free.error().message + "; nothing was written", kExitNotWritten);
  if (auto asked = ask_auth_id(*settings); !asked) return report(asked.error().message, kExitUsage);
  const Result<Secret> token = ask_for_token(settings->auth_id);
  if (!token) return report(token.error().message, kExitUsage);
  const Result<std::string> at_plivo = text_of_plivo(options, *settings, *token);
  if (!at_plivo) return report(at_plivo.error().message + "; nothing was changed", kExitUsage);
  const std::string configuration = render_configuration(*settings, places->token_file);
  const Result<bool> written = write_files(*places, configuration, *token, options.force);
  if (!written) {
    return report(written.error().message + "; nothing was changed", kExitNotWritten);
  }
  std::string text = "Wrote the Auth Token into " + places->token_file + " (mode 0600).\n";
  if (*written) {
    text +=
        "Kept the former configuration as " + NewFile::former_name(places->configuration) + ".\n";
  }
  text += "Wrote " + places->configuration + ":\n\n" + indented(configuration) +
          next_steps(*settings, *places) + *at_plivo;
  return write_output(kInit, text, kExitOk);
}

void add_options(Command& init, InitOptions& options) {
  init.option("NUMBER", options.number, "Your number at Plivo, in E.164 (+14155550199)").required();
  init.option("--to", options.to,
              "Who is called: numbers in E.164 or SIP users, with commas between those that "
              "ring together; repeat it for those that are tried next")
      .required()
      .type_name("TARGET,...");
  init.option("--url", options.url,
              "The answer URL as Plivo will dial it; with scheme and host alone its path is "
              "/dialstatus")
      .required()
      .type_name("URL");
  init.option("--timeout", options.timeout, "Seconds that each --to rings")
      .range(1, kLongestTimeout)
      .shows_default()
      .type_name("SECONDS");
  init.option("--auth-id", options.auth_id, "The Auth ID of the account; asked for unless given")
      .type_name("MA...");
  init.option("--config", options.configuration,
              "The configuration file to write; plivo-calls.conf in the distribution's place "
              "unless given")
      .type_name("FILE");
  init.option("--token-file", options.token_file,
              "The file to write the Auth Token into; plivo/main.token in httpd's directory "
              "unless given")
      .type_name("FILE");
  init.flag("--voicemail", options.voicemail, "A caller whom nobody answered leaves a message");
  init.flag("--force", options.force, "Replace files that are there");
  Option& dry_run =
      init.flag("--dry-run", options.dry_run, "Ask nothing, write nothing: print what would be");
  Option& plivo =
      init.flag("--plivo", options.plivo,
                "Ask Plivo's API what the number is attached to now, with the Auth ID and the Auth "
                "Token: it leaves this machine, and changes nothing there")
          .excludes(dry_run);
  init.option("--plivo-api", options.plivo_api, "Where Plivo's API is, for tests")
      .shows_default()
      .needs(plivo)
      .type_name("URL");
}

}  // namespace

void add_init_command(Command& app) {
  Command& init = app.subcommand(
      "init",
      "Write the first configuration: calls to a number are forwarded to others. Asks for the Auth "
      "Token without showing it. Run it with sudo.");
  const auto options = std::make_shared<InitOptions>();
  add_options(init, *options);
  init.footer(
      "Where standard input is no terminal, its first line is the Auth ID, unless --auth-id gives "
      "it, and the next one the Auth Token. Plivo's tokens have 40 characters: init warns of "
      "another length, and at a terminal asks again.\n\n"
      "Exit status: 0 written; 2 wrong usage or answer; 3 a file is there already or can't be "
      "written. Then nothing was changed.\n\n"
      "Example: plivo-dialctl init +14155550199 --to +14155550100 --to +14155550122 \\\n"
      "           --url https://pbx.example.com");
  init.runs([options] { return run_init(*options); });
}

}  // namespace plivo_dial::ctl
