// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/dump_config.h"

#include <algorithm>
#include <cstdio>

#include "lib/base/directive_words.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/check/neighbours.h"
#include "mod_plivo_dial/check/reach.h"
#include "mod_plivo_dial/config/sections.h"
#include "mod_plivo_dial/status/server_status.h"
#include "mod_plivo_dial/state.h"
#include "lib/settings/sink_kinds.h"

namespace plivo_dial {
namespace {

void print(int indent, const std::string& text) {
  std::printf("%*s%s\n", indent, "", text.c_str());
}

std::string with_attributes(std::string text, const Attributes& attributes) {
  for (const Attribute& attribute : attributes) {
    // Digest passwords of SIP users are the one secret that a plan may hold.
    const bool secret = attribute.name == "sipAuthPassword";
    text += " " + attribute.name + "=" + (secret ? "(hidden)" : attribute.value);
  }
  return text;
}

std::string describe(const Prompt& prompt) {
  switch (prompt.kind) {
    case Prompt::Kind::kSpeak:
      return with_attributes("speak \"" + prompt.content + "\"", prompt.attributes);
    case Prompt::Kind::kPlay:
      return with_attributes("play " + prompt.content, prompt.attributes);
    case Prompt::Kind::kWait:
      return with_attributes("wait " + prompt.content + " s", prompt.attributes);
  }
  return "";
}

std::string describe(const CallerId& caller_id) {
  switch (caller_id.kind) {
    case CallerId::Kind::kPlivo:
      return "Plivo's own";
    case CallerId::Kind::kCaller:
      return "the caller's number";
    case CallerId::Kind::kCalled:
      return "the number that was called";
    case CallerId::Kind::kNumber:
      return caller_id.number;
  }
  return "";
}

void dump_stage(const ResolvedPlan& plan, std::size_t index) {
  const Stage& stage = plan.plan.stages[index];
  print(6, "stage " + std::to_string(index + 1) + "  (" + to_string(plan.stage_positions[index]) +
               ")");
  for (const Target& target : stage.targets) {
    print(8, with_attributes(target.address, target.attributes));
  }
  if (!stage.attributes.empty()) print(8, with_attributes("dial:", stage.attributes));
}

// The URLs of ours that some stage hands to Plivo; a stage's own are shown with the stage.
void dump_urls(const ResolvedPlan& plan) {
  const auto used = [&plan](std::string_view attribute) {
    return std::any_of(plan.plan.stages.begin(), plan.plan.stages.end(), [&](const Stage& stage) {
      return stage_attribute(plan.plan, stage, attribute) == nullptr;
    });
  };
  if (used("action")) {
    print(6, "action " + with_fragment(plan.urls.action, plan.urls.action_fragment));
  }
  if (used("callbackUrl")) {
    print(6, "callback " + with_fragment(plan.urls.callback, plan.urls.callback_fragment));
  }
}

void dump_not_reached(const DirConfig& config, const ResolvedPlan& plan) {
  if (!plan.plan.voicemail) {
    print(6, "nobody reached: speaks \"" + plan.plan.voice.apology + "\" and hangs up");
    return;
  }
  const Voicemail& voicemail = *plan.plan.voicemail;
  print(6, "nobody reached: voicemail  (" + to_string(config.voicemail->position) + ")");
  print(8, describe(spoken(plan.plan, voicemail.greeting)));
  print(8, with_attributes("record", voicemail.attributes));
  const auto is_ours = [&voicemail](std::string_view attribute) {
    return find_attribute(voicemail.attributes, attribute) == nullptr;
  };
  if (is_ours("action")) {
    print(8, "action " + with_fragment(plan.urls.recording, plan.urls.action_fragment));
  }
  if (is_ours("callbackUrl")) {
    print(8, "callback " + with_fragment(plan.urls.recording, plan.urls.callback_fragment));
  }
}

void dump_plan(const DirConfig& config, std::string name) {
  const Result<ResolvedPlan> resolved = resolve_plan(config, std::move(name));
  if (!resolved) {
    print(4, resolved.error().message);
    return;
  }
  const Plan& plan = resolved->plan;
  print(4, "plan " + plan.name + "  (" + to_string(resolved->position) + ")");
  for (const Prompt& prompt : plan.prompts) print(6, describe(spoken(plan, prompt)));
  for (std::size_t i = 0; i < plan.stages.size(); ++i) dump_stage(*resolved, i);
  if (plan.stages.empty()) {
    print(6, "no stages: nobody is dialled");
    if (plan.voicemail) dump_not_reached(config, *resolved);
    return;
  }
  if (!plan.dial_defaults.empty()) {
    print(6, with_attributes("every dial:", plan.dial_defaults));
  }
  print(6, "caller id: " + describe(plan.caller_id));
  dump_not_reached(config, *resolved);
  print(6, "rings for at most " + std::to_string(longest_ringing(plan)) + " s");
  dump_urls(*resolved);
}

std::vector<std::string> sorted_numbers(const NumberTable& table) {
  std::vector<std::string> numbers;
  for (const auto& [digits, section] : table.sections) numbers.push_back(digits);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string name_of(const server_rec& server) {
  if (!server.is_virtual) return "main server";
  const char* host = server.server_hostname == nullptr ? "?" : server.server_hostname;
  const apr_port_t port = server.addrs == nullptr ? server.port : server.addrs->host_port;
  return std::string(host) + ":" + std::to_string(port);
}

std::string describe(SignatureMode mode) {
  switch (mode) {
    case SignatureMode::kRequire:
      return "Require";
    case SignatureMode::kWarn:
      return "Warn";
    case SignatureMode::kOff:
      return "Off";
    case SignatureMode::kV2:
      return "V2";
  }
  return "";
}

// Names, ids and files; never what is in the files.
void dump_trust(const DirConfig& config) {
  if (config.accounts != nullptr) {
    for (const AccountLine& line : config.accounts->lines) {
      print(4, "account " + line.name + " " + line.auth_id + ", token in " + line.token_file +
                   (line.previous_token_file.empty()
                        ? ""
                        : ", previous token in " + line.previous_token_file) +
                   "  (" + to_string(line.position) + ")");
    }
  }
  if (config.event_secret != nullptr) {
    const EventSecretLine& line = *config.event_secret;
    print(4, "event secret in " + line.file + ", sent " +
                 (line.header.empty() ? "as bearer token or basic password"
                                      : "in header " + line.header) +
                 "  (" + to_string(line.position) + ")");
  }
}

void dump_reach(apr_pool_t* scratch, const server_rec* main_server, const server_rec* server) {
  std::string text;
  for (const std::string& place : reached_at(scratch, main_server, server)) {
    text += (text.empty() ? "" : ", ") + place;
  }
  print(4, "reached at " + (text.empty() ? "no address" : text));
}

void dump_section(apr_pool_t* scratch, const server_rec* main_server, const Section& section) {
  const DirConfig& config = *section.config;
  print(2, name_of(*section.server) + " <Location \"" + section.path + "\">  (" +
               to_string(config.position) + ")");
  print(4, "endpoint " + std::string(to_string(configured_endpoint(config))) + ", public URL " +
               (config.public_url == nullptr ? "none" : config.public_url->url.text()) +
               ", signature " + describe(signature_mode(config)) + ", largest body " +
               std::to_string(max_body(config)) + " bytes");
  dump_reach(scratch, main_server, section.server);
  if (!section.serves && section.by_expression) {
    print(4, "SetHandler is an expression: each request decides whether it reaches the module");
  } else if (!section.serves) {
    print(4, "no SetHandler plivo-dial: requests do not reach the module");
  }
  dump_trust(config);
  if (config.fallback != nullptr) {
    print(4, "fallback document  (" + to_string(config.fallback->position) + ")");
  }
  DirConfig without_numbers = config;
  without_numbers.numbers = nullptr;
  dump_plan(without_numbers, decide(scratch, without_numbers, "").name);
  if (config.numbers == nullptr) return;
  for (const std::string& digits : sorted_numbers(*config.numbers)) {
    const Decision decision = decide(scratch, config, digits);
    dump_plan(*decision.config, decision.name);
  }
  if (config.numbers->otherwise != nullptr) {
    const Decision decision = decide(scratch, config, "");
    dump_plan(*decision.config, decision.name);
  }
}

// Its line once more, so that a program can read it: the words above have lost their quotes.
void dump_sink(const std::string& name, const SinkConfig& sink, const std::string& where) {
  print(2, "sink " + name + ": " + describe(sink) + "  (" + where + ")");
  print(4, "PlivoEventSink " + directive_line(sink_arguments(sink)));
}

void dump_server(apr_pool_t* scratch, server_rec* main_server) {
  const ServerConfig& server = server_config(main_server);
  if (ap_unixd_config.user_name != nullptr) {
    print(2, std::string("user ") + ap_unixd_config.user_name);
  }
  const SpoolOptions& options = server.spool_options;
  print(
      2,
      "spool " + server.spool +
          (options.min_free ? ", keeps " + std::to_string(*options.min_free) + " bytes free" : "") +
          ", waits " + std::to_string(options.sync_timeout.count() / 1000) + " s for the disk" +
          (server.any_file_system ? ", on any file system" : "") + ", failure " +
          (server.strict ? "strict" : "serve") + "  (" + to_string(server.spool_position) + ")");
  print(2, "status file " + status_file_path(scratch, main_server));
  const std::string dispatcher =
      server.dispatcher == DispatcherMode::kOn         ? "On " + server.dispatcher_program
      : server.dispatcher == DispatcherMode::kExternal ? "External " + server.dispatcher_file
                                                       : "Off";
  print(2, "dispatcher " + dispatcher + "  (" + to_string(server.dispatcher_position) + ")");
  if (server.sinks.empty()) dump_sink("syslog", default_sink(), "built in");
  for (const SinkLine& line : server.sinks) {
    dump_sink(line.sink.name, line.sink, to_string(line.position));
  }
}

}  // namespace

void dump_configuration(apr_pool_t* scratch, server_rec* main_server) {
  std::printf("Plivo configuration:\n");
  if (!g_state.used) {
    print(2, "no Plivo directives: the module does nothing");
  } else {
    dump_server(scratch, main_server);
    const std::vector<Section> sections = merged_sections(scratch, main_server);
    for (const Neighbour& neighbour : neighbours(scratch, sections)) {
      print(2, "beside " + neighbour.name + (neighbour.provided_for ? "" : ", as it comes"));
    }
    for (const Section& section : sections) dump_section(scratch, main_server, section);
  }
  std::fflush(stdout);
}

}  // namespace plivo_dial
