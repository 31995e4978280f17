// File: tests/unit/ctl/httpd/manifest_sample.h
//
// A configuration with several virtual hosts, numbers and sinks, and what httpd prints of it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {

inline ManifestPlan sample_plan_with_stages() {
  ManifestPlan plan;
  plan.name = "+14155550199";
  plan.position = "/etc/a.conf:12";
  plan.prompts = {"speak \"Connecting your call\"", "wait 1 s"};
  plan.stages = {{"/etc/a.conf:13",
                  {"+14155550100", "sip:alice@phone.plivo.com sipHeaders=a=b"},
                  "timeout=20"},
                 {"/etc/a.conf:14", {"+14155550122"}, ""}};
  plan.every_dial = "timeout=30";
  plan.caller_id = "the caller's number";
  plan.not_reached = "speaks \"Sorry (really)  (no)\" and hangs up";
  plan.longest_ringing = "50 s";
  plan.action = "https://pbx.example.com/dialstatus/action#rp=ct";
  plan.callback = "https://pbx.example.com/dialstatus/callback";
  return plan;
}

inline ManifestPlan empty_plan(const std::string& name, const std::string& position) {
  ManifestPlan plan;
  plan.name = name;
  plan.position = position;
  return plan;
}

inline ManifestLocation sample_dialstatus() {
  ManifestLocation location;
  location.server = "main server";
  location.path = "/dialstatus";
  location.position = "/etc/a.conf:9";
  location.endpoint = "answer";
  location.public_url = "https://pbx.example.com";
  location.signature = "Require";
  location.largest_body = 65536;
  location.places = {"127.0.0.1:80"};
  location.fallback = "/etc/a.conf:10";
  location.plans = {empty_plan("/dialstatus", "/etc/a.conf:9"),
                    empty_plan("+14155550188", "/etc/a.conf:20"), sample_plan_with_stages()};
  location.plans[1].not_reached = "voicemail";
  location.plans[1].not_reached_position = "/etc/a.conf:21";
  location.plans[1].voicemail = {"speak \"Leave a message.\"", "record maxLength=120",
                                 "action https://pbx.example.com/dialstatus/recording"};
  return location;
}

inline ManifestLocation sample_sales() {
  ManifestLocation location;
  location.server = "sales.example.com:443";
  location.path = "/";
  location.position = "/etc/b.conf:3";
  location.endpoint = "answer";
  location.public_url = "https://sales.example.com/";
  location.signature = "Require";
  location.largest_body = 65536;
  location.plans = {empty_plan("/", "/etc/b.conf:3"), empty_plan("/ default", "/etc/b.conf:5")};
  ManifestPlan& plan = location.plans[1];
  plan.stages = {{"/etc/b.conf:6", {"+14155550133"}, ""}};
  plan.caller_id = "Plivo's own";
  plan.not_reached = "speaks \"Sorry\" and hangs up";
  plan.longest_ringing = "120 s";
  plan.action = "https://sales.example.com/action";
  plan.callback = "https://sales.example.com/callback";
  return location;
}

inline ManifestLocation sample_flow() {
  ManifestLocation location;
  location.server = "flow.example.com:443";
  location.path = "/flow";
  location.position = "/etc/c.conf:3";
  location.endpoint = "event";
  location.signature = "Off";
  location.largest_body = 65536;
  location.plans = {empty_plan("/flow", "/etc/c.conf:3")};
  return location;
}

inline ConfigManifest sample_manifest() {
  ConfigManifest manifest;
  manifest.used = true;
  manifest.user = "www-data";
  manifest.spool = "/var/lib/plivo-dial";
  manifest.min_free = 100;
  manifest.sync_timeout_seconds = 5;
  manifest.spool_position = manifest.dispatcher_position = "built in";
  manifest.status_file = "/run/apache2/plivo-dial.0a1b2c3d.status";
  manifest.dispatcher = "On";
  manifest.dispatcher_path = "/usr/sbin/plivo-diald";
  manifest.sinks = {
      {"log",
       "syslog",
       "/dev/log",
       "syslog at /dev/log",
       {"log", "syslog:local0"},
       "/etc/a.conf:1"},
      {"crm",
       "exec",
       "/bin/cat",
       "exec /bin/cat two words",
       {"crm", "exec:/bin/cat 'two words'", "events=call.hangup,dial.result", "timeout=10"},
       "/etc/a.conf:2"},
      {"queue",
       "stream",
       "/bin/cat",
       "stream /bin/cat",
       {"queue", "stream:/bin/cat", "events=call.hangup"},
       "/etc/a.conf:3"}};
  manifest.locations = {sample_dialstatus(), sample_sales(), sample_flow()};
  return manifest;
}

// What -t -D DUMP_PLIVO_JSON prints.
inline std::string output_with(const ConfigManifest& manifest) {
  return to_json(manifest) + "\nSyntax OK\n";
}

}  // namespace plivo_dial::ctl
