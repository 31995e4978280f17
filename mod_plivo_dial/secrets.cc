// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/secrets.h"

#include <unistd.h>

#include <algorithm>

namespace plivo_dial {
namespace {

class Loader {
 public:
  void load(AccountList* accounts) {
    if (accounts == nullptr || !is_new(accounts)) return;
    accounts->signing.clear();
    accounts->auth_ids.clear();
    for (AccountLine& line : accounts->lines) {
      const std::string what = "PlivoAccount " + line.name;
      line.token = read(line.token_file, what, line.position);
      if (!line.previous_token_file.empty()) {
        line.previous_token =
            read(line.previous_token_file, what + " (previous token)", line.position);
      }
      accounts->signing.push_back({line.name, line.token.view(), line.previous_token.view()});
      accounts->auth_ids.push_back(line.auth_id);
    }
  }

  void load(EventSecretLine* line) {
    if (line == nullptr || !is_new(line)) return;
    line->secret = read(line->file, "PlivoEventSecret", line->position);
  }

  std::vector<std::string> take_errors() { return std::move(errors_); }

 private:
  // Virtual hosts and Locations inherit lists by pointer.
  bool is_new(const void* object) {
    if (std::find(seen_.begin(), seen_.end(), object) != seen_.end()) return false;
    seen_.push_back(object);
    return true;
  }

  Secret read(const std::string& file, const std::string& what, const Position& position) {
    Result<Secret> secret = read_secret_file(file, geteuid());
    if (secret) return std::move(secret).value();
    errors_.push_back(to_string(position) + ": " + what + ": " + secret.error().message);
    return Secret();
  }

  std::vector<const void*> seen_;
  std::vector<std::string> errors_;
};

}  // namespace

std::vector<std::string> load_secrets(server_rec* main_server,
                                      const std::vector<Section>& sections) {
  Loader loader;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    const DirConfig& config = dir_config(server->lookup_defaults);
    loader.load(config.accounts);
    loader.load(config.event_secret);
  }
  for (const Section& section : sections) loader.load(section.config->event_secret);
  return loader.take_errors();
}

}  // namespace plivo_dial
