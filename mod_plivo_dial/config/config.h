// File: mod_plivo_dial/config/config.h
//
// What the directives said: DirConfig for everything that a <Location> can have, ServerConfig for
// what exists once. Plain structs in pool memory with "unset" as a value; defaults are resolved by
// the functions below when a value is read, so that merged structs can still inherit.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/access/secret_file.h"
#include "lib/base/position.h"
#include "lib/plan/plan_layer.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/settings/sink_config.h"
#include "lib/settings/tables_config.h"
#include "lib/signature/signature.h"
#include "lib/signature/url.h"
#include "lib/spool/spool_writer.h"
#include "lib/webhook/webhook.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

inline constexpr int kUnset = -1;

enum class SignatureMode { kRequire, kWarn, kOff, kV2 };

// One PlivoPublicURL line.
struct PublicUrlLine {
  PublicUrl url;
  Position position;
};

// One PlivoAccount line. The tokens are read when the configuration is checked, not before.
struct AccountLine {
  std::string name;
  std::string auth_id;
  std::string token_file;
  std::string previous_token_file;  // "": none
  Position position;
  Secret token;  // empty: could not be read
  Secret previous_token;
};

// The PlivoAccount lines of one server or virtual host. Views point into the lines.
struct AccountList {
  std::vector<AccountLine> lines;
  std::vector<SigningAccount> signing;
  std::vector<std::string_view> auth_ids;  // in the order of `signing`
};

// One PlivoEventSecret line.
struct EventSecretLine {
  std::string file;
  std::string header;  // "": Authorization, as bearer token or basic password
  Position position;
  Secret secret;  // empty: could not be read
};

// One PlivoRouteMap line.
struct RouteMapLine {
  std::string path;
  Position position;
};

// One PlivoFallback line.
struct FallbackFile {
  std::string document;
  std::vector<std::string> remarks;  // of check_document, with the file in front
  Position position;
};

// The sections that a configuration was merged from, in order. Two configurations with equal
// layers hold the same, which is how a request finds what was rendered for its Location.
struct Layers {
  static constexpr std::size_t kMost = 6;
  std::array<std::uint32_t, kMost> ids{};
  std::uint32_t count = 0;  // kMost + 1: too many to tell, never equal to anything prepared

  void add(std::uint32_t id);
  bool countable() const { return count <= kMost; }
  friend bool operator==(const Layers&, const Layers&) = default;
};
struct LayersHash {
  std::size_t operator()(const Layers& layers) const noexcept;
};

class CallerRules;  // lib/route/caller_rules.h
struct DirConfig;

// One <PlivoNumber> section.
struct NumberSection {
  DirConfig* config;
  Position position;
};

// The sections of one <Location> that decide about some calls: <PlivoNumber> by digits
// ("14155550199"), <PlivoPlan> by name ("sales").
struct NumberTable {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, NumberSection, Hash, std::equal_to<>> sections;
  const NumberSection* otherwise = nullptr;  // <PlivoNumber default>
};

struct DirConfig {
  const char* location = nullptr;  // path of the <Location> without trailing slash; null: server
  Position position;               // of the first Plivo directive in the section
  // Path of the innermost <Location> with lines of the plan, as location; null: there is no plan.
  // Set by merging.
  const char* plan_location = nullptr;
  Layers layers;
  PlanLines* own_lines = nullptr;   // of this section alone; null after merging
  const PlanLayer* plan = nullptr;  // of all sections
#define PLIVO_MEMBER(type, name, unset) type name = unset;
#include "mod_plivo_dial/config/config_members.inc"
#undef PLIVO_MEMBER
};

enum class DispatcherMode { kOn, kExternal, kOff };

struct SinkLine {
  SinkConfig sink;
  Position position;
};

// The main server's; directives that set it are refused in <VirtualHost>.
struct ServerConfig {
  std::string spool = PLIVO_DIAL_SPOOL;
  SpoolOptions spool_options;
  bool any_file_system = false;  // fileSystem= of PlivoSpool
  // PlivoSpoolFailure strict: no document without a durable event.
  bool strict = false;
  Position spool_position;
  std::vector<SinkLine> sinks;  // empty: one syslog sink, local0
  DispatcherMode dispatcher = DispatcherMode::kOn;
  std::string dispatcher_program = PLIVO_DIAL_DIALD;    // with On
  std::string dispatcher_file = PLIVO_DIAL_DIALD_FILE;  // with External
  Position dispatcher_position;
  DispatcherSettings settings;  // for the dispatcher; see settings_of()
  std::vector<ScheduleLine> schedules;
};

// The configuration of a request or a merged section; of the main server.
DirConfig& dir_config(const ap_conf_vector_t* per_dir_config);
ServerConfig& server_config(const server_rec* main_server);

// `add` on top of `base`, in `pool`.
DirConfig* merge_dir_config(apr_pool_t* pool, const DirConfig& base, const DirConfig& add);

// Values with their defaults.
SignatureMode signature_mode(const DirConfig& config);
Endpoint configured_endpoint(const DirConfig& config);
apr_off_t max_body(const DirConfig& config);  // at most kMaxSpoolPayload: no event has more
std::string_view location_of(const DirConfig& config);  // "" for "/" and outside a Location
std::string_view fallback_document(const DirConfig& config);
std::string_view callback_fragment(const DirConfig& config);
std::string_view action_fragment(const DirConfig& config);
std::vector<SinkConfig> sinks_of(const ServerConfig& config);
DispatcherSettings settings_of(const ServerConfig& config);  // with PlivoSpool's minFree=

}  // namespace plivo_dial
