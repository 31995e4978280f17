// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/secrets.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "lib/signature/token_doubt.h"

namespace plivo_dial {
namespace {

// Whether a test by an ordinary user may not read `file`, which is not his: who starts httpd may.
bool is_for_who_starts(const std::string& file) {
  struct stat status {};
  const bool is_own = stat(file.c_str(), &status) == 0 && status.st_uid == geteuid();
  const bool test = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
  return test && geteuid() != 0 && !is_own && access(file.c_str(), R_OK) != 0 && errno == EACCES;
}

class Loader {
 public:
  void load(AccountList* accounts) {
    if (accounts == nullptr || !is_new(accounts)) return;
    accounts->signing.clear();
    accounts->auth_ids.clear();
    for (AccountLine& line : accounts->lines) {
      const std::string what = "PlivoAccount " + line.name;
      line.token = read_token(line.token_file, what, line.position);
      if (!line.previous_token_file.empty()) {
        line.previous_token =
            read_token(line.previous_token_file, what + " (previous token)", line.position);
      }
      accounts->signing.push_back({line.name, line.token.view(), line.previous_token.view()});
      accounts->auth_ids.push_back(line.auth_id);
    }
  }

  void load(EventSecretLine* line) {
    if (line == nullptr || !is_new(line)) return;
    line->secret = read(line->file, "PlivoEventSecret", line->position);
  }

  LoadedSecrets take_findings() { return std::move(found_); }

 private:
  // Virtual hosts and Locations inherit lists by pointer.
  bool is_new(const void* object) {
    if (std::find(seen_.begin(), seen_.end(), object) != seen_.end()) return false;
    seen_.push_back(object);
    return true;
  }

  Secret read_token(const std::string& file, const std::string& what, const Position& position) {
    Secret token = read(file, what, position);
    if (const std::string doubt = doubt_of_token(token.view()); !doubt.empty()) {
      found_.warnings.push_back(to_string(position) + ": " + what + ": \"" + file + "\" " + doubt);
    }
    return token;
  }

  Secret read(const std::string& file, const std::string& what, const Position& position) {
    Result<Secret> secret = read_secret_file(file, geteuid());
    if (secret) return std::move(secret).value();
    (is_for_who_starts(file) ? found_.unjudged : found_.errors)
        .push_back(to_string(position) + ": " + what + ": " + secret.error().message);
    return Secret();
  }

  std::vector<const void*> seen_;
  LoadedSecrets found_;
};

}  // namespace

LoadedSecrets load_secrets(server_rec* main_server, const std::vector<Section>& sections) {
  Loader loader;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    const DirConfig& config = dir_config(server->lookup_defaults);
    loader.load(config.accounts);
    loader.load(config.event_secret);
  }
  for (const Section& section : sections) loader.load(section.config->event_secret);
  return loader.take_findings();
}

}  // namespace plivo_dial
